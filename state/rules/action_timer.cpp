#include "state/rules/action_timer.hpp"

#include <algorithm>

namespace cvm::state {

std::optional<ActionTimer> timer_of(const Instance& instance)
{
    if (!instance.terminates_at)
        return std::nullopt;
    return ActionTimer{.instance_id = instance.id, .at = *instance.terminates_at};
}

ActionTimer timer_of(const FiredTimer& fired)
{
    return {.instance_id = fired.instance_id, .at = fired.at, .status = TimerStatus::done};
}

bool matches(const ActionTimer& timer, const TimerQuery& query)
{
    const auto asked_for = [](const auto& list, const auto& value) {
        return list.empty() || std::ranges::find(list, value) != list.end();
    };
    return asked_for(query.instance_ids, timer.instance_id) && asked_for(query.statuses, timer.status) &&
           (!query.from || timer.at >= *query.from) && (!query.until || timer.at <= *query.until);
}

} // namespace cvm::state
