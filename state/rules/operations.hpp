#pragma once

#include "state/model/instance.hpp"

#include <chrono>
#include <string>

// Operations on instances take time on the account's clock. Pure rules.

namespace cvm::state {

// What an operation does to the state: `during` while it runs, `after` when it is done.
struct Transition {
    InstanceState during;
    InstanceState after;
};

// The instance with the operation begun at `now`. One that takes no time is done at once.
Instance begun(Instance instance, std::string name, std::string request_id, Transition transition, Instant now,
               std::chrono::seconds duration);

// The instance at `now`: a running operation whose end has come is done.
Instance finish_operation(Instance instance, Instant now);

// Whether its termination has ended, so that there is no such instance any more.
bool gone(const Instance& instance);

} // namespace cvm::state
