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

// The stages of one instance or disk: when the next one is due, and what the instance or disk is like afterwards. Pure
// functions; state/rules/simulation.hpp applies them to a whole account.

namespace cvm::state {

// How long the stages of a prepaid resource around its expiry last.
struct Stages {
    std::vector<std::chrono::days> reminders; // how long before the expiry; descending
    std::chrono::days usable_after{0};        // in service past the expiry; an automatic renewal is tried every day
    std::chrono::days recycle_bin{7};         // whole days (UTC+8) in the recycle bin, after the day it goes there
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

// How long before an expiry the first reminder comes: the longer of the times for instances and for disks.
std::chrono::days longest_reminder(const Lifecycle& lifecycle);

// When a resource that goes into the recycle bin at `isolated_at` is released: at 00:00 (UTC+8) after
// `stages.recycle_bin` whole days (https://cloud.tencent.com/document/product/213/2181).
Instant release_time(Instant isolated_at, const Stages& stages);

// Whether a disk expires and is renewed by itself: it is elastic and prepaid and not to be released with its instance.
bool lives_alone(const Disk& disk);

// When the next stage of an instance is due: a reminder, a try of its automatic renewal, the recycle bin, the release.
// Reminders and renewals up to `since` count as done; the other stages may be overdue, which is a time before `since`.
// nullopt if there is none. Disks, operation and hours of the instance are not considered.
std::optional<Instant> next_stage(const Instance& instance, const Lifecycle& lifecycle, Instant since);

// The same for a disk for which lives_alone() holds. `attached`: it is on an instance.
std::optional<Instant> next_stage(const Disk& disk, bool attached, const Stages& stages, Instant since);

// Whether a termination of the instance is running: its end decides what becomes of it, not the stages.
bool is_ending(const Instance& instance);

// Whether a disk on no instance was returned before its time was over. It is in the recycle bin, and its expiry is the
// moment of the return (fixtures/catalog/actions/TerminateDisks.json). On an instance `released` means another thing.
bool is_returned(const PlacedDisk& placed);

// When a disk on no instance that is paid ahead is gone for good, unless somebody renews it.
Instant release_time(const PlacedDisk& placed, const Stages& stages);

// Whether a disk on no instance is in the recycle bin at `now`.
bool in_recycle_bin(const PlacedDisk& placed, const Stages& stages, Instant now);

// When the next hour of an instance that is paid by the hour is charged: on the hour
// (assumed: fixtures/catalog/lifecycle.json). nullopt for an instance that is not charged.
std::optional<Instant> next_hour(const Instance& instance);

// When the ActionTimer of an instance terminates it; nullopt without one, and while it is being terminated anyway.
std::optional<Instant> timed_end(const Instance& instance);

// Sets due_at to the earliest of the next stage and, of an instance, its ActionTimer, its disks' next stages, the end
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

// The instance out of service and in the recycle bin. Its LatestOperation is IsolateInstances
// (assumed: fixtures/catalog/lifecycle.json).
Instance isolated(Instance instance, IsolatedSource source);

// The arrears of an account that is read from a document. Where they contradict its balance or its instances, they are
// replaced by the stage that these imply, since `now`.
Arrears agreeing_arrears(const Account& account, std::span<const Instance> instances, Instant now);

// The instance out of the recycle bin once the debt of its account is paid: STOPPED
// (assumed: fixtures/catalog/lifecycle.json).
Instance restored(Instance instance, Instant now);

// The disk detached from its instance, with the zone, project and creation time of the instance.
PlacedDisk set_free(Disk disk, const Instance& instance);

// The data disks that remain when the instance is released, detached. A disk that followed the instance becomes an
// elastic one with the expiry of the instance (assumed: fixtures/catalog/actions/TerminateInstances.json).
std::vector<PlacedDisk> disks_left(const Instance& instance);

} // namespace cvm::state
