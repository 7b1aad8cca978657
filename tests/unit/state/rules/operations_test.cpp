#include "state/rules/operations.hpp"

#include "tests/support/difference.hpp"

#include <doctest/doctest.h>

using namespace cvm::state;
using namespace std::chrono_literals;

namespace {

constexpr Instant now = std::chrono::sys_days{2026y / 3 / 31};

Instance begun(Instance instance, std::string name, Transition transition, std::chrono::seconds duration)
{
    begin_operation(instance, std::move(name), "id", transition, now, duration);
    return instance;
}

Instance started(std::chrono::seconds duration)
{
    Instance stopped;
    stopped.state = InstanceState::stopped;
    return begun(stopped, "StartInstances", {InstanceState::starting, InstanceState::running}, duration);
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
    CHECK(cvm::test::difference(finish_operation(instance, now + 29s), instance) == "");
    const Instance done = finish_operation(instance, now + 30s);
    CHECK(done.state == InstanceState::running);
    CHECK(done.latest_operation->state == OperationState::success);
    CHECK_FALSE(done.latest_operation->ends_at.has_value());
    CHECK(finish_operation(done, now + 1h) == done);
    CHECK(finish_operation(finish_operation(instance, now + 10s), now + 40s) == finish_operation(instance, now + 40s));
}

TEST_CASE("a purchase leaves no latest operation")
{
    const Instance bought = begun({}, "RunInstances", {InstanceState::pending, InstanceState::running}, 30s);
    CHECK(bought.latest_operation->name == "RunInstances");
    const Instance there = finish_operation(bought, now + 30s);
    CHECK(there.state == InstanceState::running);
    CHECK_FALSE(there.latest_operation.has_value());
}

TEST_CASE("an operation without an end never ends")
{
    Instance instance = started(30s);
    instance.latest_operation->ends_at.reset();
    CHECK(cvm::test::difference(finish_operation(instance, now + 1000h), instance) == "");
}

TEST_CASE("an instance is gone when its termination has ended and not before")
{
    struct Case {
        std::string_view what;
        InstanceState state;
        std::optional<Operation> operation;
        bool expected;
    };
    const auto of = [](std::string name, OperationState state) { return Operation{std::move(name), state, "id", ""}; };
    const Case cases[] = {
        {"no operation", InstanceState::terminating, std::nullopt, false},
        {"being terminated", InstanceState::terminating, of("TerminateInstances", OperationState::operating), false},
        {"not terminated", InstanceState::terminating, of("TerminateInstances", OperationState::failed), false},
        {"something else ended", InstanceState::terminating, of("StopInstances", OperationState::success), false},
        {"a name that begins the same", InstanceState::terminating, of("TerminateInstances2", OperationState::success),
         false},
        {"into the recycle bin", InstanceState::shutdown, of("TerminateInstances", OperationState::success), false},
        {"running", InstanceState::running, of("TerminateInstances", OperationState::success), false},
        {"terminated", InstanceState::terminating, of("TerminateInstances", OperationState::success), true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        Instance instance;
        instance.state = c.state;
        instance.latest_operation = c.operation;
        CHECK(gone(instance) == c.expected);
    }
}

TEST_CASE("a termination is over at the second of its end")
{
    const Instance instance =
        begun({}, "TerminateInstances", {InstanceState::terminating, InstanceState::terminating}, 30s);
    CHECK_FALSE(gone(instance));
    CHECK_FALSE(gone(finish_operation(instance, now + 29s)));
    CHECK(gone(finish_operation(instance, now + 30s)));
}
