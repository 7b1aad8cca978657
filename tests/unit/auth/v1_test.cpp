#include "server/auth/v1.hpp"

#include <doctest/doctest.h>

using namespace cvm;
using namespace cvm::auth;

namespace {

constexpr std::string_view secret_key = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE";

// The example of the signature page.
const wire::Form documented{
    {"Action", "DescribeInstances"},
    {"InstanceIds.0", "ins-09dx96dg"},
    {"Limit", "20"},
    {"Nonce", "11886"},
    {"Offset", "0"},
    {"Region", "ap-guangzhou"},
    {"SecretId", "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE"},
    {"Timestamp", "1465185768"},
    {"Version", "2017-03-12"},
};

} // namespace

TEST_CASE("the string to sign of v1 is the one that the signature page prints")
{
    const std::string text = v1_string_to_sign("GET", "cvm.tencentcloudapi.com", "/", documented, Underscore::stays);
    CHECK(
        text ==
        "GETcvm.tencentcloudapi.com/?Action=DescribeInstances&InstanceIds.0=ins-09dx96dg&Limit=20&Nonce=11886&Offset=0"
        "&Region=ap-guangzhou&SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE&Timestamp=1465185768&Version=2017-03-12");
    CHECK(v1_signature(secret_key, text, false) == "EliP9YW3pW28FpsEdkXt/+WcGeI=");
}

TEST_CASE("the string to sign of v1 has these bytes")
{
    struct Case {
        std::string_view what;
        std::string_view method;
        std::string_view host;
        std::string_view path;
        wire::Form form;
        std::string_view expected;
    };
    const Case cases[] = {
        {"nothing to sign", "GET", "h", "/", {}, "GETh/"},
        {"Signature is left out", "POST", "h", "/", {{"Signature", "x"}, {"a", "1"}}, "POSTh/?a=1"},
        {"nothing but Signature", "POST", "h", "/", {{"Signature", "x"}}, "POSTh/"},
        {"names like Signature stay",
         "POST",
         "h",
         "/",
         {{"SignatureMethod", "HmacSHA256"}, {"signature", "x"}},
         "POSTh/?SignatureMethod=HmacSHA256&signature=x"},
        {"the legacy path",
         "POST",
         "cvm.api.qcloud.com",
         "/v2/index.php",
         {{"Action", "RenewInstances"}},
         "POSTcvm.api.qcloud.com/v2/index.php?Action=RenewInstances"},
        {"the host with its port", "GET", "127.0.0.1:8213", "/", {{"a", "1"}}, "GET127.0.0.1:8213/?a=1"},
        {"names in byte order",
         "GET",
         "h",
         "/",
         {{"a", "4"}, {"B", "3"}, {"I.2", "2"}, {"I.12", "1"}},
         "GETh/?B=3&I.12=1&I.2=2&a=4"},
        {"values as they are", "GET", "h", "/", {{"a", " %/&=?\n未"}, {"b", ""}}, "GETh/?a= %/&=?\n未&b="},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        for (const Underscore underscore :
             {Underscore::stays, Underscore::dot_sorted_before, Underscore::dot_sorted_after})
            CHECK(v1_string_to_sign(c.method, c.host, c.path, c.form, underscore) == c.expected);
    }
}

TEST_CASE("an underscore in a name is signed in three ways")
{
    struct Case {
        std::string_view what;
        wire::Form form;
        std::string_view stays;
        std::string_view dot_sorted_before;
        std::string_view dot_sorted_after;
    };
    const Case cases[] = {
        {"one name", {{"a_b", "1_2"}}, "a_b=1_2", "a.b=1_2", "a.b=1_2"}, // values keep theirs
        {"several underscores", {{"_a_b_", "1"}}, "_a_b_=1", ".a.b.=1", ".a.b.=1"},
        // "_" is behind the digits and capitals, "." before them.
        {"the order changes", {{"a0", "1"}, {"a_b", "2"}}, "a0=1&a_b=2", "a0=1&a.b=2", "a.b=2&a0=1"},
        {"the order stays", {{"a_b", "1"}, {"b", "2"}}, "a_b=1&b=2", "a.b=1&b=2", "a.b=1&b=2"},
        {"beside the same name with a dot", {{"a.b", "2"}, {"a_b", "1"}}, "a.b=2&a_b=1", "a.b=2&a.b=1", "a.b=1&a.b=2"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(v1_string_to_sign("GET", "h", "/", c.form, Underscore::stays) == "GETh/?" + std::string{c.stays});
        CHECK(v1_string_to_sign("GET", "h", "/", c.form, Underscore::dot_sorted_before) ==
              "GETh/?" + std::string{c.dot_sorted_before});
        CHECK(v1_string_to_sign("GET", "h", "/", c.form, Underscore::dot_sorted_after) ==
              "GETh/?" + std::string{c.dot_sorted_after});
    }
    // What is not in a name stays in every way.
    CHECK(v1_string_to_sign("GET", "my_host", "/a_b", {{"a", "1"}}, Underscore::dot_sorted_after) ==
          "GETmy_host/a_b?a=1");
}

TEST_CASE("a signature of v1 is the base64 of an HMAC")
{
    // Known answers of RFC 2202 and RFC 4231, case 2.
    CHECK(v1_signature("Jefe", "what do ya want for nothing?", false) == "7/zfauXrL6LSdBbV8YTfnCWafHk=");
    CHECK(v1_signature("Jefe", "what do ya want for nothing?", true) == "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
}
