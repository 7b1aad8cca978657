#include "state/rules/change.hpp"
#include "state/rules/refund.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>
#include <string>

using namespace cvm::state;
using namespace std::chrono_literals;
using std::chrono::months;

namespace {

Instant at(std::string_view text) { return parse_instant(text).value(); }

PriceTable plain()
{
    return {.instance_types = {{"A.SMALL", Cents{10000}}, {"A.LARGE", Cents{30000}}, {"B.LARGE", Cents{30000}}},
            .per_core = {},
            .per_gib_memory = {},
            .disk_types = {{"CLOUD_PREMIUM", Cents{10}}},
            .other_disk_per_gib = {},
            .bandwidth_per_mbps = Cents{2000},
            .family_discounts = {{"B", {{months{1}, 90}, {months{3}, 50}}}},
            .other_discounts = {{months{1}, 100}}};
}

Instance of_type(std::string type, Instant expiry)
{
    Instance instance;
    instance.type = std::move(type);
    instance.expires_at = expiry;
    Disk disk;
    disk.usage = DiskUsage::system;
    disk.type = "CLOUD_PREMIUM";
    disk.size_gib = 50;
    instance.disks.push_back(disk);
    return instance;
}

Price same(std::int64_t cents) { return {Cents{cents}, Cents{cents}}; }

Deal order(std::string_view action, std::int64_t months, std::int64_t cents, Instant begin, Instant created)
{
    return {.order_id = std::string{action},
            .action = std::string{action},
            .resource_id = "ins-aaaaaaaa",
            .months = months,
            .total = Cents{cents},
            .created_at = created,
            .begins_at = begin};
}

Cents left_of(const std::vector<Deal>& deals, Instant now) { return refund(deals, "ins-aaaaaaaa", now).total; }

} // namespace

TEST_CASE("a change costs the difference of the prices for the seconds that are left rounded towards zero")
{
    const Instant expiry = at("2026-05-01T00:00:00Z");
    struct Case {
        std::string_view what;
        std::chrono::seconds left;
        std::int64_t cents; // of 20000 a month more
    };
    const Case cases[] = {
        {"a month", month_of_change, 20000},
        {"half", month_of_change / 2, 10000},
        {"a third", month_of_change / 3, 6666},
        {"two and a half", month_of_change * 5 / 2, 50000},
        {"a second short of a cent", 131s, 0}, // 131.4 seconds
        {"a cent", 132s, 1},
        {"a hundred months", month_of_change * 100, 2000000},
        {"nothing left", 0s, 0},
        {"expired", -1h, 0},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const Instance small = of_type("A.SMALL", expiry);
        const Instance large = of_type("A.LARGE", expiry);
        CHECK(change_price(plain(), small, large, expiry - c.left) == same(c.cents));
        CHECK(change_price(plain(), large, small, expiry - c.left) == same(-c.cents));
        CHECK(change_price(plain(), large, large, expiry - c.left) == Price{});
    }
}

TEST_CASE("disks and prepaid bandwidth count for the price of a change and traffic does not")
{
    const Instant expiry = at("2026-05-01T00:00:00Z");
    const Instant now = expiry - month_of_change;
    const Instance before = of_type("A.SMALL", expiry);
    Instance after = before;
    after.disks[0].size_gib = 120;
    CHECK(change_price(plain(), before, after, now) == same(700));
    after.bandwidth_mbps = 3;
    CHECK(change_price(plain(), before, after, now) == same(6700));
    after.internet_charge_type = "TRAFFIC_POSTPAID_BY_HOUR";
    CHECK(change_price(plain(), before, after, now) == same(700));
    after.disks[0].portable = true; // has a price of its own
    CHECK(change_price(plain(), before, after, now) == same(-500));
}

TEST_CASE("the discount of a change is that of the whole months that are left")
{
    const Instant expiry = at("2026-05-01T00:00:00Z");
    const auto cost = [&](std::chrono::seconds left) {
        return change_price(plain(), of_type("A.SMALL", expiry), of_type("B.LARGE", expiry), expiry - left);
    };
    CHECK(cost(month_of_change) == Price{Cents{20000}, Cents{17000}});
    CHECK(cost(month_of_change / 2) == Price{Cents{10000}, Cents{8500}});
    CHECK(cost(month_of_change * 3 - 1s).discounted == Cents{50999});
    CHECK(cost(month_of_change * 3) == Price{Cents{60000}, Cents{15000}});
}

