#pragma once

#include "server/api/action.hpp"
#include "state/rules/bookkeeper.hpp"
#include "state/rules/refund.hpp"
#include "state/rules/renewal.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace cvm::api {

// The books of the account for this call: dated now, with the RequestId as the cause.
state::Bookkeeper open_books(const Call& call);

// Buys `period` months of the instance, which begin at `from`, and the months of the elastic disks in `price`, with one
// order each. False if the available balance does not suffice; then a part may be bought, and the call must be refused.
bool buy_months(state::Bookkeeper& books, const state::Instance& instance, const state::RenewalPrice& price,
                std::chrono::months period, state::Instant from);

// What is left of the paid orders of an instance or a disk.
state::Refund left_of_orders(const Context& context, std::string_view resource_id, state::Instant expiry);

// Refuses instances of different charge types, which cannot be given back together:
// UnsupportedOperation.InstanceMixedPricingModel.
std::optional<Error> refuse_mixed_pricing(std::span<const state::Instance> instances);

// Refunds the rest of the paid orders of an instance or a disk that expires then, by a new order with this `action`.
// Saves the old orders as refunded.
void pay_back(state::Store& store, state::Bookkeeper& books, state::Instant now, std::string_view resource_id,
              state::Instant expiry, std::string_view action);

// What orders and renewals call the product of a resource.
std::string_view product_name_of_orders(std::string_view resource_id);

} // namespace cvm::api
