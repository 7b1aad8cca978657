#pragma once

#include "state/model/instance.hpp"
#include "state/rules/bookkeeper.hpp"
#include "state/rules/pricing.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

// What time does to one instance or one disk, and when: values in, values out. state/rules/simulation leads a whole
// account through time.

namespace cvm::state {

// The stages of what is paid ahead, around its expiry.
struct Stages {
    std::vector<std::chrono::days> reminders; // how long before the expiry; descending
    std::chrono::days usable_after{0};        // in service past the expiry; an automatic renewal is tried every day
    std::chrono::days recycle_bin{7};         // whole days (UTC+8) in the recycle bin, after the day it goes there
};

// A preset: how long everything lasts. Read from fixtures/catalog/lifecycle.json, which says where it comes from.
struct Lifecycle {
    std::string name;
    Stages instances;
    Stages disks;                           // elastic ones that are paid ahead; the others follow their instance
    std::chrono::seconds arrears_grace;     // from the debt until what is paid by the hour is suspended
    std::chrono::seconds arrears_retention; // from there until it is released
};

// How long before an expiry the first reminder comes, of instances or disks.
std::chrono::days longest_reminder(const Lifecycle& lifecycle);

// When a resource that goes into the recycle bin at `isolated_at` is released: at 00:00 (UTC+8) after
// `stages.recycle_bin` whole days (https://cloud.tencent.com/document/product/213/2181).
Instant release_time(Instant isolated_at, const Stages& stages);

// Whether it has a life of its own, apart from any instance.
bool lives_alone(const Disk& disk);

// When time next does something to it, by itself. `since`: what was due until then has happened. What is overdue is
// due at its own time, which is before `since`. Without its disks, its operation and its hours.
std::optional<Instant> next_stage(const Instance& instance, const Lifecycle& lifecycle, Instant since);

// `attached`: it is on an instance. It must live alone.
std::optional<Instant> next_stage(const Disk& disk, bool attached, const Stages& stages, Instant since);

// Whether its time to be usable is over.
bool in_recycle_bin(const PlacedDisk& placed, const Stages& stages, Instant now);

// When the next hour of an instance that is paid by the hour is charged: on the hour
// (assumed: fixtures/catalog/lifecycle.json). nullopt for an instance that is not charged.
std::optional<Instant> next_hour(const Instance& instance);

// Sets its due_at: the earliest of its stage, its disks' stages, its operation's end and its hour.
void schedule(Instance& instance, const Lifecycle& lifecycle, Instant since);
void schedule(PlacedDisk& placed, const Lifecycle& lifecycle, Instant since);

template <class T>
T scheduled(T thing, const Lifecycle& lifecycle, Instant since)
{
    schedule(thing, lifecycle, since);
    return thing;
}

// Like Instance::due_at, but for hours.
std::optional<Instant> due_besides_hours(const Instance& instance, const Lifecycle& lifecycle, Instant since);

// Charges what an instance that is paid by the hour was used up to `until`. Nothing for others.
void charge_until(Instance& instance, Instant until, const PriceTable& prices, Bookkeeper& books);

// The instance out of service and in the recycle bin. Its LatestOperation is IsolateInstances
// (assumed: fixtures/catalog/lifecycle.json).
Instance isolated(Instance instance, IsolatedSource source);

// The arrears of an account that is loaded: what its balance and its instances say where its own word differs.
Arrears agreeing_arrears(const Account& account, std::span<const Instance> instances, Instant now);

// Out of the recycle bin after the debt of its account is paid: stopped, to be started by its owner (assumed).
Instance restored(Instance instance, Instant now);

// A disk that leaves its instance: where that is, and as old.
PlacedDisk set_free(Disk disk, const Instance& instance);

// The disks that stay when it goes for good. One that followed it is from now on paid for alone (assumed).
std::vector<PlacedDisk> disks_left(const Instance& instance);

} // namespace cvm::state
