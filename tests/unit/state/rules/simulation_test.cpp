#include "state/rules/simulation.hpp"

#include "state/rules/ledger.hpp"

#include "tests/support/difference.hpp"
#include "tests/support/property.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>

using namespace cvm::state;
using namespace std::chrono_literals;
using std::chrono::days;

namespace cvm::state {
// For messages of tests.
std::ostream& operator<<(std::ostream& out, const Event& event)
{
    return out << format_instant(event.at) << ' ' << name(event.kind) << ' ' << event.resource_id << ' '
               << name(event.why) << ' ' << event.before.value << "->" << event.after.value;
}
} // namespace cvm::state

namespace {

Instant at(std::string_view text) { return parse_instant(text).value(); }

const Lifecycle lifecycle{
    .name = "test",
    .instances = {.reminders = {days{7}, days{5}, days{3}, days{1}}, .usable_after = days{0}, .recycle_bin = days{7}},
    .disks = {.reminders = {days{7}, days{1}}, .usable_after = days{2}, .recycle_bin = days{7}},
    .arrears_grace = 2h,
    .arrears_retention = days{15}};

// A month of an instance costs 100, a month of a GiB of disk 1, an hour 10.
PriceTable price_table()
{
    PriceTable prices;
    prices.per_core = {100};
    prices.other_disk_per_gib = {1};
    prices.other_discounts = {{std::chrono::months{1}, 100}};
    prices.hourly_instance_types.emplace("HOURLY", Cents{10});
    prices.second_step_percent = 100;
    prices.third_step_percent = 100;
    prices.hours_of_month_price = 100;
    return prices;
}

const PriceTable prices = price_table();
const Instant start = at("2026-03-31T08:30:00Z");

Instance prepaid(std::string id, Instant expiry, RenewFlag flag)
{
    Instance instance;
    instance.id = std::move(id);
    instance.type = "AHEAD";
    instance.renew_flag = flag;
    instance.expires_at = expiry;
    return instance;
}

Instance by_the_hour(std::string id, Instant since)
{
    Instance instance;
    instance.id = std::move(id);
    instance.type = "HOURLY";
    instance.charge_type = ChargeType::postpaid_by_hour;
    instance.hourly_since = instance.charged_until = since;
    return instance;
}

Disk elastic(std::string id, Instant expiry, RenewFlag flag)
{
    Disk disk;
    disk.id = std::move(id);
    disk.size_gib = 10;
    disk.portable = true;
    disk.delete_with_instance = false;
    disk.renew_flag = flag;
    disk.expires_at = expiry;
    return disk;
}

SimulationInput input_of(std::int64_t cash, std::vector<Instance> instances, std::vector<PlacedDisk> disks = {})
{
    SimulationInput input;
    input.account.uin = "100000000001";
    input.account.balance.cash = {cash};
    for (Instance& instance : instances)
        input.instances.push_back(scheduled(std::move(instance), lifecycle, start));
    for (PlacedDisk& disk : disks)
        input.disks.push_back(scheduled(std::move(disk), lifecycle, start));
    return input;
}

// "2026-04-10T10:00:00Z renewed ins-aaaaaaaa auto_renew 500->400"
struct Lines : std::vector<std::string> {
    using std::vector<std::string>::vector;

    friend std::ostream& operator<<(std::ostream& out, const Lines& lines)
    {
        for (const std::string& line : lines)
            out << '\n' << line;
        return out;
    }
};

Lines told(const SimulationResult& result)
{
    Lines lines;
    for (const Event& event : result.events)
        lines.emplace_back(doctest::toString(event).c_str());
    return lines;
}

// The input for the next step: changed resources of a result replace the previous ones.
SimulationInput after(SimulationInput input, const SimulationResult& result)
{
    const auto has = [](const std::vector<std::string>& ids, const std::string& id) {
        return std::ranges::find(ids, id) != ids.end();
    };
    std::erase_if(input.instances, [&](const Instance& old) {
        return has(result.released_instances, old.id) ||
               std::ranges::any_of(result.instances, [&](const auto& now) { return now->id == old.id; });
    });
    std::erase_if(input.disks, [&](const PlacedDisk& old) {
        return has(result.released_disks, old.disk.id) ||
               std::ranges::any_of(result.disks, [&](const PlacedDisk& now) { return now.disk.id == old.disk.id; });
    });
    input.account = result.books.account;
    for (const auto& instance : result.instances)
        input.instances.push_back(*instance);
    input.disks.insert(input.disks.end(), result.disks.begin(), result.disks.end());
    std::ranges::sort(input.instances, {}, &Instance::id);
    std::ranges::sort(input.disks, {}, [](const PlacedDisk& placed) { return placed.disk.id; });
    return input;
}

} // namespace

