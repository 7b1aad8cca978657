#pragma once

#include "state/model/account.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cvm::state {

// The outcome of checking one invariant of an account.
struct Check {
    std::string_view name;
    std::vector<std::string> problems; // one sentence each; empty if it holds
};

// Checks all invariants, in a fixed order. Orders that came with a fixture have no ledger lines; checks that compare
// orders with payments leave them out.
std::vector<Check> check(const AccountState& state);

} // namespace cvm::state
