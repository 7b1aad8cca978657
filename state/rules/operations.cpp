#include "state/rules/operations.hpp"

#include <algorithm>
#include <utility>

namespace cvm::state {

namespace {

void finish(Instance& instance, Instant now)
{
    auto& operation = instance.latest_operation;
    if (!operation || operation->state != OperationState::operating || !operation->ends_at || *operation->ends_at > now)
        return;
    instance.state = operation->state_after.value_or(instance.state);
    // An instance that nobody has touched since it was bought has no latest operation (observed).
    if (operation->name == "RunInstances") {
        operation.reset();
        return;
    }
    operation->state = OperationState::success;
    operation->ends_at.reset();
    operation->state_after.reset();
}

} // namespace

void begin_operation(Instance& instance, std::string name, std::string request_id, Transition transition, Instant now,
                     std::chrono::seconds duration)
{
    instance.state = transition.during;
    instance.latest_operation = Operation{.name = std::move(name),
                                          .state = OperationState::operating,
                                          .request_id = std::move(request_id),
                                          .error_message = "",
                                          .ends_at = std::min(now + duration, latest),
                                          .state_after = transition.after};
    finish(instance, now);
}

Instance finish_operation(Instance instance, Instant now)
{
    finish(instance, now);
    return instance;
}

bool gone(const Instance& instance)
{
    const auto& operation = instance.latest_operation;
    return instance.state == InstanceState::terminating && operation && operation->name == "TerminateInstances" &&
           operation->state == OperationState::success;
}

} // namespace cvm::state
