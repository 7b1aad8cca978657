#include "server/auth/verify.hpp"

#include "server/auth/crypto.hpp"
#include "server/auth/tc3.hpp"
#include "server/auth/v1.hpp"
#include "tests/support/emulator.hpp"

#include <boost/beast/http/verb.hpp>
#include <doctest/doctest.h>

#include <functional>
#include <limits>

using namespace cvm;
using namespace cvm::auth;
using namespace std::chrono_literals;
using cvm::test::Call;
using cvm::test::test_time;
using wire::Dialect;
namespace bhttp = boost::beast::http;
namespace json = boost::json;

using cvm::wire::to_string;

namespace {

constexpr Dialect dialects[] = {Dialect::tc3, Dialect::v1, Dialect::legacy, Dialect::legacy_numeric};

const Key long_term{Call{}.secret_key, "", std::nullopt};

Call call_in(Dialect dialect)
{
    Call call;
    call.action = "RenewInstances";
    call.params = json::object{{"InstanceIds", json::array{"ins-1234abcd"}}};
    call.dialect = dialect;
    return call;
}

// Reads and verifies a request as the server does.
Verdict verdict_on(const http::Request& request, const Key* key = &long_term, std::chrono::sys_seconds now = test_time)
{
    const auto envelope = wire::open_envelope(request, wire::response_format_of(request).dialect);
    REQUIRE(envelope.has_value());
    const auto claim = read_claim(*envelope);
    REQUIRE(claim.has_value());
    SigningKeys signing_keys;
    return verify(*envelope, *claim, request, key, signing_keys, now);
}

std::string outcome(const Verdict& verdict)
{
    return verdict.refusal ? std::string{code_of(verdict.refusal->code)} : "good";
}

std::string outcome(const http::Request& request, const Key* key = &long_term, std::chrono::sys_seconds now = test_time)
{
    return outcome(verdict_on(request, key, now));
}

// A TC3 request in which every part can differ from what is signed.
struct Tc3 {
    std::string method = "POST";
    std::string target = "/";
    std::string body = R"({"InstanceIds":["ins-1234abcd"]})";
    std::string host = "127.0.0.1:8213";
    std::string content_type = "application/json";
    std::string service = "cvm";
    std::string date = "2026-03-31";
    std::string region = "ap-guangzhou";

    std::string signed_host = host;
    std::string signed_content_type = content_type;
    std::string signed_query = {};
    std::string signed_payload = body;
    std::vector<SignedHeader> more = {}; // signed after content-type and host
    std::vector<SignedHeader> sent = {}; // sent in addition
    std::chrono::sys_seconds at = test_time;

