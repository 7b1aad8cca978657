#include "server/auth/signing_keys.hpp"

#include "server/auth/tc3.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cvm::auth;

TEST_CASE("a cached key gives the same signatures as a newly derived one, for every text")
{
    SigningKeys keys;
    const std::string derived = tc3_keys("secret", "2026-03-31", "cvm").signing;
    for (const std::string text : {"", "a", "TC3-HMAC-SHA256\n1", "another"})
        CHECK(keys.of("secret", "2026-03-31", "cvm")(text) == hmac_sha256(derived, text));
    CHECK(keys.size() == 1);
}

TEST_CASE("another secret, day or service has a key of its own")
{
    SigningKeys keys;
    const std::string mac = keys.of("secret", "2026-03-31", "cvm")("text");
    CHECK(keys.of("other", "2026-03-31", "cvm")("text") != mac);
    CHECK(keys.of("secret", "2026-04-01", "cvm")("text") != mac);
    CHECK(keys.of("secret", "2026-03-31", "cbs")("text") != mac);
    CHECK(keys.of("secret", "2026-03-31", "cvm")("text") == mac);
    CHECK(keys.size() == 4);
}

TEST_CASE("no more keys are cached than the capacity, and none after clear()")
{
    SigningKeys keys{2};
    const std::string mac = keys.of("1", "2026-03-31", "cvm")("text");
    keys.of("2", "2026-03-31", "cvm");
    keys.of("3", "2026-03-31", "cvm");
    CHECK(keys.size() == 2);
    CHECK(keys.of("1", "2026-03-31", "cvm")("text") == mac);
    keys.clear();
    CHECK(keys.size() == 0);
}
