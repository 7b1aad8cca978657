#include "state/rules/simulation.hpp"

#include "state/rules/operations.hpp"
#include "state/rules/order.hpp"
#include "state/rules/renewal.hpp"

#include <algorithm>
#include <deque>
#include <queue>
#include <utility>

namespace cvm::state {

namespace {

// The maximum number of instances that Simulation::take() saves or frees at the end.
constexpr std::size_t max_at_once = 1'000;

// The value of `since` with which next_stage() still finds a stage that is due at `at`.
Instant before(Instant at) { return at - std::chrono::seconds{1}; }

} // namespace

class Simulation::Run {
public:
    Run(SimulationInput input, const Lifecycle& lifecycle, const PriceTable& prices, const AdvanceOptions& options)
        : lifecycle_{lifecycle},
          prices_{prices},
          options_{options},
          books_{std::move(input.account), {}, Cause::event, ""}
    {
        books_.vouchers = std::move(input.vouchers);
        // By id, so that the result does not depend on the order of the input.
        std::vector<Instance*> by_id;
        by_id.reserve(input.instances.size());
        for (Instance& instance : input.instances)
            by_id.push_back(&instance);
        std::ranges::sort(by_id, {}, &Instance::id);
        for (Instance* instance : by_id) {
            instances_.push_back({std::move(*instance)});
            enqueue(instances_.back(), false, instances_.size() - 1);
        }
        for (PlacedDisk& disk : input.disks) {
            disks_.push_back({std::move(disk)});
            enqueue(disks_.back(), true, disks_.size() - 1);
        }
        known_.resize(instances_.size());
    }

    std::optional<Instant> next_due()
    {
        while (!queue_.empty() && stale(queue_.top()))
            queue_.pop();
        std::optional<Instant> due = due_of(books_.account, lifecycle_);
        if (!queue_.empty() && (!due || queue_.top().at < *due))
            due = queue_.top().at;
        return due;
    }

    std::int64_t run(std::int64_t work)
    {
        std::int64_t done = 0;
        for (;;) {
            const auto at = next_due();
            finished_ = !at || *at > options_.until || (options_.stop_at_first && first_event_ && *at > *first_event_);
            if (finished_ || (done >= work && *at > now_))
                return done;
            done += step(*at);
        }
    }

    bool finished() const { return finished_; }

    Instant reached() const
    {
        return !finished_ ? now_ : options_.stop_at_first && first_event_ ? *first_event_ : options_.until;
    }

    // `last`: the simulation ends here, so that results are moved instead of copied.
    SimulationResult take(bool last)
    {
        SimulationResult result{.books = last ? std::move(books_) : books_.take(),
                                .instances = {},
                                .before = {},
                                .disks = {},
                                .released_instances = {},
                                .released_disks = {},
                                .events = std::exchange(events_, {}),
                                .hours = std::exchange(hours_, {}),
                                .reached = reached()};
        const bool all = !finished_ || count_moved_as_changed(last ? instances_.size() : max_at_once);
        take_changed(instances_, result.released_instances, [&](std::size_t index) {
            Instance& value = instances_[index].value;
            result.instances.push_back(last ? std::make_shared<const Instance>(std::move(value))
                                            : std::make_shared<const Instance>(value));
            result.before.push_back(std::exchange(known_[index], result.instances.back()));
        });
        take_changed(disks_, result.released_disks, [&](std::size_t index) {
            PlacedDisk& value = disks_[index].value;
            result.disks.push_back(last ? std::move(value) : value);
        });
        result.finished = finished_ && all && (last || free_some());
        return result;
    }

    std::vector<Event> take_events()
    {
        books_.take();
        return std::exchange(events_, {});
    }

private:
    template <class T>
    struct Tracked {
        T value;
        bool changed = false; // since the last take()
        // Only its due_at has changed; saved at the end only, since computing it again costs less than a save.
        bool moved = false;
        bool gone = false;
    };

    // Ordered by due time, then by id. An entry is stale once its instance or disk has another due_at or is released.
    struct Entry {
        Instant at;
        const std::string* id;
        bool is_disk;
        std::size_t index;

        friend bool operator>(const Entry& a, const Entry& b) { return a.at != b.at ? a.at > b.at : *a.id > *b.id; }
    };

