#pragma once

#include "state/model/instance.hpp"
#include "state/model/lighthouse.hpp"
#include "state/rules/bookkeeper.hpp"
#include "state/rules/pricing.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

// The stages of one instance or disk: when the next one is due, and what the instance or disk is like after it. Pure
// functions; state/rules/simulation.hpp applies them to a whole account.

namespace cvm::state {

// The timing of a prepaid resource's stages around its expiry.
struct Stages {
    std::vector<std::chrono::days> reminders; // times before the expiry; descending
    std::chrono::days usable_after{0};        // in service past the expiry; an automatic renewal is attempted every day
    std::chrono::days recycle_bin{7}; // whole days (UTC+8) in the recycle bin, not counting the day it goes there
};

// A preset of fixtures/catalog/lifecycle.json, which names the sources.
struct Lifecycle {
    std::string name;
    Stages instances;
    Stages disks;                           // elastic prepaid ones; the others follow their instance
    std::chrono::seconds arrears_grace;     // from the debt until hourly instances are suspended
    std::chrono::seconds arrears_retention; // from the suspension until they are released
    Stages lighthouse{};                    // instances and elastic disks of Lighthouse

    const Stages& of(const Instance& instance) const { return is_lighthouse(instance.id) ? lighthouse : instances; }
    const Stages& of(const Disk& disk) const { return is_lighthouse(disk.id) ? lighthouse : disks; }
};

// The longest time before an expiry at which an instance or a disk gets a reminder.
std::chrono::days longest_reminder(const Lifecycle& lifecycle);

// When a resource that goes into the recycle bin at `isolated_at` is released: at 00:00 (UTC+8) after
// `stages.recycle_bin` whole days (https://cloud.tencent.com/document/product/213/2181).
Instant release_time(Instant isolated_at, const Stages& stages);

// Whether a disk has an expiry and renewals of its own: it is elastic, prepaid and not to be released with its
// instance.
bool has_own_lifecycle(const Disk& disk);

// When the next stage of an instance is due: a reminder, an attempt at its automatic renewal, the recycle bin, the
// release. Reminders and renewals up to `since` count as done; other stages may be overdue, and the result is then
// before `since`. nullopt if no stage follows. The disks, operation and hours of the instance are not considered.
std::optional<Instant> next_stage(const Instance& instance, const Lifecycle& lifecycle, Instant since);

// The same for a disk for which has_own_lifecycle() holds.
std::optional<Instant> next_stage(const Disk& disk, bool attached, const Stages& stages, Instant since);

// Whether a termination of the instance is running: then the end of the operation decides what comes next, not the
// stages.
bool is_ending(const Instance& instance);

// Whether a detached disk was returned before its expiry. It is in the recycle bin, and its expiry is the time of the
// return (fixtures/catalog/actions/TerminateDisks.json). For an attached disk `released` means something else.
bool is_returned(const PlacedDisk& placed);

// When a detached prepaid disk is released, unless somebody renews it.
Instant release_time(const PlacedDisk& placed, const Stages& stages);

// Whether a detached disk is in the recycle bin at `now`.
bool in_recycle_bin(const PlacedDisk& placed, const Stages& stages, Instant now);

// When the next hour of an instance that is paid by the hour is charged: on the hour
// (assumed: fixtures/catalog/lifecycle.json). nullopt for an instance that is not charged.
std::optional<Instant> next_hour(const Instance& instance);

// When the ActionTimer of an instance terminates it; nullopt if it has none or is already being terminated.
std::optional<Instant> timed_end(const Instance& instance);

// Sets due_at to the earliest of the next stage and, for an instance, its ActionTimer, its disks' next stages, the end
// of its operation and its next hour.
void schedule(Instance& instance, const Lifecycle& lifecycle, Instant since);
void schedule(PlacedDisk& placed, const Lifecycle& lifecycle, Instant since);

template <class T>
T scheduled(T thing, const Lifecycle& lifecycle, Instant since)
{
    schedule(thing, lifecycle, since);
    return thing;
}

// As Instance::due_at, without the next hour.
std::optional<Instant> due_besides_hours(const Instance& instance, const Lifecycle& lifecycle, Instant since);

// Charges the use of an hourly instance from its charged_until up to `until`. Does nothing to other instances.
void charge_until(Instance& instance, Instant until, const PriceTable& prices, Bookkeeper& books);

// The instance after it was taken out of service and put into the recycle bin. Its LatestOperation is IsolateInstances
// (assumed: fixtures/catalog/lifecycle.json).
Instance isolated(Instance instance, IsolatedSource source);

// The arrears of an account read from a document. If they contradict its balance or its instances, they are replaced by
// the stage that these imply, with `now` as its beginning.
Arrears consistent_arrears(const Account& account, std::span<const Instance> instances, Instant now);

// The instance after it was taken out of the recycle bin because the debt of its account is paid: STOPPED (assumed:
// fixtures/catalog/lifecycle.json).
Instance restored(Instance instance, Instant now);

// The disk detached from its instance, with the zone, project and creation time of the instance.
PlacedDisk detached_disk(Disk disk, const Instance& instance);

// The data disks that remain when the instance is released, detached. A disk that followed the instance becomes an
// elastic one with the expiry of the instance (assumed: fixtures/catalog/actions/TerminateInstances.json).
std::vector<PlacedDisk> disks_left(const Instance& instance);

} // namespace cvm::state
