// Every code listed on an action's page can be forced, and its message is complete: in both languages every placeholder
// is filled from the call, and no message contains "xxx".

#include "server/base/error.hpp"
#include "tests/support/catalogue.hpp"
#include "tests/support/emulator.hpp"
#include "tests/support/golden.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace cvm;
namespace json = boost::json;

namespace {

struct Typical {
    std::string action;
    std::string params;
    std::string version = "2017-03-12";
    wire::Dialect dialect = wire::Dialect::tc3;
};

const std::vector<Typical> typical_calls{
    {"RenewInstances", R"({"InstanceIds":["ins-5d8a23rs","ins-r8hr2upy"],"InstanceChargePrepaid":{"Period":3}})"},
    {"RunInstances", R"({"Placement":{"Zone":"ap-guangzhou-4"},"ImageId":"img-9qabwvbn","InstanceCount":2})"},
    {"RenewDisk", R"({"DiskId":"disk-looseone","DiskChargePrepaid":{"Period":1}})"},
    {"DescribeAccountBalance", "{}", "2018-07-09"},
    {"DescribeInstances", R"({"Filters":[{"Name":"zone","Values":["ap-guangzhou-2"]}],"Limit":7})"},
    {"NoSuchAction", R"({"A":null,"B":[],"C":{},"D":[[{}]]})", "2099-01-01"},
    {"RenewInstance", R"({"instanceId":"ins-5d8a23rs","period":1})", "", wire::Dialect::legacy_numeric},
};

test::Call call_of(const Typical& typical)
{
    test::Call call{.action = typical.action, .params = json::parse(typical.params).as_object()};
    call.version = typical.version;
    call.dialect = typical.dialect;
    return call;
}

// Whether a text has a word of three or more x, or an unfilled placeholder: {0}.
bool has_gap(std::string_view text)
{
    std::string word;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const char c = i < text.size() ? text[i] : ' ';
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_') {
            word += c;
            continue;
        }
        if (word.size() >= 3 && std::ranges::all_of(word, [](char x) { return x == 'x'; }))
            return true;
        word.clear();
    }
    return text.find("{0}") != text.npos || text.find("{1}") != text.npos || text.find("{2}") != text.npos ||
           text.find("``") != text.npos;
}

std::string message_of(test::Emulator& emulator, test::Call call)
{
    static std::int64_t nonce = 0;
    call.nonce = ++nonce;
    const json::object answer = json::parse(emulator.call(call)).as_object();
    if (const auto* response = answer.if_contains("Response"))
        return std::string{response->at("Error").at("Message").as_string()};
    return std::string{answer.at("message").as_string()};
}

std::string name_with_version(std::string_view action, std::string_view version)
{
    return std::string{action} + " " + std::string{version};
}

// By name_with_version: a golden case that succeeds for the default account, if there is one.
std::map<std::string, test::Call> calls_that_succeed()
{
    std::map<std::string, test::Call> found;
    for (const test::Golden& golden : test::golden_cases()) {
        const json::object& request = golden.content.at("request").as_object();
        if (!golden.code().empty() || test::dialect_of(golden) != wire::Dialect::tc3 || request.contains("secret_id"))
            continue;
        const test::Call call = test::call_of(request);
        found.try_emplace(name_with_version(golden.action, call.version), call);
    }
    return found;
}

// Adds a rule to the state of the default account: for the first instance that the call names or, if it names none, for
// the account.
void add_rule(test::Emulator& emulator, const test::Call& call, std::string_view code)
{
    json::value state = emulator.control("GET", "/_emulator/state?account=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE");
    json::object rule{{"Code", code}};
    if (const auto* ids = call.params.if_contains("InstanceIds"))
        rule["InstanceId"] = ids->as_array().at(0);
    state.at("accounts").at(0).as_object()["Rules"] = json::array{rule};
    emulator.control("PUT", "/_emulator/state?account=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", json::serialize(state));
}

} // namespace

TEST_CASE("a gap in a text is detected")
{
    for (const std::string text : {"`xxx`", "xxx", "an xxxx.", "{0}", "a {1} b", "the id ``"})
        CHECK(has_gap(text));
    for (const std::string text : {"ins-xxxxxxxx", "the letter `x`", "{}", "boxxx"})
        CHECK_FALSE(has_gap(text));
}

TEST_CASE("each code listed for the header can be forced by the header")
{
    test::Emulator emulator;
    for (const json::value& page : test::catalogue_actions()) {
        test::Call call{.action = std::string{page.at("action").as_string()}};
        call.version = std::string{page.at("version").as_string()};
        if (call.version.empty())
            call.dialect = wire::Dialect::legacy_numeric;
        for (const auto& [code, how] : page.at("codes").as_object()) {
            if (how.as_string() != "header")
                continue;
            CAPTURE(call.action);
            call.force_error = code;
            CHECK(emulator.code(call) == std::string{code});
        }
    }
}

