#pragma once

#include "state/model/account.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The timers that terminate instances, as in the vendor's ActionTimer
// (https://cloud.tencent.com/document/api/213/15753#ActionTimer). Pure functions. The firing of a timer is a stage of
// its instance (lifecycle.hpp).

namespace cvm::state {

// A timer fires instantaneously, so no timer is ever in between.
enum class TimerStatus { undone, done };
template <>
struct Names<TimerStatus> {
    static constexpr std::array<std::string_view, 2> all{"UNDO", "DONE"};
};

struct ActionTimer {
    std::string instance_id;
    Instant at{};
    TimerStatus status = TimerStatus::undone;

    friend bool operator==(const ActionTimer&, const ActionTimer&) = default;
};

// Selects timers. An empty member does not restrict the selection.
struct TimerQuery {
    std::vector<std::string> instance_ids{};
    std::vector<TimerStatus> statuses{};
    std::optional<Instant> from{};  // fires at or after this time
    std::optional<Instant> until{}; // fires at or before
};

// The pending timer of an instance; nullopt if it has none.
std::optional<ActionTimer> timer_of(const Instance& instance);

ActionTimer timer_of(const FiredTimer& fired);

bool matches(const ActionTimer& timer, const TimerQuery& query);

} // namespace cvm::state
