#pragma once

#include "state/model/calendar.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

namespace cvm::state {

// The real time. Injected, so that tests can stop it.
class WallClock {
public:
    virtual ~WallClock() = default;
    virtual Instant now() const = 0;
};

class SystemClock final : public WallClock {
public:
    Instant now() const override { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }
};

// The clock of one account: real time plus an offset, or frozen. Billing uses this clock; signatures never do.
struct AccountClock {
    std::chrono::seconds offset{};
    std::optional<Instant> frozen_at;

    // Stops at the end of the calendar.
    Instant now(Instant wall) const { return frozen_at ? *frozen_at : std::min(wall + offset, latest); }

    // The same kind of clock (ticking or frozen), showing `instant` when the real time is `wall`.
    AccountClock moved_to(Instant instant, Instant wall) const
    {
        return {instant - wall, frozen_at ? std::optional{instant} : std::nullopt};
    }

    AccountClock frozen(bool freeze, Instant wall) const
    {
        const Instant shown = now(wall);
        return {shown - wall, freeze ? std::optional{shown} : std::nullopt};
    }

    friend bool operator==(const AccountClock&, const AccountClock&) = default;
};

} // namespace cvm::state