    http::Request request() const
    {
        http::Request r{bhttp::string_to_verb(method), target, 11};
        r.set("Host", host);
        r.set("Content-Type", content_type);
        r.set("X-TC-Action", "RenewInstances");
        r.set("X-TC-Version", "2017-03-12");
        r.set("X-TC-Timestamp", std::to_string(at.time_since_epoch().count()));
        r.set("X-TC-Region", region);
        for (const auto& [name, value] : sent)
            r.set(name, value);
        r.body() = body;

        std::vector<SignedHeader> headers{{"content-type", signed_content_type}, {"host", signed_host}};
        headers.insert(headers.end(), more.begin(), more.end());
        std::string names;
        for (const auto& [name, value] : headers)
            names += (names.empty() ? "" : ";") + name;
        const std::string canonical = tc3_canonical_request(method, signed_query, headers, hex(sha256(signed_payload)));
        const std::string signature =
            tc3_signature(tc3_keys(long_term.secret_key, date, service).signing,
                          tc3_string_to_sign(at.time_since_epoch().count(), date, service, canonical));
        r.set("Authorization", "TC3-HMAC-SHA256 Credential=AKID/" + date + "/" + service +
                                   "/tc3_request, SignedHeaders=" + names + ", Signature=" + signature);
        return r;
    }
};

// A form request with any parameters, signed as specified.
http::Request form_request(
    wire::Form form, Underscore underscore,
    const std::function<std::string(std::string)>& spelled = [](std::string s) { return s; })
{
    form.merge(wire::Form{{"Action", "RenewInstances"},
                          {"Nonce", "1"},
                          {"SecretId", "AKID"},
                          {"Timestamp", std::to_string(test_time.time_since_epoch().count())},
                          {"Version", "2017-03-12"}});
    const std::string signature =
        v1_signature(long_term.secret_key, v1_string_to_sign("POST", "h", "/", form, underscore), false);
    std::string body = "Signature=" + spelled(signature);
    for (const auto& [name, value] : form)
        body += "&" + name + "=" + value;
    http::Request r{bhttp::verb::post, "/", 11};
    r.set("Host", "h");
    r.body() = body;
    return r;
}

std::string percent_encoded(const std::string& text)
{
    std::string out;
    for (const char c : text)
        out += "%" + hex(std::string(1, c));
    return out;
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("a malformed Authorization header makes no claim")
{
    wire::Envelope envelope;
    envelope.dialect = Dialect::tc3;
    for (const std::string_view header : {"", "TC3", "TC3-HMAC-SHA256 Credential=AKID", "SKIP"}) {
        CAPTURE(header);
        envelope.authorization = header;
        const auto claim = read_claim(envelope);
        REQUIRE(claim.has_error());
        CHECK(claim.error().code == Errc::auth_failure_invalid_authorization);
    }
}

TEST_CASE("a claim names the key from where the dialect has it")
{
    for (const Dialect dialect : dialects) {
        CAPTURE(to_string(dialect));
        const http::Request request = sign(call_in(dialect), test_time);
        const auto claim = read_claim(*wire::open_envelope(request, dialect));
        REQUIRE(claim.has_value());
        CHECK(claim->secret_id == Call{}.secret_id);
        CHECK(claim->authorization.has_value() == (dialect == Dialect::tc3));
    }
}

TEST_CASE("the signature of a correct client is valid in every dialect and method")
{
    for (const Dialect dialect : dialects)
        for (const std::string method : {"GET", "POST"})
            for (const bool sha256 : {false, true}) {
                CAPTURE(to_string(dialect));
                CAPTURE(method);
                CAPTURE(sha256);
                Call call = call_in(dialect);
                call.method = method;
                call.sha256 = sha256;
                const Verdict verdict = verdict_on(sign(call, test_time));
                CHECK(outcome(verdict) == "good");
                CHECK(verdict.trace.string_to_sign.empty());
                CHECK(verdict.trace.expected.empty());
            }
}

TEST_CASE("what was signed with another key is refused")
{
    for (const Dialect dialect : dialects) {
        CAPTURE(to_string(dialect));
        for (const std::string secret : {"Gu5t9xGARNpq86cd98joQYCN3EXAMPLf", "", "gu5t9xgarnpq86cd98joqycn3example"}) {
            Call call = call_in(dialect);
            call.secret_key = secret;
            CHECK(outcome(sign(call, test_time)) == "AuthFailure.SignatureFailure");
        }
    }
}

TEST_CASE("what was changed after it was signed is refused")
{
    struct Case {
        std::string_view what;
        Dialect dialect;
        std::string_view method;
        std::function<void(http::Request&)> change;
    };
    const auto replace = [](std::string& text, std::string_view from, std::string_view to) {
        const auto at = text.find(from);
        REQUIRE(at != std::string::npos);
        text.replace(at, from.size(), to);
    };
    const auto in_body = [&](std::string_view from, std::string_view to) {
        return [&replace, from, to](http::Request& r) { replace(r.body(), from, to); };
    };
    const auto in_target = [&](std::string_view from, std::string_view to) {
        return [&replace, from, to](http::Request& r) {
            std::string target{r.target().data(), r.target().size()};
            replace(target, from, to);
            r.target(target);
        };
    };
    const auto in_header = [&](std::string name, std::string_view from, std::string_view to) {
        return [&replace, name, from, to](http::Request& r) {
            std::string value{r[name].data(), r[name].size()};
            replace(value, from, to);
            r.set(name, value);
        };
    };
    const Case cases[] = {
        {"TC3: a byte of the body", Dialect::tc3, "POST", in_body("ins-1234abcd", "ins-1234abce")},
        {"TC3: a blank in the body", Dialect::tc3, "POST", in_body("{", "{ ")},
        {"TC3: the body gone", Dialect::tc3, "POST", [](http::Request& r) { r.body().clear(); }},
        {"TC3: a query that means the same", Dialect::tc3, "GET", in_target("ins-1234abcd", "ins%2D1234abcd")},
        {"TC3: another query", Dialect::tc3, "GET", in_target("ins-1234abcd", "ins-1234abce")},
        {"TC3: the content type", Dialect::tc3, "POST", in_header("Content-Type", "json", "json; charset=utf-8")},
        {"TC3: the host", Dialect::tc3, "POST", in_header("Host", "127", "128")},
        {"TC3: the time by a second", Dialect::tc3, "POST", in_header("X-TC-Timestamp", "00", "01")},
        {"TC3: the date in the scope", Dialect::tc3, "POST", in_header("Authorization", "2026-03-31", "2026-03-30")},
        {"TC3: the service in the scope", Dialect::tc3, "POST", in_header("Authorization", "/cvm/", "/cbs/")},
        {"TC3: the order of the signed headers", Dialect::tc3, "POST",
         in_header("Authorization", "content-type;host", "host;content-type")},
        {"TC3: one more signed header", Dialect::tc3, "POST",
         in_header("Authorization", "content-type;host", "content-type;host;x-tc-action")},
        {"TC3: the signature cut", Dialect::tc3, "POST",
         [](http::Request& r) {
             const std::string value{r["Authorization"].data(), r["Authorization"].size() - 1};
             r.set("Authorization", value);
         }},
        {"TC3: the signature longer", Dialect::tc3, "POST", in_header("Authorization", "Signature=", "Signature=0")},
        {"v1: a parameter", Dialect::v1, "POST", in_body("ins-1234abcd", "ins-1234abce")},
        {"v1: a parameter more", Dialect::v1, "POST", in_body("Action=", "Aa=1&Action=")},
        {"v1: a parameter twice", Dialect::v1, "POST", [](http::Request& r) { r.body() += "&Nonce=11887"; }},
        {"v1: the hash", Dialect::v1, "POST", in_body("Action=", "SignatureMethod=HmacSHA256&Action=")},
        {"v1: the host", Dialect::v1, "POST", in_header("Host", "127", "128")},
        {"v1: the path", Dialect::v1, "POST", [](http::Request& r) { r.target("/v2/index.php"); }},
        {"v1: the query", Dialect::v1, "GET", in_target("ins-1234abcd", "ins-1234abce")},
        {"v1: the case of the signature", Dialect::v1, "POST",
         [](http::Request& r) {
             const auto at = r.body().find("Signature=");
             for (std::size_t i = at + 10; i < r.body().size() && r.body()[i] != '%'; ++i)
                 if (r.body()[i] >= 'a' && r.body()[i] <= 'z')
                     r.body()[i] = static_cast<char>(r.body()[i] - 32);
         }},
        {"legacy: a parameter", Dialect::legacy, "POST", in_body("ins-1234abcd", "ins-1234abce")},
        {"legacy: the path", Dialect::legacy, "POST", [](http::Request& r) { r.target("/"); }},
        {"numeric: a Version more", Dialect::legacy_numeric, "POST",
         [](http::Request& r) { r.body() += "&Version=2017-03-12"; }},
        {"numeric: the method", Dialect::legacy_numeric, "GET",
         [](http::Request& r) {
             const auto target = wire::split_target({r.target().data(), r.target().size()});
             r.body() = target.query;
             r.target("/v2/index.php");
             r.method(bhttp::verb::post);
         }},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        Call call = call_in(c.dialect);
        call.method = c.method;
        http::Request request = sign(call, test_time);
        CHECK(outcome(request) == "good");
        c.change(request);
        CHECK(outcome(request) == "AuthFailure.SignatureFailure");
    }
}

TEST_CASE("what is not signed may change on the way")
{
    Tc3 good;
    good.sent = {{"X-TC-Language", "zh-CN"},
                 {"X-TC-RequestClient", "SDK"},
                 {"X-TC-TraceId", "1"},
                 {"Accept", "*/*"},
                 {"User-Agent", "x"}};
    CHECK(outcome(good.request()) == "good");
    good.region = "ap-shanghai";
    CHECK(outcome(good.request()) == "good");
    good.target = "/?ignored=1"; // of a POST
    CHECK(outcome(good.request()) == "good");
    good.target = "http://cvm.tencentcloudapi.com/"; // through a proxy
    CHECK(outcome(good.request()) == "good");
}

TEST_CASE("TC3 is good for any host that a client may have signed")
{
    struct Case {
        std::string_view what;
        std::string_view host;
        std::string_view signed_host;
        std::string_view service;
        std::string_view expected;
    };
    const std::string_view refused = "AuthFailure.SignatureFailure";
    const Case cases[] = {
        {"as sent", "127.0.0.1:8213", "127.0.0.1:8213", "cvm", "good"},
        {"without the port", "127.0.0.1:8213", "127.0.0.1", "cvm", "good"},
        {"localhost without the port", "localhost:8213", "localhost", "localhost:8213", "good"},
        {"no port at all", "cvm.tencentcloudapi.com", "cvm.tencentcloudapi.com", "cvm", "good"},
        {"a whole URL", "http://127.0.0.1:8213", "http://127.0.0.1:8213", "http://127", "good"},
        {"sent in capitals", "CVM.Example.COM:80", "cvm.example.com:80", "cvm", "good"},
        {"sent in capitals, without the port", "CVM.Example.COM:80", "cvm.example.com", "cvm", "good"},
        {"IPv6", "[::1]:8213", "[::1]:8213", "cvm", "good"},
        {"IPv6 without the port", "[::1]:8213", "[::1]", "cvm", "good"},
        {"IPv6 that has none", "[::1]", "[::1]", "cvm", "good"},
        {"the vendor's host", "127.0.0.1:8213", "cvm.tencentcloudapi.com", "cvm", "good"},
        {"the vendor's international host", "127.0.0.1:8213", "cvm.intl.tencentcloudapi.com", "cvm", "good"},
        {"the vendor's host of the region", "127.0.0.1:8213", "cvm.ap-guangzhou.tencentcloudapi.com", "cvm", "good"},
        {"the vendor's host of another product", "127.0.0.1:8213", "billing.tencentcloudapi.com", "billing", "good"},
        {"the vendor's host of another region", "127.0.0.1:8213", "cvm.ap-shanghai.tencentcloudapi.com", "cvm",
         refused},
        {"a host of another product than the scope's", "127.0.0.1:8213", "cbs.tencentcloudapi.com", "cvm", refused},
        {"a vendor's host of a service that is none", "127.0.0.1:8213", "127.tencentcloudapi.com", "127", refused},
        {"another port", "127.0.0.1:8213", "127.0.0.1:8214", "cvm", refused},
        {"a port that was not sent", "127.0.0.1", "127.0.0.1:80", "cvm", refused},
        {"another host", "127.0.0.1:8213", "127.0.0.2:8213", "cvm", refused},
        {"a host that only ends so", "127.0.0.1:8213", "evil.cvm.tencentcloudapi.com", "cvm", refused},
        {"what looks like a port and is none", "example.com:x1", "example.com", "cvm", refused},
        {"a colon without a port", "example.com:", "example.com", "cvm", refused},
        {"no host", "127.0.0.1:8213", "", "cvm", refused},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        Tc3 tc3;
        tc3.host = c.host;
        tc3.signed_host = c.signed_host;
        tc3.service = c.service;
        CHECK(outcome(tc3.request()) == c.expected);
    }
}

TEST_CASE("the vendor's host of a region is no candidate without a region")
{
    Tc3 tc3;
    tc3.signed_host = "cvm..tencentcloudapi.com";
    tc3.region = "";
    CHECK(outcome(tc3.request()) == "AuthFailure.SignatureFailure");
}

TEST_CASE("v1 and legacy are good for the host that was sent with its port or without")
{
    struct Case {
        std::string_view host;
        std::string_view signed_host;
        std::string_view expected;
    };
    const std::string_view refused = "AuthFailure.SignatureFailure";
    const Case cases[] = {
        {"127.0.0.1:8213", "127.0.0.1:8213", "good"},
        {"127.0.0.1:8213", "127.0.0.1", "good"},
        {"localhost:8213", "localhost", "good"},
        {"http://127.0.0.1:8213", "http://127.0.0.1:8213", "good"},
        {"cvm.tencentcloudapi.com", "cvm.tencentcloudapi.com", "good"},
        {"127.0.0.1:8213", "127.0.0.1:8214", refused},
        {"127.0.0.1", "127.0.0.1:80", refused},
        {"127.0.0.1:8213", "127.0.0.2", refused},
        {"127.0.0.1:8213", "", refused},
    };
    for (const Dialect dialect : {Dialect::v1, Dialect::legacy, Dialect::legacy_numeric})
        for (const Case& c : cases) {
            CAPTURE(to_string(dialect));
            CAPTURE(c.host);
            CAPTURE(c.signed_host);
            Call call = call_in(dialect);
            call.host = c.signed_host;
            http::Request request = sign(call, test_time);
            request.set("Host", std::string{c.host});
            CHECK(outcome(request) == c.expected);
        }
}

TEST_CASE("TC3 is good for the content type that was sent whatever it is")
{
    struct Case {
        std::string_view what;
        std::string_view sent;
        std::string_view signed_type;
        std::string_view expected;
    };
    const std::string_view refused = "AuthFailure.SignatureFailure";
    const Case cases[] = {
        {"plain", "application/json", "application/json", "good"},
        {"with charset", "application/json; charset=utf-8", "application/json; charset=utf-8", "good"},
        {"in capitals and signed so", "application/json; charset=UTF-8", "application/json; charset=UTF-8", "good"},
        {"in capitals and signed in lower case", "Application/JSON; charset=UTF-8", "application/json; charset=utf-8",
         "good"},
        {"blanks around it", "  application/json\t", "application/json", "good"},
        {"a boundary", "multipart/form-data; boundary=AbC", "multipart/form-data; boundary=AbC", "good"},
        {"empty", "", "", "good"},
        {"the charset not signed", "application/json; charset=utf-8", "application/json", refused},
        {"the charset not sent", "application/json", "application/json; charset=utf-8", refused},
        {"another blank", "application/json;charset=utf-8", "application/json; charset=utf-8", refused},
        {"capitals that were not sent", "application/json", "Application/JSON", refused},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        Tc3 tc3;
        tc3.content_type = c.sent;
        tc3.signed_content_type = c.signed_type;
        CHECK(outcome(tc3.request()) == c.expected);
    }
}

TEST_CASE("TC3 signs other headers by their value in lower case without blanks around it")
{
    struct Case {
        std::string_view what;
        std::vector<SignedHeader> more;
        std::string_view expected;
    };
    const std::string_view refused = "AuthFailure.SignatureFailure";
    const Case cases[] = {
        {"the action", {{"x-tc-action", "renewinstances"}}, "good"},
        {"the action and its version", {{"x-tc-action", "renewinstances"}, {"x-tc-version", "2017-03-12"}}, "good"},
        {"blanks", {{"x-extra", "a b"}}, "good"},
        {"a header that is not there", {{"x-absent", ""}}, "good"},
        {"the action not lowered", {{"x-tc-action", "RenewInstances"}}, refused},
        {"another action", {{"x-tc-action", "describeinstances"}}, refused},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        Tc3 tc3;
        tc3.more = c.more;
        tc3.sent = {{"X-Extra", "  A b\t"}};
        CHECK(outcome(tc3.request()) == c.expected);
    }
}

TEST_CASE("TC3 with an unsigned body is valid only with the header that says so")
{
    Tc3 tc3;
    tc3.signed_payload = "UNSIGNED-PAYLOAD";
    CHECK(outcome(tc3.request()) == "AuthFailure.SignatureFailure");
    for (const std::string value : {"", "unsigned-payload", "UNSIGNED", "UNSIGNED-PAYLOAD;",
                                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}) {
        CAPTURE(value);
        tc3.sent = {{"X-TC-Content-SHA256", value}};
        CHECK(outcome(tc3.request()) == "AuthFailure.SignatureFailure");
    }
    tc3.sent = {{"X-TC-Content-SHA256", "UNSIGNED-PAYLOAD"}};
    CHECK(outcome(tc3.request()) == "good");
    tc3.body = "another body";
    CHECK(outcome(tc3.request()) == "good");
    tc3.signed_payload = tc3.body; // says it is not signed and signs it
    CHECK(outcome(tc3.request()) == "AuthFailure.SignatureFailure");
}

TEST_CASE("TC3 GET signs the raw query and no body")
{
    Tc3 get;
    get.method = "GET";
    get.content_type = get.signed_content_type = "application/x-www-form-urlencoded";
    get.target = "/?Offset=0&Limit=%31&Name=a+b%2f"; // in the order of the client
    get.signed_query = "Offset=0&Limit=%31&Name=a+b%2f";
    get.signed_payload = "";
    get.body = "";
    CHECK(outcome(get.request()) == "good");
    get.body = "what a GET carries is not looked at";
    CHECK(outcome(get.request()) == "good");
    get.target = "http://cvm.tencentcloudapi.com/?" + get.signed_query;
    CHECK(outcome(get.request()) == "good");

    get.signed_query = "Limit=%31&Name=a+b%2f&Offset=0";
    CHECK(outcome(get.request()) == "AuthFailure.SignatureFailure");
    get.signed_query = "Offset=0&Limit=1&Name=a%20b%2F";
    CHECK(outcome(get.request()) == "AuthFailure.SignatureFailure");
    get.signed_query = "Offset=0&Limit=%31&Name=a+b%2f";
    get.signed_payload = get.body;
    CHECK(outcome(get.request()) == "AuthFailure.SignatureFailure");
}

TEST_CASE("TC3 must carry the UTC date of its Timestamp in its scope")
{
    Tc3 tc3;
    for (const std::string date : {"2026-03-30", "2026-04-01", "2025-03-31", "0000-00-00", "abcd-ef-gh"}) {
        CAPTURE(date);
        tc3.date = date;
        CHECK(outcome(tc3.request()) == "AuthFailure.SignatureFailure");
    }
    // In the evening (UTC) it is already the next day in Beijing.
    const std::chrono::sys_seconds evening = std::chrono::sys_days{2026y / 3 / 31} + 20h;
    tc3.at = evening;
    tc3.date = "2026-04-01";
    CHECK(outcome(tc3.request(), &long_term, evening) == "AuthFailure.SignatureFailure");
    tc3.date = "2026-03-31";
    CHECK(outcome(tc3.request(), &long_term, evening) == "good");
    // The client's Timestamp counts, not the server's time.
    tc3.at = std::chrono::sys_days{2026y / 4 / 1} - 1s;
    CHECK(outcome(tc3.request(), &long_term, tc3.at + 60s) == "good");
}

TEST_CASE("a signature is fresh up to the limits of its window in both directions")
{
    struct Case {
        Dialect dialect;
        std::chrono::seconds window;
    };
    const Case cases[] = {
        {Dialect::tc3, 300s}, {Dialect::v1, 300s}, {Dialect::legacy, 7200s}, {Dialect::legacy_numeric, 7200s}};
    for (const Case& c : cases) {
        CAPTURE(to_string(c.dialect));
        const http::Request request = sign(call_in(c.dialect), test_time);
        CHECK(outcome(request, &long_term, test_time - c.window - 1s) == "AuthFailure.SignatureExpire");
        CHECK(outcome(request, &long_term, test_time + c.window + 1s) == "AuthFailure.SignatureExpire");
        CHECK(outcome(request, &long_term, test_time + 24h * 120) == "AuthFailure.SignatureExpire");
        CHECK(outcome(request, &long_term, test_time - c.window) == "good");
        CHECK(outcome(request, &long_term, test_time + c.window) == "good");
        CHECK(outcome(request, &long_term, test_time) == "good");
    }
}

TEST_CASE("a Timestamp at the ends of its range is expired and harmless")
{
    for (const Dialect dialect : dialects)
        for (const std::int64_t timestamp :
             {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0},
              std::int64_t{1'774'945'800'000}, std::numeric_limits<std::int64_t>::max()}) {
            CAPTURE(to_string(dialect));
            CAPTURE(timestamp);
            const http::Request request = sign(call_in(dialect), test_time);
            auto envelope = wire::open_envelope(request, dialect);
            REQUIRE(envelope.has_value());
            envelope->timestamp = timestamp;
            SigningKeys signing_keys;
            CHECK(outcome(verify(*envelope, *read_claim(*envelope), request, &long_term, signing_keys, test_time)) ==
                  "AuthFailure.SignatureExpire");
        }
}

TEST_CASE("expired comes before unknown key and that before signature and that before token")
{
    const Key temporary{long_term.secret_key, "token", test_time};
    for (const Dialect dialect : dialects) {
        CAPTURE(to_string(dialect));
        Call wrong = call_in(dialect);
        wrong.secret_key = "another";
        wrong.token = "another";
        const http::Request request = sign(wrong, test_time);
        const auto late = test_time + 24h;
        CHECK(outcome(request, nullptr, late) == "AuthFailure.SignatureExpire");
        CHECK(outcome(request, &temporary, late) == "AuthFailure.SignatureExpire");
        CHECK(outcome(request, nullptr) == "AuthFailure.SecretIdNotFound");
        CHECK(outcome(request, &temporary) == "AuthFailure.SignatureFailure");

        wrong.secret_key = long_term.secret_key;
        CHECK(outcome(sign(wrong, test_time), &temporary) == "AuthFailure.TokenFailure");
        CHECK(outcome(sign(wrong, test_time), nullptr) == "AuthFailure.SecretIdNotFound");
    }
}

TEST_CASE("a token must be the one of the key and the key must not have ended")
{
    struct Case {
        std::string_view what;
        std::string_view known;
        std::string_view sent;
        std::optional<std::chrono::sys_seconds> expires_at;
        std::string_view expected;
    };
    const std::string_view refused = "AuthFailure.TokenFailure";
    const Case cases[] = {
        {"missing", "token", "", test_time + 1h, refused},
        {"wrong", "token", "tokem", test_time + 1h, refused},
        {"in capitals", "token", "TOKEN", test_time + 1h, refused},
        {"cut", "token", "toke", test_time + 1h, refused},
        {"too long", "token", "tokens", test_time + 1h, refused},
        {"superfluous", "", "token", std::nullopt, refused},
        {"right and the key ended long ago", "token", "token", test_time - 1h, refused},
        {"right and the key ends now", "token", "token", test_time, refused},
        {"right and the key ends in a second", "token", "token", test_time + 1s, "good"},
        {"right and the key never ends", "token", "token", std::nullopt, "good"},
        {"none and none", "", "", std::nullopt, "good"},
        {"none, but the key ended", "", "", test_time, refused},
    };
    for (const Dialect dialect : dialects)
        for (const Case& c : cases) {
            CAPTURE(to_string(dialect));
            CAPTURE(c.what);
            Call call = call_in(dialect);
            call.token = c.sent;
            const Key key{long_term.secret_key, std::string{c.known}, c.expires_at};
            const Verdict verdict = verdict_on(sign(call, test_time), &key);
            CHECK(outcome(verdict) == c.expected);
            CHECK(verdict.trace.string_to_sign.empty()); // the signature was right
        }
}

TEST_CASE("a v1 signature may have white space around it")
{
    // tencentcloud-sdk-ruby encodes by Base64.encode64, which ends with a line break.
    for (const std::string around : {"%0A", "%0D%0A", "%20", "+", "%09"}) {
        CAPTURE(around);
        CHECK(outcome(form_request({}, Underscore::stays,
                                   [&](const std::string& s) { return percent_encoded(s) + around; })) == "good");
        CHECK(outcome(form_request({}, Underscore::stays,
                                   [&](const std::string& s) { return around + percent_encoded(s); })) == "good");
    }
    for (const std::string wrong : {"%00", "%3D", "A", "%0AA"}) {
        CAPTURE(wrong);
        CHECK(outcome(form_request({}, Underscore::stays, [&](const std::string& s) {
                  return percent_encoded(s) + wrong;
              })) == "AuthFailure.SignatureFailure");
    }
    CHECK(outcome(form_request({}, Underscore::stays, [](const std::string&) { return "%0A"; })) ==
          "AuthFailure.SignatureFailure");
}

TEST_CASE("a v1 signature is good for each spelling of names with an underscore")
{
    for (const Underscore underscore :
         {Underscore::stays, Underscore::dot_sorted_before, Underscore::dot_sorted_after}) {
        const wire::Form form{{"Name0", "1"}, {"Name_b", "2_3"}, {"_x", "4"}};
        const auto escaped = [](const std::string& s) { return percent_encoded(s); };
        CHECK(outcome(form_request(form, underscore, escaped)) == "good");
        http::Request changed = form_request(form, underscore, escaped);
        changed.body() += "&_x=5";
        CHECK(outcome(changed) == "AuthFailure.SignatureFailure");
    }
}

TEST_CASE("a mismatch leaves a trace of what the server signed first")
{
    Tc3 tc3;
    tc3.signed_payload = "another";
    const Verdict verdict = verdict_on(tc3.request());
    CHECK(outcome(verdict) == "AuthFailure.SignatureFailure");
    CHECK(verdict.trace.canonical_request ==
          "POST\n/\n\ncontent-type:application/json\nhost:127.0.0.1:8213\n\ncontent-type;host\n" +
              hex(sha256(tc3.body)));
    CHECK(verdict.trace.string_to_sign ==
          "TC3-HMAC-SHA256\n1774945800\n2026-03-31/cvm/tc3_request\n" + hex(sha256(verdict.trace.canonical_request)));
    CHECK(verdict.trace.expected ==
          tc3_signature(tc3_keys(long_term.secret_key, "2026-03-31", "cvm").signing, verdict.trace.string_to_sign));

    Call call = call_in(Dialect::v1);
    call.secret_key = "another";
    const http::Request request = sign(call, test_time);
    const Verdict v1 = verdict_on(request);
    CHECK(outcome(v1) == "AuthFailure.SignatureFailure");
    CHECK(v1.trace.canonical_request.empty());
    CHECK(v1.trace.string_to_sign ==
          "POST127.0.0.1:8213/"
          "?Action=RenewInstances&InstanceIds.0=ins-1234abcd&Nonce=11886&Region=ap-guangzhou&SecretId=" +
              call.secret_id + "&Timestamp=1774945800&Version=2017-03-12");
    CHECK(v1.trace.expected == v1_signature(long_term.secret_key, v1.trace.string_to_sign, false));
}

TEST_CASE("a client that signs what the trace shows is accepted")
{
    // The signature that the trace implies replaces the wrong one.
    Tc3 tc3;
    tc3.signed_host = "elsewhere";
    http::Request request = tc3.request();
    const std::string expected = verdict_on(request).trace.expected;
    std::string authorization{request["Authorization"].data(), request["Authorization"].size()};
    authorization.replace(authorization.find("Signature=") + 10, std::string::npos, expected);
    request.set("Authorization", authorization);
    CHECK(outcome(request) == "good");
}

TEST_CASE("a trace never holds the secret key")
{
    for (const Dialect dialect : dialects)
        for (const std::string method : {"GET", "POST"}) {
            CAPTURE(to_string(dialect));
            CAPTURE(method);
            Call call = call_in(dialect);
            call.method = method;
            call.secret_key = "another secret of the client";
            const Verdict verdict = verdict_on(sign(call, test_time));
            CHECK(outcome(verdict) == "AuthFailure.SignatureFailure");
            for (const std::string& text :
                 {verdict.trace.canonical_request, verdict.trace.string_to_sign, verdict.trace.expected}) {
                CHECK_FALSE(holds(text, long_term.secret_key));
                CHECK_FALSE(holds(text, call.secret_key));
                for (const std::string& key : {tc3_keys(long_term.secret_key, "2026-03-31", "cvm").signing,
                                               tc3_keys(long_term.secret_key, "2026-03-31", "cvm").date}) {
                    CHECK_FALSE(holds(text, key));
                    CHECK_FALSE(holds(text, hex(key)));
                }
            }
            CHECK_FALSE(verdict.trace.string_to_sign.empty());
            CHECK_FALSE(verdict.trace.expected.empty());
        }
}

TEST_CASE("a trace shows asterisks in place of a signed token")
{
    Call call = call_in(Dialect::v1);
    call.token = "sessionToken";
    call.secret_key = "another";
    const Verdict verdict = verdict_on(cvm::test::sign(call, test_time));
    CHECK(verdict.trace.string_to_sign.find("sessionToken") == std::string::npos);
    CHECK(verdict.trace.string_to_sign.find("&Token=***") != std::string::npos);
}

TEST_CASE("a refusal for anything but the signature leaves no trace")
{
    const http::Request request = sign(call_in(Dialect::tc3), test_time);
    for (const Verdict& verdict : {verdict_on(request, nullptr), verdict_on(request, &long_term, test_time + 1h)}) {
        CHECK(verdict.refusal.has_value());
        CHECK(verdict.trace.canonical_request.empty());
        CHECK(verdict.trace.string_to_sign.empty());
        CHECK(verdict.trace.expected.empty());
    }
}
