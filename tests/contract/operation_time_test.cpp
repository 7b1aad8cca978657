// Operations that take time on the account's clock, through the whole server.

#include "tests/support/difference.hpp"
#include "tests/support/emulator.hpp"

#include <doctest/doctest.h>

using namespace cvm;
namespace json = boost::json;

namespace {

// A server whose operations take a minute.
struct Slow {
    test::Emulator emulator;
    App app{emulator.services(emulator.store),
            emulator.catalog,
            emulator.ids,
            emulator.log,
            {.operation_time = std::chrono::seconds{60}}};

    json::object response(const test::Call& call)
    {
        const http::Response answer = app.handle(test::sign(call, emulator.wall.now()), {}).response;
        return json::parse(answer.body()).at("Response").as_object();
    }

    std::string code(const std::string& action, const std::string& id, json::object more = {})
    {
        more["InstanceIds"] = json::array{json::string{id}};
        const json::object answer = response({.action = action, .params = std::move(more)});
        const auto* problem = answer.if_contains("Error");
        return problem != nullptr ? std::string{problem->at("Code").as_string()} : "OK";
    }

    void pass(std::chrono::seconds time) { emulator.wall.set(emulator.wall.now() + time); }

    std::string state(const std::string& id)
    {
        code("DescribeInstancesStatus", id);
        const json::object instance = emulator.instance(id);
        const json::value& operation = instance.at("LatestOperationState");
        return std::string{instance.at("InstanceState").as_string()} + " " +
               (operation.is_null() ? "null" : std::string{operation.as_string()});
    }
};

} // namespace

TEST_CASE("an operation passes through its states as the account's clock goes on")
{
    Slow slow;
    CHECK(slow.code("StopInstances", "ins-r8hr2upy") == "OK");
    CHECK(slow.state("ins-r8hr2upy") == "STOPPING OPERATING");
    slow.emulator.wall.set(test::test_time + std::chrono::seconds{59});
    CHECK(slow.state("ins-r8hr2upy") == "STOPPING OPERATING");
    slow.emulator.wall.set(test::test_time + std::chrono::seconds{60});
    CHECK(slow.state("ins-r8hr2upy") == "STOPPED SUCCESS");
    CHECK(slow.code("StartInstances", "ins-r8hr2upy") == "OK");
    slow.emulator.control("POST", "/_emulator/clock", R"({"advance":"PT1M"})");
    CHECK(slow.emulator.instance("ins-r8hr2upy").at("InstanceState").as_string() == "RUNNING");
}

TEST_CASE("while one operation runs the others are refused as documented")
{
    Slow slow;
    CHECK(slow.code("RebootInstances", "ins-r8hr2upy") == "OK");
    CHECK(slow.code("StopInstances", "ins-r8hr2upy") == "UnsupportedOperation.InstanceStateRebooting");
    const test::Call flag{
        .action = "ModifyInstancesRenewFlag",
        .params = {{"InstanceIds", json::array{"ins-5d8a23rs"}}, {"RenewFlag", "NOTIFY_AND_AUTO_RENEW"}}};
    slow.app.handle(test::sign(flag, slow.emulator.wall.now()), {});
    CHECK(slow.code("RebootInstances", "ins-5d8a23rs") == "OperationDenied.InstanceOperationInProgress");
    CHECK(json::parse(slow.app.handle(test::sign(flag, slow.emulator.wall.now()), {}).response.body())
              .at("Response")
              .at("Error")
              .at("Code")
              .as_string() == "MutexOperation.TaskRunning");
}

TEST_CASE("a change of the host name restarts a running instance unless AutoReboot is false")
{
    struct Case {
        std::string id;
        json::object more;
        std::string expected;
    };
    const Case cases[] = {
        {"ins-r8hr2upy", {}, "REBOOTING OPERATING"},
        {"ins-5d8a23rs", {{"AutoReboot", true}}, "REBOOTING OPERATING"},
        {"ins-underwrt", {{"AutoReboot", false}}, "RUNNING OPERATING"},
        {"ins-stopped0", {}, "STOPPED OPERATING"},
    };
    Slow slow;
    for (const Case& c : cases) {
        CAPTURE(c.id);
        json::object more = c.more;
        more["HostName"] = "db-1";
        CHECK(slow.code("ModifyInstancesAttribute", c.id, more) == "OK");
        CHECK(slow.state(c.id) == c.expected);
    }
    slow.pass(std::chrono::seconds{60});
    CHECK(slow.state("ins-r8hr2upy") == "RUNNING SUCCESS");
}

