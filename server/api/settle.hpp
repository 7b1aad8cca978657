#pragma once

#include "server/api/action.hpp"
#include "state/rules/simulation.hpp"

namespace cvm::api {

// Everything that has become due until `options.until` happens to the account. Nothing is saved: state::save does that.
state::SimulationResult simulate(state::Store& store, const Catalog& catalog, const state::Account& account,
                                 const state::AdvanceOptions& options);

// Brings an account up to `now`: everything due happens and is saved, in a transaction of its own.
void settle(state::Store& store, const Catalog& catalog, const state::Account& account, state::Instant now);

// The same inside a transaction that is open: after a call that paid what the account owed.
void settle_debt(const Context& context);

// Saves an instance so that time finds it again, or, once its termination has ended, lets it go: with the disks that go
// with it, while the data disks that do not are on no instance from then on (facts: actions 3.12).
void save(const Context& context, const state::Instance& instance);

// Saves a disk where it is, on an instance or on none.
void save(const Context& context, const state::PlacedDisk& disk);

} // namespace cvm::api
