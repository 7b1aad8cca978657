#include "state/rules/disk_change.hpp"

#include <algorithm>

namespace cvm::state {

namespace {

using std::chrono::months;

// What the time from `now` until `end` costs at so much a month.
Cents for_time_left(Cents monthly, Instant now, Instant end)
{
    // Counted from the expiry back: a count from `now` on is off by the days that a short month lacks.
    months whole = std::max(months_to_reach(now, end) - months{2}, months{0});
    while (add_months(end, -whole - months{1}) >= now)
        ++whole;
    const Instant begun_until = add_months(end, -whole);
    const std::chrono::seconds left = begun_until - now;
    if (left.count() == 0)
        return monthly * whole.count();
    const std::chrono::seconds length = begun_until - add_months(end, -whole - months{1});
    return monthly * whole.count() + Cents{(monthly * left.count()).value / length.count()};
}

} // namespace

Price change_price(const PriceTable& table, const Disk& before, const Disk& after, Instant now)
{
    if (!before.expires_at || *before.expires_at <= now)
        return {};
    const Price old = disk_price(table, before, months{1});
    const Price changed = disk_price(table, after, months{1});
    const auto more = [&](Cents Price::*part) {
        return for_time_left(std::max(changed.*part - old.*part, Cents{}), now, *before.expires_at);
    };
    return {more(&Price::original), more(&Price::discounted)};
}

} // namespace cvm::state