TEST_CASE("an exported state with a running operation goes on after it is imported")
{
    Slow slow;
    CHECK(slow.code("StopInstances", "ins-r8hr2upy") == "OK");
    const std::string exported = json::serialize(slow.emulator.state());
    slow.emulator.control("POST", "/_emulator/reset");
    slow.emulator.control("PUT", "/_emulator/state", exported);
    CHECK(test::json_text_difference(json::serialize(slow.emulator.state()), exported) == "");
    slow.emulator.wall.set(test::test_time + std::chrono::seconds{60});
    CHECK(slow.state("ins-r8hr2upy") == "STOPPED SUCCESS");
}

TEST_CASE("a bought instance is pending at first and always in the answer")
{
    Slow slow;
    const json::object made = slow.response(
        {.action = "RunInstances",
         .params = {{"Placement", json::object{{"Zone", "ap-guangzhou-3"}}}, {"ImageId", "img-eb30mz89"}}});
    const std::string id{made.at("InstanceIdSet").as_array().front().as_string()};
    CHECK(slow.state(id) == "PENDING OPERATING");
    CHECK(slow.code("StopInstances", id) == "UnsupportedOperation.InstanceStatePending");
    slow.pass(std::chrono::seconds{60});
    CHECK(slow.state(id) == "RUNNING null");
}

TEST_CASE("a prepaid instance passes through the recycle bin and is gone at the end of its second termination")
{
    Slow slow;
    const std::string id = "ins-r8hr2upy";
    const auto count = [&] {
        return slow.response({.action = "DescribeInstances", .params = {{"InstanceIds", json::array{id}}}})
            .at("TotalCount")
            .as_int64();
    };
    CHECK(slow.code("TerminateInstances", id) == "OK");
    CHECK(slow.state(id) == "RUNNING OPERATING");
    CHECK(slow.code("TerminateInstances", id) == "OperationDenied.InstanceOperationInProgress");
    slow.pass(std::chrono::seconds{60});
    CHECK(slow.state(id) == "SHUTDOWN SUCCESS");
    CHECK(slow.code("TerminateInstances", id) == "OK");
    CHECK(slow.state(id) == "TERMINATING OPERATING");
    slow.pass(std::chrono::seconds{59});
    CHECK(count() == 1);
    slow.pass(std::chrono::seconds{1});
    CHECK(count() == 0);
    CHECK(slow.code("RenewInstances", id, {{"InstanceChargePrepaid", json::object{{"Period", 1}}}}) ==
          "InvalidInstanceId.NotFound");
}

TEST_CASE("an instance out of the recycle bin is renewed from the moment of its return")
{
    Slow slow;
    const std::string id = "ins-r8hr2upy";
    CHECK(slow.code("TerminateInstances", id) == "OK");
    slow.pass(std::chrono::seconds{60});
    CHECK(slow.code("RenewInstances", id, {{"InstanceChargePrepaid", json::object{{"Period", 1}}}}) == "OK");
    slow.pass(std::chrono::seconds{60});
    CHECK(slow.state(id) == "RUNNING SUCCESS");
    const json::object instance = slow.emulator.instance(id);
    CHECK(instance.at("ExpiredTime").as_string() == "2026-04-30T08:30:00Z");
    CHECK(instance.at("IsolatedSource").as_string() == "NOTISOLATED");
}

TEST_CASE("a reinstallation keeps an instance busy and leaves it running with its new image")
{
    Slow slow;
    CHECK_FALSE(slow.response({.action = "ResetInstance",
                               .params = {{"InstanceId", "ins-stopped0"}, {"ImageId", "img-487zeit5"}}})
                    .contains("Error"));
    CHECK(slow.state("ins-stopped0") == "STOPPED OPERATING");
    CHECK(slow.code("StartInstances", "ins-stopped0") == "OperationDenied.InstanceOperationInProgress");
    slow.pass(std::chrono::seconds{60});
    CHECK(slow.state("ins-stopped0") == "RUNNING SUCCESS");
    CHECK(slow.emulator.instance("ins-stopped0").at("ImageId").as_string() == "img-487zeit5");
}

TEST_CASE("a change of the type keeps an instance busy and leaves it running")
{
    Slow slow;
    CHECK(slow.code("ResetInstancesType", "ins-stopped0", {{"InstanceType", "S5.MEDIUM4"}}) == "OK");
    CHECK(slow.state("ins-stopped0") == "STOPPED OPERATING");
    CHECK(slow.code("ResetInstancesType", "ins-stopped0", {{"InstanceType", "S5.MEDIUM2"}}) ==
          "OperationDenied.InstanceOperationInProgress");
    slow.pass(std::chrono::seconds{60});
    CHECK(slow.state("ins-stopped0") == "RUNNING SUCCESS");
    CHECK(slow.emulator.instance("ins-stopped0").at("CPU").as_int64() == 2);
}

