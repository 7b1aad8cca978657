#include "server/api/action.hpp"
#include "server/api/action_timers.hpp"
#include "server/api/persist.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api::delete_instances_action_timer {

namespace {

constexpr std::array fields{
    Field{.name = "ActionTimerIds", .type = Type::strings, .required = true, .max_items = 100},
};

// Ignores ids of timers that do not exist or have fired (assumed: the page has no code for them).
Result<Answer> handle(const Context& context, const Params& params)
{
    const auto ids = params.strings("ActionTimerIds");
    for (const state::ActionTimer& timer : list_timers(context, {.statuses = {state::TimerStatus::undone}})) {
        if (std::ranges::find(ids, timer_id(timer)) == ids.end())
            continue;
        state::Instance instance = context.store.find_instance(context.call.account.uin, timer.instance_id).value();
        instance.terminates_at.reset();
        save(context, std::move(instance));
    }
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "DeleteInstancesActionTimer",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::delete_instances_action_timer