TEST_CASE("an instance that renews itself is renewed month by month, each from the old expiry")
{
    SimulationInput input =
        input_of(250, {prepaid("ins-aaaaaaaa", at("2026-04-30T10:00:00Z"), RenewFlag::notify_and_auto_renew)});
    const SimulationResult result = simulate(input, lifecycle, prices, {.until = at("2026-06-01T00:00:00Z")});
    REQUIRE(result.events.size() == 2);
    CHECK(told(result) == Lines{"2026-04-30T10:00:00Z renewed ins-aaaaaaaa auto_renew 250->150",
                                "2026-05-30T10:00:00Z renewed ins-aaaaaaaa auto_renew 150->50"});
    CHECK(result.events[0].expires_at == at("2026-05-30T10:00:00Z"));
    CHECK(result.events[0].price == Cents{100});
    CHECK(result.events[0].order_id == result.books.orders.at(0).order_id);
    CHECK(result.books.orders.at(1).begins_at == at("2026-05-30T10:00:00Z"));
    CHECK(result.books.orders.at(1).created_at == at("2026-05-30T10:00:00Z"));
    CHECK(result.books.orders.at(0).big_deal_id != result.books.orders.at(1).big_deal_id);
    REQUIRE(result.instances.size() == 1);
    CHECK(result.instances[0]->expires_at == at("2026-06-30T10:00:00Z"));
    CHECK(result.instances[0]->latest_operation->name == "RenewInstances");
    CHECK(result.reached == at("2026-06-01T00:00:00Z"));
}

TEST_CASE("an instance without enough money is reminded and isolated and released")
{
    SimulationInput input =
        input_of(99, {prepaid("ins-aaaaaaaa", at("2026-04-30T10:00:00Z"), RenewFlag::notify_and_auto_renew)});
    input.instances[0].frozen = {5};
    input.account.balance.frozen = {5};
    const SimulationResult result = simulate(input, lifecycle, prices, {.until = at("2026-06-01T00:00:00Z")});
    CHECK(told(result) == Lines{"2026-04-23T10:00:00Z reminded ins-aaaaaaaa money_lacks_soon 94->94",
                                "2026-04-25T10:00:00Z reminded ins-aaaaaaaa money_lacks_soon 94->94",
                                "2026-04-27T10:00:00Z reminded ins-aaaaaaaa money_lacks_soon 94->94",
                                "2026-04-29T10:00:00Z reminded ins-aaaaaaaa money_lacks_soon 94->94",
                                "2026-04-30T10:00:00Z renewal_failed ins-aaaaaaaa insufficient_balance 94->94",
                                "2026-04-30T10:00:00Z isolated ins-aaaaaaaa insufficient_balance 94->94",
                                "2026-05-07T16:00:00Z released ins-aaaaaaaa recycle_bin_over 94->99"});
    CHECK(result.events[0].price == Cents{100});
    CHECK(result.events[0].expires_at == at("2026-04-30T10:00:00Z"));
    CHECK(result.released_instances == std::vector<std::string>{"ins-aaaaaaaa"});
    CHECK(result.instances.empty());
    CHECK(result.books.orders.empty());
}

