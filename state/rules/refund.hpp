#pragma once

#include "state/model/account.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace cvm::state {

// The refund of a prepaid resource that ends early.
struct Refund {
    Cents total;
    std::vector<Deal> deals; // the refunded orders, with their new status

    friend bool operator==(const Refund&, const Refund&) = default;
};

// The unused parts of the orders that were paid for a resource. `deals` are orders of its account; those of other
// resources, those not shipped and those without months do not count. An order whose months have not begun is refunded
// in full, one whose months have begun by the seconds that are left, rounded down
// (fixtures/catalog/actions/TerminateInstances.json).
Refund refund(std::span<const Deal> deals, std::string_view resource_id, Instant now);

} // namespace cvm::state
