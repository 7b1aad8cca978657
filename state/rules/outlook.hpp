#pragma once

#include "state/model/account.hpp"
#include "state/rules/lifecycle.hpp"

#include <optional>

namespace cvm::state {

// What happens to an instance or a disk if nobody renews it, pays or does anything else.
struct Outlook {
    std::optional<Instant> isolated{}; // when it goes, or went, into the recycle bin; nullopt: never or unknown
    std::optional<Instant> released{}; // nullopt: never
    bool auto_renews = false;          // whether an automatic renewal, before these times, extends the paid time

    friend bool operator==(const Outlook&, const Outlook&) = default;
};

// Of an instance for which everything due has happened. Its disks are not considered.
Outlook outlook(const Instance& instance, const Account& account, const Lifecycle& lifecycle);

// Empty for a disk that has no lifecycle of its own (has_own_lifecycle()) and was not returned.
Outlook outlook(const PlacedDisk& placed, const Stages& stages, Instant now);

} // namespace cvm::state
