// The ActionTimer of RunInstances, through the whole server.

#include "tests/support/emulator.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace cvm;
namespace json = boost::json;

namespace {

// Buys an hourly instance that is terminated at 10:15, an hour and three quarters later. Its id.
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
