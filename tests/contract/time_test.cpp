// Time and money through the whole server: after any calls and any passing of time the books agree, and the number of
// jumps does not matter.

#include "tests/support/emulator.hpp"
#include "tests/support/property.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <random>
#include <variant>

using namespace cvm;
namespace json = boost::json;

namespace {

constexpr int steps = 6;

constexpr std::string_view first_uin = "100000000001";
constexpr std::string_view second_uin = "100000000002";

class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_{seed} {}

    std::int64_t pick(std::int64_t from, std::int64_t to)
    {
        return std::uniform_int_distribution<std::int64_t>{from, to}(random_);
    }

    bool chance(int percent) { return pick(1, 100) <= percent; }

    template <class List>
    auto one_of(const List& list) -> decltype(list[0])
    {
        return list[static_cast<std::size_t>(pick(0, std::ssize(list) - 1))];
    }

private:
    std::mt19937_64 random_;
};

constexpr std::array<std::string_view, 3> flags{"NOTIFY_AND_AUTO_RENEW", "NOTIFY_AND_MANUAL_RENEW",
                                                "DISABLE_NOTIFY_AND_MANUAL_RENEW"};

json::string text(std::string_view value) { return json::string{value}; }

json::object key_pair(std::string_view id) { return {{"SecretId", id}, {"SecretKey", "key"}}; }

json::object some_disk(Dice& dice, const std::string& id)
{
    return {{"DiskId", id},
            {"DiskSize", 10},
            {"Portable", true},
            {"DeadlineTime", "+P" + std::to_string(dice.pick(1, 40)) + "D"},
            {"RenewFlag", text(dice.one_of(flags))}};
}