TEST_CASE("exactly enough money renews and frozen money does not count")
{
    // There is no reminder either if the renewal will be paid.
    for (const std::int64_t frozen : {0, 1}) {
        CAPTURE(frozen);
        SimulationInput input =
            input_of(100, {prepaid("ins-aaaaaaaa", at("2026-04-30T10:00:00Z"), RenewFlag::notify_and_auto_renew)});
        input.account.balance.frozen = {frozen};
        const SimulationResult result = simulate(input, lifecycle, prices, {.until = at("2026-04-30T10:00:00Z")});
        CHECK(result.events.front().kind == (frozen == 0 ? EventKind::renewed : EventKind::reminded));
        CHECK(result.events.back().kind == (frozen == 0 ? EventKind::renewed : EventKind::isolated));
    }
}

TEST_CASE("DISABLE_NOTIFY_AND_MANUAL_RENEW suppresses reminders, and the instance expires all the same")
{
    const SimulationResult result = simulate(input_of(1000, {prepaid("ins-aaaaaaaa", at("2026-04-30T10:00:00Z"),
                                                                     RenewFlag::disable_notify_and_manual_renew)}),
                                             lifecycle, prices, {.until = at("2026-05-01T00:00:00Z")});
    CHECK(told(result) == Lines{"2026-04-30T10:00:00Z isolated ins-aaaaaaaa expired 1000->1000"});
}

TEST_CASE("an instance is renewed for its number of months, and not past the calendar")
{
    Instance instance = prepaid("ins-aaaaaaaa", at("2026-04-30T10:00:00Z"), RenewFlag::notify_and_auto_renew);
    instance.renew_months = 12;
    SimulationResult result =
        simulate(input_of(5000, {instance}), lifecycle, prices, {.until = at("2026-05-01T00:00:00Z")});
    REQUIRE(result.instances.size() == 1);
    CHECK(result.instances[0]->expires_at == at("2027-04-30T10:00:00Z"));
    CHECK(result.books.account.balance.cash == Cents{3800});

    instance.expires_at = at("9999-12-10T10:00:00Z");
    result = simulate(input_of(5000, {instance}), lifecycle, prices, {.until = latest});
    REQUIRE(result.events.size() >= 2);
    CHECK(result.events.rbegin()[2].kind == EventKind::renewal_failed);
    CHECK(result.events.rbegin()[1].kind == EventKind::isolated);
    CHECK(result.events.rbegin()[1].why == Why::end_of_calendar);
}

TEST_CASE("an elastic disk has its own flag and expiry, and leaves its instance for the recycle bin")
{
    Instance instance = prepaid("ins-aaaaaaaa", at("2026-04-20T10:00:00Z"), RenewFlag::notify_and_auto_renew);
    instance.zone = "ap-guangzhou-3";
    instance.disks = {elastic("disk-autorenw", at("2026-04-10T10:00:00Z"), RenewFlag::notify_and_auto_renew),
                      elastic("disk-forgottn", at("2026-04-10T10:00:00Z"), RenewFlag::disable_notify_and_manual_renew)};
    const SimulationInput input = input_of(1000, {instance});
    SimulationResult result = simulate(input, lifecycle, prices, {.until = at("2026-04-15T00:00:00Z")});
    CHECK(told(result) == Lines{"2026-04-10T10:00:00Z renewed disk-autorenw auto_renew 1000->990",
                                "2026-04-12T10:00:00Z isolated disk-forgottn expired 990->990"});
    REQUIRE(result.instances.size() == 1);
    REQUIRE(result.instances[0]->disks.size() == 1);
    CHECK(result.instances[0]->disks[0].expires_at == at("2026-05-10T10:00:00Z"));
    REQUIRE(result.disks.size() == 1);
    CHECK(result.disks[0].disk.id == "disk-forgottn");
    CHECK(result.disks[0].zone == "ap-guangzhou-3");
    CHECK(result.disks[0].due_at == at("2026-04-19T16:00:00Z"));

    result = simulate(input, lifecycle, prices, {.until = at("2026-04-20T00:00:00Z")});
    CHECK(told(result).back() == "2026-04-19T16:00:00Z released disk-forgottn recycle_bin_over 990->990");
    CHECK(result.disks.empty());
}

