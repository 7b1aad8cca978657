#include "server/control/advance.hpp"

#include "state/store/account_repository.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cvm::control {

using state::Instant;

namespace {

// The approximate maximum number of instances and disks to load, which takes some 10 microseconds each.
constexpr std::int64_t max_loaded = 10'000;

// The time up to which at most `max_loaded` are due; more if they are due at the same time.
Instant loadable_until(state::Store& store, const std::string& uin, Instant target)
{
    const auto crowded = store.due_by(uin, max_loaded);
    if (!crowded || *crowded > target)
        return target;
    return std::max(*crowded - std::chrono::seconds{1}, store.next_due(uin).value());
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

Advance::Advance(ClockChange change, WorkLimits limits) : change_{std::move(change)}, limits_{limits} {}

bool Advance::run_part(const Accounts& accounts)
{
    state::Store& store = accounts.store;
    const auto account = store.find_account(change_.uin);
    if (!account)
        throw Problem{409, "the account " + change_.uin + " was deleted while its clock was being moved"};
    const Instant wall = accounts.wall.now();
    const Instant now = account->clock.now(wall);
    if (reached_ && now < *reached_)
        throw Problem{409, "the account " + change_.uin +
                               " was reset or imported while its clock was being moved; the clock shows " +
                               state::format_instant(now)};
    if (work_done_ >= limits_.whole)
        refuse_more(change_, limits_.whole, now);

    // The loaded data is valid as long as nobody else has written.
    const bool written = store.transactions() > transactions_ + 1 || store.data_version() != data_version_;
    transactions_ = store.transactions();
    data_version_ = store.data_version();
    if (!simulation_ || (written && !change_.dry_run))
        load(accounts, *account);
    // In an account with hourly instances, each part saves all of them.
    work_done_ += simulation_->run(std::max(limits_.part, loaded_hourly_ * state::work_of_event));

    if (change_.dry_run)
        keep(simulation_->take_events());
    const bool arrived = simulation_->finished() && loaded_until_ == change_.target;
    if (arrived || !change_.dry_run)
        save(store, *account, now, wall);
    return arrived;
}

void Advance::load(const Accounts& accounts, const state::Account& account)
{
    catalog_ = accounts.catalog_of(account);
    const state::Lifecycle& lifecycle = catalog_->lifecycle_of(account);
    loaded_until_ = change_.dry_run ? change_.target : loadable_until(accounts.store, change_.uin, change_.target);
    state::SimulationInput input = state::load_due(accounts.store, account, loaded_until_, lifecycle);
    loaded_hourly_ = std::ranges::count_if(
        input.instances, [](const state::Instance& instance) { return state::pays_by_hour(instance.charge_type); });
    simulation_.emplace(std::move(input), lifecycle, catalog_->prices,
                        state::AdvanceOptions{.until = loaded_until_, .list_hours = change_.list_hours});
}

void Advance::save(state::Store& store, const state::Account& account, Instant now, Instant wall)
{
    state::SimulationResult result = simulation_->take();
    const Instant reached = std::max(now, result.reached);
    state::AccountClock& clock = result.books.account.clock;
    clock = account.clock.moved_to(reached, wall);
    if (change_.frozen)
        clock = clock.frozen(*change_.frozen, wall);
    state::save(store, result);
    if (!change_.dry_run)
        reached_ = reached;
    hours_.charged += result.hours.charged;
    hours_.total += result.hours.total;
    keep(std::move(result.events));
    if (result.finished)
        simulation_.reset();
}

void Advance::keep(std::vector<state::Event> events)
{
    const std::size_t kept = std::min(events.size(), max_events - events_.size());
    left_out_ += static_cast<std::int64_t>(events.size() - kept);
    events_.insert(events_.end(), std::make_move_iterator(events.begin()),
                   std::make_move_iterator(events.begin() + static_cast<std::ptrdiff_t>(kept)));
}

} // namespace cvm::control
