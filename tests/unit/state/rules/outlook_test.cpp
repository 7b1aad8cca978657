#include "state/rules/outlook.hpp"

#include "state/rules/simulation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace cvm::state;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

Instant at(std::string_view text) { return parse_instant(text).value(); }

const Lifecycle lifecycle{.name = "test",
                          .instances = {.reminders = {days{7}}, .usable_after = days{3}, .recycle_bin = days{7}},
                          .disks = {.reminders = {days{1}}, .usable_after = days{2}, .recycle_bin = days{5}},
                          .arrears_grace = 2h,
                          .arrears_retention = days{15}};

const Instant start = at("2026-03-31T08:30:00Z");
const Instant expiry = at("2026-04-10T10:00:00Z");

Account penniless()
{
    Account account;
    account.uin = "100000000001";
    return account;
}

Instance prepaid(RenewFlag flag = RenewFlag::notify_and_manual_renew)
{
    Instance instance;
    instance.id = "ins-aaaaaaaa";
    instance.type = "AHEAD";
    instance.renew_flag = flag;
    instance.expires_at = expiry;
    return instance;
}

Instance hourly()
{
    Instance instance;
    instance.id = "ins-aaaaaaaa";
    instance.type = "HOURLY";
    instance.charge_type = ChargeType::postpaid_by_hour;
    instance.hourly_since = instance.charged_until = start;
    return instance;
}

PlacedDisk loose(RenewFlag flag = RenewFlag::notify_and_manual_renew)
{
    Disk disk;
    disk.id = "disk-aaaaaaaa";
    disk.size_gib = 10;
    disk.portable = true;
    disk.delete_with_instance = false;
    disk.renew_flag = flag;
    disk.expires_at = expiry;
    return {.disk = disk, .instance_id = {}, .region = "r", .zone = "z"};
}

Instance terminated(Instance instance, InstanceState after)
{
    instance.latest_operation = Operation{.name = "TerminateInstances",
                                          .state = OperationState::operating,
                                          .request_id = "",
                                          .error_message = "",
                                          .ends_at = start + 5min,
                                          .state_after = after};
    return instance;
}

// The result of the simulation for the only resource of the input, without money and if nobody acts.
Outlook simulated(SimulationInput input)
{
    PriceTable prices;
    prices.per_core = {100};
    prices.other_disk_per_gib = {1};
    prices.other_discounts = {{std::chrono::months{1}, 100}};
    prices.hourly_instance_types.emplace("HOURLY", Cents{10});
    prices.second_step_percent = prices.third_step_percent = 100;
    prices.hours_of_month_price = 100;
    const auto result = simulate(std::move(input), lifecycle, prices, {.until = start + days{365}});
    Outlook found;
    for (const Event& event : result.events) {
        if (event.kind == EventKind::isolated)
            found.isolated = event.at;
        if (event.kind == EventKind::released)
            found.released = event.at;
        found.auto_renews = found.auto_renews || event.kind == EventKind::renewal_failed;
    }
    return found;
}

Outlook simulated(const Account& account, Instance instance)
{
    SimulationInput input;
    input.account = account;
    input.instances.push_back(scheduled(std::move(instance), lifecycle, start));
    return simulated(std::move(input));
}

Outlook simulated(PlacedDisk placed)
{
    SimulationInput input;
    input.account = penniless();
    input.disks.push_back(scheduled(std::move(placed), lifecycle, start));
    return simulated(std::move(input));
}

} // namespace

namespace cvm::state {
std::ostream& operator<<(std::ostream& out, const Outlook& outlook)
{
    const auto show = [](const std::optional<Instant>& instant) {
        return instant ? format_instant(*instant) : "never";
    };
    return out << show(outlook.isolated) << " " << show(outlook.released) << (outlook.auto_renews ? " auto" : "");
}
} // namespace cvm::state

TEST_CASE("the outlook of a prepaid instance is what the simulation does to it")
{
    for (const RenewFlag flag : {RenewFlag::notify_and_manual_renew, RenewFlag::notify_and_auto_renew,
                                 RenewFlag::disable_notify_and_manual_renew}) {
        const Outlook seen = outlook(prepaid(flag), penniless(), lifecycle);
        CHECK(seen == simulated(penniless(), prepaid(flag)));
        CHECK(seen.isolated == expiry + days{3});
        CHECK(seen.released == at("2026-04-20T16:00:00Z"));
        CHECK(seen.auto_renews == (flag == RenewFlag::notify_and_auto_renew));
    }
}

