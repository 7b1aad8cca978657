#include "state/rules/lifecycle.hpp"

#include "state/rules/operations.hpp"

#include <algorithm>

namespace cvm::state {

namespace {

using std::chrono::days;
using std::chrono::hours;

// The first reminder or attempt at an automatic renewal after `since`.
std::optional<Instant> next_notice(Instant expiry, RenewFlag flag, const Stages& stages, Instant since)
{
    std::optional<Instant> next;
    const auto add = [&](Instant instant) {
        if (instant > since && (!next || instant < *next))
            next = instant;
    };
    if (flag != RenewFlag::disable_notify_and_manual_renew)
        for (const days before : stages.reminders)
            add(expiry - before);
    if (flag == RenewFlag::notify_and_auto_renew)
        for (days after{0}; after <= stages.usable_after; ++after)
            add(expiry + after);
    return next;
}

bool uses_hours(const Instance& instance)
{
    return pays_by_hour(instance.charge_type) && instance.charged_until && instance.state != InstanceState::shutdown &&
           instance.state != InstanceState::terminating && instance.state != InstanceState::launch_failed;
}

} // namespace

days longest_reminder(const Lifecycle& lifecycle)
{
    days longest{0};
    for (const Stages* stages : {&lifecycle.instances, &lifecycle.disks, &lifecycle.lighthouse})
        for (const days before : stages->reminders)
            longest = std::max(longest, before);
    return longest;
}

Instant release_time(Instant isolated_at, const Stages& stages)
{
    const auto day = std::chrono::floor<days>(isolated_at + beijing_offset);
    return Instant{day + stages.recycle_bin + days{1}} - beijing_offset;
}

bool is_ending(const Instance& instance)
{
    const auto& operation = instance.latest_operation;
    return operation && operation->state == OperationState::operating &&
           (operation->name == "TerminateInstances" || operation->name == "IsolateInstances");
}

bool has_own_lifecycle(const Disk& disk) { return renewable_alone(disk) && disk.expires_at && !disk.released; }

std::optional<Instant> next_stage(const Instance& instance, const Lifecycle& lifecycle, Instant since)
{
    const Stages& stages = lifecycle.of(instance);
    if (!instance.expires_at || instance.state == InstanceState::terminating ||
        instance.state == InstanceState::launch_failed || is_ending(instance))
        return std::nullopt;
    const Instant end = *instance.expires_at + stages.usable_after;
    if (instance.state == InstanceState::shutdown)
        return release_time(instance.isolated_source == IsolatedSource::manmade ? *instance.expires_at : end, stages);
    std::optional<Instant> next = end;
    return earlier(next, next_notice(*instance.expires_at,
                                     instance.renew_flag.value_or(RenewFlag::notify_and_manual_renew), stages, since));
}

std::optional<Instant> next_stage(const Disk& disk, bool attached, const Stages& stages, Instant since)
{
    const Instant end = disk.expires_at.value() + stages.usable_after;
    std::optional<Instant> next = release_time(end, stages);
    if (attached || end > since) {
        next = earlier(next, end);
        next = earlier(next, next_notice(*disk.expires_at, disk.renew_flag.value_or(RenewFlag::notify_and_manual_renew),
                                         stages, since));
    }
    return next;
}

bool is_returned(const PlacedDisk& placed)
{
    return placed.instance_id.empty() && placed.disk.released && renewable_alone(placed.disk) && placed.disk.expires_at;
}

Instant release_time(const PlacedDisk& placed, const Stages& stages)
{
    const Instant expiry = placed.disk.expires_at.value();
    return release_time(is_returned(placed) ? expiry : expiry + stages.usable_after, stages);
}

bool in_recycle_bin(const PlacedDisk& placed, const Stages& stages, Instant now)
{
    if (is_returned(placed))
        return true;
    return placed.instance_id.empty() && has_own_lifecycle(placed.disk) &&
           now >= *placed.disk.expires_at + stages.usable_after;
}

std::optional<Instant> next_hour(const Instance& instance)
{
    if (!uses_hours(instance))
        return std::nullopt;
    return std::chrono::floor<hours>(*instance.charged_until) + hours{1};
}

std::optional<Instant> timed_end(const Instance& instance)
{
    if (instance.state == InstanceState::terminating || instance.state == InstanceState::launch_failed ||
        is_ending(instance))
        return std::nullopt;
    return instance.terminates_at;
}

std::optional<Instant> due_besides_hours(const Instance& instance, const Lifecycle& lifecycle, Instant since)
{
    std::optional<Instant> due = earlier(next_stage(instance, lifecycle, since), timed_end(instance));
    if (instance.latest_operation && instance.latest_operation->state == OperationState::operating)
        due = earlier(due, instance.latest_operation->ends_at);
    for (const Disk& disk : instance.disks)
        if (has_own_lifecycle(disk))
            due = earlier(due, next_stage(disk, true, lifecycle.of(disk), since));
    return due;
}

void schedule(Instance& instance, const Lifecycle& lifecycle, Instant since)
{
    instance.due_at = due_besides_hours(instance, lifecycle, since);
    instance.due_at = earlier(instance.due_at, next_hour(instance));
}

void schedule(PlacedDisk& placed, const Lifecycle& lifecycle, Instant since)
{
    const Stages& stages = lifecycle.of(placed.disk);
    if (is_returned(placed))
        placed.due_at = release_time(placed, stages);
    else
        placed.due_at = has_own_lifecycle(placed.disk) ? next_stage(placed.disk, false, stages, since) : std::nullopt;
}

void charge_until(Instance& instance, Instant until, const PriceTable& prices, Bookkeeper& books)
{
    if (!uses_hours(instance) || *instance.charged_until >= until)
        return;
    books.charge(instance.id, usage_price(prices, instance, *instance.charged_until, until),
                 until - *instance.charged_until);
    instance.charged_until = until;
}

Instance isolated(Instance instance, IsolatedSource source)
{
    instance.state = InstanceState::shutdown;
    instance.isolated_source = source;
    if (source == IsolatedSource::expire && instance.restrict_state == RestrictState::normal)
        instance.restrict_state = RestrictState::expired;
    // An operation that is still running is abandoned.
    instance.latest_operation =
        Operation{.name = "IsolateInstances", .state = OperationState::success, .request_id = "", .error_message = ""};
    return instance;
}

Arrears consistent_arrears(const Account& account, std::span<const Instance> instances, Instant now)
{
    const ArrearsStage told = account.arrears.stage;
    const bool solvent = account.balance.with_credit() >= Cents{};
    const bool suspended = std::ranges::any_of(instances, [](const Instance& instance) {
        return instance.isolated_source == IsolatedSource::arrear && instance.state == InstanceState::shutdown;
    });
    if (solvent && suspended)
        return told == ArrearsStage::cleared ? account.arrears : Arrears{ArrearsStage::cleared, now};
    if (solvent)
        return {};
    if (suspended)
        return told == ArrearsStage::suspended ? account.arrears : Arrears{ArrearsStage::suspended, now};
    return told == ArrearsStage::none || told == ArrearsStage::cleared ? Arrears{ArrearsStage::owing, now}
                                                                       : account.arrears;
}

Instance restored(Instance instance, Instant now)
{
    instance.state = InstanceState::stopped;
    instance.isolated_source = IsolatedSource::notisolated;
    instance.charged_until = now;
    return instance;
}

PlacedDisk detached_disk(Disk disk, const Instance& instance)
{
    return {.disk = std::move(disk),
            .instance_id = {},
            .region = instance.region,
            .zone = instance.zone,
            .project_id = instance.project_id,
            .created_at = instance.created_at};
}

std::vector<PlacedDisk> disks_left(const Instance& instance)
{
    std::vector<PlacedDisk> left;
    for (Disk disk : instance.disks) {
        // An elastic prepaid disk is released only on request: ReleasePrepaidDataDisks of TerminateInstances
        // (https://cloud.tencent.com/document/api/213/15723).
        if (disk.usage != DiskUsage::data || disk.released || (disk.delete_with_instance && !has_own_lifecycle(disk)))
            continue;
        if (!disk.portable) {
            disk.portable = true;
            disk.charge_type = pays_ahead(instance.charge_type) ? ChargeType::prepaid : ChargeType::postpaid_by_hour;
            disk.expires_at = instance.expires_at;
            disk.renew_flag = instance.renew_flag;
        }
        left.push_back(detached_disk(std::move(disk), instance));
    }
    return left;
}

} // namespace cvm::state
