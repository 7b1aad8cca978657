#pragma once

#include "state/model/account.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace cvm::state {

// Deal::action of the orders for a change of a prepaid instance: an upgrade is paid, a downgrade is refunded
// (state/rules/change.hpp).
inline constexpr std::string_view upgrade_action = "upgrade";
inline constexpr std::string_view downgrade_action = "downgrade";

// The refund of a prepaid resource that ends early.
struct Refund {
    Cents total;
    Cents upgrades;          // part of the total: what upgrades paid minus what downgrades refunded
    std::vector<Deal> deals; // the refunded orders, with their new status

    friend bool operator==(const Refund&, const Refund&) = default;
};

// amount * left / whole, rounded towards zero. `whole` must be above 0. Throws std::overflow_error if the result does
// not fit.
Cents part_of(Cents amount, std::int64_t left, std::int64_t whole);
inline Cents part_of(Cents amount, std::chrono::seconds left, std::chrono::seconds whole)
{
    return part_of(amount, left.count(), whole.count());
}

// The refund of the unused parts of the orders for a resource. `deals` are the orders of its account, oldest first;
// orders for other resources, orders that are not shipped and orders without months do not count. An order whose months
// have not begun is refunded in full, one whose months have begun by the seconds that are left, rounded down
// (fixtures/catalog/actions/TerminateInstances.json); what vouchers paid is not refunded. An upgrade counts from the
// time when it was ordered. No time is left after the `expiry` of the resource. What a downgrade has already refunded
// for the time that is left is subtracted; the refund never becomes negative.
Refund refund(std::span<const Deal> deals, std::string_view resource_id, Instant now, Instant expiry = latest);

} // namespace cvm::state
