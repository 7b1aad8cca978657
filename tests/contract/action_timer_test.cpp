// The ActionTimer of RunInstances, through the whole server.

#include "tests/support/emulator.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace cvm;
namespace json = boost::json;

namespace {

// Buys an hourly instance that is terminated at 10:15, an hour and three quarters later. Returns its id.
std::string timed(test::Emulator& emulator)
{
    const json::object answer =
        emulator.response({.action = "RunInstances",
                           .params = {{"Placement", json::object{{"Zone", "ap-guangzhou-3"}}},
                                      {"ImageId", "img-eb30mz89"},
                                      {"ActionTimer", json::object{{"TimerAction", "TerminateInstances"},
                                                                   {"ActionTime", "2026-03-31T10:15:00Z"}}}}});
    return std::string{answer.at("InstanceIdSet").as_array().at(0).as_string()};
}

std::int64_t found(test::Emulator& emulator, const std::string& id)
{
    return emulator
        .response({.action = "DescribeInstances", .params = {{"InstanceIds", json::array{json::string{id}}}}})
        .at("TotalCount")
        .as_int64();
}

json::array events_of(test::Emulator& emulator, std::string_view advance, const std::string& id)
{
    json::array mine;
    const json::value answer = emulator.control("POST", "/_emulator/clock", advance);
    for (const json::value& event : answer.at("events").as_array())
        if (const auto* resource = event.as_object().if_contains("resource");
            resource != nullptr && *resource == json::value(id))
            mine.push_back(event);
    return mine;
}

bool invariants_hold(test::Emulator& emulator)
{
    return emulator.control("GET", "/_emulator/invariants").at("ok").as_bool();
}

} // namespace

TEST_CASE("an instance with an ActionTimer is terminated when its time comes")
{
    test::Emulator emulator;
    const std::string id = timed(emulator);
    CHECK(events_of(emulator, R"({"advance":"PT104M59S"})", id).empty());
    CHECK(found(emulator, id) == 1);
    const json::array events = events_of(emulator, R"({"advance":"PT1S"})", id);
    REQUIRE(events.size() == 1);
    CHECK(events[0].at("time").as_string() == "2026-03-31T10:15:00Z");
    CHECK(events[0].at("event").as_string() == "released");
    CHECK(events[0].at("why").as_string() == "action_timer");
    CHECK(found(emulator, id) == 0);
    CHECK(invariants_hold(emulator));
}

TEST_CASE("an ActionTimer survives an export and is dropped by a conversion to PREPAID")
{
    test::Emulator emulator;
    const std::string id = timed(emulator);
    const auto timer_of = [&]() -> json::value {
        const json::value state = emulator.state();
        for (const json::value& instance : state.at("accounts").as_array().front().at("Instances").as_array())
            if (instance.at("InstanceId").as_string() == id)
                return instance.as_object().contains("ActionTimer") ? instance.at("ActionTimer") : json::value(nullptr);
        return "gone";
    };
    const json::value timer{{"TimerAction", "TerminateInstances"}, {"ActionTime", "2026-03-31T10:15:00Z"}};
    CHECK(timer_of() == timer);
    emulator.control("PUT", "/_emulator/state", json::serialize(emulator.state()));
    CHECK(timer_of() == timer);
    const json::object conversion{{"InstanceIds", json::array{json::string{id}}},
                                  {"InstanceChargeType", "PREPAID"},
                                  {"InstanceChargePrepaid", json::object{{"Period", 1}}}};
    CHECK(emulator.code({.action = "ModifyInstancesChargeType", .params = conversion}) == "OK");
    CHECK(timer_of() == json::value(nullptr));
    CHECK(events_of(emulator, R"({"advance":"PT3H"})", id).empty());
    CHECK(found(emulator, id) == 1);
}

namespace {

json::array timers(test::Emulator& emulator, json::object params = {})
{
    return emulator.response({.action = "DescribeInstancesActionTimer", .params = std::move(params)})
        .at("ActionTimers")
        .as_array();
}

test::Call import_timer(std::string_view id)
{
    return {.action = "ImportInstancesActionTimer",
            .params = {{"InstanceIds", json::array{json::string{id}}},
                       {"ActionTimer",
                        json::object{{"TimerAction", "TerminateInstances"}, {"ActionTime", "2026-03-31T10:15:00Z"}}}}};
}

} // namespace

TEST_CASE("a timer of RunInstances and one that is imported later look the same")
{
    test::Emulator emulator;
    const std::string bought = timed(emulator);
    const json::object imported = emulator.response(import_timer("ins-postpaid"));
    const json::array found = timers(emulator);
    REQUIRE(found.size() == 2);
    CHECK(found[1].at("InstanceId").as_string() == "ins-postpaid");
    CHECK(found[1].at("ActionTimerId") == imported.at("ActionTimerIds").at(0));
    CHECK(found[0].at("InstanceId").as_string() == bought);
    CHECK(found[0].at("ActionTimerId") != found[1].at("ActionTimerId"));
    for (const json::value& timer : found)
        CHECK(timer.at("Status").as_string() == "UNDO");
    CHECK(emulator.code(import_timer(bought)) == "FailedOperation.MutActionTimerExist");
    // 18:15 in UTC+8.
    CHECK(timers(emulator, {{"StartActionTime", "2026-03-31 18:15:00"}}).size() == 2);
    CHECK(timers(emulator, {{"StartActionTime", "2026-03-31 18:15:01"}}).empty());
}

TEST_CASE("a timer that has fired is done, and stays so in an export")
{
    test::Emulator emulator;
    const json::value id = emulator.response(import_timer("ins-postpaid")).at("ActionTimerIds").at(0);
    const json::array events = events_of(emulator, R"({"advance":"PT3H"})", "ins-postpaid");
    REQUIRE_FALSE(events.empty());
    CHECK(events[events.size() - 1].at("why").as_string() == "action_timer");
    CHECK(found(emulator, "ins-postpaid") == 0);
    CHECK(invariants_hold(emulator));
    const auto check_done = [&] {
        const json::array done = timers(emulator, {{"StatusList", json::array{"DONE"}}});
        REQUIRE(done.size() == 1);
        CHECK(done[0].at("ActionTimerId") == id);
        CHECK(done[0].at("ActionTime").as_string() == "2026-03-31T10:15:00Z");
        CHECK(timers(emulator, {{"StatusList", json::array{"UNDO", "DOING"}}}).empty());
    };
    check_done();
    CHECK(emulator.code({.action = "DeleteInstancesActionTimer", .params = {{"ActionTimerIds", json::array{id}}}}) ==
          "OK");
    const json::value state = emulator.state();
    emulator.control("PUT", "/_emulator/state", json::serialize(state));
    CHECK(emulator.state() == state);
    check_done();
}

TEST_CASE("a timer that is deleted does nothing")
{
    test::Emulator emulator;
    const json::value id = emulator.response(import_timer("ins-postpaid")).at("ActionTimerIds").at(0);
    CHECK(emulator.code({.action = "DeleteInstancesActionTimer", .params = {{"ActionTimerIds", json::array{id}}}}) ==
          "OK");
    CHECK(timers(emulator).empty());
    CHECK(events_of(emulator, R"({"advance":"PT3H"})", "ins-postpaid").empty());
    CHECK(found(emulator, "ins-postpaid") == 1);
}