TEST_CASE("the renewal of a disk without enough money is attempted every day as long as it is usable")
{
    PlacedDisk placed{.disk = elastic("disk-aaaaaaaa", at("2026-04-10T10:00:00Z"), RenewFlag::notify_and_auto_renew),
                      .instance_id = {},
                      .region = {},
                      .zone = {}};
    SimulationInput input =
        input_of(14, {prepaid("ins-bbbbbbbb", at("2026-05-20T10:00:00Z"), RenewFlag::notify_and_auto_renew)}, {placed});
    input.account.balance.cash = {9};
    const SimulationResult result = simulate(input, lifecycle, prices, {.until = at("2026-04-12T10:00:00Z")});
    CHECK(told(result) == Lines{"2026-04-03T10:00:00Z reminded disk-aaaaaaaa money_lacks_soon 9->9",
                                "2026-04-09T10:00:00Z reminded disk-aaaaaaaa money_lacks_soon 9->9",
                                "2026-04-10T10:00:00Z renewal_failed disk-aaaaaaaa insufficient_balance 9->9",
                                "2026-04-11T10:00:00Z renewal_failed disk-aaaaaaaa insufficient_balance 9->9",
                                "2026-04-12T10:00:00Z renewal_failed disk-aaaaaaaa insufficient_balance 9->9",
                                "2026-04-12T10:00:00Z isolated disk-aaaaaaaa insufficient_balance 9->9"});
}

TEST_CASE("the disks that remain of a released instance are simulated further")
{
    Instance instance = prepaid("ins-aaaaaaaa", at("2026-04-10T10:00:00Z"), RenewFlag::disable_notify_and_manual_renew);
    instance.disks = {elastic("disk-stayhere", at("2026-04-20T10:00:00Z"), RenewFlag::notify_and_manual_renew)};
    const SimulationResult result =
        simulate(input_of(0, {instance}), lifecycle, prices, {.until = at("2026-04-19T12:00:00Z")});
    CHECK(told(result) == Lines{"2026-04-10T10:00:00Z isolated ins-aaaaaaaa expired 0->0",
                                "2026-04-13T10:00:00Z reminded disk-stayhere expires_soon 0->0",
                                "2026-04-17T16:00:00Z released ins-aaaaaaaa recycle_bin_over 0->0",
                                "2026-04-19T10:00:00Z reminded disk-stayhere expires_soon 0->0"});
    REQUIRE(result.disks.size() == 1);
    CHECK(result.disks[0].disk.id == "disk-stayhere");
    CHECK(result.disks[0].instance_id.empty());
}

TEST_CASE("hours are charged on the hour and listed when asked for")
{
    const SimulationInput input = input_of(100, {by_the_hour("ins-hhhhhhhh", start)});
    SimulationResult result = simulate(input, lifecycle, prices, {.until = start + 2h, .list_hours = true});
    CHECK(told(result) == Lines{"2026-03-31T09:00:00Z hour_charged ins-hhhhhhhh hour_ended 100->95",
                                "2026-03-31T10:00:00Z hour_charged ins-hhhhhhhh hour_ended 95->85"});
    CHECK(result.hours == Hours{2, Cents{15}});
    result = simulate(input, lifecycle, prices, {.until = start + 2h});
    CHECK(result.events.empty());
    CHECK(result.hours == Hours{2, Cents{15}});
    CHECK(result.instances.at(0)->charged_until == at("2026-03-31T10:00:00Z"));
}

