#pragma once

#include "state/model/instance.hpp"
#include "state/rules/pricing.hpp"

#include <chrono>

// The price of changing something prepaid before its expiry: the type, the disks or the bandwidth of an instance, or an
// elastic disk. Pure functions.

namespace cvm::state {

// A twelfth of 365 days: the length of a month in the remaining time, as the vendor calculates it for upgrades of other
// products (https://www.tencentcloud.com/document/product/571/55229); assumed for CVM and CBS.
inline constexpr std::chrono::seconds month_of_change{2'628'000};

// The price of the instance `after` the change minus its price `before`, with prepaid bandwidth, for the time from
// `now` to its expiry: negative if it becomes cheaper, 0 if no time is left. The discount is that of the whole months
// left, 1 at least. Proportional to the seconds, rounded towards zero to whole cents, so that neither a charge nor a
// refund is rounded up. The instance must have an expiry. Throws std::overflow_error if the result does not fit.
Price change_price(const PriceTable& table, const Instance& before, const Instance& after, Instant now);

// The same for an elastic disk. 0 for one that becomes cheaper or has no expiry.
Price change_price(const PriceTable& table, const Disk& before, const Disk& after, Instant now);

// The price of an instance for the time from `now` to its expiry, by the same rule.
Price rest_price(const PriceTable& table, const Instance& instance, Instant now);

// The months of the order for a change: the fewest whole calendar months that end at `expiry` and begin at `now` or
// before.
struct MonthsLeft {
    Instant begin;
    std::chrono::months count;

    friend bool operator==(const MonthsLeft&, const MonthsLeft&) = default;
};

// `expiry` must be after `now`.
MonthsLeft months_left(Instant now, Instant expiry);

} // namespace cvm::state