    // Counts at most `limit` moved instances as changed, so that they are taken. Returns whether no other is left.
    bool count_moved_as_changed(std::size_t limit)
    {
        for (Tracked<Instance>& thing : instances_) {
            if (!thing.moved || thing.changed)
                continue;
            if (limit-- == 0)
                return false;
            thing.changed = true;
        }
        return true;
    }

    // Frees instances at the end. Returns whether few are left.
    bool free_some()
    {
        queue_ = {};
        for (std::size_t freed = 0; freed < max_at_once && !instances_.empty(); ++freed) {
            instances_.pop_back();
            known_.pop_back();
        }
        return instances_.size() <= max_at_once;
    }

    static const std::string& id_of(const Instance& instance) { return instance.id; }
    static const std::string& id_of(const PlacedDisk& placed) { return placed.disk.id; }

    template <class T>
    void enqueue(const Tracked<T>& thing, bool is_disk, std::size_t index)
    {
        if (thing.value.due_at && *thing.value.due_at <= options_.until)
            queue_.push({*thing.value.due_at, &id_of(thing.value), is_disk, index});
    }

    bool stale(const Entry& entry) const
    {
        const auto moved = [&](const auto& thing) { return thing.gone || thing.value.due_at != entry.at; };
        return entry.is_disk ? moved(disks_[entry.index]) : moved(instances_[entry.index]);
    }

    // Of things due at the same time, the arrears of the account come first, then instances and disks. What a step
    // makes overdue happens at the time of that step. Returns the amount of work.
    std::int64_t step(Instant due)
    {
        const Instant at = now_ = std::max(due, now_);
        const std::size_t events = events_.size();
        if (due_of(books_.account, lifecycle_) == due) {
            advance_arrears(at);
        } else {
            const Entry entry = queue_.top();
            queue_.pop();
            if (entry.is_disk)
                advance_disk(entry.index, at);
            else
                advance_instance(entry.index, at);
        }
        const auto added = static_cast<std::int64_t>(events_.size() - events);
        return added == 0 ? work_of_hour : added * work_of_event;
    }

    // --- events and instances ---

    Event& add_event(Instant at, EventKind kind, Why why, std::string_view resource_id)
    {
        const Cents real = books_.account.balance.real();
        events_.push_back({.at = at,
                           .kind = kind,
                           .why = why,
                           .resource_id = std::string{resource_id},
                           .before = real,
                           .after = real});
        if (!first_event_)
            first_event_ = at;
        return events_.back();
    }

    // Ledger lines from now on have this event as their cause.
    void begin_entry(Instant at, EventKind kind) { books_.begin_entry(at, Cause::event, name(kind)); }

    void reschedule(std::size_t index, Instant at, bool changed = true)
    {
        Tracked<Instance>& thing = instances_[index];
        schedule(thing.value, lifecycle_, at);
        thing.changed = thing.changed || changed;
        thing.moved = true;
        enqueue(thing, false, index);
    }

    // An instance that is about to change.
    Instance& instance_at(std::size_t index)
    {
        Instance& instance = instances_[index].value;
        if (!known_[index])
            known_[index] = std::make_shared<const Instance>(instance);
        return instance;
    }

    void advance_instance(std::size_t index, Instant at)
    {
        Instance& instance = instance_at(index);
        bool changed = false;
        if (const auto& operation = instance.latest_operation; operation &&
                                                               operation->state == OperationState::operating &&
                                                               operation->ends_at && *operation->ends_at <= at) {
            // An instance is charged as if it ran until it has stopped.
            if (instance.state == InstanceState::stopping && instance.charged_until && *instance.charged_until < at)
                charge_hour(instance, at);
            add_event(at, EventKind::operation_ended, Why::time_is_up, instance.id).detail = operation->name;
            instance = finish_operation(std::move(instance), at);
            changed = true;
            if (gone(instance)) {
                release(index, at, Why::time_is_up);
                return;
            }
        }
        if (const auto hour = next_hour(instance); hour && *hour <= at) {
            charge_hour(instance, at);
            changed = true;
        }
        if (const auto end = timed_end(instance); end && *end <= at) {
            instance.terminates_at.reset();
            changed = true;
            if (!instance.attributes.disable_api_termination) { // as in TerminateInstances (assumed)
                charge_rest(instance, at);
                release(index, at, Why::action_timer);
                return;
            }
        }
        changed = advance_attached_disks(instance, at) || changed;
        if (const auto stage = next_stage(instance, lifecycle_, before(at)); stage && *stage <= at) {
            if (instance.state == InstanceState::shutdown) {
                release(index, at, Why::recycle_bin_over);
                return;
            }
            changed = advance_stage(instance, at) || changed;
        }
        reschedule(index, at, changed);
    }

