#include "tests/support/golden.hpp"

#include "tests/support/difference.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace cvm;
namespace json = boost::json;

namespace {

const json::value before = json::parse(R"({"accounts": [
    {"Uin": "1", "Balance": {"Cash": 5, "Owe": 0}, "Orders": [], "Ledger": [{"Amount": 1}], "Instances": [
        {"InstanceId": "ins-a", "State": "RUNNING", "Disks": [1]}, {"InstanceId": "ins-b", "State": "RUNNING"}]},
    {"Uin": "2", "Balance": {"Cash": 7}, "Orders": [], "Ledger": [], "Instances": []}]})");

const std::string changes =
    R"({"1":{"Balance":{"Cash":4},"Ledger":[{"Amount":2}],)"
    R"("Orders":{"9":{"OrderId":"9","CreateTime":"t"}},)"
    R"("Instances":{"ins-a":{"State":"STOPPED"},"ins-0":{"InstanceId":"ins-0"},"ins-b":null}}})";

json::value after_changes() { return test::expected_state(before, json::parse(changes).as_object()); }

} // namespace

TEST_CASE("the expected state of a case is applied by account and by id")
{
    CHECK(test::json_text_difference(
              json::serialize(after_changes()),
              R"({"accounts":[)"
              R"({"Uin":"1","Balance":{"Cash":4,"Owe":0},"Orders":[{"OrderId":"9","CreateTime":"t"}],)"
              R"("Ledger":[{"Amount":1},{"Amount":2}],"Instances":[{"InstanceId":"ins-0"},)"
              R"({"InstanceId":"ins-a","State":"STOPPED","Disks":[1]}]},)"
              R"({"Uin":"2","Balance":{"Cash":7},"Orders":[],"Ledger":[],"Instances":[]}]})") == "");
    CHECK(test::expected_state(before, {}) == before);
    CHECK_THROWS(test::expected_state(before, {{"3", json::object{}}}));
}

TEST_CASE("the shortest description of a state leads to it")
{
    const json::object after = test::after_between(before, after_changes());
    CHECK(test::expected_state(before, after) == after_changes());
    CHECK(json::serialize(after.at("1").at("Balance")) == R"({"Cash":4})");
    CHECK(json::serialize(after.at("1").at("Ledger")) == R"([{"Amount":2}])");
    CHECK(json::serialize(after.at("1").at("Instances").at("ins-a")) == R"({"State":"STOPPED"})");
    CHECK(after.at("1").at("Instances").at("ins-b").is_null());
    CHECK(test::after_between(before, before).empty());
}

TEST_CASE("a state that no description leads to is refused")
{
    const auto without = [](std::string_view pointer, std::string_view name) {
        json::value state = before;
        state.at_pointer(pointer).as_object().erase(name);
        return state;
    };
    CHECK_THROWS(test::after_between(before, without("/accounts/0/Balance", "Cash")));
    json::value shorter = before;
    shorter.at_pointer("/accounts/0/Ledger").as_array().clear();
    CHECK_THROWS(test::after_between(before, shorter));
    json::value fewer = before;
    fewer.at("accounts").as_array().pop_back();
    CHECK_THROWS(test::after_between(before, fewer));
    CHECK_THROWS(test::after_between(fewer, before));
}

TEST_CASE("two states differ by account, and by id in it")
{
    const auto lines = test::state_differences(before, after_changes());
    REQUIRE(lines.size() == 6);
    CHECK(lines[0] == "  state of 1 /Balance/Cash: expected 5, got 4");
    CHECK(lines[1] == R"(  state of 1 /Orders/9: expected nothing, got {"OrderId":"9","CreateTime":"t"})");
    CHECK(lines[2] == R"(  state of 1 /Ledger/1: expected nothing, got {"Amount":2})");
    CHECK(lines[3] == R"(  state of 1 /Instances/ins-a/State: expected "RUNNING", got "STOPPED")");
    CHECK(lines[4] ==
          R"(  state of 1 /Instances/ins-b: expected {"InstanceId":"ins-b","State":"RUNNING"}, got nothing)");
    CHECK(lines[5] == R"(  state of 1 /Instances/ins-0: expected nothing, got {"InstanceId":"ins-0"})");

    json::value turned = before;
    std::swap(turned.at_pointer("/accounts/0/Instances/0"), turned.at_pointer("/accounts/0/Instances/1"));
    CHECK_FALSE(test::state_differences(before, turned).empty());
    CHECK(test::state_differences(before, before).empty());
}

