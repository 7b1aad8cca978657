#pragma once

#include "state/model/instance.hpp"

#include <chrono>
#include <string>

// Operations on instances, which take time on the account's clock. Pure functions.

namespace cvm::state {

// The states of an instance: `during` while an operation runs, `after` when it is done.
struct Transition {
    InstanceState during;
    InstanceState after;
};

// Begins an operation at `now`. If `duration` is 0, it has succeeded already.
void begin_operation(Instance& instance, std::string name, std::string request_id, Transition transition, Instant now,
                     std::chrono::seconds duration);

// The instance at `now`: a running operation that ends at or before it has succeeded. A finished purchase is not kept
// as the latest operation.
Instance finish_operation(Instance instance, Instant now);

// Whether the termination of the instance has ended, so that it no longer exists.
bool gone(const Instance& instance);

} // namespace cvm::state
