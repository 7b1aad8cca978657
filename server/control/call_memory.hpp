#pragma once

#include "server/auth/signing_keys.hpp"
#include "server/calls/faults.hpp"
#include "server/calls/journal.hpp"

#include <string_view>

namespace cvm::control {

// What is kept of an account besides the state: its calls, its rules for faults and the keys derived from its own. All
// go when the account goes. Borrowed.
struct CallMemory {
    calls::Journal& journal;
    calls::Faults& faults;
    auth::SigningKeys& signing_keys;

    void forget(std::string_view uin) const
    {
        journal.forget(uin);
        faults.erase(uin);
        signing_keys.clear(); // those of other accounts too: they are soon derived again
    }

    // Of all accounts.
    void clear() const
    {
        journal.clear_all();
        faults.clear();
        signing_keys.clear();
    }
};

} // namespace cvm::control
