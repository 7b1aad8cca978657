#pragma once

#include "server/control/account_lookup.hpp"
#include "state/rules/simulation.hpp"
#include "state/store/account_repository.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace cvm::control {

// Limits of what one request may make happen: half a million events, or eight million hours.
struct WorkLimits {
    std::int64_t part = 4'000 * state::work_of_event; // before other requests are served
    std::int64_t whole = 500'000 * state::work_of_event;
    // Parts that would take longer are made smaller. nullopt: they may take as long as they like.
    std::optional<std::chrono::milliseconds> part_time{};
};

// The maximum number of events in an answer.
inline constexpr std::size_t max_events = 20'000;

// A requested change of an account's clock.
struct ClockChange {
    std::string uin;
    state::Instant target{};      // not before the current time of the clock
    std::optional<bool> frozen{}; // whether the clock is frozen afterwards
    bool list_hours = false;      // report each charged hour
    bool dry_run = false;         // report what would happen, but change nothing
};

// A clock change in progress. It runs in parts, so that other requests need not wait for the whole: after each part the
// clock shows how far it has come. Things that happen at the same time are in the same part.
class Advance {
public:
    explicit Advance(ClockChange change, WorkLimits limits = {});

    // Loads or runs the next part, and returns whether it was the last one. Must be called inside a transaction, which
    // must then be committed, except after the last part of a dry run, which saves the account as it would be. Throws
    // Problem 409 if the account was dropped, reset or imported meanwhile, or kept changing during a dry run, and 400
    // if there is more to do than one request may.
    bool run_part(const Accounts& accounts);

    // Makes the next part smaller or larger, according to how long this one took with its commit.
    void fit_part(std::chrono::steady_clock::time_point committed);

    bool dry_run() const { return change_.dry_run; }
    // What the clock showed after the last part; nullopt before the first one, and in a dry run.
    std::optional<state::Instant> seen() const { return seen_; }
    const std::string& uin() const { return change_.uin; }
    // The first `max_events` as JSON objects with commas between them. Each part writes its own.
    const std::string& events() const { return events_; }
    std::int64_t left_out() const { return left_out_; } // number of further events
    const state::Hours& hours() const { return hours_; }

private:
    // What is loaded so far, of what is due at or before loaded_until_.
    struct Loading {
        state::SimulationInput input;
        state::Instant until = state::before_all;
        std::int64_t slices = 0;
    };

    // Loads the next slice; returns whether it was the last one, after which simulation_ can run.
    bool load(const Accounts& accounts, const state::Account& account);
    // Returns whether everything is saved.
    bool save(state::Store& store, const state::Account& account, state::Instant now, state::Instant wall);
    void start_over(const state::Store& store);
    void follow(state::Store& store);
    void keep(std::span<const state::Event> events);

    ClockChange change_;
    WorkLimits limits_;
    std::int64_t part_; // the work of the next part
    // When the last part had loaded and began to run; nullopt if it did not come so far.
    std::optional<std::chrono::steady_clock::time_point> running_since_{};
    std::int64_t work_done_ = 0;
    std::optional<state::Instant> seen_{};    // what the clock showed in the last part
    std::optional<state::Instant> reached_{}; // everything up to this time has happened and is saved
    // For the store, until the jump is over: the due_at of what was due in vain are saved at the end, or when it has to
    // be loaded again.
    std::shared_ptr<state::Instant> next_due_{};
    std::optional<Loading> loading_{};
    // Somebody else has changed the account since it was loaded: less is loaded, as it may have to be loaded again.
    bool disturbed_ = false;
    int restarts_ = 0;                              // of a dry run
    std::shared_ptr<const api::Catalog> catalog_{}; // used by simulation_, so it must outlive it
    std::optional<state::Simulation> simulation_{};
    state::Instant loaded_until_{}; // how far simulation_ can run
    std::int64_t loaded_hourly_ = 0;
    std::uint64_t changes_ = 0; // of the account, after the last part
    std::string events_{};
    std::size_t listed_ = 0; // number of events in events_
    std::int64_t left_out_ = 0;
    state::Hours hours_{};
};

} // namespace cvm::control
