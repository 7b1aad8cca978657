#include "state/rules/renewal.hpp"

#include "tests/support/difference.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using namespace cvm::state;
using namespace std::chrono_literals;
using std::chrono::months;

namespace {

constexpr Instant expiry = std::chrono::sys_days{2026y / 1 / 31} + 8h + 30min;

Disk disk(std::string id, DiskUsage usage, bool portable, ChargeType charge_type, std::optional<Instant> expires_at)
{
    Disk d;
    d.id = std::move(id);
    d.usage = usage;
    d.type = "CLOUD_PREMIUM";
    d.size_gib = 100;
    d.portable = portable;
    d.charge_type = charge_type;
    d.expires_at = expires_at;
    return d;
}

// A running prepaid instance with one disk of each kind.
Instance running()
{
    Instance i;
    i.id = "ins-1234abcd";
    i.type = "S2.SMALL1";
    i.renew_flag = RenewFlag::notify_and_auto_renew;
    i.created_at = expiry - 24h * 365;
    i.expires_at = expiry;
    i.bandwidth_mbps = 1;
    i.latest_operation = Operation{"RunInstances", OperationState::success, "id", ""};
    i.disks = {
        disk("disk-system00", DiskUsage::system, false, ChargeType::prepaid, std::nullopt),
        disk("disk-fixed000", DiskUsage::data, false, ChargeType::prepaid, std::nullopt),
        disk("disk-elastic0", DiskUsage::data, true, ChargeType::prepaid, expiry - 24h),
        disk("disk-hourly00", DiskUsage::data, true, ChargeType::postpaid_by_hour, std::nullopt),
    };
    return i;
}

RenewalTerms for_months(int count)
{
    return {.period = months{count}, .renew_flag = std::nullopt, .portable_data_disks = true};
}

std::string text(const std::optional<Instant>& instant) { return instant ? format_instant(*instant) : "none"; }

PriceTable table()
{
    PriceTable t;
    t.instance_types = {{"S2.SMALL1", Cents{5900}}};
    t.disk_types = {{"CLOUD_PREMIUM", Cents{35}}};
    t.bandwidth_per_mbps = Cents{2000};
    t.other_discounts = {{months{1}, 100}, {months{6}, 88}, {months{12}, 83}};
    return t;
}

} // namespace

TEST_CASE("an instance without an expiry cannot be renewed")
{
    Instance hourly = running();
    hourly.expires_at = std::nullopt;
    CHECK_THROWS_AS(renewed(hourly, for_months(1)), std::bad_optional_access);
}

TEST_CASE("a renewal past the year 9999 throws")
{
    Instance instance = running();
    instance.expires_at = latest;
    CHECK_THROWS_AS(renewed(instance, for_months(1)), std::out_of_range);
}

TEST_CASE("a renewal counts from the old expiry")
{
    struct Case {
        int period;
        std::string_view expected;
    };
    const Case cases[] = {
        {1, "2026-02-28T08:30:00Z"},  {2, "2026-03-31T08:30:00Z"},  {3, "2026-04-30T08:30:00Z"},
        {6, "2026-07-31T08:30:00Z"},  {12, "2027-01-31T08:30:00Z"}, {24, "2028-01-31T08:30:00Z"},
        {25, "2028-02-29T08:30:00Z"}, {36, "2029-01-31T08:30:00Z"}, {48, "2030-01-31T08:30:00Z"},
        {60, "2031-01-31T08:30:00Z"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.period);
        CHECK(text(renewed(running(), for_months(c.period)).expires_at) == c.expected);
    }
}

TEST_CASE("a renewal changes nothing but what it must")
{
    Instance expected = running();
    expected.expires_at = expiry + 24h * 28;
    expected.disks[2].expires_at = expected.expires_at;
    CHECK(cvm::test::difference(renewed(running(), for_months(1)), expected) == "");
}

TEST_CASE("a renewal brings an instance back from the recycle bin and counts from its old expiry")
{
    Instance isolated = running();
    isolated.state = InstanceState::shutdown;
    isolated.restrict_state = RestrictState::expired;
    isolated.isolated_source = IsolatedSource::expire;

    const Instance back = renewed(isolated, for_months(1));
    CHECK(name(back.state) == "RUNNING");
    CHECK(name(back.restrict_state) == "NORMAL");
    CHECK(name(back.isolated_source) == "NOTISOLATED");
    CHECK(text(back.expires_at) == "2026-02-28T08:30:00Z");
    CHECK(back == renewed(running(), for_months(1)));
}

