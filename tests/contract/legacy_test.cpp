// What clients of the legacy API, /v2/index.php, really send: the vendor's old tools, and scripts that worked for
// years.

#include "server/auth/v1.hpp"
#include "server/wire/form.hpp"
#include "tests/support/emulator.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace cvm;
namespace json = boost::json;
namespace bhttp = boost::beast::http;

namespace {

constexpr std::string_view path = "/v2/index.php";
constexpr std::string_view host = "cvm.api.qcloud.com";

// A client's query, without key, time and signature, and how it is sent.
struct Sent {
    std::string query;
    std::string method = "GET";
    auth::Underscore underscore = auth::Underscore::stays; // how names with an underscore are signed
    std::string before{};                                  // precedes the parameters
    std::string content_type = "application/x-www-form-urlencoded";
    std::int64_t nonce = 11886;
};

http::Request request(const Sent& sent, state::Instant now)
{
    const test::Call key;
    const std::string unsigned_query = sent.query + "&Nonce=" + std::to_string(sent.nonce) +
                                       "&SecretId=" + key.secret_id +
                                       "&Timestamp=" + std::to_string(now.time_since_epoch().count());
    const std::string to_sign =
        auth::v1_string_to_sign(sent.method, host, path, wire::parse_form(unsigned_query).value(), sent.underscore);
    const std::string whole = sent.before + unsigned_query +
                              "&Signature=" + wire::percent_encoded(auth::v1_signature(key.secret_key, to_sign, false));
    http::Request made{bhttp::string_to_verb(sent.method), std::string{path}, 11};
    made.set("Host", host);
    if (sent.method == "GET") {
        made.target(std::string{path} + "?" + whole);
    } else {
        made.set("Content-Type", sent.content_type);
        made.body() = whole;
    }
    return made;
}

std::string code_of(const json::object& answer)
{
    if (const auto* response = answer.if_contains("Response")) {
        const auto* error = response->as_object().if_contains("Error");
        return error != nullptr ? std::string{error->at("Code").as_string()} : "OK";
    }
    return answer.at("code").to_number<int>() == 0 ? "OK" : std::string{answer.at("codeDesc").as_string()};
}

const std::string renewal = "Action=RenewInstances&Version=2017-03-12&Region=ap-guangzhou&InstanceIds.1=ins-r8hr2upy"
                            "&InstanceChargePrepaid.Period=1";

} // namespace

