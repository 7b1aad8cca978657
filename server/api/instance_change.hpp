#pragma once

#include "server/api/action.hpp"
#include "state/rules/bookkeeper.hpp"

#include <boost/json/object.hpp>

#include <optional>

// The payments for a change of an instance: of its type, its disks or its bandwidth. For a prepaid instance the
// difference for the remaining time is charged or refunded (state/rules/change.hpp), by one order each; an hourly
// instance has a new hourly price from now on.

namespace cvm::api {

// An instance before and after a change.
struct InstanceChange {
    state::Instance before;
    state::Instance after;
};

// The cost of changing a prepaid instance now; 0 for the other charge types.
struct CostOfChange {
    state::Price to_pay;
    state::Cents back;      // the refund; at most what remains of the paid orders
    bool none_paid = false; // a refund is due, but no paid order remains
};

CostOfChange cost_of(const Context& context, const InstanceChange& change);

// Charges or refunds the cost of the change. For an hourly instance, charges what is due and replaces the frozen price
// of an hour by the new one; sets both in `change.after`. InvalidAccount.UnpaidOrder,
// InvalidAccount.InsufficientBalance; on an error a part may already be booked, so the call must be refused.
std::optional<Error> pay_for(const Context& context, state::Bookkeeper& books, InstanceChange& change);

// The cost of changing a prepaid instance as ItemPrice; a refund is a negative price (assumed).
// FailedOperation.InquiryRefundPriceFailed if none_paid is set and the page has that code.
Result<boost::json::object> item_of(const Context& context, const InstanceChange& change);

} // namespace cvm::api
