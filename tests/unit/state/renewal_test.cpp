#include "state/renewal.hpp"

#include <doctest/doctest.h>

#include <limits>
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

//                                 cash         income      present    frozen     owed       credit
constexpr Balance pockets{Cents{1000}, Cents{200}, Cents{30}, Cents{0}, Cents{0}, Cents{0}};

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
    CHECK(renewed(running(), for_months(1)) == expected);
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
    CHECK(renewed(running(), terms).disks == running().disks);
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
    // renewed. The elastic one ends a day before the instance, so that it begins one month more, but for the month that
    // ends with February for both.
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

TEST_CASE("a renewal stays within the calendar or is told beforehand that it does not")
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

TEST_CASE("pay refuses a negative amount")
{
    CHECK_THROWS_AS(pay(pockets, Cents{-1}), std::invalid_argument);
    CHECK_THROWS_AS(pay(pockets, Cents{std::numeric_limits<std::int64_t>::min()}), std::invalid_argument);
}

TEST_CASE("pay refuses one cent too much and takes exactly enough")
{
    struct Case {
        std::string_view what;
        Balance balance;
        std::int64_t enough;
    };
    //                     cash        income     present    frozen     owed       credit
    const Case cases[] = {
        {"an empty account", Balance{}, 0},
        {"cash", {Cents{100}, {}, {}, {}, {}, {}}, 100},
        {"income", {{}, Cents{100}, {}, {}, {}, {}}, 100},
        {"present", {{}, {}, Cents{100}, {}, {}, {}}, 100},
        {"all three pockets", pockets, 1230},
        {"credit alone", {{}, {}, {}, {}, {}, Cents{100}}, 100},
        {"cash and credit", {Cents{100}, {}, {}, {}, {}, Cents{50}}, 150},
        {"some of it frozen", {Cents{100}, {}, {}, Cents{30}, {}, {}}, 70},
        {"all of it frozen", {Cents{100}, {}, {}, Cents{100}, {}, {}}, 0},
        {"frozen money counts against credit", {Cents{100}, {}, {}, Cents{120}, {}, Cents{50}}, 30},
        {"debt", {Cents{100}, {}, {}, {}, Cents{30}, {}}, 70},
        {"debt within the credit line", {{}, {}, {}, {}, Cents{30}, Cents{100}}, 70},
        {"the credit line used up", {{}, {}, {}, {}, Cents{100}, Cents{100}}, 0},
        {"everything", {Cents{1000}, Cents{200}, Cents{30}, Cents{4}, Cents{500}, Cents{60}}, 786},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK_FALSE(pay(c.balance, Cents{c.enough + 1}).has_value());
        const auto after = pay(c.balance, Cents{c.enough});
        REQUIRE(after.has_value());
        CHECK(after->available() == Cents{0});
    }
}

TEST_CASE("pay refuses everything when more is owed than there is")
{
    const Balance balance{
        .cash = Cents{100}, .income = {}, .present = {}, .frozen = {}, .owed = Cents{101}, .credit = {}};
    CHECK_FALSE(pay(balance, Cents{0}).has_value());
    CHECK_FALSE(pay(balance, Cents{1}).has_value());
}

TEST_CASE("pay empties what was given first and then income and then cash and then takes credit")
{
    struct Case {
        std::int64_t amount;
        std::int64_t present;
        std::int64_t income;
        std::int64_t cash;
        std::int64_t owed;
    };
    const Case cases[] = {
        {0, 30, 200, 1000, 0}, {1, 29, 200, 1000, 0}, {29, 1, 200, 1000, 0}, {30, 0, 200, 1000, 0},
        {31, 0, 199, 1000, 0}, {230, 0, 0, 1000, 0},  {231, 0, 0, 999, 0},   {1229, 0, 0, 1, 0},
        {1230, 0, 0, 0, 0},    {1231, 0, 0, 0, 1},    {1729, 0, 0, 0, 499},  {1730, 0, 0, 0, 500},
    };
    Balance balance = pockets;
    balance.credit = Cents{500};
    for (const Case& c : cases) {
        CAPTURE(c.amount);
        const auto after = pay(balance, Cents{c.amount});
        REQUIRE(after.has_value());
        CHECK(after->present == Cents{c.present});
        CHECK(after->income == Cents{c.income});
        CHECK(after->cash == Cents{c.cash});
        CHECK(after->owed == Cents{c.owed});
        CHECK(after->credit == Cents{500});
        CHECK(after->frozen == Cents{0});
    }
    CHECK_FALSE(pay(balance, Cents{1731}).has_value());
}

TEST_CASE("pay leaves frozen money frozen and lowers every documented balance by the amount")
{
    const Balance before{.cash = Cents{1000},
                         .income = Cents{200},
                         .present = Cents{30},
                         .frozen = Cents{400},
                         .owed = Cents{50},
                         .credit = Cents{300}};
    for (std::int64_t amount = 0; amount <= before.available().value; amount += 9) {
        CAPTURE(amount);
        const auto after = pay(before, Cents{amount});
        REQUIRE(after.has_value());
        CHECK(after->frozen == before.frozen);
        CHECK(after->real() == before.real() - Cents{amount});
        CHECK(after->with_credit() == before.with_credit() - Cents{amount});
        CHECK(after->available() == before.available() - Cents{amount});
        CHECK(after->cash >= Cents{0});
        CHECK(after->income >= Cents{0});
        CHECK(after->present >= Cents{0});
        CHECK(after->owed >= before.owed);
    }
}

TEST_CASE("pay takes nothing out of a pocket that is below zero")
{
    const Balance before{
        .cash = Cents{500}, .income = Cents{-100}, .present = Cents{-1}, .frozen = {}, .owed = {}, .credit = {}};
    CHECK_FALSE(pay(before, Cents{400}).has_value());
    const auto after = pay(before, Cents{399});
    REQUIRE(after.has_value());
    CHECK(after->present == Cents{-1});
    CHECK(after->income == Cents{-100});
    CHECK(after->cash == Cents{101});
}
