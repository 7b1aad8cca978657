#pragma once

#include "state/rules/simulation.hpp"
#include "state/store/store.hpp"

#include <optional>
#include <string_view>

// Loads from the store what the pure rules of time and money need, and saves their results.

namespace cvm::state {

// Lets vouchers of the account pay for everything bought from now on.
void use_vouchers(Store& store, Bookkeeper& books);

// Saves the account, and the orders, ledger lines and uses of vouchers that were added.
void save(Store& store, const Bookkeeper& books);

// Saves everything that a simulation added, changed or released.
void save(Store& store, const SimulationResult& result);

// Loads everything of an account that is due at or before `until`, for simulate().
SimulationInput load_due(Store& store, const Account& account, Instant until, const Lifecycle& lifecycle);

// The same in slices, from `before_all` to `until`: adds what is due after `after` and at or before `until`; and then
// what the simulation needs besides.
inline constexpr Instant before_all = earliest - std::chrono::seconds{1};
void add_due(Store& store, SimulationInput& input, Instant after, Instant until);
void complete(Store& store, SimulationInput& input, Instant until, const Lifecycle& lifecycle);

// When an instance, a disk or the arrears of the account are next due after `after`; nullopt if nothing is. Hours are
// not considered, although charging them may put the account into arrears earlier.
std::optional<Instant> next_due(Store& store, const Account& account, Instant after, const Lifecycle& lifecycle);

// The same after a simulation up to `after` whose result has not been saved.
std::optional<Instant> next_due(Store& store, const SimulationResult& result, Instant after,
                                const Lifecycle& lifecycle);

// Closes the unpaid orders for a resource that is released (assumed: fixtures/catalog/lifecycle.json).
void close_unpaid(Store& store, std::string_view uin, std::string_view resource_id);

} // namespace cvm::state
