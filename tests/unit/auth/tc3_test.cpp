#include "server/auth/tc3.hpp"

#include "server/auth/crypto.hpp"

#include <doctest/doctest.h>

using namespace cvm::auth;
using namespace std::chrono_literals;

namespace {

// The example of the signature page, step by step.
constexpr std::string_view secret_key = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE";
constexpr std::string_view payload =
    R"({"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]})";
constexpr std::string_view payload_hash = "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064";
constexpr std::string_view canonical = "POST\n"
                                       "/\n"
                                       "\n"
                                       "content-type:application/json; charset=utf-8\n"
                                       "host:cvm.tencentcloudapi.com\n"
                                       "\n"
                                       "content-type;host\n"
                                       "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064";
constexpr std::string_view to_sign = "TC3-HMAC-SHA256\n"
                                     "1551113065\n"
                                     "2019-02-25/cvm/tc3_request\n"
                                     "5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031";

} // namespace

TEST_CASE("the steps of TC3 give what the signature page prints")
{
    CHECK(hex(sha256(payload)) == payload_hash);
    CHECK(tc3_canonical_request(
              "POST", "", {{"content-type", "application/json; charset=utf-8"}, {"host", "cvm.tencentcloudapi.com"}},
              payload_hash) == canonical);
    CHECK(utc_date(std::chrono::sys_seconds{1551113065s}) == "2019-02-25");
    CHECK(tc3_string_to_sign(1551113065, "2019-02-25", "cvm", canonical) == to_sign);
    const Tc3Keys keys = tc3_keys(secret_key, "2019-02-25", "cvm");
    CHECK(hex(keys.date) == "d1308c81fe71cfd4e06437bbc067b2b8a3d2d8c0e375d547f15c41d5214b395a");
    CHECK(hex(keys.service) == "3c7cb7c7795393edc14fd2e0e6434a518564b4504b88e94f5d11bf59ba3e7050");
    CHECK(hex(keys.signing) == "ac658d5dde49e9bfdd14e04e062f66b05d9f637d44b8a8d845327d4a77f666b1");
    CHECK(tc3_signature(keys.signing, to_sign) == "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168");
}

TEST_CASE("the canonical request of TC3 has these bytes")
{
    struct Case {
        std::string_view what;
        std::string_view method;
        std::string_view query;
        std::vector<SignedHeader> headers;
        std::string_view expected;
    };
    const Case cases[] = {
        {"GET with a query",
         "GET",
         "Limit=10&Offset=0",
         {{"content-type", "application/x-www-form-urlencoded"}, {"host", "cvm.tencentcloudapi.com"}},
         "GET\n/\nLimit=10&Offset=0\ncontent-type:application/"
         "x-www-form-urlencoded\nhost:cvm.tencentcloudapi.com\n\ncontent-type;host\nHASH"},
        {"the query is taken as it is: not sorted and not decoded",
         "GET",
         "b=%2f&a=+&a=",
         {{"content-type", "t"}, {"host", "h"}},
         "GET\n/\nb=%2f&a=+&a=\ncontent-type:t\nhost:h\n\ncontent-type;host\nHASH"},
        {"headers are taken as they are: not sorted and not lowered",
         "POST",
         "",
         {{"host", "H:80"}, {"content-type", "A/B; c=D"}},
         "POST\n/\n\nhost:H:80\ncontent-type:A/B; c=D\n\nhost;content-type\nHASH"},
        {"three headers",
         "POST",
         "",
         {{"content-type", "t"}, {"host", "h"}, {"x-tc-action", "describeinstances"}},
         "POST\n/\n\ncontent-type:t\nhost:h\nx-tc-action:describeinstances\n\ncontent-type;host;x-tc-action\nHASH"},
        {"an empty value",
         "POST",
         "",
         {{"content-type", ""}, {"host", "h"}},
         "POST\n/\n\ncontent-type:\nhost:h\n\ncontent-type;host\nHASH"},
        {"no headers", "POST", "", {}, "POST\n/\n\n\n\nHASH"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(tc3_canonical_request(c.method, c.query, c.headers, "HASH") == c.expected);
    }
}

TEST_CASE("the string to sign of TC3 names the time and the scope")
{
    // The hash is the one of the empty text.
    CHECK(tc3_string_to_sign(0, "1970-01-01", "http://127", "") ==
          "TC3-HMAC-SHA256\n0\n1970-01-01/http://127/"
          "tc3_request\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(tc3_string_to_sign(-1, "1969-12-31", "cvm", "")
              .starts_with("TC3-HMAC-SHA256\n-1\n1969-12-31/cvm/tc3_request\n"));
}

TEST_CASE("the keys of TC3 depend on the secret and the date and the service")
{
    const Tc3Keys keys = tc3_keys(secret_key, "2019-02-25", "cvm");
    CHECK(keys.date.size() == 32);
    CHECK(keys.service.size() == 32);
    CHECK(keys.signing.size() == 32);

    CHECK(tc3_keys("Gu5t9xGARNpq86cd98joQYCN3EXAMPLf", "2019-02-25", "cvm").signing != keys.signing);
    const Tc3Keys other_day = tc3_keys(secret_key, "2019-02-26", "cvm");
    CHECK(other_day.date != keys.date);
    CHECK(other_day.signing != keys.signing);
    const Tc3Keys other_service = tc3_keys(secret_key, "2019-02-25", "127");
    CHECK(other_service.date == keys.date);
    CHECK(other_service.service != keys.service);
    CHECK(other_service.signing != keys.signing);
}

TEST_CASE("the derived keys of the masked example follow from thirty-two asterisks")
{
    const Tc3Keys keys = tc3_keys(std::string(32, '*'), "2019-02-25", "cvm");
    CHECK(hex(keys.date) == "da98fb70dcf6b112dc21038d1eeeb3a95c74b4dcb12c1131f864f6066bd02be0");
    CHECK(hex(keys.service) == "8d70cbefb03939f929db64d32dc2ba89b1095620119fe3e050e2b18c5bd2752f");
    CHECK(hex(keys.signing) == "b596b923aad85185e2d1f6659d2a062e0a86731226e021e61bfe06f7ed05f5af");
    const std::string masked = tc3_canonical_request("POST", "",
                                                     {{"content-type", "application/json; charset=utf-8"},
                                                      {"host", "cvm.tencentcloudapi.com"},
                                                      {"x-tc-action", "describeinstances"}},
                                                     payload_hash);
    CHECK(hex(sha256(masked)) == "7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84");
    CHECK(tc3_signature(keys.signing, tc3_string_to_sign(1551113065, "2019-02-25", "cvm", masked)) ==
          "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f");
}

TEST_CASE("the date of a signature is the one in UTC")
{
    struct Case {
        std::int64_t seconds;
        std::string_view expected;
    };
    const Case cases[] = {
        {0, "1970-01-01"},
        {-1, "1969-12-31"},
        {86'399, "1970-01-01"},
        {86'400, "1970-01-02"},
        {1'551'113'065, "2019-02-25"},
        {1'551'139'199, "2019-02-25"},
        {1'551'139'200, "2019-02-26"},
        {951'782'400, "2000-02-29"},
        {1'767'225'599, "2025-12-31"},
        {1'767'225'600, "2026-01-01"},
        {253'402'300'799, "9999-12-31"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.seconds);
        CHECK(utc_date(std::chrono::sys_seconds{std::chrono::seconds{c.seconds}}) == c.expected);
    }
}
