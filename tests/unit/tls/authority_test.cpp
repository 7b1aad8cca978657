#include "server/tls/authority.hpp"

#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <functional>
#include <string>
#include <vector>

using namespace cvm;
using namespace cvm::tls;

namespace {

constexpr Seconds now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 27} + std::chrono::hours{8};
constexpr std::chrono::days year{365};

const std::vector<std::string> names{"localhost", "127.0.0.1", "::1", "*.tencentcloudapi.com"};

// The text of the exception, or nothing.
std::string problem(const std::function<void()>& call)
{
    try {
        call();
        return {};
    } catch (const BadTlsFile& e) {
        return e.what();
    }
}

Authority kept(const test::TempDir& dir, const std::vector<std::string>& for_names = names, Seconds at = now)
{
    return kept_authority(dir.file("ca.pem"), dir.file("ca-key.pem"), for_names, at);
}

unsigned mode_of(const std::string& path)
{
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777u;
}

} // namespace

TEST_CASE("an authority issues certificates for its names and their subdomains, until it has expired")
{
    const Authority authority = Authority::make(names, now);
    struct Case {
        std::vector<std::string> asked;
        Seconds at;
        bool issued;
    };
    const Case cases[] = {
        {names, now, true},
        {{"*.ap-guangzhou.tencentcloudapi.com"}, now, true},
        {{"cvm.tencentcloudapi.com"}, now + 9 * year, true},
        {{"example.com"}, now, false},
        {{"localhost", "example.com"}, now, false},
        {{"eviltencentcloudapi.com"}, now, false},
        {{"127.0.0.2"}, now, false},
        {{"::2"}, now, false},
        {names, now + 11 * year, false},
        {names, now - 2 * year, false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.asked.back());
        CHECK(problem([&] { authority.issue(c.asked, c.at); }).empty() == c.issued);
    }
}

TEST_CASE("no two authorities and no two certificates have a key in common")
{
    const Authority one = Authority::make(names, now);
    CHECK(one.certificate() != Authority::make(names, now).certificate());
    CHECK(one.issue(names, now).key != one.issue(names, now).key);
}

TEST_CASE("the certificate for clients to trust contains no private key")
{
    const Authority authority = Authority::make(names, now);
    CHECK(authority.certificate().find("PRIVATE") == std::string::npos);
    CHECK(authority.pem().find("PRIVATE") != std::string::npos);
}

TEST_CASE("a kept authority is made once, readable for its owner alone, and read from then on")
{
    const test::TempDir dir;
    const std::string first = kept(dir).certificate();
    CHECK(mode_of(dir.file("ca-key.pem")) == 0600);
    CHECK(dir.read("ca.pem") == first);
    CHECK(kept(dir).certificate() == first);

    // If the certificate file is deleted, the same certificate is written again.
    std::filesystem::remove(dir.file("ca.pem"));
    kept(dir);
    CHECK(dir.read("ca.pem") == first);
}

TEST_CASE("files of an authority that cannot be used are named, with what to do")
{
    const test::TempDir dir;
    kept(dir);
    const std::string key = dir.file("ca-key.pem");
    CHECK(problem([&] { kept(dir, {"other"}); }) ==
          key +
              ": it was made for other names than those of --tls-name; remove it to have a new authority made: " + key);
    CHECK(problem([&] { kept(dir, names, now + 11 * year); }) ==
          key + ": certificate has expired; remove it to have a new authority made: " + key);

    const std::string good = dir.read("ca-key.pem");
    const std::string another = Authority::make(names, now).pem();
    const std::string end = "-----END PRIVATE KEY-----\n";
    const std::string bad[] = {"", "x", good.substr(0, good.size() / 2), dir.read("ca.pem"),
                               another.substr(0, another.find(end) + end.size()) + dir.read("ca.pem")};
    for (const std::string& content : bad) {
        CAPTURE(content);
        dir.write("ca-key.pem", content);
        CHECK(problem([&] { kept(dir); }) ==
              key +
                  ": does not hold a certificate with its private key; remove it to have a new authority made: " + key);
    }

    const std::string missing = dir.file("no/ca-key.pem");
    CHECK(problem([&] { kept_authority(dir.file("no/ca.pem"), missing, names, now); }) ==
          missing + ": cannot be made: No such file or directory");
}
