#pragma once

#include "server/api/action.hpp"
#include "state/rules/bookkeeper.hpp"
#include "state/rules/renewal.hpp"

#include <string_view>

namespace cvm::api {

// What is set aside for an instance that is paid by the hour: an hour of it and of its bandwidth.
state::Cents hour_of(const Context& context, const state::Instance& instance);

// The account's money during the call.
state::Bookkeeper open_books(const Context& context);

// Pays for months of an instance, which begin at `from`, and of the elastic disks that are priced with it: an order for
// each. False if the money does not suffice; then a part may be bought, and the call must be refused.
bool buy_months(state::Bookkeeper& books, std::string_view instance_id, const state::RenewalPrice& price,
                std::chrono::months period, state::Instant from);

// Charges the hours that an instance has been used up to now, before something about them changes.
void charge_usage(const Context& context, state::Bookkeeper& books, state::Instance& instance);

// Gives back what is left of the paid orders of an instance or a disk, with an order of this `action` that says so. The
// orders themselves are saved as refunded.
void pay_back(const Context& context, state::Bookkeeper& books, std::string_view resource_id, std::string_view action);

// Saves what the call did to the account's money.
void save_books(const Context& context, const state::Bookkeeper& books);

} // namespace cvm::api
