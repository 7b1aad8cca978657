#include "state/rules/disk_change.hpp"

#include <doctest/doctest.h>

using namespace cvm::state;

namespace {

Instant at(std::string_view text) { return parse_instant(text).value(); }

const PriceTable prices = [] {
    PriceTable table;
    table.disk_types = {{"CLOUD_PREMIUM", Cents{35}}, {"CLOUD_SSD", Cents{100}}};
    return table;
}();

Disk disk(std::int64_t size, std::string_view expiry, std::string type = "CLOUD_SSD")
{
    Disk d;
    d.type = std::move(type);
    d.size_gib = size;
    d.portable = true;
    if (!expiry.empty())
        d.expires_at = at(expiry);
    return d;
}

// What 10 GiB more cost: 1000 cents a month.
Cents more(std::string_view now, std::string_view expiry)
{
    return change_price(prices, disk(10, expiry), disk(20, expiry), at(now)).discounted;
}

} // namespace

TEST_CASE("a change of a disk costs the difference for the time until the expiry")
{
    struct Row {
        const char* now;
        const char* expiry;
        std::int64_t cents;
    };
    for (const Row& row : {
             Row{"2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z", 1000},  // a month
             Row{"2026-04-16T00:00:00Z", "2026-05-01T00:00:00Z", 500},   // 15 of 30 days
             Row{"2026-04-16T00:00:00Z", "2026-06-01T00:00:00Z", 1500},  // the begun month first
             Row{"2026-02-28T00:00:00Z", "2026-03-31T00:00:00Z", 1000},  // from the last day of a short month
             Row{"2026-03-01T00:00:00Z", "2026-03-31T00:00:00Z", 967},   // 30 of 31 days, rounded down
             Row{"2026-04-01T00:00:00Z", "2029-04-01T00:00:00Z", 36000}, // three years
             Row{"2026-04-30T23:59:59Z", "2026-05-01T00:00:00Z", 0},     // a second
             Row{"2026-05-01T00:00:00Z", "2026-05-01T00:00:00Z", 0},
             Row{"2026-06-01T00:00:00Z", "2026-05-01T00:00:00Z", 0},
         }) {
        CAPTURE(row.now);
        CAPTURE(row.expiry);
        CHECK(more(row.now, row.expiry) == Cents{row.cents});
    }
}

TEST_CASE("what becomes cheaper, or is not paid ahead, costs nothing")
{
    constexpr std::string_view expiry = "2026-05-01T00:00:00Z";
    const Instant now = at("2026-04-01T00:00:00Z");
    CHECK(change_price(prices, disk(20, expiry), disk(10, expiry), now) == Price{});
    CHECK(change_price(prices, disk(10, ""), disk(20, ""), now) == Price{});
    CHECK(change_price(prices, disk(10, expiry, "CLOUD_PREMIUM"), disk(10, expiry), now) ==
          Price{Cents{650}, Cents{650}});
}
