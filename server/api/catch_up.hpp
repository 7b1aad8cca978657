#pragma once

#include "server/api/action.hpp"
#include "state/rules/simulation.hpp"

namespace cvm::api {

// Simulates an account up to `options.until`. Saves nothing; state::save() does.
state::SimulationResult simulate(state::Store& store, const Catalog& catalog, const state::Account& account,
                                 const state::AdvanceOptions& options, std::int64_t work = state::any_work);

// Brings an account up to `now`: everything due happens and is saved, in its own transaction. Returns whether anything
// was due.
bool catch_up(state::Store& store, const Catalog& catalog, const state::Account& account, state::Instant now);

// To be called after a call that may have paid the debt of the account: restores suspended instances, in the
// transaction of the call.
void resume_after_payment(const Context& context);

} // namespace cvm::api
