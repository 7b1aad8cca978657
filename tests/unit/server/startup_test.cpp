#include "server/startup.hpp"

#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

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
    const Fixtures first = load_fixtures(options);
    open_store(first.accounts(loaded), options, log);
    options.credentials = credentials;
    open_store(first.accounts(loaded), options, log);
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
    const auto store = open_store({}, options, log);
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

TEST_CASE("a file that is no database is named")
{
    const test::TempDir dir;
    Log log{LogLevel::off};
    Options options;
    options.db = dir.write("text.db", std::string(5000, 'x'));
    CHECK_THROWS_AS(open_store({}, options, log), state::BadDatabase);
}

TEST_CASE("the host that the server listens on may use the control surface, in lower case")
{
    Options options;
    options.host = "Emulator.Example";
    options.allowed_hosts = {"ci"};
    CHECK(guard_of(options).hosts == std::vector<std::string>{"ci", "emulator.example"});
}
