#pragma once

#include "server/api/action.hpp"
#include "state/rules/bookkeeper.hpp"

// Returns prepaid instances before their expiry.

namespace cvm::api {

// Moves a prepaid instance into the recycle bin: refunds the unused period and sets the expiry to now (assumed:
// fixtures/catalog/actions/TerminateInstances.json).
void isolate(const Context& context, state::Bookkeeper& books, state::Instance& instance);

// Refunds the elastic prepaid disks of the instance, which will be released together with it.
void release_disks(const Context& context, state::Bookkeeper& books, state::Instance& instance);

} // namespace cvm::api