TEST_CASE("a legacy request is understood as its clients mean it")
{
    using auth::Underscore;
    struct Case {
        std::string what;
        Sent sent;
        std::string expected = "OK";
        bool renews = true; // ins-r8hr2upy
    };
    const Case cases[] = {
        {"as the page prints it", {.query = renewal}},
        {"qcloudcli, with Version",
         {.query = renewal + "&RequestSource=qcloudcli_1.8.0&InternetAccessible.InternetMaxBandwidthOut=5"
                             "&DryRun=False&Uin=100000000001"}},
        {"qcloudcli, without Version",
         {.query = "Action=RenewInstance&Region=gz&instanceId=ins-r8hr2upy&period=1&purchaseSource=MC"
                   "&RequestSource=qcloudcli_1.8.0"}},
        {"the old SDK for Python", {.query = renewal + "&RequestClient=SDK_PYTHON_2.0.15"}},
        {"an unknown member of a known object", {.query = renewal + "&InstanceChargePrepaid.Colour=red"}},
        {"PHP's names, signed with dots after sorting",
         {.query = "Action=RenewInstances&Version=2017-03-12&Region=gz&InstanceIds_1=ins-r8hr2upy"
                   "&InstanceChargePrepaid_Period=1",
          .underscore = Underscore::dot_sorted_before}},
        {"PHP's names, signed with dots before sorting, by POST",
         {.query = "Action=RenewInstances&Version=2017-03-12&Region=gz&InstanceIds_1=ins-r8hr2upy"
                   "&InstanceChargePrepaid_Period=1",
          .method = "POST",
          .underscore = Underscore::dot_sorted_after}},
        {"the name with a dot counts where both are sent",
         {.query = renewal + "&InstanceChargePrepaid_Period=99", .underscore = Underscore::stays}},
        {"a query that begins with &", {.query = renewal, .before = "&"}},
        {"a form type with a parameter",
         {.query = renewal,
          .method = "POST",
          .content_type = "application/x-www-form-urlencoded; charset=UTF-8; param=value"}},
        {"an old name of a region", {.query = "Action=DescribeInstances&Version=2017-03-12&Region=bj"}, "OK", false},
        {"a Nonce of 0", {.query = renewal, .nonce = 0}},
        {"a Nonce of 999", {.query = renewal, .nonce = 999}},
        {"a known parameter is checked as ever", {.query = renewal + "x"}, "InvalidParameter", false},
        {"a missing one too",
         {.query = "Action=RenewInstances&Version=2017-03-12&Region=gz&Colour=red"},
         "MissingParameter",
         false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        test::Emulator emulator;
        const auto before = emulator.instance("ins-r8hr2upy").at("ExpiredTime");
        const http::Response answer = emulator.send(request(c.sent, emulator.wall.now()));
        CAPTURE(answer.body());
        CHECK(code_of(json::parse(answer.body()).as_object()) == c.expected);
        CHECK((emulator.instance("ins-r8hr2upy").at("ExpiredTime") != before) == c.renews);
    }
}

TEST_CASE("API 3.0 still refuses unknown parameters")
{
    test::Emulator emulator;
    test::Call call{.action = "RenewInstances",
                    .params = {{"InstanceIds", json::array{"ins-r8hr2upy"}},
                               {"InstanceChargePrepaid", json::object{{"Period", 1}}},
                               {"RequestSource", "qcloudcli_1.8.0"}}};
    CHECK(emulator.code(call) == "UnknownParameter");
    call.params.erase("RequestSource");
    call.params["InstanceChargePrepaid_RenewFlag"] = "NOTIFY_AND_AUTO_RENEW";
    CHECK(emulator.code(call) == "UnknownParameter");
    call.dialect = wire::Dialect::v1;
    CHECK(emulator.code(call) == "UnknownParameter");
}

TEST_CASE("with Version the legacy API serves the actions that the vendor's old tools offer")
{
    struct Case {
        std::string action;
        std::string params;
    };
    // qcloudcli and tcpicli; RenewInstances and ModifyInstancesRenewFlag have pages of their own.
    const Case cases[] = {
        {"DescribeImages", "{}"},
        {"DescribeInstances", "{}"},
        {"DescribeInstancesStatus", "{}"},
        {"DescribeRegions", "{}"},
        {"DescribeZones", "{}"},
        {"InquiryPriceRenewInstances",
         R"({"InstanceIds":["ins-r8hr2upy"],"InstanceChargePrepaid":{"Period":1},"DryRun":true})"},
        {"ModifyInstancesAttribute", R"({"InstanceIds":["ins-r8hr2upy"],"InstanceName":"web"})"},
        {"StopInstances", R"({"InstanceIds":["ins-r8hr2upy"]})"},
        {"StartInstances", R"({"InstanceIds":["ins-r8hr2upy"]})"},
        {"RebootInstances", R"({"InstanceIds":["ins-r8hr2upy"]})"},
        {"ResetInstance", R"({"InstanceId":"ins-r8hr2upy"})"},
        {"TerminateInstances", R"({"InstanceIds":["ins-r8hr2upy"]})"},
        {"RunInstances",
         R"({"Placement":{"Zone":"ap-guangzhou-3"},"ImageId":"img-eb30mz89","InstanceChargeType":"POSTPAID_BY_HOUR"})"},
    };
    test::Emulator emulator;
    emulator.ids.counting = true;
    std::int64_t nonce = 0;
    for (const Case& c : cases) {
        CAPTURE(c.action);
        test::Call call{.action = c.action, .params = json::parse(c.params).as_object()};
        call.dialect = wire::Dialect::legacy;
        call.nonce = nonce++;
        CHECK(emulator.code(call) == "OK");
    }
    test::Call other{.action = "ModifyInstancesChargeType", .params = {}};
    other.dialect = wire::Dialect::legacy;
    other.nonce = nonce;
    CHECK(emulator.code(other) == "InvalidAction.NotFound");
}
