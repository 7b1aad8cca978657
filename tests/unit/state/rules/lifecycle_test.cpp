#include "state/rules/lifecycle.hpp"

#include "state/rules/ledger.hpp"

#include <doctest/doctest.h>

using namespace cvm::state;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

Instant at(std::string_view text) { return parse_instant(text).value(); }

const Stages no_grace{
    .reminders = {days{7}, days{5}, days{3}, days{1}}, .usable_after = days{0}, .recycle_bin = days{7}};
const Stages week_of_grace{.reminders = {days{7}, days{1}}, .usable_after = days{7}, .recycle_bin = days{7}};
const Lifecycle lifecycle{
    .name = "test", .instances = no_grace, .disks = week_of_grace, .arrears_grace = 2h, .arrears_retention = days{15}};

const Instant expiry = at("2026-04-10T10:00:00Z");

Instance prepaid(RenewFlag flag = RenewFlag::notify_and_manual_renew)
{
    Instance instance;
    instance.id = "ins-aaaaaaaa";
    instance.renew_flag = flag;
    instance.expires_at = expiry;
    return instance;
}

Disk elastic(RenewFlag flag = RenewFlag::notify_and_manual_renew)
{
    Disk disk;
    disk.id = "disk-aaaaaaaa";
    disk.portable = true;
    disk.renew_flag = flag;
    disk.expires_at = expiry;
    return disk;
}

Instance by_the_hour(std::string_view charged_until)
{
    Instance instance;
    instance.id = "ins-hhhhhhhh";
    instance.charge_type = ChargeType::postpaid_by_hour;
    instance.hourly_since = instance.charged_until = at(charged_until);
    return instance;
}

// Every time at which a stage is due, from `since` on, if nobody acts.
template <class Next>
std::vector<Instant> all_stages(Instant since, const Next& next)
{
    std::vector<Instant> found;
    while (const auto stage = next(since)) {
        if (!found.empty() && *stage <= found.back())
            break;
        found.push_back(*stage);
        since = *stage;
    }
    return found;
}

std::vector<Instant> stages_of(const Instance& instance, Instant since)
{
    return all_stages(since, [&](Instant from) { return next_stage(instance, lifecycle, from); });
}

std::vector<Instant> stages_of(const Disk& disk, bool attached, Instant since)
{
    return all_stages(since, [&](Instant from) { return next_stage(disk, attached, lifecycle.disks, from); });
}

std::vector<Instant> around_expiry(std::initializer_list<int> offsets)
{
    std::vector<Instant> instants;
    for (const int offset : offsets)
        instants.push_back(expiry + days{offset});
    return instants;
}

} // namespace

TEST_CASE("the recycle bin is left at 00:00 in Beijing after seven whole days")
{
    struct Row {
        std::string_view isolated;
        std::string_view released;
    };
    const Row rows[] = {
        {"2026-04-10T10:00:00Z", "2026-04-17T16:00:00Z"}, // the 10th at 18:00; days 11 to 17; the 18th at 00:00
        {"2026-04-10T15:59:59Z", "2026-04-17T16:00:00Z"},
        {"2026-04-10T16:00:00Z", "2026-04-18T16:00:00Z"}, // the 11th at 00:00
        {"2026-02-25T00:00:00Z", "2026-03-04T16:00:00Z"}, // over the end of February
        {"2028-02-25T00:00:00Z", "2028-03-03T16:00:00Z"}, // in a leap year
        {"2026-12-31T20:00:00Z", "2027-01-08T16:00:00Z"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.isolated);
        CHECK(format_instant(release_time(at(row.isolated), no_grace)) == row.released);
    }
}

TEST_CASE("reminders depend on the flag and the expiry does not")
{
    const Instant long_before = expiry - days{30};
    CHECK(stages_of(prepaid(), long_before) == around_expiry({-7, -5, -3, -1, 0}));
    CHECK(stages_of(prepaid(RenewFlag::notify_and_auto_renew), long_before) == around_expiry({-7, -5, -3, -1, 0}));
    CHECK(stages_of(prepaid(RenewFlag::disable_notify_and_manual_renew), long_before) == around_expiry({0}));
    CHECK(stages_of(prepaid(), expiry - days{5}) == around_expiry({-3, -1, 0}));
    CHECK(stages_of(prepaid(), expiry - days{5} - 1s) == around_expiry({-5, -3, -1, 0}));
}