    void charge_hour(Instance& instance, Instant at)
    {
        const Cents real = books_.account.balance.real();
        const Arrears arrears = books_.account.arrears;
        begin_entry(at, EventKind::hour_charged);
        charge_until(instance, at, prices_, books_);
        const Cents left = books_.account.balance.real();
        ++hours_.charged;
        hours_.total += real - left;
        if (options_.list_hours) {
            Event& event = add_event(at, EventKind::hour_charged, Why::hour_ended, instance.id);
            event.before = real;
            event.price = real - left;
        }
        if (books_.account.arrears != arrears)
            add_event(at, EventKind::arrears_began, Why::arrears, {});
    }

    // Charges the part of an hour since the last charge.
    void charge_rest(Instance& instance, Instant at)
    {
        if (next_hour(instance) && *instance.charged_until < at)
            charge_hour(instance, at);
    }

    // Returns false if nothing has changed and no event was added.
    bool advance_stage(Instance& instance, Instant at)
    {
        const Instant expiry = *instance.expires_at;
        const bool automatic = instance.renew_flag == RenewFlag::notify_and_auto_renew;
        const auto price = [&] { return renewal_price(prices_, instance, terms_of(instance)).total(); };
        if (at < expiry) {
            const std::size_t told = events_.size();
            remind(at, instance.id, expiry, automatic, instance.renew_months, price);
            return events_.size() > told;
        }
        Why why = Why::expired;
        if (automatic) {
            const auto order = [&](const Price& of_months) {
                return order_for(instance, "renew", std::chrono::months{instance.renew_months}, of_months, expiry);
            };
            why = try_renewal(at, instance.id, std::chrono::months{instance.renew_months}, expiry, price, order);
            if (why == Why::auto_renew) {
                const RenewalTerms terms = terms_of(instance);
                renew(instance, terms);
                // A running or failed operation stays the latest one.
                if (!instance.latest_operation || instance.latest_operation->state == OperationState::success)
                    instance.latest_operation = Operation{.name = "RenewInstances",
                                                          .state = OperationState::success,
                                                          .request_id = "",
                                                          .error_message = ""};
                events_.back().expires_at = instance.expires_at;
                return true;
            }
        }
        if (at >= expiry + lifecycle_.of(instance).usable_after) {
            add_event(at, EventKind::isolated, why, instance.id);
            instance = isolated(std::move(instance), IsolatedSource::expire);
        }
        return true;
    }

    static RenewalTerms terms_of(const Instance& instance)
    {
        // Elastic disks are renewed by their own flags.
        return {.period = std::chrono::months{instance.renew_months},
                .renew_flag = std::nullopt,
                .portable_data_disks = false};
    }

    // Adds a reminder, unless the automatic renewal will succeed as things stand.
    template <class PriceOf>
    void remind(Instant at, std::string_view id, Instant expiry, bool automatic, std::int64_t months,
                const PriceOf& price_of)
    {
        Cents price;
        if (automatic && within_calendar(expiry, std::chrono::months{months})) {
            price = price_of().discounted;
            if (books_.can_pay("renew", id, price, expiry))
                return;
        }
        Event& event = add_event(at, EventKind::reminded, automatic ? Why::money_lacks_soon : Why::expires_soon, id);
        event.price = price;
        event.expires_at = expiry;
    }

