#include "state/rules/refund.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cvm::state;
using namespace std::chrono_literals;
using std::chrono::months;

namespace {

constexpr std::string_view mine = "ins-aaaaaaaa";
constexpr std::int64_t day = 86400;

Instant at(std::string_view text) { return parse_instant(text).value(); }

Deal order(std::string id, std::int64_t months, std::int64_t cents, DealStatus status = DealStatus::shipped,
           std::string resource = std::string{mine})
{
    return {.order_id = std::move(id),
            .status = status,
            .action = "renew",
            .resource_id = std::move(resource),
            .months = months,
            .total = Cents{cents}};
}

struct Back {
    Cents total;
    std::vector<std::string> ids; // newest first

    friend bool operator==(const Back&, const Back&) = default;
};

// The refund for consecutive orders that paid for the months up to the expiry; the oldest comes first.
Back back(std::vector<Deal> deals, std::string_view resource, Instant expiry, Instant now)
{
    Instant end = expiry;
    for (auto deal = deals.rbegin(); deal != deals.rend(); ++deal)
        if (deal->resource_id == resource && deal->status == DealStatus::shipped && deal->months > 0)
            end = deal->begins_at = add_months(end, months{-deal->months});
    const Refund given = refund(deals, resource, now);
    Back found{given.total, {}};
    for (auto deal = given.deals.rbegin(); deal != given.deals.rend(); ++deal) {
        CHECK(deal->status == DealStatus::refunded);
        found.ids.push_back(deal->order_id);
    }
    return found;
}

// The one order of April 2026, which has 30 days.
Back of_april(std::int64_t cents, Instant now)
{
    return back(std::vector{order("a", 1, cents)}, mine, at("2026-05-01T00:00:00Z"), now);
}

} // namespace

TEST_CASE("nothing is given back where nothing was paid or nothing is left")
{
    const Instant expiry = at("2026-05-01T00:00:00Z");
    struct Case {
        std::string_view what;
        std::vector<Deal> deals;
        Instant now;
    };
    const Case cases[] = {
        {"no orders", {}, expiry - 24h},
        {"the second of the expiry", {order("a", 1, 3000)}, expiry},
        {"expired", {order("a", 1, 3000)}, expiry + 1s},
        {"expired long ago", {order("a", 1, 3000), order("b", 12, 3000)}, latest},
        {"another resource", {order("a", 1, 3000, DealStatus::shipped, "ins-bbbbbbbb")}, expiry - 24h},
        {"an id that begins the same", {order("a", 1, 3000, DealStatus::shipped, "ins-aaaaaaa")}, expiry - 24h},
        {"no resource", {order("a", 1, 3000, DealStatus::shipped, "")}, expiry - 24h},
        {"unpaid", {order("a", 1, 3000, DealStatus::unpaid)}, expiry - 24h},
        {"paid, not shipped", {order("a", 1, 3000, DealStatus::paid)}, expiry - 24h},
        {"refunded", {order("a", 1, 3000, DealStatus::refunded)}, expiry - 24h},
        {"closed", {order("a", 1, 3000, DealStatus::closed)}, expiry - 24h},
        {"no months", {order("a", 0, 3000)}, expiry - 24h},
        {"months below zero", {order("a", -1, 3000)}, expiry - 24h},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(back(c.deals, mine, expiry, c.now) == Back{});
    }
}

TEST_CASE("an order that has not begun is given back in full")
{
    const Instant begin = at("2026-04-01T00:00:00Z");
    CHECK(of_april(3001, begin) == Back{Cents{3001}, {"a"}});
    CHECK(of_april(3001, begin - 1s) == Back{Cents{3001}, {"a"}});
    CHECK(of_april(3001, earliest) == Back{Cents{3001}, {"a"}});
    CHECK(of_april(3001, begin + 1s).total == Cents{3000});
    CHECK(of_april(0, begin) == Back{Cents{0}, {"a"}});
}

