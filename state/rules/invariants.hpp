#pragma once

#include "state/model/account.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cvm::state {

// A sum that must hold whatever was done to an account.
struct Check {
    std::string_view name;
    std::vector<std::string> problems; // a sentence each; none if it holds
};

// All of them, in a fixed order. Orders that came with a fixture, and thus have no line in the ledger, are nobody's
// payment and do not count.
std::vector<Check> check(const AccountState& state);

} // namespace cvm::state
