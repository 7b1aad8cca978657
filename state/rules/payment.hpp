#pragma once

#include "state/model/account.hpp"

#include <optional>

// What can happen to a balance. Amounts must not be negative.

namespace cvm::state {

// Takes `amount` from a balance: from what was given first, then income, then cash; what is missing becomes debt
// within the credit line (order assumed). nullopt if it does not suffice.
std::optional<Balance> pay(Balance balance, Cents amount);

// Takes `amount` as pay does, and what is missing becomes debt without limit.
Balance charge(Balance balance, Cents amount);

// Freezes `amount` for an instance that is paid by the hour (fixtures/catalog/actions/RunInstances.json). nullopt if
// the available balance does not suffice.
std::optional<Balance> freeze(Balance balance, Cents amount);

// Frees what was set aside; no more than is.
Balance thaw(Balance balance, Cents amount);

// Gives money back: to the cash, after what is owed (assumed).
Balance give_back(Balance balance, Cents amount);

} // namespace cvm::state
