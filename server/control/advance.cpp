#include "server/control/advance.hpp"

#include "server/control/event_json.hpp"
#include "state/store/account_repository.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace cvm::control {

using state::Instant;

namespace {

// The approximate maximum numbers of instances and disks to load, of all and of a slice; some 20 microseconds each.
constexpr std::int64_t max_loaded = 10'000;
constexpr std::int64_t max_in_slice = 1'000;

// A dry run starts over when somebody else has changed the account meanwhile. At the last time everything is loaded at
// once; then the dry run is given up.
constexpr int max_restarts = 3;

// How much of the maximum the first part does, of which it is not known how long it will take, and the smallest one.
constexpr std::int64_t divisor_of_first_part = 8;
constexpr std::int64_t divisor_of_smallest_part = 64;

// The time up to which at most `most` are due; more if they are due at the same time.
Instant loadable_until(state::Store& store, const std::string& uin, Instant target, std::int64_t most)
{
    const auto crowded = store.due_by(uin, most + 1);
    if (!crowded || *crowded > target)
        return target;
    return std::max(*crowded - std::chrono::seconds{1}, store.next_due(uin).value());
}

// What is due before `reached`, according to the store, was due in vain earlier in this jump. Its new due times are
// saved: otherwise it would be loaded again and again, perhaps as the only thing that fits.
void reschedule(state::Store& store, state::SimulationInput& input, const state::Lifecycle& lifecycle, Instant reached)
{
    const std::string& uin = input.account.uin;
    for (state::Instance& instance : input.instances)
        if (instance.due_at && *instance.due_at <= reached) {
            const state::Instance before = instance;
            state::schedule(instance, lifecycle, reached);
            store.replace_instance(uin, before, instance);
        }
    for (state::PlacedDisk& disk : input.disks)
        if (disk.due_at && *disk.due_at <= reached) {
            state::schedule(disk, lifecycle, reached);
            store.save_disk(uin, disk);
        }
}

[[noreturn]] void refuse_more(const ClockChange& change, std::int64_t most, Instant now)
{
    throw Problem{400,
                  "more is due before " + state::format_instant(change.target) + " than one request may do, " +
                      std::to_string(most / state::work_of_event) + " events or " +
                      std::to_string(most / state::work_of_hour) + " hours; " +
                      (change.dry_run ? std::string{"ask for an earlier time"}
                                      : "the clock shows " + state::format_instant(now) + ": continue from there")};
}

} // namespace

Advance::Advance(ClockChange change, WorkLimits limits)
    : change_{std::move(change)},
      limits_{limits},
      part_{limits.part_time ? limits.part / divisor_of_first_part : limits.part}
{
}

bool Advance::run_part(const Accounts& accounts)
{
    state::Store& store = accounts.store;
    const auto account = store.find_account(change_.uin);
    if (!account)
        throw Problem{409, "the account " + change_.uin + " was deleted while its clock was being moved"};
    const Instant wall = accounts.wall.now();
    const Instant now = account->clock.now(wall);
    if (!change_.dry_run) {
        if (seen_ && now < *seen_)
            throw Problem{409, "the account " + change_.uin +
                                   " was reset or imported while its clock was being moved; the clock shows " +
                                   state::format_instant(now)};
        seen_ = now;
    }
    if (work_done_ >= limits_.whole && !(simulation_ && simulation_->finished()))
        refuse_more(change_, limits_.whole, now);

    // What is loaded is valid as long as nobody else changes the account.
    if (store.changes_of(change_.uin) != changes_ && (loading_ || simulation_))
        start_over(store);
    const bool loaded = simulation_ || load(accounts, *account);
    running_since_.reset();
    bool arrived = false;
    if (loaded) {
        running_since_ = std::chrono::steady_clock::now();
        // In an account with hourly instances, each part saves all of them.
        work_done_ += simulation_->run(std::max(part_, loaded_hourly_ * state::work_of_event));
        arrived = simulation_->finished() && loaded_until_ == change_.target;
        if (change_.dry_run) {
            keep(simulation_->take_events());
            while (arrived && !save(store, *account, now, wall))
                ;
        } else {
            arrived = save(store, *account, now, wall) && arrived;
        }
    }
    changes_ = store.changes_of(change_.uin);
    if (arrived)
        next_due_.reset();
    return arrived;
}