TEST_CASE("a timer terminates its instance after the rest of the hour is charged")
{
    Instance timed = by_the_hour("ins-hhhhhhhh", start);
    timed.terminates_at = start + 75min;
    timed.frozen = {3};
    SimulationInput input = input_of(100, {timed});
    input.account.balance.frozen = {3};
    SimulationResult result = simulate(input, lifecycle, prices, {.until = start + 74min});
    CHECK(result.events.empty());
    CHECK(result.instances.at(0)->due_at == start + 75min);
    result = simulate(input, lifecycle, prices, {.until = start + 2h, .list_hours = true});
    CHECK(told(result) == Lines{"2026-03-31T09:00:00Z hour_charged ins-hhhhhhhh hour_ended 97->92",
                                "2026-03-31T09:45:00Z hour_charged ins-hhhhhhhh hour_ended 92->85",
                                "2026-03-31T09:45:00Z released ins-hhhhhhhh action_timer 85->88"});
    CHECK(result.released_instances == std::vector<std::string>{"ins-hhhhhhhh"});
    CHECK(result.books.account.balance.frozen == Cents{0});
}

TEST_CASE("a timer does not terminate a protected instance or one that is already being terminated")
{
    Instance timed = by_the_hour("ins-hhhhhhhh", start);
    timed.terminates_at = start + 75min;
    timed.attributes.disable_api_termination = true;
    SimulationResult result = simulate(input_of(100, {timed}), lifecycle, prices, {.until = start + 2h});
    CHECK(result.events.empty());
    CHECK_FALSE(result.instances.at(0)->terminates_at);

    timed.attributes.disable_api_termination = false;
    timed.state = InstanceState::terminating;
    result = simulate(input_of(100, {timed}), lifecycle, prices, {.until = start + 2h});
    CHECK(result.events.empty());
    CHECK(result.released_instances.empty());
}

TEST_CASE("in arrears everything by the hour is suspended after the grace and released after the retention")
{
    SimulationInput input =
        input_of(12, {by_the_hour("ins-hhhhhhh2", start + 90min), by_the_hour("ins-hhhhhhh1", start)});
    input.instances[0].frozen = {3};
    input.account.balance.frozen = {3};
    const SimulationResult result = simulate(input, lifecycle, prices, {.until = start + days{20}});
    CHECK(told(result) == Lines{"2026-03-31T10:00:00Z arrears_began  arrears -6->-6",
                                "2026-03-31T12:00:00Z isolated ins-hhhhhhh1 arrears -36->-36",
                                "2026-03-31T12:00:00Z isolated ins-hhhhhhh2 arrears -46->-43",
                                "2026-04-15T12:00:00Z released ins-hhhhhhh1 recycle_bin_over -43->-43",
                                "2026-04-15T12:00:00Z released ins-hhhhhhh2 recycle_bin_over -43->-43"});
    CHECK(result.released_instances.size() == 2);
    CHECK(result.books.account.arrears == Arrears{ArrearsStage::released, at("2026-04-15T12:00:00Z")});
}

TEST_CASE("a debt that is paid brings the suspended instances back, stopped and charged anew")
{
    const SimulationInput input = input_of(5, {by_the_hour("ins-hhhhhhhh", start)});
    const SimulationResult suspended = simulate(input, lifecycle, prices, {.until = start + days{2}});
    SimulationInput paid = after(input, suspended);
    CHECK(paid.instances.at(0).isolated_source == IsolatedSource::arrear);
    Bookkeeper books{paid.account, start + days{2}, Cause::deposit, ""};
    books.deposit(&Balance::cash, Cents{1000});
    paid.account = books.account;
    const SimulationResult back = simulate(paid, lifecycle, prices, {.until = start + days{2} + 1h});
    REQUIRE(back.events.size() == 1);
    CHECK(back.events[0].kind == EventKind::restored);
    CHECK(back.events[0].at == start + days{2});
    REQUIRE(back.instances.size() == 1);
    CHECK(back.instances[0]->state == InstanceState::stopped);
    CHECK(back.instances[0]->frozen == Cents{10});
    CHECK(back.books.account.balance.frozen == Cents{10});
    CHECK(back.hours == Hours{1, Cents{5}});
    CHECK(back.books.account.arrears == Arrears{});
}

