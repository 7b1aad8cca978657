#include "server/startup.hpp"

#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace cvm;

namespace {

constexpr state::Instant loaded = std::chrono::sys_days{std::chrono::year{2026} / 3 / 31} + std::chrono::hours{8};

// Starts twice on one database file, the second time with these key pairs.
void start_twice(const std::string& db, const std::vector<std::pair<std::string, std::string>>& credentials)
{
    Log log{LogLevel::off};
    Options options;
    options.db = db;
    const Fixtures first = load_fixtures(options, log);
    open_store(first, loaded, options, log);
    options.credentials = credentials;
    open_store(first, loaded, options, log);
}

} // namespace

TEST_CASE("an address becomes a URL, an IPv6 one in brackets")
{
    using boost::asio::ip::make_address;
    CHECK(url_of({make_address("127.0.0.1"), 8213}) == "http://127.0.0.1:8213");
    CHECK(url_of({make_address("::1"), 80}) == "http://[::1]:80");
}

TEST_CASE("the port file holds the port and replaces an older one")
{
    const test::TempDir dir;
    const std::string path = dir.write("port", "1234567\n");
    write_port_file(path, 8213);
    CHECK(dir.read("port") == "8213\n");
    CHECK_THROWS_WITH_AS(write_port_file(dir.file("missing/port"), 1),
                         (std::string{"--port-file "} + dir.file("missing/port") + ": cannot be written").c_str(),
                         BadDocument);
}

TEST_CASE("a database file keeps its state and gets the key pairs of the options")
{
    const test::TempDir dir;
    const std::string db = dir.file("kept.db");
    start_twice(db, {{"AKIDnewEXAMPLE", "newkeyEXAMPLE"}});
    Log log{LogLevel::off};
    Options options;
    options.db = db;
    const auto store = open_store({}, loaded, options, log);
    REQUIRE(store->default_account().has_value());
    const auto added = store->find_credential("AKIDnewEXAMPLE");
    REQUIRE(added.has_value());
    CHECK(added->uin == store->default_account()->uin);
}

TEST_CASE("a key pair of another account is refused on a kept database")
{
    const test::TempDir dir;
    CHECK_THROWS_AS(start_twice(dir.file("kept.db"), {{"AKIDnomoneyEXAMPLE", "otherkeyEXAMPLE"}}), BadDocument);
}

TEST_CASE("the error for a file that is not a database names it")
{
    const test::TempDir dir;
    Log log{LogLevel::off};
    Options options;
    options.db = dir.write("text.db", std::string(5000, 'x'));
    CHECK_THROWS_AS(open_store({}, loaded, options, log), state::BadDatabase);
}