json::object some_voucher(Dice& dice, std::string_view id, std::string_view product = {})
{
    json::object voucher{{"VoucherId", id},
                         {"NominalValue", dice.pick(0, 20'000)},
                         {"EndTime", "+P" + std::to_string(dice.pick(0, 90)) + "D"}};
    if (!product.empty())
        voucher["ProductCodes"] = json::array{product};
    return voucher;
}

// Instances that expire soon, with disks, and one that is paid by the hour.
json::object some_account(Dice& dice, std::string_view uin)
{
    const std::string short_uin{uin.substr(9)};
    json::array instances;
    for (int i = 0; i < 3; ++i) {
        const std::string number = std::to_string(i);
        json::object instance{{"InstanceId", "ins-" + short_uin + "inst" + number},
                              {"Placement", json::object{{"Zone", "ap-guangzhou-3"}}},
                              {"ExpiredTime", "+P" + std::to_string(dice.pick(1, 40)) + "D"},
                              {"RenewFlag", text(dice.one_of(flags))},
                              {"RenewPeriod", dice.pick(1, 3)}};
        instance["DataDisks"] = json::array{some_disk(dice, "disk-" + short_uin + "disk" + number)};
        instances.push_back(std::move(instance));
    }
    instances.push_back(json::object{{"InstanceId", "ins-" + short_uin + "hours"},
                                     {"Placement", json::object{{"Zone", "ap-guangzhou-3"}}},
                                     {"InstanceChargeType", "POSTPAID_BY_HOUR"}});
    return {{"Uin", uin},
            {"Clock", json::object{{"FrozenAt", "2026-03-31T08:30:00Z"}}},
            {"Balance", json::object{{"Cash", dice.pick(0, 60'000)},
                                     {"Present", dice.pick(0, 5'000)},
                                     {"Credit", dice.pick(0, 1) * 1'000}}},
            {"Credentials", json::array{key_pair("AKID" + std::string{uin})}},
            {"Vouchers", json::array{some_voucher(dice, "v-any"), some_voucher(dice, "v-disks", "p_cbs")}},
            {"Instances", std::move(instances)}};
}

std::string some_state(Dice& dice)
{
    return json::serialize(
        json::object{{"format_version", 1},
                     {"accounts", json::array{some_account(dice, first_uin), some_account(dice, second_uin)}}});
}

// --- the possible steps ---

struct Jump {
    std::int64_t seconds;
    bool hours; // list each hour
};
struct Deposit {
    std::int64_t cents;
};
struct Step {
    std::string uin;
    std::variant<test::Call, Jump, Deposit> what;
};

std::string target(std::string_view resource, std::string_view uin)
{
    return "/_emulator/" + std::string{resource} + "?account=" + std::string{uin};
}

void advance(test::Emulator& emulator, std::string_view uin, Jump jump, json::array& events)
{
    const std::string time = "PT" + std::to_string(jump.seconds) + "S";
    const json::value answer = emulator.control(
        "POST", target("clock", uin), json::serialize(json::object{{"advance", time}, {"hours", jump.hours}}));
    const json::array& told = answer.at("events").as_array();
    events.insert(events.end(), told.begin(), told.end());
}

json::object account_of(test::Emulator& emulator, std::string_view uin)
{
    return emulator.control("GET", target("state", uin)).at("accounts").as_array().front().as_object();
}

test::Call call(std::string_view uin, std::string action, json::object params)
{
    test::Call made{.action = std::move(action), .params = std::move(params)};
    made.secret_id = "AKID" + std::string{uin};
    made.secret_key = "key";
    return made;
}

json::object ahead(Dice& dice)
{
    json::object prepaid{{"Period", dice.pick(1, 3)}};
    if (dice.chance(50))
        prepaid["RenewFlag"] = text(dice.one_of(flags));
    return prepaid;
}

test::Call some_purchase(Dice& dice, std::string_view uin)
{
    json::object params{{"Placement", json::object{{"Zone", "ap-guangzhou-3"}}},
                        {"ImageId", "img-eb30mz89"},
                        {"InstanceType", "S2.SMALL1"},
                        {"InstanceCount", dice.pick(1, 2)}};
    if (dice.chance(60)) {
        params["InstanceChargeType"] = "PREPAID";
        params["InstanceChargePrepaid"] = ahead(dice);
    }
    return call(uin, "RunInstances", std::move(params));
}

test::Call some_change_of_charge_type(Dice& dice, std::string_view uin, json::array ids)
{
    json::object params{{"InstanceIds", std::move(ids)}, {"ModifyPortableDataDisk", dice.chance(50)}};
    if (dice.chance(50)) {
        params["InstanceChargeType"] = "PREPAID";
        params["InstanceChargePrepaid"] = ahead(dice);
    } else {
        params["InstanceChargeType"] = "POSTPAID_BY_HOUR";
    }
    return call(uin, "ModifyInstancesChargeType", std::move(params));
}

// A change that costs money: another type, a larger disk or more bandwidth.
test::Call some_change(Dice& dice, std::string_view uin, const json::object& instance)
{
    constexpr std::array<std::string_view, 4> types{"S1.SMALL1", "S2.SMALL1", "S5.SMALL1", "S5.MEDIUM4"};
    const json::string& id = instance.at("InstanceId").as_string();
    switch (dice.pick(0, 3)) {
    case 0:
        return call(
            uin, "ResizeInstanceDisks",
            {{"InstanceId", id}, {"SystemDisk", json::object{{"DiskSize", dice.pick(50, 80)}}}, {"ForceStop", true}});
    case 1:
        return call(uin, "ResetInstancesInternetMaxBandwidth",
                    {{"InstanceIds", json::array{id}},
                     {"InternetAccessible", json::object{{"InternetMaxBandwidthOut", dice.pick(0, 3)}}}});
    default:
        return call(
            uin, "ResetInstancesType",
            {{"InstanceIds", json::array{id}}, {"InstanceType", text(dice.one_of(types))}, {"ForceStop", true}});
    }
}

test::Call some_call(Dice& dice, std::string_view uin, const json::array& instances)
{
    if (instances.empty() || dice.chance(15))
        return some_purchase(dice, uin);
    const json::object& instance = dice.one_of(instances).as_object();
    json::array ids{instance.at("InstanceId")};
    switch (dice.pick(0, 9)) {
    case 0:
    case 1:
        return call(uin, "RenewInstances",
                    {{"InstanceIds", std::move(ids)},
                     {"InstanceChargePrepaid", ahead(dice)},
                     {"RenewPortableDataDisk", dice.chance(50)}});
    case 2:
        return call(uin, "ModifyInstancesRenewFlag",
                    {{"InstanceIds", std::move(ids)}, {"RenewFlag", text(dice.one_of(flags))}});
    case 3:
        return call(uin, "TerminateInstances",
                    {{"InstanceIds", std::move(ids)}, {"ReleasePrepaidDataDisks", dice.chance(50)}});
    case 4:
        return some_change_of_charge_type(dice, uin, std::move(ids));
    case 5:
        return call(uin, "StopInstances", {{"InstanceIds", std::move(ids)}, {"StoppedMode", "STOP_CHARGING"}});
    case 6:
        return call(uin, "StartInstances", {{"InstanceIds", std::move(ids)}});
    case 7:
    case 8:
        return some_change(dice, uin, instance);
    default: {
        const json::array& disks = instance.at("DataDisks").as_array();
        if (disks.empty())
            return call(uin, "DescribeInstances", {});
        return call(uin, "RenewDisk",
                    {{"DiskId", dice.one_of(disks).at("DiskId")}, {"DiskChargePrepaid", ahead(dice)}});
    }
    }
}

Step some_step(Dice& dice, test::Emulator& emulator)
{
    Step step{.uin = std::string{dice.chance(50) ? first_uin : second_uin}, .what = Jump{}};
    const auto kind = dice.pick(1, 100);
    if (kind <= 40)
        step.what = Jump{dice.pick(1, 40) * dice.pick(1, 86'400), dice.chance(5)};
    else if (kind <= 45)
        step.what = Deposit{dice.pick(1, 20'000)};
    else
        step.what = some_call(dice, step.uin, account_of(emulator, step.uin).at("Instances").as_array());
    return step;
}

// Executes a step; returns the events if it is a jump.
json::array take(test::Emulator& emulator, const Step& step)
{
    json::array events;
    if (const auto* made = std::get_if<test::Call>(&step.what))
        emulator.call(*made);
    else if (const auto* jump = std::get_if<Jump>(&step.what))
        advance(emulator, step.uin, *jump, events);
    else
        emulator.control("POST", target("ledger", step.uin),
                         json::serialize(json::object{{"deposit", std::get<Deposit>(step.what).cents}}));
    return events;
}

// Executes the same step, but a jump in parts, with an export and import in between.
json::array take_in_parts(test::Emulator& emulator, const Step& step, Dice& dice)
{
    const auto* jump = std::get_if<Jump>(&step.what);
    if (jump == nullptr)
        return take(emulator, step);
    json::array events;
    for (std::int64_t left = jump->seconds; left > 0;) {
        const std::int64_t part = dice.pick(1, left);
        advance(emulator, step.uin, {part, jump->hours}, events);
        left -= part;
        if (dice.chance(20))
            emulator.control("PUT", "/_emulator/state", json::serialize(emulator.state()));
    }
    return events;
}

// "-12.34000000" in cents.
std::int64_t cents_of(const json::value& amount)
{
    std::string digits{amount.as_string()};
    digits.erase(digits.size() - 6);
    digits.erase(digits.find('.'), 1);
    return std::stoll(digits);
}

std::int64_t sum(const json::object& answer, const char* list, const char* member)
{
    std::int64_t all = 0;
    for (const json::value& row : answer.at(list).as_array())
        all += cents_of(row.at(member));
    return all;
}

// Checks that the bills of each month of an account, however they are grouped, agree with its ledger.
void check_bills(test::Emulator& emulator, std::string_view uin)
{
    struct Moved {
        std::int64_t all = 0;
        std::int64_t by_vouchers = 0;
    };
    std::map<std::string, Moved> months;
    const json::object account = account_of(emulator, uin);
    for (const json::value& line : account.at("Ledger").as_array()) {
        const auto at = state::parse_instant(line.at("Time").as_string()).value();
        Moved& month = months[state::format_beijing_time(at).substr(0, 7)];
        const std::int64_t amount = line.at("Amount").as_int64();
        month.all += line.at("To") == "vendor" ? amount : line.at("From") == "vendor" ? -amount : 0;
        month.by_vouchers += line.at("From") == "voucher" ? amount : 0;
    }
    for (const auto& [month, moved] : months) {
        CAPTURE(month);
        const auto ask = [&](const std::string& action, json::object params) {
            test::Call made = call(uin, action, std::move(params));
            made.version = "2018-07-09";
            return emulator.response(made);
        };
        for (const char* by : {"PayMode", "Product", "Project", "Region"}) {
            CAPTURE(by);
            const auto answer =
                ask("DescribeBillSummaryBy" + std::string{by}, {{"BeginTime", month}, {"EndTime", month}});
            CHECK(sum(answer, "SummaryOverview", "RealTotalCost") == moved.all);
            CHECK(sum(answer, "SummaryOverview", "VoucherPayAmount") == moved.by_vouchers);
        }
        const auto resources = ask("DescribeBillResourceSummary", {{"Month", month}, {"Offset", 0}, {"Limit", 1000}});
        CHECK(sum(resources, "ResourceSummarySet", "RealTotalCost") == moved.all);
    }
}

} // namespace

TEST_CASE("after any calls and jumps the books agree, however the time was divided into jumps")
{
    const std::uint64_t seed = test::property_seed();
    const int sequences = test::property_sequences(60);
    test::Emulator whole;
    test::Emulator parted;
    std::size_t events = 0;
    for (int sequence = 0; sequence < sequences; ++sequence) {
        CAPTURE(sequence);
        Dice dice{seed + static_cast<std::uint64_t>(sequence)};
        const std::string state = some_state(dice);
        whole.control("PUT", "/_emulator/state", state);
        parted.control("PUT", "/_emulator/state", state);
        std::vector<Step> script;
        for (int i = 0; i < steps; ++i) {
            script.push_back(some_step(dice, whole));
            const json::array told = take(whole, script.back());
            events += told.size();
            CHECK(take_in_parts(parted, script.back(), dice) == told);
            const json::value sums = whole.control("GET", target("invariants", script.back().uin));
            CHECK_MESSAGE(sums.at("ok").as_bool(), json::serialize(sums));
        }
        CHECK(whole.state() == parted.state());
        for (const std::string_view uin : {first_uin, second_uin})
            check_bills(whole, uin);

        // First all steps of one account, then those of the other.
        parted.control("PUT", "/_emulator/state", state);
        for (const std::string_view uin : {second_uin, first_uin})
            for (const Step& step : script)
                if (step.uin == uin)
                    take(parted, step);
        CHECK(whole.state() == parted.state());
    }
    CHECK(events > static_cast<std::size_t>(sequences) * 10);
}
