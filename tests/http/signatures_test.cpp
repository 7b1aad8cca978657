// /_emulator/signatures over a real socket. Each single mistake is in tests/unit/auth/explain/explain_test.cpp.
#include "server/auth/crypto.hpp"
#include "server/auth/tc3.hpp"
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

namespace cvm::http::test {

namespace {

// The URL in a refused answer.
std::string address_of(const Answer& answer) { return answer.field("X-Emulator-Signature-Debug"); }

json::object explained(const Served& served, const std::string& bytes)
{
    const Answer answer = Client{served.port()}.exchange(bytes);
    const std::string address = address_of(answer);
    REQUIRE(address.starts_with("/_emulator/signatures/"));
    return served.control("GET", address).as_object();
}

std::string first_mistake(const json::object& explanation)
{
    const json::array& mistakes = explanation.at("mistakes").as_array();
    return mistakes.empty() ? "" : text(mistakes.front().at("name"));
}

std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

TEST_CASE("a refused signature gives an address that names the mistake, and the API's own answer stays the vendor's")
{
    Served served;
    const Call call{.action = "DescribeInstances", .params = {{"Limit", 1}}};
    // The body was serialised again after it had been signed.
    std::string bytes = replaced(served.text_of(call), R"({"Limit":1})", R"({"Limit": 1})");
    bytes = replaced(bytes, "Content-Length: 11", "Content-Length: 12");
    const Answer answer = Client{served.port()}.exchange(bytes);
    CHECK(answer.status == 200);
    const json::value body = json::parse(answer.body);
    CHECK(text(body.at("Response").at("Error").at("Code")) == "AuthFailure.SignatureFailure");
    CHECK(body.at("Response").as_object().size() == 2);
    CHECK(address_of(answer) == "/_emulator/signatures/" + text(body.at("Response").at("RequestId")));

    const json::object told = served.control("GET", address_of(answer)).as_object();
    CHECK(text(told.at("finding")) == "known_mistake");
    CHECK(first_mistake(told) == "payload_white_space");
    CHECK(told.at("RequestId") == body.at("Response").at("RequestId"));
    const json::object& own = told.at("signed").as_object();
    CHECK(text(own.at("canonical_request")).starts_with("POST\n/\n\ncontent-type:application/json\nhost:"));
    CHECK(text(own.at("string_to_sign")).starts_with("TC3-HMAC-SHA256\n1774945800\n2026-03-31/cvm/tc3_request\n"));
    CHECK(text(own.at("payload_sha256")) == auth::hex(auth::sha256(R"({"Limit": 1})")));
    CHECK(text(own.at("signature")) != text(told.at("given").at("signature")));
}

TEST_CASE("a wrong secret fits no known mistake, and a right signature is right")
{
    Served served;
    Call call{.action = "DescribeInstances"};
    CHECK(address_of(served.send(call)).empty());
    const json::object answer = served.response(call);
    CHECK(text(served.control("GET", "/_emulator/signatures/" + text(answer.at("RequestId"))).at("finding")) ==
          "correct");

    for (const auto dialect : {wire::Dialect::tc3, wire::Dialect::v1, wire::Dialect::legacy}) {
        call.dialect = dialect;
        call.secret_key = "not the key of this SecretId";
        const json::object told = explained(served, served.text_of(call));
        CHECK(text(told.at("finding")) == "no_known_mistake");
        CHECK(told.at("mistakes").as_array().empty());
        CHECK(text(told.at("summary")).find("SecretKey") != std::string::npos);
    }
    call.secret_id = "AKIDnobody";
    CHECK(text(explained(served, served.text_of(call)).at("finding")) == "unknown_key");
}

TEST_CASE(
    "a call that was right but replayed is told to have been right, and a key in the place of its id is not shown")
{
    Served served;
    Call call{.action = "DescribeInstances", .dialect = wire::Dialect::legacy};
    served.send(call);
    const json::object again = served.response(call);
    CHECK(text(again.at("Error").at("Code")) == "InvalidRequest.ReplayAttack");
    CHECK(text(served.control("GET", "/_emulator/signatures/" + text(again.at("RequestId"))).at("finding")) ==
          "correct");
    served.control("POST", "/_emulator/reset?account=100000000001");
    CHECK(served.code(call) == "OK");

    for (const auto dialect : {wire::Dialect::tc3, wire::Dialect::v1}) {
        call = {.action = "DescribeInstances", .dialect = dialect};
        std::swap(call.secret_id, call.secret_key);
        const std::string told = json::serialize(explained(served, served.text_of(call)));
        CHECK(told.find(call.secret_id) == std::string::npos);
    }
    CHECK(json::serialize(served.control("GET", "/_emulator/requests?account=none")).find("Gu5t9x") ==
          std::string::npos);
}

TEST_CASE("a wrong clock, a malformed header and a call that got no further are distinguished")
{
    Served served;
    const Call call{.action = "DescribeInstances", .host = served.host()};
    const auto old = cvm::test::sign(call, cvm::test::test_time - std::chrono::hours{8});
    const json::object late = explained(served, Served::text_of(old));
    CHECK(text(late.at("finding")) == "correct");
    CHECK(text(late.at("notes").at(0).at("name")) == "timestamp_local_time");

    const json::object malformed = explained(served, replaced(served.text_of(call), "SignedHeaders=", "SignedHeader="));
    CHECK(text(malformed.at("finding")) == "malformed");

    const Answer early = Client{served.port()}.exchange(post("/", "{}", "Content-Type: application/json\r\n"));
    CHECK(address_of(early).empty());
    const std::string id = text(json::parse(early.body).at("Response").at("RequestId"));
    CHECK(text(served.control("GET", "/_emulator/signatures/" + id).at("finding")) == "not_checked");
    CHECK(served.problem("GET", "/_emulator/signatures/nothing", "", 404) ==
          "the request log has no call with the RequestId `nothing`");
}

TEST_CASE("a signature may be asked for by its account, and by no other")
{
    Served served;
    const json::object account = served.make_account();
    const auto path_of = [&](const Call& call) {
        return "/_emulator/signatures/" + text(served.response(call).at("RequestId"));
    };
    const auto finding = [&](const std::string& target) { return text(served.control("GET", target).at("finding")); };
    const auto refuses = [&](const std::string& path, const std::string& name) {
        const std::string id = path.substr(path.rfind('/') + 1);
        CHECK(served.problem("GET", path + "?account=" + name, "", 404) == "the call with the RequestId `" + id +
                                                                               "` is not of the account `" + name +
                                                                               "`; leave out ?account= to see it");
    };
    const std::string own = path_of(by(account, "DescribeInstances"));
    for (const char* name : {"Uin", "SecretId"})
        CHECK(finding(own + "?account=" + text(account.at(name))) == "correct");
    for (const char* name : {"100000000001", "AKIDnomoneyEXAMPLE", "none"})
        refuses(own, name);
    CHECK(served.problem("GET", own + "?account=AKIDnobody", "", 404) ==
          "no account has the Uin or SecretId `AKIDnobody`");

    const std::string foreign = path_of({.action = "DescribeInstances", .secret_id = "AKIDnobody"});
    for (const char* name : {"AKIDnobody", "none"})
        CHECK(finding(foreign + "?account=" + name) == "unknown_key");
    refuses(foreign, "100000000001");
    CHECK(served.problem("GET", foreign + "?account=AKIDother", "", 404) ==
          "no account has the Uin or SecretId `AKIDother`");

    // A value that looks like a key is not stored.
    const std::string hidden = path_of({.action = "DescribeInstances", .secret_id = "looksLikeAKey"});
    for (const char* name : {"looksLikeAKey", "none"})
        CHECK(finding(hidden + "?account=" + name) == "unknown_key");

    const json::object malformed =
        explained(served, replaced(served.text_of(by(account, "DescribeInstances")), "SignedHeaders=", "Signed="));
    const std::string path = "/_emulator/signatures/" + text(malformed.at("RequestId"));
    CHECK(finding(path + "?account=" + text(account.at("SecretId"))) == "malformed");
}

TEST_CASE("the content of a refused call is not shown, nor stored if it may be a secret")
{
    Served served;
    Call call{.action = "ResetInstance",
              .params = {{"InstanceId", "ins-r8hr2upy"}, {"LoginSettings", json::object{{"Password", "theSecret1!"}}}},
              .token = "theSecretToken",
              .secret_key = "theSecretKey"};
    for (const auto dialect : {wire::Dialect::tc3, wire::Dialect::v1})
        for (const char* method : {"POST", "GET"}) {
            call.dialect = dialect;
            call.method = method;
            const std::string told = json::serialize(explained(served, served.text_of(call)));
            CHECK(told.find("theSecret") == std::string::npos);
            CHECK(told.find("Gu5t9xGARNpq86cd98joQYCN3EXAMPLE") == std::string::npos);
        }
}

TEST_CASE("a pasted request is explained without being carried out")
{
    Served served;
    const auto explain = [&](std::string_view raw) {
        return served.control("POST", "/_emulator/signatures/explain", raw).as_object();
    };
    Call call{.action = "RenewInstances", .params = renewal("ins-r8hr2upy")};
    const std::string right = served.text_of(call);
    CHECK(text(explain(right).at("finding")) == "correct");
    call.secret_key += "\n";
    const json::object told = explain(served.text_of(call));
    CHECK(text(told.at("finding")) == "known_mistake");
    CHECK(first_mistake(told) == "secret_white_space");
    CHECK(served.control("GET", "/_emulator/requests").at("calls").as_array().empty());

    const std::string target = "/_emulator/signatures/explain?account=";
    for (const char* account : {"100000000001", "AKIDnomoneyEXAMPLE"})
        CHECK(text(served.control("POST", target + account, right).at("finding")) == "correct");
    CHECK(served.problem("POST", target + "AKIDnobody", right, 404) ==
          "no account has the Uin or SecretId `AKIDnobody`");

    CHECK(text(explain("POST / HTTP/1.1\nHost: a\n\n{}").at("finding")) == "malformed");
    for (const char* bad : {"", "nonsense", "POST / HTTP/1.1\r\nHost"})
        CHECK(served.problem("POST", "/_emulator/signatures/explain", bad, 400)
                  .starts_with("the body must be an HTTP request as it was sent: "));
    CHECK(served.problem("GET", "/_emulator/signatures/explain", "", 405) ==
          "/_emulator/signatures/explain takes POST");
}

} // namespace cvm::http::test