TEST_CASE("a damaged file is found at the start if it is small, or if one asks for it")
{
    const test::TempDir dir;
    const std::string db = dir.file("kept.db");
    start_twice(db, {});
    {
        std::fstream file{db, std::ios::in | std::ios::out | std::ios::binary};
        // After the schema and the tables that a start reads.
        file.seekp(static_cast<std::streamoff>(std::filesystem::file_size(db) * 17 / 20));
        file << std::string(8'000, '\xff');
    }
    Log log{LogLevel::off};
    Options options;
    options.db = db;
    const auto start = [&] { open_store({}, loaded, options, log); };
    CHECK_THROWS_AS(start(), state::BadDatabase);
    options.check_db = false;
    CHECK_NOTHROW(start());

    std::filesystem::resize_file(db, 65'000'000);
    options.check_db.reset();
    CHECK_NOTHROW(start());
    options.check_db = true;
    CHECK_THROWS_AS(start(), state::BadDatabase);
}

TEST_CASE("fixtures of the system's folder count, in the order of their names, unless an option names others")
{
    const test::TempDir dir;
    Log log{LogLevel::off};
    Options options;
    const auto uins = [&] {
        std::string all;
        const Fixtures fixtures = load_fixtures(options, log, dir.path().string());
        for (const auto& account : fixtures.accounts(loaded))
            all += account.account.uin + " ";
        return all;
    };
    const std::string built_in = uins();
    const auto document = [](const std::string& uin) {
        return R"({"format_version":1,"accounts":[{"Uin":")" + uin + R"("}]})";
    };
    dir.write("20-second.json", document("2"));
    dir.write("10-first.json", document("1"));
    dir.write("notes.txt", "no fixture");
    CHECK(uins() == "1 2 ");
    options.fixtures = {CVM_SOURCE_DIR "/fixtures/default.json"};
    CHECK(uins() == built_in);
    options.fixtures.clear();
    dir.write("15-bad.json", "{\n}}");
    CHECK_THROWS_WITH_AS(uins(), (dir.file("15-bad.json") + ": line 2: not JSON: extra data").c_str(), BadDocument);
}

TEST_CASE("a folder of the system that cannot be read stops the start, one that is not there does not")
{
    const test::TempDir dir;
    Log log{LogLevel::off};
    const std::string file = dir.write("fixtures.d", "a file");
    CHECK_THROWS_WITH_AS(load_fixtures({}, log, file), (file + ": cannot be read: Not a directory").c_str(),
                         BadDocument);
    CHECK_NOTHROW(load_fixtures({}, log, dir.file("none")));
}

TEST_CASE("the error for an unusable database path names it, with what to do")
{
    const test::TempDir dir;
    Log log{LogLevel::off};
    const auto problem = [&](const std::string& db) {
        Options options;
        options.db = db;
        try {
            open_store({}, loaded, options, log);
            return std::string{};
        } catch (const state::BadDatabase& e) {
            return std::string{e.what()};
        }
    };
    const std::string folder = dir.path().string();
    CHECK(problem(folder) == folder + ": a folder; name a file in it with --db");
    CHECK(problem(folder + "/no/state.db") == folder + "/no/state.db: the folder " + folder +
                                                  "/no does not exist; create it, or name another file with --db");
    CHECK(problem("/proc/state.db").starts_with("/proc/state.db: "));
    CHECK(problem(folder + "/state.db").empty());
}

TEST_CASE("the certificate authority is made at once in a folder of its own, and beside the database when it is needed")
{
    const test::TempDir dir;
    Log log{LogLevel::off};
    const state::SystemClock wall;
    Options options;
    const auto identity = [&] { return make_identity(options, api::built_in_catalog(), wall, log); };
    options.db = dir.file("state.db");
    auto beside = identity();
    CHECK_FALSE(std::filesystem::exists(dir.file("state.db-ca.pem")));
    const auto made = beside->authority_certificate();
    CHECK(made == dir.read("state.db-ca.pem"));
    CHECK(identity()->authority_certificate() == dir.read("state.db-ca.pem"));

    options.tls_dir = dir.file("tls/own");
    const auto kept = identity();
    CHECK(kept->authority_certificate() == dir.read("tls/own/ca.pem"));

    options.tls = TlsMode::off;
    CHECK(identity() == nullptr);
}

TEST_CASE("an authority that cannot be kept beside the database is made in memory")
{
    const test::TempDir dir;
    Log log{LogLevel::off};
    const state::SystemClock wall;
    Options options;
    options.db = dir.file("state.db");
    dir.write("state.db-ca-key.pem", "damaged");
    const auto identity = make_identity(options, api::built_in_catalog(), wall, log);
    CHECK(identity->authority_certificate()->starts_with("-----BEGIN CERTIFICATE-----"));
    CHECK(dir.read("state.db-ca-key.pem") == "damaged");

    options.tls_dir = dir.path().string();
    dir.write("ca-key.pem", "damaged");
    CHECK_THROWS_AS(make_identity(options, api::built_in_catalog(), wall, log), tls::BadTlsFile);
}

TEST_CASE("a certificate of one's own is used, and a bad one named with its flag")
{
    const test::TempDir dir;
    Log log{LogLevel::off};
    const state::SystemClock wall;
    const std::vector<std::string> names{"emulator.test"};
    const tls::Authority authority = tls::Authority::make(names, wall.now());
    const tls::Issued own = authority.issue(names, wall.now());
    Options options;
    const auto use = [&](const std::string& certificate, const std::string& key) {
        options.tls_cert = dir.write("cert.pem", certificate);
        options.tls_key = dir.write("key.pem", key);
        return make_identity(options, api::built_in_catalog(), wall, log);
    };
    CHECK_FALSE(use(own.certificate, own.key)->authority_certificate().has_value());

    // openssl genpkey -algorithm EC ... -aes128: a key that asks for its passphrase.
    const std::string locked = R"(-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhUW0bV8nWcvAICCAAw
-----END ENCRYPTED PRIVATE KEY-----
)";
    struct Case {
        std::string certificate;
        std::string key;
        std::string named;
    };
    const Case cases[] = {
        {"", own.key, "--tls-cert " + dir.file("cert.pem") + ": cannot be used as a PEM certificate: "},
        {own.key, own.key, "--tls-cert "},
        {own.certificate, "", "--tls-key " + dir.file("key.pem") + ": cannot be used as the key of --tls-cert"},
        {own.certificate, authority.issue(names, wall.now()).key, "--tls-key "},
        {own.certificate, locked, "--tls-key "},
    };
    for (const Case& c : cases) {
        CAPTURE(c.named);
        try {
            use(c.certificate, c.key);
            FAIL("accepted");
        } catch (const tls::BadTlsFile& e) {
            CHECK(std::string{e.what()}.starts_with(c.named));
        }
    }
}

TEST_CASE("the host that the server listens on may use the control API, in lower case")
{
    Options options;
    options.host = "Emulator.Example";
    options.allowed_hosts = {"ci"};
    CHECK(guard_of(options).hosts == std::vector<std::string>{"ci", "emulator.example"});
}
