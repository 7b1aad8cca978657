// Operations that take time on the account's clock, through the whole server.

#include "tests/support/emulator.hpp"

#include <doctest/doctest.h>

using namespace cvm;
namespace json = boost::json;

namespace {

// A server whose operations take a minute.
struct Slow {
    test::Emulator emulator;
    App app{{.store = emulator.store, .fixtures = emulator.fixtures, .wall = emulator.wall, .admin_token = {}},
            emulator.catalog,
            emulator.ids,
            emulator.log,
            {.operation_time = std::chrono::seconds{60}}};

    std::string code(const std::string& action, const std::string& id)
    {
        const test::Call call{.action = action, .params = {{"InstanceIds", json::array{id}}}};
        const auto answer = json::parse(app.handle(test::sign(call, emulator.wall.now())).body());
        const auto* problem = answer.at("Response").as_object().if_contains("Error");
        return problem != nullptr ? std::string{problem->at("Code").as_string()} : "OK";
    }

    std::string state(const std::string& id)
    {
        code("DescribeInstancesStatus", id);
        const json::object instance = emulator.instance(id);
        return std::string{instance.at("InstanceState").as_string()} + " " +
               std::string{instance.at("LatestOperationState").as_string()};
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
    slow.app.handle(test::sign(flag, slow.emulator.wall.now()));
    CHECK(slow.code("RebootInstances", "ins-5d8a23rs") == "OperationDenied.InstanceOperationInProgress");
    CHECK(json::parse(slow.app.handle(test::sign(flag, slow.emulator.wall.now())).body())
              .at("Response")
              .at("Error")
              .at("Code")
              .as_string() == "MutexOperation.TaskRunning");
}

TEST_CASE("an exported state with a running operation goes on after it is imported")
{
    Slow slow;
    CHECK(slow.code("StopInstances", "ins-r8hr2upy") == "OK");
    const std::string exported = json::serialize(slow.emulator.state());
    slow.emulator.control("POST", "/_emulator/reset");
    slow.emulator.control("PUT", "/_emulator/state", exported);
    CHECK(json::serialize(slow.emulator.state()) == exported);
    slow.emulator.wall.set(test::test_time + std::chrono::seconds{60});
    CHECK(slow.state("ins-r8hr2upy") == "STOPPED SUCCESS");
}
