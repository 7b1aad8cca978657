#pragma once

#include "server/api/action.hpp"

#include <string_view>
#include <vector>

namespace cvm::api {

// What is set aside for an instance that is paid by the hour: an hour of it and of its bandwidth.
state::Cents hour_of(const Context& context, const state::Instance& instance);

// Gives back what is left of the paid orders of an instance or a disk: to the account's balance, with an order of this
// `action` that says so among those of the call. The orders themselves are saved as refunded.
void pay_back(const Context& context, state::Account& account, std::string_view resource_id, std::string_view action,
              std::vector<state::Deal>& of_call);

// Saves the account with what a call did to its money, and the orders that the call placed.
void save_orders(const Context& context, const state::Account& account, const std::vector<state::Deal>& of_call);

} // namespace cvm::api
