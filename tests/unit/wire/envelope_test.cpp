#include "server/wire/envelope.hpp"

#include "tests/support/emulator.hpp"
#include <boost/beast/http/verb.hpp>
#include <boost/json.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

using namespace cvm;
using namespace cvm::wire;
namespace json = boost::json;
namespace bhttp = boost::beast::http;

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

http::Request request(std::string_view method, std::string_view target, const Headers& headers = {},
                      std::string body = {})
{
    http::Request made;
    made.method_string({method.data(), method.size()});
    made.target({target.data(), target.size()});
    made.version(11);
    for (const auto& [name, value] : headers)
        made.set(name, value);
    made.body() = std::move(body);
    return made;
}

const std::string authorization =
    "TC3-HMAC-SHA256 Credential=AKID/2026-03-31/cvm/tc3_request, SignedHeaders=content-type;host, Signature=00";

const Headers tc3_headers{
    {"Host", "cvm.tencentcloudapi.com"}, {"Authorization", authorization}, {"X-TC-Action", "RenewInstances"},
    {"X-TC-Version", "2017-03-12"},      {"X-TC-Timestamp", "1774945800"},
};

Headers without(Headers headers, std::string_view name)
{
    std::erase_if(headers, [&](const auto& h) { return h.first == name; });
    return headers;
}

Headers with(Headers headers, std::string name, std::string value)
{
    headers = without(std::move(headers), name);
    headers.emplace_back(std::move(name), std::move(value));
    return headers;
}

const std::string v1_form =
    "Action=RenewInstances&Nonce=11886&SecretId=AKID&Signature=c2ln&Timestamp=1774945800&Version=2017-03-12";
const std::string numeric_form = "Action=RenewInstance&Nonce=11886&SecretId=AKID&Signature=c2ln&Timestamp=1774945800";

// "Code: text" of the refusal, or "OK".
template <class T>
std::string outcome(const Result<T>& result)
{
    if (result.has_value())
        return "OK";
    return std::string{code_of(result.error().code)} + ": " + message(result.error(), Language::english);
}

std::string missing(std::string_view name)
{
    return "MissingParameter: The request is missing a required parameter `" + std::string{name} + "`.";
}

std::string wrong_type(std::string_view name)
{
    return "InvalidParameter: Parameter `" + std::string{name} + "` type error.";
}

Envelope opened(const http::Request& r, Dialect dialect)
{
    const auto envelope = open_envelope(r, dialect);
    REQUIRE(outcome(envelope) == "OK");
    return *envelope;
}

// The parameters of the action as JSON text, or the refusal.
std::string params(const http::Request& r, Dialect dialect)
{
    const auto tree = action_params(opened(r, dialect), r);
    return tree.has_value() ? json::serialize(*tree) : outcome(tree);
}

} // namespace

TEST_CASE("a target is split into path and query in every form")
{
    struct Case {
        std::string_view target;
        std::string_view path;
        std::string_view query;
    };
    const Case cases[] = {
        {"/", "/", ""},
        {"/?", "/", ""},
        {"/?a=1&b=2", "/", "a=1&b=2"},
        {"/?a=%20+?b", "/", "a=%20+?b"},
        {"?a=1", "/", "a=1"},
        {"/v2/index.php", "/v2/index.php", ""},
        {"/v2/index.php?a=1", "/v2/index.php", "a=1"},
        {"/_emulator/state", "/_emulator/state", ""},
        {"http://cvm.tencentcloudapi.com", "/", ""},
        {"HTTP://cvm.tencentcloudapi.com/v2/index.php?a=1", "/v2/index.php", "a=1"},
        {"http://cvm.tencentcloudapi.com/", "/", ""},
        {"http://cvm.tencentcloudapi.com?a=1", "/", "a=1"},
        {"http://cvm.tencentcloudapi.com/?a=1", "/", "a=1"},
        {"http://127.0.0.1:8213/v2/index.php?a=http://x/y", "/v2/index.php", "a=http://x/y"},
        {"https://cvm.tencentcloudapi.com/?a=1", "/", "a=1"},
        {"http://", "/", ""},
        {"*", "*", ""},
        {"/http://x", "/http://x", ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.target);
        const Target target = split_target(c.target);
        CHECK(target.path == c.path);
        CHECK(target.query == c.query);
    }
}