// Forgets what is loaded, and what a dry run has found so far.
void Advance::start_over(const state::Store& store)
{
    loading_.reset();
    simulation_.reset();
    if (!change_.dry_run) {
        disturbed_ = true;
        return;
    }
    if (++restarts_ > max_restarts)
        throw Problem{409, "the account " + change_.uin +
                               (store.is_shared() ? ", or what another server keeps in the same file," : "") +
                               " changed again and again while it was computed what would happen; try again"};
    work_done_ = 0;
    events_.clear();
    listed_ = 0;
    left_out_ = 0;
    hours_ = {};
}

// Tells the store that nothing is due until the simulation says so.
void Advance::follow(state::Store& store)
{
    if (!next_due_)
        next_due_ = std::make_shared<Instant>();
    *next_due_ = simulation_->next_due().value_or(loaded_until_ + std::chrono::seconds{1});
    store.follow_jump(change_.uin, next_due_);
}

// A part takes longer for more instances, since they do not fit into the caches of a processor, and on a busy machine.
void Advance::fit_part(std::chrono::steady_clock::time_point committed)
{
    if (!limits_.part_time || !running_since_ || committed <= *running_since_)
        return;
    const auto took = committed - *running_since_;
    const auto scale = std::chrono::duration<double>{*limits_.part_time} / std::chrono::duration<double>{took};
    const auto fits = static_cast<std::int64_t>(static_cast<double>(part_) * std::min(scale, 2.0));
    part_ = std::clamp(fits, limits_.part / divisor_of_smallest_part, limits_.part);
}

bool Advance::load(const Accounts& accounts, const state::Account& account)
{
    state::Store& store = accounts.store;
    if (!loading_) {
        loading_.emplace(Loading{.input = {.account = account, .instances = {}, .disks = {}}});
        const std::int64_t most = disturbed_ ? max_in_slice : max_loaded;
        loaded_until_ = change_.dry_run ? change_.target : loadable_until(store, change_.uin, change_.target, most);
    }
    const Instant after = loading_->until;
    // Things that are due at the same time are in one slice, however many they are. After a disturbance there is one
    // slice, as the next disturbance may come before another one.
    const bool one_slice = disturbed_ || restarts_ == max_restarts;
    while (!one_slice && loading_->until == after) {
        const auto crowded = store.due_by(change_.uin, ++loading_->slices * max_in_slice + 1);
        if (!crowded || *crowded > loaded_until_)
            break;
        loading_->until = std::max(*crowded - std::chrono::seconds{1}, after);
    }
    if (loading_->until == after)
        loading_->until = loaded_until_;
    state::add_due(store, loading_->input, after, loading_->until);
    if (loading_->until < loaded_until_)
        return false;

    state::SimulationInput input = std::move(loading_->input);
    loading_.reset();
    catalog_ = accounts.catalog_of(account);
    const state::Lifecycle& lifecycle = catalog_->lifecycle_of(account);
    state::complete(store, input, loaded_until_, lifecycle);
    if (reached_)
        reschedule(store, input, lifecycle, *reached_);
    loaded_hourly_ = std::ranges::count_if(
        input.instances, [](const state::Instance& instance) { return state::pays_by_hour(instance.charge_type); });
    simulation_.emplace(std::move(input), lifecycle, catalog_->prices,
                        state::AdvanceOptions{.until = loaded_until_, .list_hours = change_.list_hours});
    return true;
}

bool Advance::save(state::Store& store, const state::Account& account, Instant now, Instant wall)
{
    state::SimulationResult result = simulation_->take();
    const Instant reached = std::max(now, result.reached); // a clock that runs may be further
    state::AccountClock& clock = result.books.account.clock;
    clock = account.clock.moved_to(reached, wall);
    if (change_.frozen)
        clock = clock.frozen(*change_.frozen, wall);
    state::save(store, result);
    if (!change_.dry_run) {
        seen_ = reached;
        reached_ = result.reached;
        follow(store);
    }
    hours_.charged += result.hours.charged;
    hours_.total += result.hours.total;
    keep(result.events);
    if (result.finished && !change_.dry_run) {
        simulation_.reset();
        disturbed_ = false;
    }
    return result.finished;
}

void Advance::keep(std::span<const state::Event> events)
{
    const std::size_t kept = std::min(events.size(), max_events - listed_);
    listed_ += kept;
    left_out_ += static_cast<std::int64_t>(events.size() - kept);
    for (const state::Event& event : events.first(kept))
        events_ += (events_.empty() ? "" : ",") + boost::json::serialize(to_json(event));
}

} // namespace cvm::control
