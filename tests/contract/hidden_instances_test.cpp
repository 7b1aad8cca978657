// A fault rule can hide new instances, as clients of the real service have observed (hashicorp/packer#10396).

#include "tests/support/emulator.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace cvm;
namespace json = boost::json;

namespace {

test::Call call(const std::string& action, const std::string& params)
{
    return {.action = action, .params = json::parse(params).as_object()};
}

// The id of an instance that was just bought.
std::string new_instance(test::Emulator& emulator)
{
    const json::object answer = emulator.response(call(
        "RunInstances",
        R"({"Placement":{"Zone":"ap-guangzhou-3"},"ImageId":"img-eb30mz89","InstanceChargeType":"POSTPAID_BY_HOUR"})"));
    return std::string{answer.at("InstanceIdSet").as_array().at(0).as_string()};
}

std::int64_t listed(test::Emulator& emulator, const std::string& params,
                    const std::string& action = "DescribeInstances")
{
    const json::object answer = emulator.response(call(action, params));
    const auto* set = answer.if_contains(action == "DescribeInstances" ? "InstanceSet" : "InstanceStatusSet");
    REQUIRE(set != nullptr);
    CHECK(set->as_array().size() == static_cast<std::size_t>(answer.at("TotalCount").as_int64()));
    return answer.at("TotalCount").as_int64();
}

std::string by_id(const std::string& id) { return R"({"InstanceIds":[")" + id + R"("]})"; }

void add_rule(test::Emulator& emulator, const std::string& hide, const std::string& action = "DescribeInstances")
{
    emulator.control("POST", "/_emulator/faults",
                     R"({"match":{"action":")" + action + R"("},"then":{"hide":)" + hide + "}}");
}

} // namespace

TEST_CASE("a new instance is hidden for a time by the account's clock")
{
    test::Emulator emulator;
    emulator.ids.counting = true;
    emulator.control("POST", "/_emulator/clock", R"({"frozen":true})");
    add_rule(emulator, R"({"for":"PT5S"})");
    const std::int64_t before = listed(emulator, R"({"Limit":100})");
    CHECK(before > 1);
    const std::string id = new_instance(emulator);
    CHECK(listed(emulator, R"({"Limit":100})") == before);
    CHECK(listed(emulator, by_id(id)) == 0);
    CHECK(listed(emulator, R"({"Filters":[{"Name":"instance-id","Values":[")" + id + R"("]}]})") == 0);
    CHECK(emulator.code(call("StopInstances", by_id(id))) == "OK"); // it is there
    emulator.control("POST", "/_emulator/clock", R"({"advance":"PT4S"})");
    CHECK(listed(emulator, by_id(id)) == 0);
    emulator.control("POST", "/_emulator/clock", R"({"advance":"PT1S"})");
    CHECK(listed(emulator, by_id(id)) == 1);
    CHECK(listed(emulator, R"({"Limit":100})") == before + 1);
}

TEST_CASE("each new instance is hidden in the first answers that would contain it")
{
    test::Emulator emulator;
    emulator.ids.counting = true;
    const std::string early = new_instance(emulator);
    emulator.control("POST", "/_emulator/clock", R"({"advance":"PT1M"})");
    add_rule(emulator, R"({"times":2})");
    CHECK(listed(emulator, by_id(early)) == 1); // it is older than the rule
    for (int n = 0; n < 5; ++n)
        CHECK(listed(emulator, by_id("ins-r8hr2upy")) == 1);
    const std::string id = new_instance(emulator);
    CHECK(listed(emulator, by_id(id)) == 0);
    CHECK(listed(emulator, by_id(id), "DescribeInstancesStatus") == 1); // the rule is not for this action
    CHECK(listed(emulator, by_id(early)) == 1);
    const std::string other = new_instance(emulator);
    CHECK(listed(emulator, by_id(id)) == 0);
    CHECK(listed(emulator, by_id(id)) == 1);
    CHECK(listed(emulator, by_id(other)) == 0);
    CHECK(listed(emulator, by_id(other)) == 0);
    CHECK(listed(emulator, by_id(other)) == 1);
}

