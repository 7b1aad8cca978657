#pragma once

#include "state/rules/simulation.hpp"
#include "state/store/store.hpp"

#include <optional>
#include <string_view>

// Between the pure rules of time and money and the store: what they need is loaded, what they made is saved.

namespace cvm::state {

// The account with the orders and lines that were made.
void save(Store& store, const Bookkeeper& books);

// Everything that a simulation made or changed.
void save(Store& store, const SimulationResult& result);

// What of an account is due until then.
SimulationInput load_due(Store& store, const Account& account, Instant until, const Lifecycle& lifecycle);

// When something of the account is next due by itself after `after`, hours not counted; nullopt if nothing is. What is
// paid by the hour may fall into arrears before.
std::optional<Instant> next_due(Store& store, const Account& account, Instant after, const Lifecycle& lifecycle);

// The same after a simulation up to `after` whose result has not been saved.
std::optional<Instant> next_due(Store& store, const SimulationResult& result, Instant after,
                                const Lifecycle& lifecycle);

// Orders of what is gone for good that still wait for payment are closed (assumed).
void close_unpaid(Store& store, std::string_view uin, std::string_view resource_id);

} // namespace cvm::state