TEST_CASE("an answer must be right to the byte")
{
    const std::string answer = R"({"a":1,"b":"x"})";
    CHECK(test::answer_differences(answer, answer).empty());
    CHECK(test::answer_differences(answer, R"({"a":1,"b":"y"})").at(0) == R"(  /b: expected "x", got "y")");
    CHECK(test::answer_differences(answer, R"({"b":"x","a":1})").at(0) ==
          R"(  only the order of members or white space differs, from byte 2: )"
          R"(expected `{"a":1,"b":"x"}`, got `{"b":"x","a":1}`)");
    CHECK(test::answer_differences(answer, "").at(0).starts_with("  the answer is not JSON, from byte 0: "));
}

TEST_CASE("a pattern selects a case by its name, its file or its action")
{
    const test::Golden third{
        .file = "StopInstances/forced.json", .number = 3, .action = "StopInstances", .content = {}};
    for (const std::string pattern : {"StopInstances", "StopInstances/forced.json", "StopInstances/forced.json 3", "*",
                                      "Stop*", "*/forced*", "*s/*.json 3", "**"}) {
        CAPTURE(pattern);
        CHECK(test::matches(pattern, third));
    }
    for (const std::string pattern :
         {"", "Stop", "StopInstances/forced", "StopInstances/forced.json 1", "*x", "forced*"}) {
        CAPTURE(pattern);
        CHECK_FALSE(test::matches(pattern, third));
    }
}

TEST_CASE("a file of cases is read and written")
{
    const json::value content = json::parse(R"({"cases": [{"answer": null, "x": [], "y": {}}, {"answer": 76.5}]})");
    const auto cases = test::cases_in("A/b.json", content);
    REQUIRE(cases.size() == 2);
    CHECK(cases[1].name() == "A/b.json 2");
    CHECK(cases[1].action == "A");
    CHECK(cases[0].code() == "");
    CHECK(test::cases_in("A/b.json", json::object{}).at(0).name() == "A/b.json");
    CHECK(test::file_text(content) == "{\n \"cases\": [\n  {\n   \"answer\": null,\n   \"x\": [],\n   \"y\": {}\n  },\n"
                                      "  {\n   \"answer\": 76.5\n  }\n ]\n}\n");
}

TEST_CASE("answer and state are recorded where they stood, and else at the end")
{
    json::object golden = json::parse(R"({"answer":null,"after":{"1":{}},"how":"rule"})").as_object();
    test::record(golden, 1, {});
    CHECK(json::serialize(golden) == R"({"answer":1,"how":"rule"})");
    test::record(golden, 2, {{"1", nullptr}});
    CHECK(json::serialize(golden) == R"({"answer":2,"how":"rule","after":{"1":null}})");
}

TEST_CASE("a case is refused that contradicts itself")
{
    const auto flaws = [](std::string_view content) {
        return test::flaws(test::cases_in("StopInstances/a.json", json::parse(content)).at(0)).size();
    };
    CHECK(flaws(R"({"evidence":"observed","request":{"action":"StopInstances"}})") == 0);
    CHECK(flaws(R"({"evidence":"guessed","request":{"action":"StopInstances"}})") == 1);
    CHECK(flaws(R"({"evidence":"observed","request":{"action":"StartInstances"}})") == 1);
    CHECK(flaws(R"({"evidence":"observed","how":"header","request":{"action":"StopInstances"}})") == 1);
    CHECK(flaws(R"({"evidence":"observed","request":{"action":"StopInstances","force_error":"x"}})") == 1);
    CHECK_THROWS(test::call_of({{"unknown", 1}}));
    CHECK_THROWS(test::call_of({{"dialect", "unknown"}}));
}

TEST_CASE("a number of ids is expanded to a list of that many")
{
    const auto params = [](std::string_view given) {
        return json::serialize(test::call_of({{"params", json::parse(given)}}).params);
    };
    CHECK(params(R"({"InstanceIds":{"ids":2}})") == R"({"InstanceIds":["ins-00000000","ins-00000001"]})");
    CHECK(params(R"({"A":[{"DiskIds":{"ids":1,"prefix":"disk-"}}]})") == R"({"A":[{"DiskIds":["disk-00000000"]}]})");
    CHECK(params(R"({"A":{"ids":0}})") == R"({"A":[]})");
    const std::string other = R"({"A":{"ids":2,"more":1},"B":{"prefix":"x"},"C":[{"Name":"x"}],"D":null})";
    CHECK(params(other) == other);
}
