#pragma once

#include "server/api/action.hpp"
#include "state/rules/action_timer.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Shared by the actions on timers and by RunInstances, which also sets timers.

namespace cvm::api {

inline constexpr std::array storage_block_members{
    Field{.name = "Type", .type = Type::string},
    Field{.name = "MinSize", .type = Type::integer},
    Field{.name = "MaxSize", .type = Type::integer},
};
inline constexpr std::array externals_members{
    Field{.name = "ReleaseAddress", .type = Type::boolean},
    Field{.name = "UnsupportNetworks", .type = Type::strings},
    Field{.name = "StorageBlockAttr", .type = Type::object, .members = storage_block_members},
};
inline constexpr std::array<std::string_view, 1> timer_actions{"TerminateInstances"};
inline constexpr std::array timer_members{
    Field{.name = "TimerAction", .type = Type::string, .words = timer_actions},
    Field{.name = "ActionTime", .type = Type::string},
    // Only in answers.
    Field{.name = "Externals", .type = Type::object, .members = externals_members},
    Field{.name = "ActionTimerId", .type = Type::string},
    Field{.name = "Status", .type = Type::string},
    Field{.name = "InstanceId", .type = Type::string},
};

// Reads ActionTimer.ActionTime. InvalidParameterValue.InvalidTimeFormat for another format, InvalidParameterValue.Range
// (or InvalidParameterValue, depending on the page) for less than five minutes ahead
// (https://cloud.tencent.com/document/api/213/15753#ActionTimer).
Result<state::Instant> read_action_time(const Context& context, const Params& timer);

// The ActionTimerId: always the same for the same instance and time.
std::string timer_id(const state::ActionTimer& timer);

// The timers in the region of the call that match the query: first those that have fired, earliest first, then the
// pending ones.
std::vector<state::ActionTimer> list_timers(const Context& context, const state::TimerQuery& query);

} // namespace cvm::api
