#pragma once

#include "state/model/instance.hpp"
#include "state/rules/pricing.hpp"

#include <chrono>

// What it costs to change in the middle of its period what is paid ahead: the type, the disks or the bandwidth of an
// instance, or an elastic disk. Pure functions.

namespace cvm::state {

// A twelfth of 365 days: the month of the time that is left, as the vendor reckons it for upgrades of other products
// (https://www.tencentcloud.com/document/product/571/55229); assumed for CVM and CBS.
inline constexpr std::chrono::seconds month_of_change{2'628'000};

// The price of the instance `after` the change less its price `before`, with prepaid bandwidth, for the time from `now`
// to its expiry: below zero if it becomes cheaper, 0 if no time is left. The discounts are those of so many whole
// months, 1 at least. Proportional to the seconds, rounded towards zero to whole cents, so that neither a charge nor
// what is given back is rounded up. The instance must have an expiry. Throws std::overflow_error if it does not fit.
Price change_price(const PriceTable& table, const Instance& before, const Instance& after, Instant now);

// The same for an elastic disk. 0 for one that becomes cheaper or has no expiry.
Price change_price(const PriceTable& table, const Disk& before, const Disk& after, Instant now);

// What an instance costs for the time from `now` to its expiry by the same rule.
Price rest_price(const PriceTable& table, const Instance& instance, Instant now);

// The months of the order of a change: whole calendar months that end with `expiry`, the last of a period, the first of
// which has begun at `now` or before.
struct MonthsLeft {
    Instant begin;
    std::chrono::months count;

    friend bool operator==(const MonthsLeft&, const MonthsLeft&) = default;
};

// `expiry` must be after `now`.
MonthsLeft months_left(Instant now, Instant expiry);

} // namespace cvm::state
