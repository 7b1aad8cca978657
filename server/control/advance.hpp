#pragma once

#include "server/control/account_lookup.hpp"
#include "state/rules/simulation.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cvm::control {

// How much a request may make happen: half a million events, or eight million hours.
struct WorkLimits {
    std::int64_t part = 4'000 * state::work_of_event; // before other requests have their turn
    std::int64_t whole = 500'000 * state::work_of_event;
};

// How many events an answer holds.
inline constexpr std::size_t max_events = 20'000;

// What is to be done with the clock of an account.
struct ClockChange {
    std::string uin;
    state::Instant target{};      // not before what the clock shows
    std::optional<bool> frozen{}; // whether it stands still afterwards
    bool list_hours = false;      // tell of each hour that is charged
    bool dry_run = false;         // tell what would happen, and change nothing
};

// A clock on its way. It goes in parts, so that other requests need not wait for the whole: after each the clock shows
// how far it came. Things that happen at the same time are in one part.
class Advance {
public:
    explicit Advance(ClockChange change, WorkLimits limits = {});

    // Does the next part. To be called inside a transaction, which is to be committed, except for a dry run: that
    // saves, with its last part, the account as it would be. Returns whether it was the last part. Throws Problem 409
    // if the account was dropped, reset or imported meanwhile, and 400 if there is more to do than one request may.
    bool go_on(const Accounts& accounts);

    bool dry_run() const { return change_.dry_run; }
    const std::string& uin() const { return change_.uin; }
    const std::vector<state::Event>& events() const { return events_; } // the first `max_events`
    std::int64_t left_out() const { return left_out_; }                 // how many came after them
    const state::Hours& hours() const { return hours_; }

private:
    void load(const Accounts& accounts, const state::Account& account);
    void save(state::Store& store, const state::Account& account, state::Instant now, state::Instant wall);
    void keep(std::vector<state::Event> events);

    ClockChange change_;
    WorkLimits limits_;
    std::int64_t work_done_ = 0;
    std::optional<state::Instant> reached_{}; // what the clock showed after the last part
    std::optional<state::Simulation> simulation_{};
    std::shared_ptr<const api::Catalog> catalog_{}; // from which simulation_ borrows
    state::Instant loaded_until_{};                 // how far simulation_ can go
    std::int64_t loaded_hourly_ = 0;
    std::uint64_t transactions_ = 0; // of the store, with that of the last part
    std::int64_t data_version_ = 0;  // of the store
    std::vector<state::Event> events_{};
    std::int64_t left_out_ = 0;
    state::Hours hours_{};
};

} // namespace cvm::control
