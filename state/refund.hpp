#pragma once

#include "state/account.hpp"

#include <span>
#include <string>
#include <vector>

namespace cvm::state {

// What is given back when a prepaid resource ends early.
struct Refund {
    Cents total;
    std::vector<std::string> order_ids; // of which something was left, newest first

    friend bool operator==(const Refund&, const Refund&) = default;
};

// The unused parts of the orders that were paid for a resource which expires at `expires_at`. `deals` are all orders of
// the account, oldest first; those of other resources and those not shipped do not count. The newest order paid for
// the months up to the expiry, the one before for the months up to there, and so on. An order that has not begun is
// given back in full (facts: actions 3.12), one that has begun by the seconds that are left, rounded down (assumed).
Refund refund(std::span<const Deal> deals, std::string_view resource_id, Instant expires_at, Instant now);

} // namespace cvm::state
