#include "server/api/action_timers.hpp"

#include "server/api/each_instance.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/instance_json.hpp"

#include <chrono>

namespace cvm::api {

namespace {

constexpr std::chrono::minutes timer_lead{5};

} // namespace

Result<state::Instant> read_action_time(const Context& context, const Params& timer)
{
    const std::string text = timer.string("ActionTime").value_or("");
    const auto time = state::parse_instant(text);
    if (!time)
        return error(Errc::invalid_parameter_value_invalid_time_format_utc, text);
    if (*time < context.call.now + timer_lead)
        return error(documented(context.action, Errc::invalid_parameter_value_range)
                         ? Errc::invalid_parameter_value_range
                         : Errc::invalid_parameter_value,
                     text, "ActionTimer.ActionTime");
    return *time;
}

std::string timer_id(const state::ActionTimer& timer)
{
    return uuid_for(timer.instance_id + " " + state::format_instant(timer.at));
}

std::vector<state::ActionTimer> list_timers(const Context& context, const state::TimerQuery& query)
{
    const std::string& uin = context.call.account.uin;
    std::vector<state::ActionTimer> found;
    const auto add = [&](const state::ActionTimer& timer) {
        if (state::matches(timer, query))
            found.push_back(timer);
    };
    for (const state::FiredTimer& fired : context.store.list_fired_timers(uin))
        if (fired.region == context.call.region)
            add(state::timer_of(fired));
    const auto add_timer_of = [&](const state::Instance& instance) {
        if (const auto timer = state::timer_of(instance))
            add(*timer);
    };
    if (query.instance_ids.empty()) {
        for_each_instance(context.store, uin, context.call.region, add_timer_of);
        return found;
    }
    for (const state::Instance& instance : context.store.find_instances(uin, query.instance_ids))
        if (instance.region == context.call.region)
            add_timer_of(instance);
    return found;
}

} // namespace cvm::api
