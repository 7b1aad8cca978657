// The order of the checks of a request: each row also has all faults of the rows above it, and must get its own error.

#include "tests/support/emulator.hpp"

#include <doctest/doctest.h>

#include <functional>

using namespace cvm;

namespace {

using Fault = std::function<void(test::Call& call, http::Request& request)>;

std::string code_of(test::Emulator& emulator, const http::Request& request)
{
    const auto answer = boost::json::parse(emulator.send(request).body());
    const auto* problem = answer.at("Response").as_object().if_contains("Error");
    return problem != nullptr ? std::string{problem->at("Code").as_string()} : "OK";
}

} // namespace

TEST_CASE("a TC3 request with several faults gets the error that the gateway finds first")
{
    struct Row {
        std::string_view what;
        std::function<void(test::Call&)> before_signing;
        std::function<void(http::Request&)> after_signing;
        std::string_view code;
    };
    // From the last check to the first; faults accumulate.
    const std::vector<Row> rows{
        {"nothing wrong", {}, {}, "OK"},
        {"unpaid order and no money",
         [](test::Call& c) {
             c.secret_id = "AKIDunpaidEXAMPLE";
             c.secret_key = "unpaidkeyEXAMPLE";
             c.params["InstanceIds"] = boost::json::array{"ins-unpaid00"};
         },
         {},
         "InvalidAccount.UnpaidOrder"},
        {"period",
         [](test::Call& c) {
             c.params["InstanceChargePrepaid"] = boost::json::object{{"Period", 13}};
         },
         {},
         "InvalidPeriod"},
        {"existence",
         [](test::Call& c) { c.params["InstanceIds"] = boost::json::array{"ins-zzzzzzzz"}; },
         {},
         "InvalidInstanceId.NotFound"},
        {"id form",
         [](test::Call& c) { c.params["InstanceIds"] = boost::json::array{"ins-1122"}; },
         {},
         "InvalidInstanceId.Malformed"},
        {"value",
         [](test::Call& c) { c.params["InstanceChargePrepaid"].as_object()["RenewFlag"] = "ALWAYS"; },
         {},
         "InvalidParameterValue"},
        {"missing",
         [](test::Call& c) { c.params["InstanceChargePrepaid"].as_object().erase("Period"); },
         {},
         "MissingParameter"},
        {"unknown", [](test::Call& c) { c.params["Foo"] = 1; }, {}, "UnknownParameter"},
        {"region", [](test::Call& c) { c.region = "ap-nowhere"; }, {}, "InvalidParameterValue"},
        {"action", [](test::Call& c) { c.action = "RenewEverything"; }, {}, "InvalidAction"},
        {"version", [](test::Call& c) { c.version = "2000-01-01"; }, {}, "NoSuchVersion"},
        {"token", [](test::Call& c) { c.token = "x"; }, {}, "AuthFailure.TokenFailure"},
        {"signature", [](test::Call& c) { c.secret_key = "wrong"; }, {}, "AuthFailure.SignatureFailure"},
        {"key", [](test::Call& c) { c.secret_id = "AKIDnobody"; }, {}, "AuthFailure.SecretIdNotFound"},
        {"freshness",
         {},
         [](http::Request& r) { r.set("X-TC-Timestamp", "1000000000"); },
         "AuthFailure.SignatureExpire"},
        {"authorization",
         {},
         [](http::Request& r) { r.set("Authorization", "TC3-HMAC-SHA256 nonsense"); },
         "AuthFailure.InvalidAuthorization"},
        {"type of a common parameter",
         {},
         [](http::Request& r) { r.set("X-TC-Timestamp", "now"); },
         "InvalidParameter"},
        {"missing version", {}, [](http::Request& r) { r.erase("X-TC-Version"); }, "MissingParameter"},
        {"method", {}, [](http::Request& r) { r.method(boost::beast::http::verb::put); }, "UnsupportedProtocol"},
    };
    test::Call call{.action = "RenewInstances",
                    .params = {{"InstanceIds", boost::json::array{"ins-r8hr2upy"}},
                               {"InstanceChargePrepaid", boost::json::object{{"Period", 1}}}}};
    std::vector<std::function<void(http::Request&)>> damage;
    for (const Row& row : rows) {
        CAPTURE(row.what);
        if (row.before_signing)
            row.before_signing(call);
        if (row.after_signing)
            damage.push_back(row.after_signing);
        test::Emulator emulator;
        http::Request request = test::sign(call, emulator.wall.now());
        for (const auto& harm : damage)
            harm(request);
        CHECK(code_of(emulator, request) == row.code);
    }
}

TEST_CASE("a request without TC3 headers is asked for Timestamp first as the real gateway does")
{
    test::Emulator emulator;
    for (const std::string_view target : {"/", "/?test=1", "/?Action=DescribeInstances"}) {
        CAPTURE(target);
        const http::Request request{boost::beast::http::verb::get, target, 11};
        CHECK(
            emulator.send(request).body() ==
            R"({"Response":{"Error":{"Code":"MissingParameter","Message":"The request is missing a required parameter `Timestamp`."},"RequestId":"6ef60bec-0242-43af-bb20-270359fb54a7"}})");
    }
    http::Request json{boost::beast::http::verb::post, "/", 11};
    json.set("Content-Type", "application/json");
    json.body() = R"({"test":1})";
    CHECK(code_of(emulator, json) == "InvalidParameter");
}

TEST_CASE("a legacy request is answered once for each Nonce")
{
    test::Emulator emulator;
    const test::Call call{.action = "DescribeInstances", .dialect = wire::Dialect::legacy, .method = "GET"};
    CHECK(emulator.code(call) == "OK");
    CHECK(emulator.code(call) == "InvalidRequest.ReplayAttack");
    test::Call other = call;
    other.nonce += 1;
    CHECK(emulator.code(other) == "OK");
    other.dialect = wire::Dialect::v1;
    CHECK(emulator.code(other) == "OK");
    CHECK(emulator.code(other) == "OK");
}

TEST_CASE("an answer has status 200 and exactly the vendor's content type and repeats the trace id")
{
    test::Emulator emulator;
    http::Request request = test::sign({.action = "DescribeRegions"}, emulator.wall.now());
    request.set("X-TC-TraceId", "5a1c");
    const http::Response response = emulator.send(request);
    CHECK(response.result_int() == 200);
    CHECK(response["Content-Type"] == "application/json");
    CHECK(response["X-TC-TraceId"] == "5a1c");
}
