#pragma once

#include "server/api/action.hpp"
#include "state/rules/bookkeeper.hpp"
#include "state/rules/renewal.hpp"

#include <string_view>

namespace cvm::api {

// The price of an hour of an instance with its bandwidth, which is frozen while the instance is paid by the hour.
state::Cents hour_of(const Context& context, const state::Instance& instance);

// The books of the account for this call: dated now, with the RequestId as the cause.
state::Bookkeeper open_books(const Context& context);

// Buys `period` months of an instance, which begin at `from`, and the months of the elastic disks in `price`, with one
// order each. False if the available balance does not suffice; then a part may be bought, and the call must be refused.
bool buy_months(state::Bookkeeper& books, std::string_view instance_id, const state::RenewalPrice& price,
                std::chrono::months period, state::Instant from);

// Charges the use of an hourly instance up to now. To be called before its price or state changes.
void charge_usage(const Context& context, state::Bookkeeper& books, state::Instance& instance);

// Refunds the rest of the paid orders of an instance or a disk, by a new order with this `action`. Saves the old orders
// as refunded.
void pay_back(const Context& context, state::Bookkeeper& books, std::string_view resource_id, std::string_view action);

// Saves the balance, the new orders and the ledger lines of the call.
void save_books(const Context& context, const state::Bookkeeper& books);

} // namespace cvm::api