TEST_CASE("each code listed for a rule, without a golden case, can be caused by a rule")
{
    std::set<std::string> golden_codes;
    for (const test::Golden& golden : test::golden_cases())
        golden_codes.insert(golden.action + " " + golden.code());
    const auto calls = calls_that_succeed();
    for (const json::value& page : test::catalogue_actions()) {
        const std::string_view action = page.at("action").as_string();
        for (const auto& [code, how] : page.at("codes").as_object()) {
            if (how.as_string() != "rule" || golden_codes.contains(std::string{action} + " " + std::string{code}))
                continue;
            CAPTURE(action);
            CAPTURE(code);
            test::Emulator emulator;
            const std::string name = name_with_version(action, page.at("version").as_string());
            REQUIRE(calls.contains(name));
            add_rule(emulator, calls.at(name), code);
            CHECK(emulator.code(calls.at(name)) == std::string{code});
        }
    }
}

TEST_CASE("an error forced by the header has a complete text for every code, call and language")
{
    test::Emulator emulator;
    for (const Typical& typical : typical_calls)
        for (const std::string language : {"en-US", "zh-CN"})
            for (const ErrorEntry& e : all_errors()) {
                test::Call call = call_of(typical);
                call.language = language;
                call.force_error = std::string{e.code};
                const std::string message = message_of(emulator, call);
                if (has_gap(message)) {
                    CAPTURE(typical.action);
                    CAPTURE(e.code);
                    FAIL_CHECK(message);
                }
            }
}

TEST_CASE("the text of an error caused by a fault rule is about the matching call")
{
    struct Case {
        std::string code;
        std::size_t call; // index into typical_calls
        std::string english;
        std::string chinese;
    };
    const Case cases[] = {
        {"UnsupportedOperation.InstanceStateStopped", 0,
         "The instance `ins-5d8a23rs` is switched off, which rules this operation out.",
         "实例 `ins-5d8a23rs` 已关机，不支持该操作。"},
        {"InvalidParameterValue.LimitExceeded", 0,
         "The parameter `InstanceIds` holds `2` values, more than the limit of `100`.",
         "参数 `InstanceIds` 的取值个数为 `2`，超过上限 `100`。"},
        {"UnsupportedOperation.InstanceMixedPricingModel", 0,
         "The instances `ins-5d8a23rs, ins-r8hr2upy` have different charge types. Send one request for each type.",
         "实例 `ins-5d8a23rs, ins-r8hr2upy` 的计费模式不同，请分开请求。"},
        {"InvalidPeriod", 0,
         "The period `3` is not valid. It must be one of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36, 48, 60], in "
         "months.",
         "购买时长 `3` 不合法，取值范围为 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36, 48, 60]，单位为月。"},
        {"RequestLimitExceeded", 0,
         "Your current request times equals to `11` in a second, which exceeds the frequency limit `10` for a second. "
         "Please reduce the frequency of calls.",
         "您当前每秒请求 `11` 次，超过了每秒频率上限 `10`，请稍后重试。"},
        {"MissingParameter", 0, "The request is missing a required parameter `InstanceIds`.",
         "The request is missing a required parameter `InstanceIds`."},
        {"UnauthorizedOperation", 0,
         "[request id:6ef60bec-0242-43af-bb20-270359fb54a7]you are not authorized to perform operation "
         "(cvm:RenewInstances)\nresource (qcs::cvm:ap-guangzhou:uin/100000000001:*) has no permission\n",
         "[request id:6ef60bec-0242-43af-bb20-270359fb54a7]you are not authorized to perform operation "
         "(cvm:RenewInstances)\nresource (qcs::cvm:ap-guangzhou:uin/100000000001:*) has no permission\n"},
        {"ResourceInsufficient.AvailabilityZoneSoldOut", 1, "Nothing is left to buy in the zone `ap-guangzhou-4`.",
         "可用区 `ap-guangzhou-4` 已售罄。"},
        {"InvalidImageId.NotFound", 1, "ImageId img-9qabwvbn is not found", "镜像ID img-9qabwvbn 不存在"},
        {"InvalidDisk.Busy", 2, "Another task is running on the disk `disk-looseone`.",
         "云盘 `disk-looseone` 有其他任务正在进行。"},
        // The call names no instance.
        {"UnsupportedOperation.InstanceStateStopped", 3,
         "The instance `ins-r8hr2upy` is switched off, which rules this operation out.",
         "实例 `ins-r8hr2upy` 已关机，不支持该操作。"},
    };
    test::Emulator emulator;
    for (const Case& c : cases) {
        CAPTURE(c.code);
        emulator.control("DELETE", "/_emulator/faults");
        emulator.control("POST", "/_emulator/faults",
                         json::serialize(json::object{{"then", json::object{{"error", c.code}}}}));
        test::Call call = call_of(typical_calls.at(c.call));
        CHECK(message_of(emulator, call) == c.english);
        call.language = "zh-CN";
        CHECK(message_of(emulator, call) == c.chinese);
    }
}