TEST_CASE("an expiry that was missed is due at its own time")
{
    CHECK(next_stage(prepaid(), lifecycle, expiry) == expiry);
    CHECK(next_stage(prepaid(), lifecycle, expiry + days{100}) == expiry);
}

TEST_CASE("an isolated instance waits for its release, one that is ending or failed to launch has no stage")
{
    Instance instance = prepaid();
    instance.state = InstanceState::shutdown;
    for (const IsolatedSource source : {IsolatedSource::expire, IsolatedSource::manmade}) {
        instance.isolated_source = source;
        CHECK(next_stage(instance, lifecycle, expiry) == at("2026-04-17T16:00:00Z"));
    }
    for (const InstanceState state : {InstanceState::terminating, InstanceState::launch_failed}) {
        instance.state = state;
        CHECK(next_stage(instance, lifecycle, expiry) == std::nullopt);
    }
    instance = prepaid();
    instance.latest_operation = Operation{.name = "TerminateInstances",
                                          .state = OperationState::operating,
                                          .request_id = "",
                                          .error_message = "",
                                          .ends_at = expiry + 1h,
                                          .state_after = InstanceState::shutdown};
    CHECK(next_stage(instance, lifecycle, expiry) == std::nullopt);
    CHECK(scheduled(instance, lifecycle, expiry).due_at == expiry + 1h);
    instance.latest_operation->name = "StopInstances";
    CHECK(scheduled(instance, lifecycle, expiry - 1s).due_at == expiry);
}

TEST_CASE("an automatic renewal is attempted every day while an expired instance is usable")
{
    Lifecycle with_grace = lifecycle;
    with_grace.instances = week_of_grace;
    with_grace.instances.usable_after = days{3};
    const auto all = [&](RenewFlag flag) {
        return all_stages(expiry - 1s, [&](Instant since) { return next_stage(prepaid(flag), with_grace, since); });
    };
    CHECK(all(RenewFlag::notify_and_auto_renew) == around_expiry({0, 1, 2, 3}));
    CHECK(all(RenewFlag::notify_and_manual_renew) == around_expiry({3}));
    Instance isolated = prepaid();
    isolated.state = InstanceState::shutdown;
    isolated.isolated_source = IsolatedSource::expire;
    CHECK(next_stage(isolated, with_grace, expiry) == at("2026-04-20T16:00:00Z"));
    isolated.isolated_source = IsolatedSource::manmade; // its expiry is the moment of its return
    CHECK(next_stage(isolated, with_grace, expiry) == at("2026-04-17T16:00:00Z"));
}

TEST_CASE("an elastic disk stays usable for a week, leaves its instance and is released a week later")
{
    const Instant long_before = expiry - days{30};
    const Instant release = at("2026-04-24T16:00:00Z");
    auto expected = around_expiry({-7, -1, 7});
    CHECK(stages_of(elastic(), true, long_before) == expected);
    expected.push_back(release);
    CHECK(stages_of(elastic(), false, long_before) == expected);
    auto daily = around_expiry({0, 1, 2, 3, 4, 5, 6, 7});
    CHECK(stages_of(elastic(RenewFlag::notify_and_auto_renew), true, expiry - 1s) == daily);
    daily.push_back(release);
    CHECK(stages_of(elastic(RenewFlag::notify_and_auto_renew), false, expiry - 1s) == daily);
    CHECK(next_stage(elastic(), true, lifecycle.disks, expiry + days{100}) == expiry + days{7});
    CHECK(next_stage(elastic(), false, lifecycle.disks, expiry + days{100}) == release);
}

TEST_CASE("a detached disk is in the recycle bin when its usable time is over")
{
    PlacedDisk placed{.disk = elastic(), .instance_id = {}, .region = {}, .zone = {}};
    CHECK_FALSE(in_recycle_bin(placed, week_of_grace, expiry + days{7} - 1s));
    CHECK(in_recycle_bin(placed, week_of_grace, expiry + days{7}));
    CHECK(in_recycle_bin(placed, no_grace, expiry));
    placed.instance_id = "ins-aaaaaaaa";
    CHECK_FALSE(in_recycle_bin(placed, week_of_grace, expiry + days{7}));
    placed.instance_id.clear();
    placed.disk.charge_type = ChargeType::postpaid_by_hour;
    CHECK_FALSE(in_recycle_bin(placed, week_of_grace, expiry + days{7}));
}

