#pragma once

#include "server/calls/faults.hpp"
#include "server/calls/journal.hpp"

#include <string_view>

namespace cvm::control {

// What is kept of an account besides the state: its calls and its rules for faults. Both go when the account goes.
// Borrowed.
struct CallMemory {
    calls::Journal& journal;
    calls::Faults& faults;

    void forget(std::string_view uin) const
    {
        journal.forget(uin);
        faults.erase(uin);
    }

    // Of all accounts.
    void clear() const
    {
        journal.clear_all();
        faults.clear();
    }
};

} // namespace cvm::control
