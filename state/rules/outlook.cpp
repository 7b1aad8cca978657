#include "state/rules/outlook.hpp"

#include <algorithm>

namespace cvm::state {

namespace {

Outlook by_termination(const Instance& instance, const Lifecycle& lifecycle)
{
    const Operation& operation = *instance.latest_operation;
    if (!operation.ends_at)
        return {};
    if (operation.state_after != InstanceState::shutdown)
        return {.released = operation.ends_at};
    Outlook found{.isolated = operation.ends_at};
    if (instance.expires_at)
        found.released = std::max(*operation.ends_at, release_time(*instance.expires_at, lifecycle.of(instance)));
    return found;
}

Outlook by_expiry(const Instance& instance, const Stages& stages)
{
    const Instant expiry = instance.expires_at.value();
    const Instant end = expiry + stages.usable_after;
    if (instance.state != InstanceState::shutdown)
        return {.isolated = end,
                .released = release_time(end, stages),
                .auto_renews = instance.renew_flag == RenewFlag::notify_and_auto_renew};
    if (instance.isolated_source == IsolatedSource::manmade) // isolated at an unknown time: returns are not recorded
        return {.released = release_time(expiry, stages)};
    return {.isolated = end, .released = release_time(end, stages)};
}

Outlook by_arrears(const Instance& instance, const Arrears& arrears, const Lifecycle& lifecycle)
{
    const auto suspended_at = [&](Instant at) {
        return Outlook{.isolated = at, .released = at + lifecycle.arrears_retention};
    };
    if (arrears.stage == ArrearsStage::owing && next_hour(instance))
        return suspended_at(arrears.since + lifecycle.arrears_grace);
    if (arrears.stage == ArrearsStage::suspended && instance.isolated_source == IsolatedSource::arrear)
        return suspended_at(arrears.since);
    return {};
}

} // namespace

Outlook outlook(const Instance& instance, const Account& account, const Lifecycle& lifecycle)
{
    if (instance.state == InstanceState::launch_failed)
        return {};
    if (is_ending(instance))
        return by_termination(instance, lifecycle);
    if (instance.state == InstanceState::terminating)
        return {};
    if (instance.expires_at)
        return by_expiry(instance, lifecycle.of(instance));
    Outlook found = by_arrears(instance, account.arrears, lifecycle);
    if (const auto end = timed_end(instance); end && !instance.attributes.disable_api_termination) {
        if (found.isolated && *found.isolated > *end)
            found.isolated.reset();
        found.released = earlier(found.released, end);
    }
    return found;
}

Outlook outlook(const PlacedDisk& placed, const Stages& stages, Instant now)
{
    if (is_returned(placed)) // isolated at an unknown time: returns are not recorded
        return {.released = release_time(placed, stages)};
    if (!has_own_lifecycle(placed.disk))
        return {};
    const Instant end = placed.disk.expires_at.value() + stages.usable_after;
    return {.isolated = end,
            .released = release_time(end, stages),
            .auto_renews =
                placed.disk.renew_flag == RenewFlag::notify_and_auto_renew && !in_recycle_bin(placed, stages, now)};
}

} // namespace cvm::state