TEST_CASE("the legacy call without Version does not see it either")
{
    test::Emulator emulator;
    emulator.ids.counting = true;
    emulator.control("POST", "/_emulator/clock", R"({"frozen":true})");
    add_rule(emulator, R"({"for":"PT5S"})");
    const std::string id = new_instance(emulator);
    std::int64_t nonce = 1;
    const auto found = [&] {
        test::Call asked{.action = "DescribeInstances", .params = {{"instanceIds", json::array{id}}}, .version = ""};
        asked.dialect = wire::Dialect::legacy_numeric;
        asked.region = "gz";
        asked.nonce = nonce++;
        return json::parse(emulator.call(asked)).at("totalCount").as_int64();
    };
    CHECK(found() == 0);
    emulator.control("POST", "/_emulator/clock", R"({"advance":"PT5S"})");
    CHECK(found() == 1);
}

TEST_CASE("DescribeInstancesStatus can hide new instances too")
{
    test::Emulator emulator;
    add_rule(emulator, R"({"times":1})", "DescribeInstancesStatus");
    const std::string id = new_instance(emulator);
    CHECK(listed(emulator, by_id(id), "DescribeInstancesStatus") == 0);
    CHECK(listed(emulator, by_id(id), "DescribeInstancesStatus") == 1);
}

TEST_CASE("a rule that hides must name one of the two actions and changes nothing else")
{
    test::Emulator emulator;
    for (const std::string match :
         {"", R"("match":{},)", R"("match":{"action":"RenewInstances"},)", R"("match":{"action":"Describe*"},)"}) {
        CAPTURE(match);
        emulator.control("POST", "/_emulator/faults", "{" + match + R"("then":{"hide":{"times":1}}})", 400);
    }
    for (const std::string then : {R"({"hide":{"for":5}})", R"({"hide":{"for":"PT0S"}})", R"({"hide":{"times":-1}})",
                                   R"({"hide":true})", R"({"hide":{"time":1}})", R"({"hide":{"times":1},"drop":true})",
                                   R"({"hide":{"times":1},"commit_then_fail":true})"}) {
        CAPTURE(then);
        emulator.control("POST", "/_emulator/faults", R"({"match":{"action":"DescribeInstances"},"then":)" + then + "}",
                         400);
    }
    const json::value rule = emulator.control(
        "POST", "/_emulator/faults", R"({"match":{"action":"DescribeInstances"},"then":{"hide":{"for":"PT90S"}}})");
    CHECK(rule.at("then") == json::parse(R"({"hide":{"for":"PT90S"}})"));
}

TEST_CASE("a fault rule may say the text of its error, in every dialect and language")
{
    test::Emulator emulator;
    emulator.control(
        "POST", "/_emulator/faults",
        R"({"then":{"error":"ResourceInsufficient.SpecifiedInstanceType","message":"今天没有 \u0001 {0}"}})");
    std::int64_t nonce = 1;
    for (const wire::Dialect dialect : {wire::Dialect::tc3, wire::Dialect::v1, wire::Dialect::legacy}) {
        test::Call renew = call("RenewInstances", by_id("ins-r8hr2upy"));
        renew.dialect = dialect;
        renew.nonce = nonce++;
        const json::object answer = emulator.response(renew);
        CHECK(answer.at("Error").at("Code").as_string() == "ResourceInsufficient.SpecifiedInstanceType");
        CHECK(answer.at("Error").at("Message").as_string() == "今天没有 \x01 {0}");
    }
    test::Call old = call("RenewInstance", R"({"instanceId":"ins-r8hr2upy","period":1})");
    old.dialect = wire::Dialect::legacy_numeric;
    CHECK(json::parse(emulator.call(old)).at("message").as_string() == "今天没有 \x01 {0}");
    emulator.control("POST", "/_emulator/faults",
                     R"({"then":{"error":"InternalError","message":")" + std::string(1001, 'x') + R"("}})", 400);
}