TEST_CASE("a request speaks the dialect that its path and its signature say")
{
    struct Case {
        std::string_view what;
        http::Request request;
        std::string_view expected;
    };
    const Case cases[] = {
        {"TC3 POST", request("POST", "/", tc3_headers, "{}"), "tc3"},
        {"TC3 GET", request("GET", "/?Limit=1", tc3_headers), "tc3"},
        {"TC3 in absolute form", request("POST", "http://cvm.tencentcloudapi.com/", tc3_headers, "{}"), "tc3"},
        {"a header that only begins like TC3", request("POST", "/", {{"Authorization", "TC3"}}), "tc3"},
        {"another Authorization with X-TC-Action",
         request("POST", "/", {{"Authorization", "SKIP"}, {"X-TC-Action", "RenewInstances"}}), "tc3"},
        {"another Authorization without it", request("POST", "/", {{"Authorization", "Basic eA=="}}, v1_form), "v1"},
        {"X-TC-Action without Authorization", request("POST", "/", {{"X-TC-Action", "RenewInstances"}}, "{}"), "v1"},
        {"an empty Authorization",
         request("POST", "/", {{"Authorization", ""}, {"X-TC-Action", "RenewInstances"}}, "{}"), "v1"},
        {"v1 POST", request("POST", "/", {}, v1_form), "v1"},
        {"v1 GET", request("GET", "/?" + v1_form), "v1"},
        {"nothing at all", request("GET", "/"), "v1"},
        {"another path", request("GET", "/elsewhere"), "v1"},
        {"legacy POST with Version", request("POST", "/v2/index.php", {}, v1_form), "legacy"},
        {"legacy GET with Version", request("GET", "/v2/index.php?" + v1_form), "legacy"},
        {"legacy in absolute form", request("GET", "http://cvm.api.qcloud.com/v2/index.php?" + v1_form), "legacy"},
        {"legacy POST without Version", request("POST", "/v2/index.php", {}, numeric_form), "legacy_numeric"},
        {"legacy GET without Version", request("GET", "/v2/index.php?" + numeric_form), "legacy_numeric"},
        {"legacy with an empty Version", request("GET", "/v2/index.php?Version=&" + numeric_form), "legacy_numeric"},
        {"legacy POST with Version in the query", request("POST", "/v2/index.php?Version=2017-03-12", {}, numeric_form),
         "legacy_numeric"},
        {"legacy GET with Version in the body",
         request("GET", "/v2/index.php?" + numeric_form, {}, "Version=2017-03-12"), "legacy_numeric"},
        {"legacy that cannot be read", request("POST", "/v2/index.php", {}, "nonsense"), "legacy_numeric"},
        {"legacy whatever the Authorization", request("POST", "/v2/index.php", tc3_headers, v1_form), "legacy"},
        {"almost the legacy path", request("POST", "/v2/index.php/", {}, v1_form), "v1"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(to_string(response_format_of(c.request).dialect) == c.expected);
    }
}

TEST_CASE("a request gets its answers in the language that it asks for where its dialect asks")
{
    struct Case {
        std::string_view what;
        http::Request request;
        bool chinese;
    };
    const Case cases[] = {
        {"TC3 without", request("POST", "/", tc3_headers, "{}"), false},
        {"TC3 en-US", request("POST", "/", with(tc3_headers, "X-TC-Language", "en-US"), "{}"), false},
        {"TC3 zh-CN", request("POST", "/", with(tc3_headers, "X-TC-Language", "zh-CN"), "{}"), true},
        {"TC3 something else", request("POST", "/", with(tc3_headers, "X-TC-Language", "fr-FR"), "{}"), false},
        {"TC3 with Language in the query", request("GET", "/?Language=zh-CN", tc3_headers), false},
        {"v1 without", request("POST", "/", {}, v1_form), false},
        {"v1 en-US", request("POST", "/", {}, v1_form + "&Language=en-US"), false},
        {"v1 zh-CN in the body", request("POST", "/", {}, v1_form + "&Language=zh-CN"), true},
        {"v1 zh-CN in the query", request("GET", "/?Language=zh-CN"), true},
        {"v1 POST with it in the query", request("POST", "/?Language=zh-CN", {}, v1_form), false},
        {"v1 with the header of TC3", request("POST", "/", {{"X-TC-Language", "zh-CN"}}, v1_form), false},
        {"v1 that cannot be read", request("POST", "/", {}, "Language=zh-CN&nonsense&A=%zz"), true},
        {"legacy zh-CN", request("GET", "/v2/index.php?Language=zh-CN&" + v1_form), true},
        {"legacy numeric zh-CN", request("GET", "/v2/index.php?Language=zh-CN&" + numeric_form), true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK((response_format_of(c.request).language == Language::chinese) == c.chinese);
    }
}

TEST_CASE("methods other than GET and POST are refused before anything else")
{
    for (const std::string_view method : {"PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "get", "FOO"})
        for (const Dialect dialect : {Dialect::tc3, Dialect::v1, Dialect::legacy, Dialect::legacy_numeric}) {
            CAPTURE(method);
            CAPTURE(to_string(dialect));
            const auto refused = open_envelope(request(method, "/?nonsense", {}, "nonsense"), dialect);
            CHECK(outcome(refused).starts_with("UnsupportedProtocol: "));
            CHECK(open_envelope(request(method, "/?" + v1_form, tc3_headers, v1_form), dialect).has_error());
        }
}

TEST_CASE("form syntax is checked before missing parameters")
{
    const std::string_view refusal = "InvalidParameter: Url key and value should be splited by `=`.";
    CHECK(outcome(open_envelope(request("POST", "/", {}, R"({"test":1})"), Dialect::v1)) ==
          refusal); // observed: tests of FaasJS against the real gateway
    CHECK(outcome(open_envelope(request("GET", "/?test"), Dialect::v1)) == refusal);
    CHECK(outcome(open_envelope(request("GET", "/?test"), Dialect::tc3)) == refusal);
    CHECK(outcome(open_envelope(request("POST", "/v2/index.php", {}, "test"), Dialect::legacy_numeric)) == refusal);
    CHECK(outcome(open_envelope(request("GET", "/?a=%zz"), Dialect::tc3)).starts_with("InvalidParameter: "));
    CHECK(outcome(open_envelope(request("GET", "/?a=%zz"), Dialect::v1)).starts_with("InvalidParameter: "));
}

TEST_CASE("Timestamp is the first parameter reported as missing")
{
    // Observed: tests of FaasJS against the real gateway.
    for (const std::string_view target : {"/", "/?test=1", "/?Action=DescribeInstances"}) {
        CAPTURE(target);
        CHECK(outcome(open_envelope(request("GET", target), Dialect::v1)) == missing("Timestamp"));
    }
    CHECK(outcome(open_envelope(request("POST", "/"), Dialect::v1)) == missing("Timestamp"));
    CHECK(outcome(open_envelope(request("POST", "/", {{"Content-Type", "text/xml"}}), Dialect::v1)) ==
          missing("Timestamp"));
}

TEST_CASE("missing common parameters are reported in the order of their dialect")
{
    struct Case {
        Dialect dialect;
        std::vector<std::string> names;
    };
    const Case cases[] = {
        {Dialect::v1, {"Timestamp", "Nonce", "Action", "Version", "SecretId", "Signature"}},
        {Dialect::legacy, {"Timestamp", "Nonce", "Action", "Version", "SecretId", "Signature"}},
        {Dialect::legacy_numeric, {"Timestamp", "Nonce", "Action", "SecretId", "Signature"}},
    };
    const auto form_with = [](const std::vector<std::string>& names) {
        std::string text;
        for (const std::string& name : names)
            text += (text.empty() ? "" : "&") + name + "=" + (name == "Timestamp" || name == "Nonce" ? "1" : "x");
        return text;
    };
    for (const Case& c : cases)
        for (std::size_t i = 0; i < c.names.size(); ++i) {
            CAPTURE(to_string(c.dialect));
            CAPTURE(c.names[i]);
            const auto at = c.names.begin() + static_cast<std::ptrdiff_t>(i);
            const std::vector<std::string> before(c.names.begin(), at);
            std::vector<std::string> others = c.names;
            std::erase(others, c.names[i]);
            // With none of the later ones, with all of them, and with an empty value.
            for (const std::string& form :
                 {form_with(before), form_with(others), form_with(others) + "&" + c.names[i] + "="}) {
                CAPTURE(form);
                CHECK(outcome(open_envelope(request("POST", "/", {}, form), c.dialect)) == missing(c.names[i]));
                CHECK(outcome(open_envelope(request("GET", "/?" + form), c.dialect)) == missing(c.names[i]));
            }
        }
}

TEST_CASE("missing TC3 headers are reported in order and by the names of the parameters")
{
    struct Case {
        Headers headers;
        std::string_view expected;
    };
    const Case cases[] = {
        {{{"Authorization", authorization}}, "Timestamp"},
        {without(tc3_headers, "X-TC-Timestamp"), "Timestamp"},
        {with(tc3_headers, "X-TC-Timestamp", ""), "Timestamp"},
        {without(without(tc3_headers, "X-TC-Action"), "X-TC-Version"), "Action"},
        {without(tc3_headers, "X-TC-Action"), "Action"},
        {with(tc3_headers, "X-TC-Action", ""), "Action"},
        {without(tc3_headers, "X-TC-Version"), "Version"},
        {with(tc3_headers, "X-TC-Version", ""), "Version"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.expected);
        // Neither query nor body replaces a header.
        CHECK(outcome(open_envelope(request("POST", "/?" + v1_form, c.headers, v1_form), Dialect::tc3)) ==
              missing(c.expected));
        CHECK(outcome(open_envelope(request("GET", "/?" + v1_form, c.headers), Dialect::tc3)) == missing(c.expected));
    }
}

TEST_CASE("a missing parameter comes before a type error")
{
    CHECK(outcome(open_envelope(request("POST", "/", {}, "Timestamp=x&Nonce=y&Action=a&Version=b&SecretId=c"),
                                Dialect::v1)) == missing("Signature"));
    CHECK(outcome(open_envelope(request("POST", "/", with(without(tc3_headers, "X-TC-Version"), "X-TC-Timestamp", "x")),
                                Dialect::tc3)) == missing("Version"));
}

TEST_CASE("a Timestamp or Nonce that is no whole number is refused by name")
{
    for (const std::string text :
         {"x", "1x", "x1", "1.5", "1e9", "0x10", "%2B1", "%201", "1%20", "1%00", "-", "9223372036854775808",
          "-9223372036854775809", "99999999999999999999999", "true", "%EF%BC%91"}) {
        CAPTURE(text);
        const std::string rest = "&Action=a&Version=b&SecretId=c&Signature=d";
        for (const Dialect dialect : {Dialect::v1, Dialect::legacy, Dialect::legacy_numeric}) {
            CHECK(outcome(open_envelope(request("POST", "/", {}, "Timestamp=" + text + "&Nonce=1" + rest), dialect)) ==
                  wrong_type("Timestamp"));
            CHECK(outcome(open_envelope(request("GET", "/?Timestamp=1&Nonce=" + text + rest), dialect)) ==
                  wrong_type("Nonce"));
            CHECK(outcome(open_envelope(request("GET", "/?Timestamp=" + text + "&Nonce=" + text + rest), dialect)) ==
                  wrong_type("Timestamp"));
        }
    }
    for (const std::string text : {"x", "1x", "1.5", "+1", "0x1", "9223372036854775808", "1774945800000000000000"}) {
        CAPTURE(text);
        CHECK(outcome(open_envelope(request("POST", "/", with(tc3_headers, "X-TC-Timestamp", text)), Dialect::tc3)) ==
              wrong_type("Timestamp"));
    }
}

// An SDK that draws a random number up to 65535 sometimes draws 0.
TEST_CASE("a Nonce is a whole number from 0 on")
{
    const std::string rest = "&Timestamp=1&Action=a&Version=b&SecretId=c&Signature=d";
    for (const std::string nonce : {"0", "1", "-1"}) {
        CAPTURE(nonce);
        const std::string expected = nonce == "-1" ? wrong_type("Nonce") : "OK";
        CHECK(outcome(open_envelope(request("POST", "/", {}, "Nonce=" + nonce + rest), Dialect::v1)) == expected);
        for (const Dialect legacy : {Dialect::legacy, Dialect::legacy_numeric})
            CHECK(outcome(open_envelope(request("GET", "/v2/index.php?Nonce=" + nonce + rest), legacy)) == expected);
    }
}

TEST_CASE("a GET of more than 32 KiB is refused")
{
    const std::string long_query = "/?Limit=" + std::string(32 * 1024, '1');
    CHECK(outcome(open_envelope(request("GET", long_query, tc3_headers), Dialect::tc3))
              .starts_with("RequestSizeLimitExceeded"));
    CHECK(outcome(open_envelope(request("POST", long_query, tc3_headers), Dialect::tc3)) == "OK");
}

TEST_CASE("a legacy request that cannot be read is still known by its Version")
{
    CHECK(response_format_of(request("GET", "/v2/index.php?Version=2017-03-12&A=%zz")).dialect == Dialect::legacy);
    CHECK(response_format_of(request("GET", "/v2/index.php?Versions=2017-03-12&A=%zz")).dialect ==
          Dialect::legacy_numeric);
}

TEST_CASE("numbers of any size that fits are taken as they are")
{
    const std::string rest = "&Action=a&Version=b&SecretId=c&Signature=d";
    const Envelope far =
        opened(request("POST", "/", {}, "Timestamp=9223372036854775807&Nonce=9223372036854775807" + rest), Dialect::v1);
    CHECK(far.timestamp == 9223372036854775807);
    CHECK(far.nonce == std::numeric_limits<std::int64_t>::max());
    CHECK(opened(request("POST", "/", {}, "Timestamp=007&Nonce=1" + rest), Dialect::v1).timestamp == 7);
}

TEST_CASE("the envelope of a TC3 request is filled from its headers")
{
    Headers headers = tc3_headers;
    headers.emplace_back("X-TC-Region", "ap-guangzhou");
    headers.emplace_back("X-TC-Token", "token");
    const Envelope e = opened(request("POST", "/?Limit=1&broken", headers, "{}"), Dialect::tc3);
    CHECK(e.dialect == Dialect::tc3);
    CHECK(e.method == "POST");
    CHECK(e.path == "/");
    CHECK(e.query == "Limit=1&broken");
    CHECK(e.host == "cvm.tencentcloudapi.com");
    CHECK(e.action == "RenewInstances");
    CHECK(e.version == "2017-03-12");
    CHECK(e.region == "ap-guangzhou");
    CHECK(e.token == "token");
    CHECK(e.timestamp == 1774945800);
    CHECK(e.nonce == 0);
    CHECK(e.authorization == authorization);
    CHECK(e.secret_id.empty());
    CHECK(e.signature.empty());
    CHECK(e.form.empty());

    const Envelope get = opened(request("GET", "/?Limit=%31&Action=Other", tc3_headers), Dialect::tc3);
    CHECK(get.method == "GET");
    CHECK(get.query == "Limit=%31&Action=Other"); // as it was sent, for the signature
    CHECK(get.form == Form{{"Action", "Other"}, {"Limit", "1"}});
    CHECK(get.action == "RenewInstances");
    CHECK(get.token.empty());
}

TEST_CASE("header names are read in any case")
{
    const Envelope e = opened(request("POST", "/",
                                      {{"host", "h"},
                                       {"AUTHORIZATION", authorization},
                                       {"x-tc-action", "RenewInstances"},
                                       {"x-Tc-vErsion", "2017-03-12"},
                                       {"X-TC-TIMESTAMP", "1"}}),
                              Dialect::tc3);
    CHECK(e.host == "h");
    CHECK(e.action == "RenewInstances");
}

TEST_CASE("the envelope of a form is filled from its parameters")
{
    const std::string more =
        "&Region=ap-guangzhou&Token=t%2Bt&SignatureMethod=HmacSHA256&Language=en-US&InstanceIds.0=ins-1";
    for (const Dialect dialect : {Dialect::v1, Dialect::legacy}) {
        CAPTURE(to_string(dialect));
        const Envelope e =
            opened(request("POST", "/v2/index.php?Region=other",
                           {{"Host", "h:1"}, {"X-TC-Region", "no"}, {"X-TC-Token", "no"}}, v1_form + more),
                   dialect);
        CHECK(e.dialect == dialect);
        CHECK(e.method == "POST");
        CHECK(e.path == "/v2/index.php");
        CHECK(e.query == "Region=other");
        CHECK(e.host == "h:1");
        CHECK(e.action == "RenewInstances");
        CHECK(e.version == "2017-03-12");
        CHECK(e.region == "ap-guangzhou");
        CHECK(e.token == "t+t");
        CHECK(e.timestamp == 1774945800);
        CHECK(e.nonce == 11886);
        CHECK(e.authorization.empty());
        CHECK(e.secret_id == "AKID");
        CHECK(e.signature == "c2ln");
        CHECK(e.sha256);
        CHECK(e.form.size() == 11);
        CHECK(e.form.at("InstanceIds.0") == "ins-1");
    }
    CHECK(opened(request("GET", "/v2/index.php?" + numeric_form), Dialect::legacy_numeric).version.empty());
}

TEST_CASE("an empty region is distinguished from a missing one")
{
    CHECK_FALSE(opened(request("POST", "/", tc3_headers), Dialect::tc3).region.has_value());
    CHECK(opened(request("POST", "/", with(tc3_headers, "X-TC-Region", "")), Dialect::tc3).region == "");
    CHECK_FALSE(opened(request("POST", "/", {}, v1_form), Dialect::v1).region.has_value());
    CHECK(opened(request("POST", "/", {}, v1_form + "&Region="), Dialect::v1).region == "");
}

TEST_CASE("only HmacSHA256 to the letter means SHA256")
{
    for (const std::string method :
         {"HmacSHA1", "HmacSHA123", "hmacsha256", "HmacSHA256%20", "SHA256", "TC3-HMAC-SHA256", ""}) {
        CAPTURE(method);
        CHECK_FALSE(opened(request("POST", "/", {}, v1_form + "&SignatureMethod=" + method), Dialect::v1).sha256);
    }
    CHECK_FALSE(opened(request("POST", "/", {}, v1_form), Dialect::v1).sha256);
    CHECK(opened(request("POST", "/", {}, v1_form + "&SignatureMethod=HmacSHA256"), Dialect::v1).sha256);
}

TEST_CASE("a POST is read from its body alone and a GET from its query alone")
{
    CHECK(outcome(open_envelope(request("POST", "/?" + v1_form), Dialect::v1)) == missing("Timestamp"));
    CHECK(outcome(open_envelope(request("GET", "/", {}, v1_form), Dialect::v1)) == missing("Timestamp"));
    CHECK(outcome(open_envelope(request("POST", "/v2/index.php?" + v1_form), Dialect::legacy)) == missing("Timestamp"));

    CHECK(opened(request("POST", "/?Action=Other&broken", {}, v1_form), Dialect::v1).action == "RenewInstances");
    CHECK(opened(request("GET", "/?" + v1_form, {}, "Action=Other&broken"), Dialect::v1).action == "RenewInstances");
    CHECK(opened(request("POST", "/", {{"Content-Type", "application/json"}}, v1_form), Dialect::v1).action ==
          "RenewInstances");

    CHECK(params(request("POST", "/?Limit=1", tc3_headers, R"({"Limit":2})"), Dialect::tc3) == R"({"Limit":2})");
    CHECK(params(request("GET", "/?Limit=1", tc3_headers, R"({"Limit":2})"), Dialect::tc3) == R"({"Limit":"1"})");
    CHECK(params(request("GET", "/?Limit=1", tc3_headers, "nonsense"), Dialect::tc3) == R"({"Limit":"1"})");
    CHECK(params(request("POST", "/?Limit=1", {}, v1_form + "&Limit=2"), Dialect::v1) == R"({"Limit":"2"})");
    CHECK(params(request("GET", "/?Limit=1&" + v1_form, {}, "Limit=2"), Dialect::v1) == R"({"Limit":"1"})");
}

TEST_CASE("a request in absolute form means the same")
{
    const Envelope e =
        opened(request("GET", "http://cvm.tencentcloudapi.com:80/?" + v1_form, {{"Host", "cvm.tencentcloudapi.com"}}),
               Dialect::v1);
    CHECK(e.path == "/");
    CHECK(e.query == v1_form);
    CHECK(e.action == "RenewInstances");
    CHECK(e.host == "cvm.tencentcloudapi.com");
    CHECK(params(request("POST", "http://cvm.tencentcloudapi.com", tc3_headers, R"({"Limit":2})"), Dialect::tc3) ==
          R"({"Limit":2})");
}

TEST_CASE("common parameters are no parameters of the action")
{
    const std::string all = v1_form + "&Region=r&Token=t&Language=en-US&RequestClient=c&SignatureMethod=HmacSHA1";
    for (const Dialect dialect : {Dialect::v1, Dialect::legacy, Dialect::legacy_numeric}) {
        CAPTURE(to_string(dialect));
        CHECK(params(request("POST", "/", {}, all), dialect) == "{}");
        CHECK(params(request("POST", "/", {}, all + "&region=x&Signature2=y&Regions.0=z"), dialect) ==
              R"({"Regions":["z"],"Signature2":"y","region":"x"})");
    }
    // In TC3 they are headers, so there the same names would be unknown parameters.
    CHECK(params(request("GET", "/?Region=r", tc3_headers), Dialect::tc3) == R"({"Region":"r"})");
    CHECK(params(request("POST", "/", tc3_headers, R"({"Region":"r"})"), Dialect::tc3) == R"({"Region":"r"})");
}

TEST_CASE("lists are read from 0 and from 1 in every dialect of forms")
{
    const std::string_view expected = R"({"InstanceIds":["a","b"]})";
    for (const std::string ids :
         {"InstanceIds.0=a&InstanceIds.1=b", "InstanceIds.1=a&InstanceIds.2=b", "InstanceIds.2=b&InstanceIds.1=a"}) {
        CAPTURE(ids);
        CHECK(params(request("GET", "/?" + ids, tc3_headers), Dialect::tc3) == expected);
        for (const Dialect dialect : {Dialect::v1, Dialect::legacy, Dialect::legacy_numeric}) {
            CHECK(params(request("POST", "/", {}, ids + "&" + v1_form), dialect) == expected);
            CHECK(params(request("GET", "/?" + ids + "&" + v1_form), dialect) == expected);
        }
    }
    CHECK(params(request("POST", "/", {}, v1_form + "&a=1&a.b=2"), Dialect::v1).starts_with("InvalidParameter: "));
    CHECK(params(request("GET", "/?a=1&a.b=2", tc3_headers), Dialect::tc3).starts_with("InvalidParameter: "));
}

TEST_CASE("a body that is no JSON object is refused")
{
    struct Case {
        std::string_view what;
        std::string body;
    };
    const Case cases[] = {
        {"a form", v1_form},
        {"white space alone", " \n"},
        {"cut off", R"({"InstanceIds":["ins-1")"},
        {"more behind it", R"({"Limit":1} x)"},
        {"two objects", "{}{}"},
        {"a comma too much", R"({"Limit":1,})"},
        {"single quotes", "{'Limit':1}"},
        {"a name without quotes", "{Limit:1}"},
        {"a comment", "{/**/}"},
        {"a bare NaN", R"({"Limit":NaN})"},
        {"bytes that are no UTF-8", "{\"a\":\"\xff\"}"},
        {"half a surrogate pair", R"({"a":"\ud800"})"},
        {"a raw line break in a text", "{\"a\":\"\n\"}"},
        {"a NUL after it", std::string("{}\0", 3)},
        {"a byte order mark", "\xef\xbb\xbf{}"},
        {"a list", "[]"},
        {"a list of objects", R"([{"Limit":1}])"},
        {"a text", R"("{}")"},
        {"a number", "1"},
        {"true", "true"},
        {"null in another case", "NULL"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(params(request("POST", "/", tc3_headers, c.body), Dialect::tc3).starts_with("InvalidParameter: "));
    }
}

TEST_CASE("a JSON body is nested 32 deep at most")
{
    const auto nested = [](int depth) { // the object itself is one
        return R"({"a":)" + std::string(static_cast<std::size_t>(depth - 1), '[') +
               std::string(static_cast<std::size_t>(depth - 1), ']') + "}";
    };
    CHECK(params(request("POST", "/", tc3_headers, nested(33)), Dialect::tc3).starts_with("InvalidParameter: "));
    CHECK(params(request("POST", "/", tc3_headers, nested(1'000'000)), Dialect::tc3).starts_with("InvalidParameter: "));
    CHECK(params(request("POST", "/", tc3_headers, std::string(1'000'000, '{')), Dialect::tc3)
              .starts_with("InvalidParameter: "));
    CHECK(params(request("POST", "/", tc3_headers, nested(32)), Dialect::tc3) == nested(32));
}

TEST_CASE("a JSON body gives the parameters as they are")
{
    struct Case {
        std::string_view what;
        std::string body;
        std::string_view expected;
    };
    const Case cases[] = {
        {"an empty body counts as an empty object", "", "{}"},
        {"an empty object", "{}", "{}"},
        {"null, which tencentcloud-sdk-ruby sends where an action has no parameters", "null", "{}"},
        {"with white space around", " \r\n{ }\t", "{}"},
        {"types are kept", R"({"a":1,"b":"1","c":true,"d":null,"e":[],"f":{"g":-1.5}})",
         R"({"a":1,"b":"1","c":true,"d":null,"e":[],"f":{"g":-1.5E0}})"},
        {"the order of the client is kept", R"({"z":1,"a":2})", R"({"z":1,"a":2})"},
        {"escapes", R"({"Name":"\u672a\u547d\u540d\n"})", "{\"Name\":\"未命名\\n\"}"},
        {"the last of a name counts", R"({"a":1,"a":2})", R"({"a":2})"},
        {"numbers up to the ends", R"({"a":9223372036854775807,"b":-9223372036854775808})",
         R"({"a":9223372036854775807,"b":-9223372036854775808})"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(params(request("POST", "/", tc3_headers, c.body), Dialect::tc3) == c.expected);
    }
}

TEST_CASE("a body may be as large as its signature allows")
{
    struct Case {
        std::string_view what;
        http::Request request;
        bool form;
    };
    const Case cases[] = {
        {"TC3", request("POST", "/", tc3_headers), false},
        {"TC3 in absolute form", request("POST", "http://cvm.tencentcloudapi.com/", tc3_headers), false},
        {"v1", request("POST", "/"), true},
        {"v1 with a query", request("POST", "/?a=1"), true},
        {"v1 in absolute form", request("POST", "http://cvm.tencentcloudapi.com"), true},
        {"JSON without Authorization",
         request("POST", "/", {{"Content-Type", "application/json"}, {"X-TC-Action", "RenewInstances"}}), true},
        {"legacy", request("POST", "/v2/index.php"), true},
        {"legacy with the header of TC3", request("POST", "/v2/index.php", tc3_headers), true},
        {"the control API", request("POST", "/_emulator/reset"), false},
        {"the control API with a query", request("PUT", "/_emulator/state?a=1"), false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(has_form_limit(c.request) == c.form);
        CHECK(body_limit(c.request) == (c.form ? 1024 * 1024 : 10 * 1024 * 1024));
    }
}