TEST_CASE("an order that has begun is given back by the seconds that are left rounded down")
{
    struct Case {
        std::string_view what;
        std::int64_t cents;
        std::int64_t seconds_left;
        std::int64_t expected;
    };
    const Case cases[] = {
        {"half", 3000, 15 * day, 1500},
        {"a third", 3000, 10 * day, 1000},
        {"a day", 3000, day, 100},
        {"half a cent", 1, 15 * day, 0},
        {"a cent and a half", 3, 15 * day, 1},
        {"one second short of a cent", 3000, 863, 0},
        {"exactly a cent", 3000, 864, 1},
        {"one second short of all", 30 * day, 30 * day - 1, 30 * day - 1},
        {"a cent a second", 30 * day, 1, 1},
        {"the last second", 1'000'000'000, 1, 385},         // of 2592000
        {"two of seven parts", 700, 30 * day * 2 / 7, 199}, // 2/7 of the seconds is no whole number
        {"nothing paid", 0, 15 * day, 0},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(of_april(c.cents, at("2026-05-01T00:00:00Z") - std::chrono::seconds{c.seconds_left}) ==
              Back{Cents{c.expected}, {"a"}});
    }
}

TEST_CASE("large amounts are given back to the cent")
{
    constexpr std::int64_t large = 10'000'000'000'000;      // 10^13
    constexpr std::int64_t largest = 1'000'000'000'000'000; // that a document may hold
    const Instant begin = at("2026-04-01T00:00:00Z");
    const Instant end = at("2026-05-01T00:00:00Z");
    CHECK(of_april(large, begin) == Back{Cents{large}, {"a"}});
    CHECK(of_april(large, end - 15 * 24h) == Back{Cents{large / 2}, {"a"}});
    CHECK(of_april(large, end - 1s).total == Cents{3'858'024}); // 10^13 / 2592000
    CHECK(of_april(largest, begin).total == Cents{largest});
    CHECK(of_april(largest, begin + 1s).total == Cents{999'999'614'197'530});
    CHECK(of_april(largest, end - 1s).total == Cents{385'802'469});

    const std::vector century{order("a", 1200, largest)};
    const Instant far = at("2126-04-01T00:00:00Z");
    CHECK(back(century, mine, far, begin).total == Cents{largest});
    CHECK(back(century, mine, far, begin + 1s).total == Cents{999'999'999'683'110});
}

TEST_CASE("of several orders the newest paid for the last months and each for those before")
{
    // January 2026; February and March; April.
    const std::vector deals{order("a", 1, 3100), order("b", 2, 5900), order("c", 1, 3000)};
    struct Case {
        std::string_view now;
        std::int64_t total;
        std::vector<std::string> ids;
    };
    const Case cases[] = {
        {"2025-12-31T23:59:59Z", 12000, {"c", "b", "a"}},
        {"2026-01-01T00:00:00Z", 12000, {"c", "b", "a"}},
        {"2026-01-02T00:00:00Z", 11900, {"c", "b", "a"}},
        {"2026-01-31T23:59:59Z", 8900, {"c", "b", "a"}},
        {"2026-02-01T00:00:00Z", 8900, {"c", "b"}},
        {"2026-02-11T00:00:00Z", 7900, {"c", "b"}},
        {"2026-03-31T00:00:00Z", 3100, {"c", "b"}},
        {"2026-04-01T00:00:00Z", 3000, {"c"}},
        {"2026-04-30T00:00:00Z", 100, {"c"}},
        {"2026-05-01T00:00:00Z", 0, {}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.now);
        CHECK(back(deals, mine, at("2026-05-01T00:00:00Z"), at(c.now)) == Back{Cents{c.total}, c.ids});
    }
}

TEST_CASE("ignored orders leave no gap between the others")
{
    const std::vector deals{
        order("a", 1, 3100),
        order("x1", 12, 99999, DealStatus::shipped, "ins-bbbbbbbb"),
        order("x2", 12, 99999, DealStatus::refunded),
        order("b", 1, 3000),
        order("x3", 12, 99999, DealStatus::unpaid),
        order("x4", 0, 99999),
        order("x5", 12, 99999, DealStatus::closed),
    };
    const Instant expiry = at("2026-05-01T00:00:00Z");
    CHECK(back(deals, mine, expiry, at("2026-03-01T00:00:00Z")) == Back{Cents{6100}, {"b", "a"}});
    CHECK(back(deals, mine, expiry, at("2026-03-31T00:00:00Z")) == Back{Cents{3100}, {"b", "a"}});
    CHECK(back(deals, mine, expiry, at("2026-04-30T00:00:00Z")) == Back{Cents{100}, {"b"}});
    CHECK(back(deals, "ins-bbbbbbbb", expiry, at("2025-05-01T00:00:00Z")) == Back{Cents{99999}, {"x1"}});
}

TEST_CASE("the months of an order are calendar months from where they began")
{
    struct Case {
        std::string_view what;
        std::string_view begin;
        std::int64_t months;
        std::string_view end;
    };
    const Case cases[] = {
        {"a month of 31 days", "2026-05-01T08:30:00Z", 1, "2026-06-01T08:30:00Z"},
        {"February", "2026-02-01T08:30:00Z", 1, "2026-03-01T08:30:00Z"},
        {"from the 31st to February", "2026-01-31T08:30:00Z", 1, "2026-02-28T08:30:00Z"},
        {"of a leap year", "2028-01-31T08:30:00Z", 1, "2028-02-29T08:30:00Z"},
        {"from the 31st to a month of 30 days", "2026-03-31T23:59:59Z", 1, "2026-04-30T23:59:59Z"},
        {"a year from the leap day", "2028-02-29T08:30:00Z", 12, "2029-02-28T08:30:00Z"},
        {"over a year's end", "2026-11-30T08:30:00Z", 2, "2027-01-30T08:30:00Z"},
        {"five years", "2026-02-28T08:30:00Z", 60, "2031-02-28T08:30:00Z"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const std::int64_t seconds = (at(c.end) - at(c.begin)).count();
        std::vector deals{order("a", c.months, seconds)}; // a cent a second
        deals.front().begins_at = at(c.begin);
        CHECK(refund(deals, mine, at(c.begin)).total == Cents{seconds});
        CHECK(refund(deals, mine, at(c.begin) + 1s).total == Cents{seconds - 1});
        CHECK(refund(deals, mine, at(c.begin) + 7h).total == Cents{seconds - 7 * 3600});
        CHECK(refund(deals, mine, at(c.end) - 1s).total == Cents{1});
        CHECK(refund(deals, mine, at(c.end)) == Refund{});
    }
}

TEST_CASE("nothing is left after the expiry of the resource, whatever the months of its orders")
{
    Deal two = order("two", 2, 6100);
    two.begins_at = at("2026-04-01T00:00:00Z"); // 61 days
    const Instant expiry = at("2026-05-01T00:00:00Z");
    CHECK(refund(std::vector{two}, mine, two.begins_at, expiry).total == Cents{6100});
    CHECK(refund(std::vector{two}, mine, at("2026-04-16T00:00:00Z"), expiry).total == Cents{3050});
    CHECK(refund(std::vector{two}, mine, expiry, expiry) == Refund{});
}
