#include "state/rules/action_timer.hpp"

#include <doctest/doctest.h>

using namespace cvm::state;
using namespace std::chrono_literals;

namespace {

constexpr Instant fires_at = std::chrono::sys_days{2026y / 4 / 1};

} // namespace

TEST_CASE("a timer waits on its instance and is done when it has fired")
{
    Instance instance;
    instance.id = "ins-1234abcd";
    CHECK(timer_of(instance) == std::nullopt);
    instance.terminates_at = fires_at;
    CHECK(timer_of(instance) == ActionTimer{"ins-1234abcd", fires_at, TimerStatus::undone});
    CHECK(timer_of(FiredTimer{"ins-1234abcd", "ap-guangzhou", fires_at}) ==
          ActionTimer{"ins-1234abcd", fires_at, TimerStatus::done});
}

TEST_CASE("timers are selected by instance, status and time, with inclusive bounds")
{
    const ActionTimer timer{"ins-1234abcd", fires_at, TimerStatus::undone};
    CHECK(matches(timer, {}));
    CHECK(matches(timer, {.instance_ids = {"ins-1234abcd"}, .statuses = {TimerStatus::undone}}));
    CHECK_FALSE(matches(timer, {.instance_ids = {"ins-other000"}}));
    CHECK_FALSE(matches(timer, {.statuses = {TimerStatus::done}}));
    CHECK(matches(timer, {.from = fires_at, .until = fires_at}));
    CHECK_FALSE(matches(timer, {.from = fires_at + 1s}));
    CHECK_FALSE(matches(timer, {.until = fires_at - 1s}));
}