TEST_CASE("a renewal leaves an instance in the state that it found unless that was the recycle bin")
{
    for (std::size_t i = 0; i < Names<InstanceState>::all.size(); ++i) {
        const auto before = static_cast<InstanceState>(i);
        const std::string word{name(before)};
        CAPTURE(word);
        Instance instance = running();
        instance.state = before;
        const auto after = name(renewed(instance, for_months(1)).state);
        CHECK(after == (before == InstanceState::shutdown ? "RUNNING" : name(before)));
    }
}

TEST_CASE("a renewal does not lift the isolation of an instance under protection")
{
    Instance instance = running();
    instance.restrict_state = RestrictState::protectively_isolated;
    CHECK(name(renewed(instance, for_months(1)).restrict_state) == "PROTECTIVELY_ISOLATED");
}

TEST_CASE("a renewal sets the renew flag only when it is asked to")
{
    RenewalTerms terms = for_months(1);
    CHECK(renewed(running(), terms).renew_flag == RenewFlag::notify_and_auto_renew);
    for (std::size_t i = 0; i < Names<RenewFlag>::all.size(); ++i) {
        terms.renew_flag = static_cast<RenewFlag>(i);
        CHECK(renewed(running(), terms).renew_flag == terms.renew_flag);
    }
}

TEST_CASE("a renewal takes elastic prepaid disks along to the instance's new expiry")
{
    const Instance after = renewed(running(), for_months(12));
    CHECK(text(after.disks[0].expires_at) == "none"); // follows the instance
    CHECK(text(after.disks[1].expires_at) == "none"); // follows the instance
    CHECK(text(after.disks[2].expires_at) == "2027-01-31T08:30:00Z");
    CHECK(text(after.disks[3].expires_at) == "none"); // paid by the hour

    Instance without = running();
    without.disks[2].expires_at = std::nullopt;
    CHECK(text(renewed(without, for_months(12)).disks[2].expires_at) == "2027-01-31T08:30:00Z");
}

TEST_CASE("a renewal without portable disks leaves them as they are")
{
    RenewalTerms terms = for_months(12);
    terms.portable_data_disks = false;
    CHECK(cvm::test::difference(renewed(running(), terms).disks, running().disks) == "");
}

TEST_CASE("a renewal never takes time from a disk that lasts longer than the instance")
{
    Instance instance = running();
    instance.disks[2].expires_at = expiry + 24h * 3650;
    CHECK(renewed(instance, for_months(1)).disks[2].expires_at == expiry + 24h * 3650);
}

TEST_CASE("the price of a renewal is the instance and its bandwidth and the elastic disks that go along")
{
    struct Case {
        std::string_view what;
        int period;
        bool portable_data_disks;
        std::int64_t original;
        std::int64_t discounted;
    };
    // A month: 5900 compute, 2 x 3500 fixed disks, 2000 bandwidth, 3500 for one elastic disk; the hourly one is not
    // renewed. The elastic disk expires a day before the instance, so that it needs one month more, except for the
    // month that ends with February for both.
    const Case cases[] = {
        {"a month with disks", 1, true, 18400, 18400},
        {"a month without", 1, false, 14900, 14900},
        {"six months with disks", 6, true, 110400 + 3500, 110400 + 3500 - 35400 + 31152},
        {"a year with disks", 12, true, 220800 + 3500, 220800 + 3500 - 70800 + 58764},
        {"a year without", 12, false, 178800, 178800 - 70800 + 58764},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        RenewalTerms terms = for_months(c.period);
        terms.portable_data_disks = c.portable_data_disks;
        const Price price = renewal_price(table(), running(), terms).total();
        CHECK(price.original == Cents{c.original});
        CHECK(price.discounted == Cents{c.discounted});
    }
}

TEST_CASE("an elastic disk that lasts as long as the renewed instance costs nothing")
{
    Instance instance = running();
    instance.disks[2].expires_at = expiry + 24h * 3650;
    RenewalTerms without = for_months(1);
    without.portable_data_disks = false;
    CHECK(renewal_price(table(), instance, for_months(1)).total() == renewal_price(table(), instance, without).total());
}

TEST_CASE("within_calendar tells beforehand whether a renewal leaves the calendar")
{
    const Instant end = std::chrono::sys_days{9999y / 12 / 31};
    CHECK(within_calendar(expiry, months{60}));
    CHECK_FALSE(within_calendar(end, months{1}));
    CHECK(within_calendar(std::chrono::sys_days{9999y / 10 / 31}, months{1}));
}

TEST_CASE("the price of a renewal does not depend on the state of the instance or its renew flag")
{
    Instance isolated = running();
    isolated.state = InstanceState::shutdown;
    isolated.restrict_state = RestrictState::expired;
    RenewalTerms terms = for_months(12);
    terms.renew_flag = RenewFlag::disable_notify_and_manual_renew;
    CHECK(renewal_price(table(), isolated, terms).total() == renewal_price(table(), running(), for_months(12)).total());
}
