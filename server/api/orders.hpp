#pragma once

#include "server/api/action.hpp"
#include "state/rules/bookkeeper.hpp"
#include "state/rules/refund.hpp"
#include "state/rules/renewal.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace cvm::api {

// A bookkeeper for the account of this call: entries have the current time, and the RequestId as their cause.
state::Bookkeeper open_books(const Call& call);

// Buys `period` months of the instance from `from` on, and the months of the elastic disks in `price`, with one order
// each. False if the available balance does not suffice; a part may then have been bought, so the call must be refused.
bool buy_months(state::Bookkeeper& books, const state::Instance& instance, const state::RenewalPrice& price,
                std::chrono::months period, state::Instant from);

// What can still be refunded of the paid orders for an instance or a disk.
state::Refund remaining_refund(const Context& context, std::string_view resource_id, state::Instant expiry);

// Refuses instances of different charge types, which cannot be returned together:
// UnsupportedOperation.InstanceMixedPricingModel.
std::optional<Error> refuse_mixed_pricing(std::span<const state::Instance> instances);

// Refunds the remaining part of the paid orders for an instance or a disk with this expiry, with a new order of this
// `action`. Saves the old orders as refunded.
void refund_orders(state::Store& store, state::Bookkeeper& books, state::Instant now, std::string_view resource_id,
                   state::Instant expiry, std::string_view action);

// The name that orders and renewals use for the product of a resource.
std::string_view product_name_of_orders(std::string_view resource_id);

} // namespace cvm::api
