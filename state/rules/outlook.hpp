#pragma once

#include "state/model/account.hpp"
#include "state/rules/lifecycle.hpp"

#include <optional>

namespace cvm::state {

// What becomes of an instance or a disk if nobody renews it, pays or does anything else.
struct Outlook {
    std::optional<Instant>
        isolated{}; // when it goes, or went, into the recycle bin; nullopt: it does not, or not known
    std::optional<Instant> released{}; // nullopt: it is not
    bool auto_renews = false;          // whether the end of its time is, or has been, put off by an automatic renewal

    friend bool operator==(const Outlook&, const Outlook&) = default;
};

// Of an instance as it is after everything due has happened. Its disks are not considered.
Outlook outlook(const Instance& instance, const Account& account, const Lifecycle& lifecycle);

// Nothing for a disk that has no life of its own (lives_alone()) and was not returned.
Outlook outlook(const PlacedDisk& placed, const Stages& stages, Instant now);

} // namespace cvm::state
