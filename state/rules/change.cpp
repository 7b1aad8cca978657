#include "state/rules/change.hpp"

#include "state/rules/refund.hpp"

#include <algorithm>
#include <cstdint>

namespace cvm::state {

namespace {

// The longest period that is sold; no discount asks for more.
constexpr std::int64_t most_months = 60;

Price monthly(const PriceTable& table, const Instance& instance, std::chrono::months period)
{
    return instance_price(table, instance, period) + bandwidth_price(table, instance, period);
}

} // namespace

Price change_price(const PriceTable& table, const Instance& before, const Instance& after, Instant now)
{
    const std::chrono::seconds left = after.expires_at.value() - now;
    if (left <= std::chrono::seconds{0})
        return {};
    const std::int64_t count = std::clamp<std::int64_t>(left / month_of_change, 1, most_months);
    const std::chrono::months period{count};
    const Price from = monthly(table, before, period);
    const Price to = monthly(table, after, period);
    const auto share = [&](Cents amount) { return part_of(amount, left, month_of_change * count); };
    return {share(to.original - from.original), share(to.discounted - from.discounted)};
}

MonthsLeft months_left(Instant now, Instant expiry)
{
    // The 31st is no day of every month: then they begin a month earlier.
    for (std::chrono::months count = months_to_reach(now, expiry);; ++count) {
        const Instant begin = add_months(expiry, -count);
        if (begin <= now && add_months(begin, count) == expiry)
            return {begin, count};
    }
}

} // namespace cvm::state
