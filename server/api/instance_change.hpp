#pragma once

#include "server/api/action.hpp"
#include "state/rules/bookkeeper.hpp"

#include <boost/json/object.hpp>

#include <optional>

// The money of a change of an instance: its type, its disks or its bandwidth. For a prepaid instance the difference for
// the time that is left is charged or given back (state/rules/change.hpp), by an order each; one that is paid by the
// hour costs another price from now on.

namespace cvm::api {

// An instance before a change and after it.
struct InstanceChange {
    state::Instance before;
    state::Instance after;
};

// What a change of a prepaid instance costs now; 0 for the other charge types.
struct CostOfChange {
    state::Price to_pay;
    state::Cents back;      // no more than what is left of the paid orders
    bool none_paid = false; // it would give something back, but no paid order is left
};

CostOfChange cost_of(const Context& context, const InstanceChange& change);

// Charges or gives back what the change costs. Of an instance that is paid by the hour, charges what is due and freezes
// the new price of an hour in place of the old one; sets both in `change.after`. InvalidAccount.UnpaidOrder,
// InvalidAccount.InsufficientBalance; then a part may be booked, and the call must be refused.
std::optional<Error> pay_for(const Context& context, state::Bookkeeper& books, InstanceChange& change);

// The cost of a change of a prepaid instance as ItemPrice: what is given back is a price below zero (assumed).
// FailedOperation.InquiryRefundPriceFailed if none_paid and the page has that code.
Result<boost::json::object> item_of(const Context& context, const InstanceChange& change);

} // namespace cvm::api
