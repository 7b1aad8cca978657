#pragma once

#include "state/model/account.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The timers that terminate instances, as the vendor's ActionTimer tells of them
// (https://cloud.tencent.com/document/api/213/15753#ActionTimer). Pure functions. That a timer fires is a stage of its
// instance (lifecycle.hpp).

namespace cvm::state {

// A timer fires in no time, so that no one is ever between the two.
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

// Which timers are asked for; what is empty is not asked for.
struct TimerQuery {
    std::vector<std::string> instance_ids{};
    std::vector<TimerStatus> statuses{};
    std::optional<Instant> from{};  // fires at or after this time
    std::optional<Instant> until{}; // fires at or before
};

// The timer of an instance that waits for its time; nullopt without one.
std::optional<ActionTimer> timer_of(const Instance& instance);

ActionTimer timer_of(const FiredTimer& fired);

bool matches(const ActionTimer& timer, const TimerQuery& query);

} // namespace cvm::state