TEST_CASE("a simulation can stop at the time of the first event, including all events at that time")
{
    const SimulationInput input = input_of(
        1000, {prepaid("ins-bbbbbbbb", at("2026-04-10T10:00:00Z"), RenewFlag::disable_notify_and_manual_renew),
               prepaid("ins-aaaaaaaa", at("2026-04-10T10:00:00Z"), RenewFlag::disable_notify_and_manual_renew),
               prepaid("ins-cccccccc", at("2026-04-10T10:00:01Z"), RenewFlag::disable_notify_and_manual_renew)});
    const SimulationResult result = simulate(input, lifecycle, prices, {.until = latest, .stop_at_first = true});
    CHECK(told(result) == Lines{"2026-04-10T10:00:00Z isolated ins-aaaaaaaa expired 1000->1000",
                                "2026-04-10T10:00:00Z isolated ins-bbbbbbbb expired 1000->1000"});
    CHECK(result.reached == at("2026-04-10T10:00:00Z"));
    const SimulationInput last =
        input_of(0, {prepaid("ins-aaaaaaaa", at("2026-04-10T10:00:00Z"), RenewFlag::disable_notify_and_manual_renew)});
    CHECK(simulate(last, lifecycle, prices, {.until = at("2026-04-12T00:00:00Z"), .stop_at_first = true}).reached ==
          at("2026-04-10T10:00:00Z"));
}

TEST_CASE("a simulation stops after its amount of work, between two times")
{
    const SimulationInput input =
        input_of(1000, {by_the_hour("ins-aaaaaaaa", start), by_the_hour("ins-bbbbbbbb", start)});
    const SimulationResult some = simulate(input, lifecycle, prices, {.until = start + 11h}, 3 * work_of_hour);
    CHECK_FALSE(some.finished);
    CHECK(some.reached == at("2026-03-31T10:00:00Z"));
    CHECK(some.hours.charged == 4);
    const SimulationResult all = simulate(input, lifecycle, prices, {.until = start + 11h}, 21 * work_of_hour);
    CHECK(all.finished);
    CHECK(all.reached == start + 11h);
    CHECK(all.hours.charged == 22);
}

TEST_CASE("the end of an operation is an event and the end of a termination releases the instance")
{
    Instance instance = by_the_hour("ins-hhhhhhhh", start);
    instance.state = InstanceState::terminating;
    instance.latest_operation = Operation{.name = "TerminateInstances",
                                          .state = OperationState::operating,
                                          .request_id = "r-1",
                                          .error_message = "",
                                          .ends_at = start + 1min,
                                          .state_after = InstanceState::terminating};
    const SimulationResult result = simulate(input_of(100, {instance}), lifecycle, prices, {.until = start + 1h});
    CHECK(told(result) == Lines{"2026-03-31T08:31:00Z operation_ended ins-hhhhhhhh time_is_up 100->100",
                                "2026-03-31T08:31:00Z released ins-hhhhhhhh time_is_up 100->100"});
    CHECK(result.events[0].detail == "TerminateInstances");
    CHECK(result.hours.charged == 0);
}

