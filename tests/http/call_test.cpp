// /_emulator/call over a real socket: a call that the server signs and makes.
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

namespace cvm::http::test {

namespace {

json::value make(const Served& served, std::string_view body, std::string_view query = "")
{
    return served.control("POST", "/_emulator/call" + std::string{query}, body);
}

constexpr std::string_view look = R"({"action":"DescribeInstances","version":"2017-03-12","region":"ap-guangzhou",
    "parameters":{"InstanceIds":["ins-r8hr2upy"]}})";

} // namespace

TEST_CASE("a call made by the server is like one from a socket: signed, in the journal, with its answer")
{
    Served served;
    const json::value made = make(served, look);
    CHECK(made.at("status") == 200);
    const json::value& response = made.at("response").at("Response");
    CHECK(text(response.at("InstanceSet").at(0).at("InstanceId")) == "ins-r8hr2upy");
    CHECK(made.at("request_id") == response.at("RequestId"));
    const json::object& headers = made.at("request").at("headers").as_object();
    CHECK(text(made.at("request").at("method")) == "POST");
    CHECK(text(made.at("request").at("body")) == R"({"InstanceIds":["ins-r8hr2upy"]})");
    CHECK(text(headers.at("Host")) == "cvm.tencentcloudapi.com");
    CHECK(text(headers.at("X-TC-Action")) == "DescribeInstances");
    CHECK(text(headers.at("X-TC-Region")) == "ap-guangzhou");
    CHECK(text(headers.at("Authorization")).starts_with("TC3-HMAC-SHA256 Credential=AKID"));
    const json::value calls = served.control("GET", "/_emulator/requests").at("calls");
    REQUIRE(calls.as_array().size() == 1);
    CHECK(calls.at(0).at("RequestId") == made.at("request_id"));
    CHECK(text(calls.at(0).at("code")) == "OK");

    // The sent request is valid on its own.
    std::string lines = "POST / HTTP/1.1\r\n";
    for (const auto& [name, value] : headers)
        lines += std::string{name} + ": " + text(value) + "\r\n";
    const json::value explained =
        served.control("POST", "/_emulator/signatures/explain", lines + "\r\n" + text(made.at("request").at("body")));
    CHECK(text(explained.at("finding")) == "correct");
}

TEST_CASE("a wait for a call ends with a call made by the server")
{
    Served served;
    Client waiting{served.port()};
    REQUIRE(waiting.send(served.control_text("POST", "/_emulator/requests/wait",
                                             R"({"match":{"action":"DescribeInstances"},"timeout_ms":60000})")));
    make(served, R"({"action":"DescribeRegions","version":"2017-03-12"})");
    make(served, look);
    CHECK(json::parse(waiting.receive().value().body).at("ok").as_bool());
}

TEST_CASE("a call is made for the account that is named, in the language that is asked for")
{
    Served served;
    const json::object account = served.make_account();
    const std::string query = "?account=" + text(account.at("Uin"));
    const json::value made = make(served, R"({"action":"GetCallerIdentity","version":"2018-08-13"})", query);
    CHECK(made.at("response").at("Response").at("AccountId") == account.at("Uin"));
    CHECK(text(made.at("request").at("headers").at("Host")) == "sts.tencentcloudapi.com");
    CHECK(text(made.at("request").at("body")) == "{}");
    const auto message = [&](const char* language) {
        const json::value answer =
            make(served, std::string{R"({"action":"NoSuch","version":"2017-03-12","language":")"} + language + "\"}");
        CHECK(text(answer.at("response").at("Response").at("Error").at("Code")) == "InvalidAction");
        return text(answer.at("response").at("Response").at("Error").at("Message"));
    };
    CHECK(message("zh-CN") != message("en-US"));
}

TEST_CASE("faults strike a call that the server makes, and it tells what a client would have got")
{
    Served served;
    const auto struck = [&](const char* then) {
        served.control("DELETE", "/_emulator/faults");
        served.control("POST", "/_emulator/faults", std::string{R"({"then":)"} + then + "}");
        return make(served, look);
    };
    CHECK(text(struck(R"({"error":"InternalError"})").at("response").at("Response").at("Error").at("Code")) ==
          "InternalError");
    const json::value dropped = struck(R"({"drop":true})");
    CHECK(dropped.at("status").is_null());
    CHECK(dropped.at("response").is_null());
    CHECK_FALSE(dropped.at("request_id").is_null());
    CHECK(text(struck(R"({"truncate":5})").at("response")) == "{\"Res");
    const json::value bare = struck(R"({"status":503})");
    CHECK(bare.at("status") == 503);
    CHECK(text(bare.at("response")).starts_with("503"));
}

TEST_CASE("what cannot be a call is refused with what to do")
{
    Served served;
    for (const char* body :
         {"{}", R"({"action":"DescribeInstances"})", R"({"action":"A","version":"1","parameters":[]})",
          R"({"action":"A\nB","version":"1"})", R"({"action":1,"version":"1"})",
          R"({"action":"A","version":"1","language":"en"})", R"({"action":"A","version":"1","method":"GET"})"}) {
        CAPTURE(body);
        served.problem("POST", "/_emulator/call", body, 400);
    }
    served.problem("POST", "/_emulator/call", "{\"action\":\"" + std::string(257, 'a') + "\",\"version\":\"1\"}", 400);
    served.problem("POST", "/_emulator/call?account=42", look, 404);
    served.control("PUT", "/_emulator/state", R"({"format_version":1,"accounts":[{"Uin":"6"}]})");
    CHECK(served.problem("POST", "/_emulator/call?account=6", look, 409).find("credentials") != std::string::npos);
    CHECK(served.control("GET", "/_emulator/requests?account=none").at("calls").as_array().empty());
}

} // namespace cvm::http::test