TEST_CASE("an elastic disk pays by the same rule, and nothing if it becomes cheaper or has no expiry")
{
    const Instant expiry = at("2026-05-01T00:00:00Z");
    Disk small;
    small.type = "CLOUD_PREMIUM";
    small.size_gib = 50;
    small.portable = true;
    small.expires_at = expiry;
    Disk large = small;
    large.size_gib = 120;
    const auto cost = [&](std::chrono::seconds left) { return change_price(plain(), small, large, expiry - left); };
    CHECK(cost(month_of_change) == same(700));
    CHECK(cost(month_of_change * 5 / 2) == same(1750));
    CHECK(cost(month_of_change / 3) == same(233));
    CHECK(cost(-1h) == Price{});
    CHECK(change_price(plain(), large, small, expiry - month_of_change) == Price{});
    small.expires_at.reset();
    CHECK(change_price(plain(), small, large, expiry - month_of_change) == Price{});
}

TEST_CASE("a change whose price does not fit throws")
{
    PriceTable table = plain();
    table.instance_types["A.LARGE"] = Cents{std::numeric_limits<std::int64_t>::max() / 100};
    const Instance small = of_type("A.SMALL", latest);
    CHECK_THROWS_AS(change_price(table, small, of_type("A.LARGE", latest), earliest), std::overflow_error);
    CHECK_THROWS_AS(part_of(table.instance_types["A.LARGE"], 200s, 1s), std::overflow_error);
}

TEST_CASE("the months of a change end at the expiry and have begun")
{
    struct Case {
        std::string_view now;
        std::string_view expiry;
        std::string_view begin;
        int count;
    };
    const Case cases[] = {
        {"2026-04-15T00:00:00Z", "2026-05-01T00:00:00Z", "2026-04-01T00:00:00Z", 1},
        {"2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z", "2026-04-01T00:00:00Z", 1},
        {"2026-03-31T23:59:59Z", "2026-05-01T00:00:00Z", "2026-03-01T00:00:00Z", 2},
        {"2026-04-30T23:59:59Z", "2026-05-01T00:00:00Z", "2026-04-01T00:00:00Z", 1},
        {"2026-03-15T08:00:00Z", "2026-03-31T08:00:00Z", "2026-01-31T08:00:00Z", 2}, // February has no 31st
        {"2026-12-15T08:00:00Z", "2027-01-31T08:00:00Z", "2026-10-31T08:00:00Z", 3},
        {"2028-02-10T08:00:00Z", "2028-02-29T08:00:00Z", "2028-01-29T08:00:00Z", 1},
    };
    for (const Case& c : cases) {
        CAPTURE(c.now);
        CAPTURE(c.expiry);
        CHECK(months_left(at(c.now), at(c.expiry)) == MonthsLeft{at(c.begin), months{c.count}});
    }
}

TEST_CASE("an upgrade is refunded from the time of its order")
{
    const Instant begin = at("2026-04-01T00:00:00Z");
    const Instant middle = at("2026-04-16T00:00:00Z");
    const std::vector deals{order("purchase", 1, 3000, begin, begin), order("upgrade", 1, 1500, begin, middle)};
    CHECK(left_of(deals, middle) == Cents{3000});
    CHECK(left_of(deals, at("2026-04-30T00:00:00Z")) == Cents{200});
    CHECK(left_of(deals, at("2026-05-01T00:00:00Z")) == Cents{0});
    CHECK(refund(deals, "ins-aaaaaaaa", middle).deals.size() == 2);
}

TEST_CASE("the refund of a downgrade is subtracted from later refunds")
{
    const Instant begin = at("2026-04-01T00:00:00Z");
    const Instant middle = at("2026-04-16T00:00:00Z");
    std::vector deals{order("purchase", 1, 3000, begin, begin), order("downgrade", 1, 600, begin, middle)};
    CHECK(left_of(deals, middle) == Cents{900});
    CHECK(left_of(deals, at("2026-04-30T00:00:00Z")) == Cents{60});
    for (const Deal& deal : refund(deals, "ins-aaaaaaaa", middle).deals)
        CHECK(deal.status == DealStatus::refunded);
    deals[1].total = Cents{9999};
    CHECK(left_of(deals, middle) == Cents{0});
    // Of an imported document: ordered after its months.
    deals[1].created_at = at("2027-01-01T00:00:00Z");
    CHECK(left_of(deals, middle) == Cents{1500});
}
