#pragma once

#include "state/model/account.hpp"

#include <optional>

// The payments that change a balance. All functions throw std::invalid_argument for a negative amount.

namespace cvm::state {

// Takes `amount` from the present balance, then from the income, then from the cash (order assumed); the rest becomes
// debt within the credit. nullopt if the available balance does not suffice.
std::optional<Balance> pay(Balance balance, Cents amount);

// Like pay(), but the rest becomes debt even beyond the credit, up to max_money.
Balance charge(Balance balance, Cents amount);

// Freezes `amount` for an instance that is paid by the hour (fixtures/catalog/actions/RunInstances.json). nullopt if
// the available balance does not suffice, or if more than max_money would be frozen.
std::optional<Balance> freeze(Balance balance, Cents amount);

// Unfreezes `amount`, or all that is frozen if that is less.
Balance thaw(Balance balance, Cents amount);

// Refunds `amount`: first against the debt, the rest to the cash (assumed). Throws std::overflow_error if the cash
// would exceed max_money.
Balance give_back(Balance balance, Cents amount);

} // namespace cvm::state
