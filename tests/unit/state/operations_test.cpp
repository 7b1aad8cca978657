#include "state/operations.hpp"

#include <doctest/doctest.h>

using namespace cvm::state;
using namespace std::chrono_literals;

namespace {

constexpr Instant now = std::chrono::sys_days{2026y / 3 / 31};

Instance started(std::chrono::seconds duration)
{
    Instance stopped;
    stopped.state = InstanceState::stopped;
    return begun(stopped, "StartInstances", "id", {InstanceState::starting, InstanceState::running}, now, duration);
}

} // namespace

TEST_CASE("an operation that takes no time is done at once")
{
    const Instance instance = started(0s);
    CHECK(instance.state == InstanceState::running);
    CHECK(instance.latest_operation == Operation{"StartInstances", OperationState::success, "id", "", {}, {}});
}

TEST_CASE("an operation runs until its end has come and not a second longer")
{
    const Instance instance = started(30s);
    CHECK(instance.state == InstanceState::starting);
    CHECK(instance.latest_operation->state == OperationState::operating);
    CHECK(settled(instance, now + 29s) == instance);
    const Instance done = settled(instance, now + 30s);
    CHECK(done.state == InstanceState::running);
    CHECK(done.latest_operation->state == OperationState::success);
    CHECK_FALSE(done.latest_operation->ends_at.has_value());
    CHECK(settled(done, now + 1h) == done);
    CHECK(settled(settled(instance, now + 10s), now + 40s) == settled(instance, now + 40s));
}

TEST_CASE("an operation without an end never ends")
{
    Instance instance = started(30s);
    instance.latest_operation->ends_at.reset();
    CHECK(settled(instance, now + 1000h) == instance);
}
