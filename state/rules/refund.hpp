#pragma once

#include "state/model/account.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace cvm::state {

// The orders of a change of a prepaid instance, by their Deal::action: one takes money for what is better, the other
// gives it back for what is less (state/rules/change.hpp).
inline constexpr std::string_view upgrade_action = "upgrade";
inline constexpr std::string_view downgrade_action = "downgrade";

// The refund of a prepaid resource that ends early.
struct Refund {
    Cents total;
    Cents upgrades;          // of the total, what upgrades paid, less what downgrades gave back
    std::vector<Deal> deals; // the refunded orders, with their new status

    friend bool operator==(const Refund&, const Refund&) = default;
};

// The part of an amount for `left` of `whole`, rounded towards zero. `whole` must be above 0. Throws
// std::overflow_error if the part does not fit.
Cents part_of(Cents amount, std::int64_t left, std::int64_t whole);
inline Cents part_of(Cents amount, std::chrono::seconds left, std::chrono::seconds whole)
{
    return part_of(amount, left.count(), whole.count());
}

// The unused parts of the orders that were paid for a resource. `deals` are orders of its account, the oldest first;
// those of other resources and those not shipped do not count. An order whose months have not begun is refunded in
// full, one whose months have begun by the seconds that are left, rounded down
// (fixtures/catalog/actions/TerminateInstances.json); what vouchers paid is not refunded. An upgrade was paid from when
// it was ordered on; orders without months do not count. Nothing is left after the `expiry` of the resource. What a
// downgrade gave back for the time that is left is taken off, and never more than there is.
Refund refund(std::span<const Deal> deals, std::string_view resource_id, Instant now, Instant expiry = latest);

} // namespace cvm::state