TEST_CASE("an instance stops without charge once it has stopped, gives its address back and starts with another")
{
    Slow slow;
    slow.emulator.control("PUT", "/_emulator/state", R"({"format_version":1,"accounts":[{"Uin":"1",
        "Balance":{"Cash":1000000},
        "Credentials":[{"SecretId":"AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE","SecretKey":"Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"}],
        "Instances":[{"InstanceId":"ins-aaaaaaaa","InstanceChargeType":"POSTPAID_BY_HOUR",
            "Placement":{"Zone":"ap-guangzhou-3"},"InternetAccessible":{"InternetMaxBandwidthOut":5},
            "PublicIpAddresses":["203.0.113.1"]}]}]})");
    const auto shown = [&] {
        const json::object answer =
            slow.response({.action = "DescribeInstances", .params = {{"InstanceIds", json::array{"ins-aaaaaaaa"}}}});
        const json::value& instance = answer.at("InstanceSet").at(0);
        return json::serialize(json::array{instance.at("InstanceState"), instance.at("StopChargingMode"),
                                           instance.at("PublicIpAddresses"),
                                           instance.at("InternetAccessible").at("InternetChargeType")});
    };
    CHECK(slow.code("StopInstances", "ins-aaaaaaaa", {{"StoppedMode", "STOP_CHARGING"}}) == "OK");
    CHECK(shown() == R"(["STOPPING","NOT_APPLICABLE",["203.0.113.1"],"TRAFFIC_POSTPAID_BY_HOUR"])");
    slow.pass(std::chrono::seconds{60});
    CHECK(shown() == R"(["STOPPED","STOP_CHARGING",null,null])");
    const auto with_address = [&] {
        return slow
            .response({.action = "DescribeInstances",
                       .params = {{"Filters", json::array{json::object{{"Name", "public-ip-address"},
                                                                       {"Values", json::array{"203.0.113.1"}}}}}}})
            .at("TotalCount");
    };
    CHECK(with_address() == 0);
    CHECK(slow.code("StartInstances", "ins-aaaaaaaa") == "OK");
    CHECK(shown() == R"(["STARTING","NOT_APPLICABLE",["198.18.0.3"],"TRAFFIC_POSTPAID_BY_HOUR"])");

    slow.pass(std::chrono::seconds{60});
    CHECK(slow.code("StopInstances", "ins-aaaaaaaa", {{"StoppedMode", "KEEP_CHARGING"}}) == "OK");
    slow.pass(std::chrono::seconds{60});
    CHECK(shown() == R"(["STOPPED","KEEP_CHARGING",["198.18.0.3"],"TRAFFIC_POSTPAID_BY_HOUR"])");
}

TEST_CASE("an instance that stops without charge is charged as running until it has stopped")
{
    Slow slow;
    slow.emulator.control("PUT", "/_emulator/state", R"({"format_version":1,"accounts":[{"Uin":"1",
        "Balance":{"Cash":1000000},"Clock":{"FrozenAt":"2026-03-31T08:00:00Z"},
        "Credentials":[{"SecretId":"AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE","SecretKey":"Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"}],
        "Instances":[{"InstanceId":"ins-aaaaaaaa","InstanceChargeType":"POSTPAID_BY_HOUR","InstanceType":"S5.MEDIUM4",
            "InternetAccessible":{"InternetChargeType":"BANDWIDTH_POSTPAID_BY_HOUR","InternetMaxBandwidthOut":1000},
            "Placement":{"Zone":"ap-guangzhou-3"}}]}]})");
    const auto charged = [&] {
        std::int64_t total = 0;
        const json::value ledger = slow.emulator.control("GET", "/_emulator/ledger");
        for (const json::value& line : ledger.at("lines").as_array())
            if (line.as_object().contains("Seconds"))
                total += line.at("Amount").as_int64();
        return total;
    };
    CHECK(slow.code("StopInstances", "ins-aaaaaaaa", {{"StoppedMode", "STOP_CHARGING"}}) == "OK");
    CHECK(charged() == 0);
    slow.emulator.control("POST", "/_emulator/clock", R"({"advance":"PT1M"})");
    const std::int64_t while_stopping = charged();
    CHECK(while_stopping > 0);
    // Only the system disk is charged from here on.
    slow.emulator.control("POST", "/_emulator/clock", R"({"advance":"PT1M"})");
    CHECK(charged() - while_stopping < while_stopping);
    CHECK(slow.emulator.control("GET", "/_emulator/invariants").at("ok").as_bool());
}