namespace {

// A random account: some money, instances of all kinds around the start, attached and detached disks.
SimulationInput some_input(std::mt19937_64& random)
{
    const auto pick = [&](std::int64_t from, std::int64_t to) {
        return std::uniform_int_distribution<std::int64_t>{from, to}(random);
    };
    const auto flag = [&] { return static_cast<RenewFlag>(pick(0, 2)); };
    const auto soon = [&] { return start + std::chrono::hours{pick(0, 24 * 45)} + std::chrono::seconds{pick(0, 3)}; };
    std::vector<Instance> instances;
    std::vector<PlacedDisk> disks;
    for (std::int64_t i = pick(0, 4); i > 0; --i) {
        const std::string id = "ins-" + std::to_string(pick(10'000'000, 99'999'999));
        Instance instance = pick(0, 2) == 0 ? by_the_hour(id, start) : prepaid(id, soon(), flag());
        if (instance.expires_at)
            instance.renew_months = pick(1, 3);
        else if (pick(0, 2) == 0)
            instance.terminates_at = soon();
        for (std::int64_t d = pick(0, 2); d > 0; --d) {
            instance.disks.push_back(elastic("disk-" + std::to_string(pick(10'000'000, 99'999'999)), soon(), flag()));
            instance.disks.back().portable = pick(0, 2) > 0;
            instance.disks.back().delete_with_instance = pick(0, 1) == 0;
            if (!instance.disks.back().portable)
                instance.disks.back().expires_at.reset();
        }
        if (pick(0, 3) == 0)
            instance.latest_operation =
                Operation{.name = pick(0, 1) == 0 ? "RebootInstances" : "TerminateInstances",
                          .state = OperationState::operating,
                          .request_id = "",
                          .error_message = "",
                          .ends_at = soon(),
                          .state_after = pick(0, 1) == 0 ? InstanceState::terminating : InstanceState::running};
        instances.push_back(std::move(instance));
    }
    for (std::int64_t i = pick(0, 2); i > 0; --i)
        disks.push_back({.disk = elastic("disk-" + std::to_string(pick(10'000'000, 99'999'999)), soon(), flag()),
                         .instance_id = {},
                         .region = {},
                         .zone = {}});
    SimulationInput input = input_of(pick(0, 3000), std::move(instances), std::move(disks));
    input.account.balance.credit = {pick(0, 1) * 200};
    return input;
}

} // namespace

TEST_CASE("a jump gives the same result in any number of parts, and the books agree")
{
    std::mt19937_64 random{cvm::test::property_seed()};
    const int rounds = cvm::test::property_sequences(1000);
    std::size_t events = 0;
    for (int round = 0; round < rounds; ++round) {
        CAPTURE(round);
        const SimulationInput input = some_input(random);
        const Instant until = start + std::chrono::hours{std::uniform_int_distribution{1, 24 * 90}(random)};
        const SimulationResult whole = simulate(input, lifecycle, prices, {.until = until, .list_hours = true});

        SimulationInput now = input;
        std::vector<Event> told_in_parts;
        std::vector<Deal> orders;
        std::vector<LedgerLine> lines = reconciling_lines({}, input.account.balance, start);
        Hours hours;
        for (Instant reached = start; reached < until;) {
            reached = std::min(until, reached + std::chrono::minutes{std::uniform_int_distribution{1, 60'000}(random)});
            const SimulationResult part = simulate(now, lifecycle, prices, {.until = reached, .list_hours = true});
            std::ranges::copy(part.events, std::back_inserter(told_in_parts));
            std::ranges::copy(part.books.orders, std::back_inserter(orders));
            std::ranges::copy(part.books.lines, std::back_inserter(lines));
            hours.charged += part.hours.charged;
            hours.total += part.hours.total;
            now = after(std::move(now), part);
        }
        CHECK(cvm::test::difference(told_in_parts, whole.events) == "");
        CHECK(cvm::test::difference(orders, whole.books.orders) == "");
        CHECK(hours == whole.hours);
        const SimulationInput at_once = after(input, whole);
        CHECK(cvm::test::difference(now.account, at_once.account) == "");
        CHECK(cvm::test::difference(now.instances, at_once.instances) == "");
        CHECK(cvm::test::difference(now.disks, at_once.disks) == "");
        Balance told_by_lines = balance_of(add_up(lines));
        told_by_lines.credit = now.account.balance.credit;
        CHECK(told_by_lines == now.account.balance);

        // The order of the input does not matter, and each event begins with the balance at the end of the previous
        // one.
        SimulationInput shuffled = input;
        std::ranges::shuffle(shuffled.instances, random);
        std::ranges::shuffle(shuffled.disks, random);
        CHECK(cvm::test::difference(simulate(shuffled, lifecycle, prices, {.until = until, .list_hours = true}).events,
                                    whole.events) == "");
        for (std::size_t i = 1; i < whole.events.size(); ++i) {
            CHECK(whole.events[i].at >= whole.events[i - 1].at);
            CHECK(whole.events[i].before == whole.events[i - 1].after);
        }
        events += whole.events.size();
    }
    CHECK(events > static_cast<std::size_t>(rounds) * 30);
}