TEST_CASE("a returned detached disk is in the recycle bin at once, for as long as an expired one")
{
    PlacedDisk placed{.disk = elastic(), .instance_id = {}, .region = {}, .zone = {}};
    placed.disk.released = true;
    CHECK(is_returned(placed));
    CHECK(in_recycle_bin(placed, week_of_grace, expiry));
    CHECK(release_time(placed, lifecycle.disks) == release_time(expiry, lifecycle.disks));
    CHECK(scheduled(placed, lifecycle, expiry).due_at == release_time(expiry, lifecycle.disks));
    placed.disk.released = false;
    CHECK_FALSE(is_returned(placed));
    CHECK(release_time(placed, lifecycle.disks) ==
          release_time(expiry + lifecycle.disks.usable_after, lifecycle.disks));
    placed.disk.released = true;
    placed.instance_id = "ins-aaaaaaaa"; // it is to go with its instance
    CHECK_FALSE(is_returned(placed));
    CHECK_FALSE(in_recycle_bin(placed, week_of_grace, expiry));
}

TEST_CASE("only elastic prepaid disks not to be released with their instance have their own lifecycle")
{
    CHECK(has_own_lifecycle(elastic()));
    Disk disk = elastic();
    disk.portable = false;
    CHECK_FALSE(has_own_lifecycle(disk));
    disk = elastic();
    disk.charge_type = ChargeType::postpaid_by_hour;
    CHECK_FALSE(has_own_lifecycle(disk));
    disk = elastic();
    disk.released = true;
    CHECK_FALSE(has_own_lifecycle(disk));
    disk.charge_type = ChargeType::postpaid_by_hour;
    CHECK(scheduled(PlacedDisk{.disk = disk, .instance_id = {}, .region = {}, .zone = {}}, lifecycle, expiry).due_at ==
          std::nullopt);
}

TEST_CASE("an instance is due when the first of its disks is")
{
    Instance instance = prepaid(RenewFlag::disable_notify_and_manual_renew);
    instance.disks = {elastic(), elastic()};
    instance.disks[1].expires_at = expiry - days{3};
    CHECK(scheduled(instance, lifecycle, expiry - days{30}).due_at == expiry - days{10});
    instance.disks[1].portable = false;
    CHECK(scheduled(instance, lifecycle, expiry - days{30}).due_at == expiry - days{7});
}

TEST_CASE("hours of running hourly instances end on the hour")
{
    CHECK(next_hour(by_the_hour("2026-04-01T10:00:00Z")) == at("2026-04-01T11:00:00Z"));
    CHECK(next_hour(by_the_hour("2026-04-01T10:00:01Z")) == at("2026-04-01T11:00:00Z"));
    CHECK(next_hour(by_the_hour("2026-04-01T10:59:59Z")) == at("2026-04-01T11:00:00Z"));
    CHECK(next_hour(prepaid()) == std::nullopt);
    Instance instance = by_the_hour("2026-04-01T10:00:00Z");
    CHECK(scheduled(instance, lifecycle, expiry).due_at == at("2026-04-01T11:00:00Z"));
    CHECK(due_besides_hours(instance, lifecycle, expiry) == std::nullopt);
    for (const InstanceState state :
         {InstanceState::shutdown, InstanceState::terminating, InstanceState::launch_failed}) {
        instance.state = state;
        CHECK(next_hour(instance) == std::nullopt);
    }
    instance.state = InstanceState::stopped;
    CHECK(next_hour(instance).has_value());
}

TEST_CASE("usage is charged once, by the second")
{
    PriceTable prices;
    prices.hourly_instance_types.emplace("T.ONE", Cents{3600});
    Instance instance = by_the_hour("2026-04-01T10:00:00Z");
    instance.type = "T.ONE";
    Account account;
    account.balance.cash = {100000};
    Bookkeeper books{account, expiry, Cause::event, "hour_charged"};
    charge_until(instance, at("2026-04-01T10:00:10Z"), prices, books);
    CHECK(books.account.balance.cash == Cents{99990});
    CHECK(instance.charged_until == at("2026-04-01T10:00:10Z"));
    charge_until(instance, at("2026-04-01T10:00:10Z"), prices, books);
    charge_until(instance, at("2026-04-01T09:00:00Z"), prices, books);
    CHECK(books.account.balance.cash == Cents{99990});
    instance.state = InstanceState::shutdown;
    charge_until(instance, at("2026-04-01T12:00:00Z"), prices, books);
    CHECK(books.account.balance.cash == Cents{99990});
    Instance ahead = prepaid();
    charge_until(ahead, expiry, prices, books);
    CHECK(books.lines.size() == 1);
}