TEST_CASE("an instance in the recycle bin is not renewed and is released from there")
{
    for (const IsolatedSource source : {IsolatedSource::expire, IsolatedSource::manmade}) {
        const Instance instance = isolated(prepaid(RenewFlag::notify_and_auto_renew), source);
        Outlook seen = outlook(instance, penniless(), lifecycle);
        CHECK(seen.isolated == (source == IsolatedSource::expire ? std::optional{expiry + days{3}} : std::nullopt));
        seen.isolated.reset(); // that is past
        CHECK(seen == simulated(penniless(), instance));
    }
}

TEST_CASE("a running termination determines the outlook of an instance")
{
    const Instance ends = terminated(hourly(), InstanceState::terminating);
    CHECK(outlook(ends, penniless(), lifecycle) == Outlook{.released = start + 5min});

    const Instance recycled = terminated(prepaid(RenewFlag::notify_and_auto_renew), InstanceState::shutdown);
    const Outlook seen = outlook(recycled, penniless(), lifecycle);
    CHECK(seen.isolated == start + 5min);
    CHECK(seen.released == at("2026-04-17T16:00:00Z"));
    CHECK_FALSE(seen.auto_renews);

    Instance never = ends;
    never.latest_operation->ends_at.reset();
    CHECK(outlook(never, penniless(), lifecycle) == Outlook{});
}

TEST_CASE("failed instances and those that are ending have no outlook")
{
    for (const InstanceState state : {InstanceState::launch_failed, InstanceState::terminating}) {
        Instance instance = prepaid(RenewFlag::notify_and_auto_renew);
        instance.state = state;
        CHECK(outlook(instance, penniless(), lifecycle) == Outlook{});
        CHECK(simulated(penniless(), instance) == Outlook{});
    }
}

TEST_CASE("an hourly instance has no end unless its account is in arrears")
{
    CHECK(outlook(hourly(), penniless(), lifecycle) == Outlook{});

    Account owing = penniless();
    owing.balance.owed = {1};
    owing.arrears = {ArrearsStage::owing, start};
    const Outlook seen = outlook(hourly(), owing, lifecycle);
    CHECK(seen.isolated == start + 2h);
    CHECK(seen.released == start + 2h + days{15});
    CHECK(seen == simulated(owing, hourly()));

    Account suspended = owing;
    suspended.arrears = {ArrearsStage::suspended, start};
    const Instance instance = isolated(hourly(), IsolatedSource::arrear);
    CHECK(outlook(instance, suspended, lifecycle) == Outlook{.isolated = start, .released = start + days{15}});
    CHECK(simulated(suspended, instance).released == start + days{15});
}

TEST_CASE("an ActionTimer releases an instance, unless it is protected")
{
    Account rich = penniless();
    rich.balance.cash = {1'000'000};
    Instance instance = hourly();
    instance.terminates_at = start + days{1};
    CHECK(outlook(instance, rich, lifecycle) == Outlook{.released = start + days{1}});
    CHECK(outlook(instance, rich, lifecycle) == simulated(rich, instance));
    instance.attributes.disable_api_termination = true;
    CHECK(outlook(instance, rich, lifecycle) == Outlook{});

    Account owing = penniless();
    owing.balance.owed = {1};
    owing.arrears = {ArrearsStage::owing, start};
    for (const auto& [ends, isolated] :
         {std::pair{start + 1h, std::optional<Instant>{}}, {start + 5h, std::optional{start + 2h}}}) {
        Instance timed = hourly();
        timed.terminates_at = ends;
        CHECK(outlook(timed, owing, lifecycle) == Outlook{.isolated = isolated, .released = ends});
        CHECK(outlook(timed, owing, lifecycle) == simulated(owing, timed));
    }
}

TEST_CASE("the outlook of an elastic disk is what the simulation does to it")
{
    for (const RenewFlag flag : {RenewFlag::notify_and_manual_renew, RenewFlag::notify_and_auto_renew}) {
        const Outlook seen = outlook(loose(flag), lifecycle.disks, start);
        CHECK(seen == simulated(loose(flag)));
        CHECK(seen.isolated == expiry + days{2});
        CHECK(seen.released == at("2026-04-17T16:00:00Z"));
        CHECK_FALSE(outlook(loose(flag), lifecycle.disks, expiry + days{2}).auto_renews);
    }
    PlacedDisk other = loose();
    other.disk.charge_type = ChargeType::postpaid_by_hour;
    CHECK(outlook(other, lifecycle.disks, start) == Outlook{});
}