    // Attempts an automatic renewal: pays the order for `months` from `expiry` on and appends an event. Returns
    // auto_renew if it is paid, otherwise the reason why not.
    template <class PriceOf, class OrderFor>
    Why try_renewal(Instant at, const std::string& id, std::chrono::months months, Instant expiry,
                    const PriceOf& price_of, const OrderFor& order_of)
    {
        if (!within_calendar(expiry, months)) {
            add_event(at, EventKind::renewal_failed, Why::end_of_calendar, id);
            return Why::end_of_calendar;
        }
        const Cents real = books_.account.balance.real();
        const Price price = price_of();
        begin_entry(at, EventKind::renewed);
        const bool paid = books_.buy(order_of(price));
        Event& event = paid ? add_event(at, EventKind::renewed, Why::auto_renew, id)
                            : add_event(at, EventKind::renewal_failed, Why::insufficient_balance, id);
        event.price = price.discounted;
        event.before = real;
        if (paid)
            event.order_id = books_.orders.back().order_id;
        return event.why;
    }

    // Releases an instance; the disks that remain are simulated on their own.
    void release(std::size_t index, Instant at, Why why)
    {
        Tracked<Instance>& thing = instances_[index];
        const Cents real = books_.account.balance.real();
        begin_entry(at, EventKind::released);
        books_.thaw(thing.value.id, thing.value.frozen);
        add_event(at, EventKind::released, why, thing.value.id).before = real;
        thing.changed = thing.gone = true;
        for (PlacedDisk& left : disks_left(thing.value))
            add_disk(std::move(left), at);
    }

    // --- disks ---

    void add_disk(PlacedDisk placed, Instant at)
    {
        disks_.push_back({scheduled(std::move(placed), lifecycle_, at), true});
        enqueue(disks_.back(), true, disks_.size() - 1);
    }

    // Returns whether one of them may have changed.
    bool advance_attached_disks(Instance& instance, Instant at)
    {
        bool changed = false;
        for (auto disk = instance.disks.begin(); disk != instance.disks.end();) {
            const auto stage =
                has_own_lifecycle(*disk) ? next_stage(*disk, true, lifecycle_.of(*disk), before(at)) : std::nullopt;
            const bool due = stage && *stage <= at;
            changed = changed || due;
            if (!due || advance_stage(*disk, instance.zone, at)) {
                ++disk;
                continue;
            }
            add_disk(detached_disk(std::move(*disk), instance), at);
            disk = instance.disks.erase(disk);
        }
        return changed;
    }

    void advance_disk(std::size_t index, Instant at)
    {
        Tracked<PlacedDisk>& thing = disks_[index];
        Disk& disk = thing.value.disk;
        if (at >= release_time(thing.value, lifecycle_.of(disk))) {
            add_event(at, EventKind::released, Why::recycle_bin_over, disk.id);
            thing.changed = thing.gone = true;
            return;
        }
        advance_stage(disk, thing.value.zone, at);
        schedule(thing.value, lifecycle_, at);
        thing.changed = true;
        enqueue(thing, true, index);
    }

    // Returns false if the disk goes into the recycle bin.
    bool advance_stage(Disk& disk, std::string_view zone, Instant at)
    {
        const std::chrono::months months{disk.renew_months};
        const Instant expiry = *disk.expires_at;
        const auto price = [&] { return disk_price(prices_, disk, months); };
        const bool automatic = disk.renew_flag == RenewFlag::notify_and_auto_renew;
        if (at < expiry) {
            remind(at, disk.id, expiry, automatic, disk.renew_months, price);
            return true;
        }
        Why why = Why::expired;
        if (automatic) {
            const auto order = [&](const Price& of_months) {
                return order_for(disk, zone, "renew", months, of_months, expiry);
            };
            why = try_renewal(at, disk.id, months, expiry, price, order);
            if (why == Why::auto_renew) {
                disk.expires_at = add_months(expiry, months);
                events_.back().expires_at = disk.expires_at;
                return true;
            }
        }
        if (at < expiry + lifecycle_.of(disk).usable_after)
            return true;
        add_event(at, EventKind::isolated, why, disk.id);
        return false;
    }

    // --- arrears ---