TEST_CASE("every member of an isolated instance says so and its operation is abandoned")
{
    Instance instance = prepaid();
    instance.latest_operation = Operation{.name = "RebootInstances",
                                          .state = OperationState::operating,
                                          .request_id = "r-1",
                                          .error_message = "",
                                          .ends_at = expiry + 1h,
                                          .state_after = InstanceState::running};
    const Instance expired = isolated(instance, IsolatedSource::expire);
    CHECK(expired.state == InstanceState::shutdown);
    CHECK(expired.restrict_state == RestrictState::expired);
    CHECK(expired.isolated_source == IsolatedSource::expire);
    CHECK(expired.latest_operation->name == "IsolateInstances");
    CHECK(expired.latest_operation->state == OperationState::success);
    CHECK(expired.latest_operation->ends_at == std::nullopt);
    CHECK(expired.expires_at == expiry);

    instance.restrict_state = RestrictState::protectively_isolated;
    CHECK(isolated(instance, IsolatedSource::expire).restrict_state == RestrictState::protectively_isolated);
    const Instance suspended = isolated(by_the_hour("2026-04-01T10:00:00Z"), IsolatedSource::arrear);
    CHECK(suspended.restrict_state == RestrictState::normal);
    const Instance back = restored(suspended, expiry);
    CHECK(back.state == InstanceState::stopped);
    CHECK(back.isolated_source == IsolatedSource::notisolated);
    CHECK(back.charged_until == expiry);
}

TEST_CASE("remaining disks are detached, in the zone of their instance")
{
    Instance instance = prepaid();
    instance.region = "ap-guangzhou";
    instance.zone = "ap-guangzhou-3";
    instance.project_id = 7;
    instance.created_at = expiry - days{60};
    instance.disks.resize(5);
    instance.disks[0].usage = DiskUsage::system;
    instance.disks[0].delete_with_instance = false;
    instance.disks[1].id = "disk-goesaway";
    instance.disks[2] = elastic();
    instance.disks[2].id = "disk-released";
    instance.disks[2].delete_with_instance = false;
    instance.disks[2].released = true;
    instance.disks[3] = elastic(RenewFlag::notify_and_auto_renew);
    instance.disks[3].id = "disk-stayhere";
    instance.disks[3].expires_at = expiry + days{9};
    instance.disks[3].delete_with_instance = true; // but paid for alone
    instance.disks[4].id = "disk-followed";
    instance.disks[4].delete_with_instance = false;

    const auto left = disks_left(instance);
    REQUIRE(left.size() == 2);
    CHECK(left[0].disk == instance.disks[3]);
    CHECK(left[1].disk.id == "disk-followed");
    CHECK(left[1].disk.portable);
    CHECK(left[1].disk.expires_at == expiry);
    CHECK(left[1].disk.renew_flag == instance.renew_flag);
    for (const PlacedDisk& placed : left) {
        CHECK(placed.instance_id.empty());
        CHECK(placed.region == "ap-guangzhou");
        CHECK(placed.zone == "ap-guangzhou-3");
        CHECK(placed.project_id == 7);
        CHECK(placed.created_at == instance.created_at);
    }
}

TEST_CASE("Lighthouse resources have their own stages")
{
    Lifecycle own = lifecycle;
    own.lighthouse = {.reminders = {}, .usable_after = days{2}, .recycle_bin = days{3}};
    Instance instance = prepaid(RenewFlag::disable_notify_and_manual_renew);
    Disk disk = elastic(RenewFlag::disable_notify_and_manual_renew);
    CHECK(scheduled(instance, own, expiry - days{9}).due_at == expiry);
    CHECK(next_stage(disk, false, own.of(disk), expiry - days{9}) == expiry + days{7});
    instance.id = "lhins-aaaaaaaa";
    disk.id = "lhdisk-aaaaaaaa";
    CHECK(scheduled(instance, own, expiry - days{9}).due_at == expiry + days{2});
    PlacedDisk placed;
    placed.disk = disk;
    CHECK(scheduled(placed, own, expiry - days{9}).due_at == expiry + days{2});
    instance.latest_operation = Operation{.name = "IsolateInstances",
                                          .state = OperationState::operating,
                                          .request_id = "",
                                          .error_message = "",
                                          .ends_at = expiry + 1h,
                                          .state_after = InstanceState::shutdown};
    CHECK(next_stage(instance, own, expiry) == std::nullopt);
}
