#pragma once

#include "server/api/action.hpp"
#include "state/rules/bookkeeper.hpp"

// How instances that are paid ahead are given back before their time is over.

namespace cvm::api {

// Moves a prepaid instance into the recycle bin: refunds the unused period and sets the expiry to now (assumed:
// fixtures/catalog/actions/TerminateInstances.json).
void isolate(const Context& context, state::Bookkeeper& books, state::Instance& instance);

// Refunds the elastic prepaid disks of the instance, which are released with it from then on.
void release_disks(const Context& context, state::Bookkeeper& books, state::Instance& instance);

} // namespace cvm::api