    void advance_arrears(Instant at)
    {
        const ArrearsStage stage = books_.account.arrears.stage;
        books_.account.arrears = stage == ArrearsStage::owing       ? Arrears{ArrearsStage::suspended, at}
                                 : stage == ArrearsStage::suspended ? Arrears{ArrearsStage::released, at}
                                                                    : Arrears{};
        for (std::size_t index = 0; index < instances_.size(); ++index) {
            const Instance& instance = instances_[index].value;
            if (instances_[index].gone || !pays_by_hour(instance.charge_type))
                continue;
            const bool suspended = instance.isolated_source == IsolatedSource::arrear;
            if (stage == ArrearsStage::owing && next_hour(instance))
                suspend(index, at);
            else if (stage == ArrearsStage::suspended && suspended)
                release(index, at, Why::recycle_bin_over);
            else if (stage == ArrearsStage::cleared && suspended)
                restore(index, at);
        }
    }

    void suspend(std::size_t index, Instant at)
    {
        Instance& instance = instance_at(index);
        charge_rest(instance, at);
        const Cents real = books_.account.balance.real();
        begin_entry(at, EventKind::isolated);
        books_.thaw(instance.id, std::exchange(instance.frozen, {}));
        add_event(at, EventKind::isolated, Why::arrears, instance.id).before = real;
        instance = isolated(std::move(instance), IsolatedSource::arrear);
        reschedule(index, at);
    }

    void restore(std::size_t index, Instant at)
    {
        Instance& instance = instance_at(index);
        const Cents real = books_.account.balance.real();
        const Cents hour = hour_price(prices_, instance);
        begin_entry(at, EventKind::restored);
        if (books_.freeze(instance.id, hour))
            instance.frozen = hour;
        add_event(at, EventKind::restored, Why::debt_paid, instance.id).before = real;
        instance = restored(std::move(instance), at);
        reschedule(index, at);
    }

    // Calls `take` with the index of each thing that has changed and still exists, and adds the others to `released`.
    template <class T, class Take>
    void take_changed(std::deque<Tracked<T>>& things, std::vector<std::string>& released, Take take) const
    {
        for (std::size_t index = 0; index < things.size(); ++index) {
            Tracked<T>& thing = things[index];
            if (!thing.changed)
                continue;
            thing.changed = thing.moved = false;
            if (thing.gone)
                released.push_back(id_of(thing.value));
            else
                take(index);
        }
    }

    const Lifecycle& lifecycle_;
    const PriceTable& prices_;
    AdvanceOptions options_;
    Bookkeeper books_;
    std::deque<Tracked<Instance>> instances_;
    // instances_ as the input or the last take() had them; nullptr: not advanced since the input.
    std::vector<std::shared_ptr<const Instance>> known_;
    std::deque<Tracked<PlacedDisk>> disks_;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
    Instant now_ = earliest; // of the latest step
    std::optional<Instant> first_event_;
    std::vector<Event> events_;
    Hours hours_;
    bool finished_ = false;
};

Simulation::Simulation(SimulationInput input, const Lifecycle& lifecycle, const PriceTable& prices,
                       const AdvanceOptions& options)
    : run_{std::make_unique<Run>(std::move(input), lifecycle, prices, options)}
{
}

Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;

std::int64_t Simulation::run(std::int64_t work) { return run_->run(work); }
bool Simulation::finished() const { return run_->finished(); }
Instant Simulation::reached() const { return run_->reached(); }
std::optional<Instant> Simulation::next_due() { return run_->finished() ? std::nullopt : run_->next_due(); }
SimulationResult Simulation::take() { return run_->take(false); }
std::vector<Event> Simulation::take_events() { return run_->take_events(); }

std::optional<Instant> due_of(const Account& account, const Lifecycle& lifecycle)
{
    switch (account.arrears.stage) {
    case ArrearsStage::none:
    case ArrearsStage::released:
        return std::nullopt;
    case ArrearsStage::owing:
        return account.arrears.since + lifecycle.arrears_grace;
    case ArrearsStage::suspended:
        return account.arrears.since + lifecycle.arrears_retention;
    case ArrearsStage::cleared:
        return account.arrears.since;
    }
    return std::nullopt;
}

SimulationResult simulate(SimulationInput input, const Lifecycle& lifecycle, const PriceTable& prices,
                          const AdvanceOptions& options, std::int64_t work)
{
    Simulation::Run run{std::move(input), lifecycle, prices, options};
    run.run(work);
    return run.take(true);
}

} // namespace cvm::state
