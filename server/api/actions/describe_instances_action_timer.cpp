#include "server/api/action.hpp"
#include "server/api/action_timers.hpp"
#include "server/api/instance_list.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api::describe_instances_action_timer {

namespace {

constexpr std::array<std::string_view, 3> statuses{"UNDO", "DOING", "DONE"};

constexpr std::array fields{
    Field{.name = "ActionTimerIds", .type = Type::strings, .max_items = 100},
    instance_ids_field,
    Field{.name = "TimerAction", .type = Type::string, .words = timer_actions},
    Field{.name = "EndActionTime", .type = Type::string},
    Field{.name = "StartActionTime", .type = Type::string},
    Field{.name = "StatusList", .type = Type::strings, .words = statuses, .max_items = 100},
};

Result<std::optional<state::Instant>> read_bound(const Params& params, std::string_view name)
{
    const auto text = params.string(name);
    if (!text)
        return std::optional<state::Instant>{};
    const auto time = state::parse_beijing_time(*text);
    if (!time)
        return error(Errc::invalid_parameter_value_invalid_time_format, *text);
    return time;
}

boost::json::object to_json(const state::ActionTimer& timer)
{
    return {{"TimerAction", timer_actions.front()}, {"ActionTime", state::format_instant(timer.at)},
            {"Externals", boost::json::object{}},   {"ActionTimerId", timer_id(timer)},
            {"Status", name(timer.status)},         {"InstanceId", timer.instance_id}};
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto from = read_bound(params, "StartActionTime");
    if (!from)
        return from.error();
    const auto until = read_bound(params, "EndActionTime");
    if (!until)
        return until.error();
    state::TimerQuery query{.instance_ids = params.strings("InstanceIds"), .from = *from, .until = *until};
    const auto words = params.strings("StatusList");
    for (const std::string& word : words)
        if (const auto status = state::parse<state::TimerStatus>(word))
            query.statuses.push_back(*status);
    const bool none = !words.empty() && query.statuses.empty(); // only DOING was asked for

    const auto ids = params.strings("ActionTimerIds");
    boost::json::array set;
    if (!none)
        for (const state::ActionTimer& timer : list_timers(context, query))
            if (ids.empty() || std::ranges::find(ids, timer_id(timer)) != ids.end())
                set.push_back(to_json(timer));
    boost::json::object answer;
    answer["ActionTimers"] = std::move(set);
    return answer;
}

} // namespace

extern const Action action{
    .name = "DescribeInstancesActionTimer",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_instances_action_timer
