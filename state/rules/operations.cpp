#include "state/rules/operations.hpp"

#include <algorithm>
#include <utility>

namespace cvm::state {

Instance begun(Instance instance, std::string name, std::string request_id, Transition transition, Instant now,
               std::chrono::seconds duration)
{
    instance.state = transition.during;
    instance.latest_operation = Operation{.name = std::move(name),
                                          .state = OperationState::operating,
                                          .request_id = std::move(request_id),
                                          .error_message = "",
                                          .ends_at = std::min(now + duration, latest),
                                          .state_after = transition.after};
    return finish_operation(std::move(instance), now);
}

Instance finish_operation(Instance instance, Instant now)
{
    auto& operation = instance.latest_operation;
    if (!operation || operation->state != OperationState::operating || !operation->ends_at || *operation->ends_at > now)
        return instance;
    instance.state = operation->state_after.value_or(instance.state);
    // An instance that nobody has touched since it was bought has no latest operation (observed).
    if (operation->name == "RunInstances") {
        operation.reset();
        return instance;
    }
    operation->state = OperationState::success;
    operation->ends_at.reset();
    operation->state_after.reset();
    return instance;
}

bool gone(const Instance& instance)
{
    const auto& operation = instance.latest_operation;
    return instance.state == InstanceState::terminating && operation && operation->name == "TerminateInstances" &&
           operation->state == OperationState::success;
}

} // namespace cvm::state
