#include "state/rules/change.hpp"

#include "state/rules/refund.hpp"

#include <algorithm>
#include <cstdint>

namespace cvm::state {

namespace {

// The longest period for sale; no discount needs a longer one.
constexpr std::int64_t max_months = 60;

// The price for the time from `now` to `expiry`, given the price of whole months by `more`.
template <class Of>
Price for_time_left(const Of& more, Instant now, Instant expiry)
{
    const std::chrono::seconds left = expiry - now;
    if (left <= std::chrono::seconds{0})
        return {};
    const std::int64_t count = std::clamp<std::int64_t>(left / month_of_change, 1, max_months);
    const Price whole = more(std::chrono::months{count});
    const auto share = [&](Cents amount) { return part_of(amount, left, month_of_change * count); };
    return {share(whole.original), share(whole.discounted)};
}

// The price of an instance with its prepaid bandwidth.
Price whole_price(const PriceTable& table, const Instance& instance, std::chrono::months period)
{
    return instance_price(table, instance, period) + bandwidth_price(table, instance, period);
}

Price difference(Price after, Price before)
{
    return {after.original - before.original, after.discounted - before.discounted};
}

} // namespace

Price change_price(const PriceTable& table, const Instance& before, const Instance& after, Instant now)
{
    return for_time_left(
        [&](std::chrono::months period) {
            return difference(whole_price(table, after, period), whole_price(table, before, period));
        },
        now, after.expires_at.value());
}

Price change_price(const PriceTable& table, const Disk& before, const Disk& after, Instant now)
{
    if (!before.expires_at)
        return {};
    const Price price = for_time_left(
        [&](std::chrono::months period) {
            return difference(disk_price(table, after, period), disk_price(table, before, period));
        },
        now, *before.expires_at);
    return {std::max(price.original, Cents{}), std::max(price.discounted, Cents{})};
}

Price rest_price(const PriceTable& table, const Instance& instance, Instant now)
{
    return for_time_left([&](std::chrono::months period) { return whole_price(table, instance, period); }, now,
                         instance.expires_at.value());
}

MonthsLeft months_left(Instant now, Instant expiry)
{
    // Not every month has a 31st: the months may then have to begin one month earlier.
    for (std::chrono::months count = months_to_reach(now, expiry);; ++count) {
        const Instant begin = add_months(expiry, -count);
        if (begin <= now && add_months(begin, count) == expiry)
            return {begin, count};
    }
}

} // namespace cvm::state
