#pragma once

#include "server/auth/signing_keys.hpp"
#include "server/calls/faults.hpp"
#include "server/calls/journal.hpp"

#include <string_view>

namespace cvm::control {

// Data about accounts that is kept outside of the store: calls, fault rules and derived keys. It is deleted together
// with the account. The members must outlive this object.
struct CallMemory {
    calls::Journal& journal;
    calls::Faults& faults;
    auth::SigningKeys& signing_keys;

    void forget(std::string_view uin) const
    {
        journal.forget(uin);
        faults.erase(uin);
        signing_keys.clear(); // those of other accounts too: they are quickly derived again
    }

    // For all accounts.
    void clear() const
    {
        journal.clear_all();
        faults.clear();
        signing_keys.clear();
    }
};

} // namespace cvm::control
