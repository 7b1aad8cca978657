#pragma once

#include "state/rules/lifecycle.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// A discrete-event simulation of an account: everything that becomes due happens, in order of due time. Pure: it takes
// what may become due as values, and returns the events and the account after them.

namespace cvm::state {

enum class EventKind {
    operation_ended,
    reminded,
    renewed,
    renewal_failed,
    isolated, // into the recycle bin; an elastic disk leaves its instance
    released, // gone for good
    hour_charged,
    arrears_began,
    restored,
};
template <>
struct Names<EventKind> {
    static constexpr std::array<std::string_view, 9> all{"operation_ended", "reminded",      "renewed",
                                                         "renewal_failed",  "isolated",      "released",
                                                         "hour_charged",    "arrears_began", "restored"};
};

enum class Why {
    time_is_up,           // the operation has taken its time
    expires_soon,         // and will not be renewed automatically
    money_lacks_soon,     // the automatic renewal is going to fail: the balance does not suffice
    auto_renew,           // RenewFlag is NOTIFY_AND_AUTO_RENEW
    insufficient_balance, // for the automatic renewal
    end_of_calendar,      // the automatic renewal would end past the year 9999
    expired,              // without automatic renewal
    arrears,              // of the account
    recycle_bin_over,
    hour_ended,
    debt_paid,
    action_timer, // of RunInstances
};
template <>
struct Names<Why> {
    static constexpr std::array<std::string_view, 12> all{
        "time_is_up",           "expires_soon",    "money_lacks_soon", "auto_renew",
        "insufficient_balance", "end_of_calendar", "expired",          "arrears",
        "recycle_bin_over",     "hour_ended",      "debt_paid",        "action_timer"};
};

// An event of the simulation.
struct Event {
    Instant at{};
    EventKind kind{};
    Why why{};
    std::string resource_id{}; // an instance or a disk; empty: the account
    std::string detail{};      // the name of an operation
    std::string order_id{};
    Cents price{};  // of a renewal, paid or not, or of a charged hour
    Cents before{}; // RealBalance before and after the event
    Cents after{};
    std::optional<Instant> expires_at{}; // of a renewed resource: its new expiry; of a reminded one: its expiry

    friend bool operator==(const Event&, const Event&) = default;
};

// The hours of instances that were charged, and their total price.
struct Hours {
    std::int64_t charged = 0;
    Cents total{};

    friend bool operator==(const Hours&, const Hours&) = default;
};

// The part of an account that may become due: instances, and detached disks. If one instance is paid by the hour, all
// such instances must be there, since they fall into arrears together.
struct SimulationInput {
    Account account;
    std::vector<Instance> instances;
    std::vector<PlacedDisk> disks;
    std::vector<Voucher> vouchers{}; // which pay automatic renewals (documented)
};

// How far the simulation goes, and which events it returns.
struct AdvanceOptions {
    Instant until{};
    bool list_hours = false;    // return hour_charged events too
    bool stop_at_first = false; // stop after all events at the time of the first event that is returned
};

// The amount of work of a simulation's steps, relative to each other.
inline constexpr std::int64_t work_of_hour = 1; // a charged hour, or another step without an event
inline constexpr std::int64_t work_of_event = 16;
inline constexpr std::int64_t any_work = std::numeric_limits<std::int64_t>::max();

// The account after the simulation, and the events on the way.
struct SimulationResult {
    Bookkeeper books; // the account, the new orders and ledger lines
    // The instances that changed, as they are now, and, in the same order, as the input or the previous result had
    // them.
    std::vector<std::shared_ptr<const Instance>> instances;
    std::vector<std::shared_ptr<const Instance>> before;
    std::vector<PlacedDisk> disks; // detached disks that changed or were left by an instance
    std::vector<std::string> released_instances;
    std::vector<std::string> released_disks; // only detached disks
    std::vector<Event> events;
    Hours hours;
    Instant reached{};    // `until`, or the time up to which everything has happened
    bool finished = true; // false: more is due at or before `until`
};

// When the arrears of an account reach their next stage; nullopt if they do not.
std::optional<Instant> due_of(const Account& account, const Lifecycle& lifecycle);

// A simulation that can be run in parts.
class Simulation {
public:
    // `input` must hold everything whose due_at is at or before `options.until`; it may hold more. `lifecycle` and
    // `prices` must outlive the simulation.
    Simulation(SimulationInput input, const Lifecycle& lifecycle, const PriceTable& prices,
               const AdvanceOptions& options);
    ~Simulation();
    Simulation(Simulation&&) noexcept;
    Simulation& operator=(Simulation&&) noexcept;

    // Runs until it is finished or has done `work`. It never stops between two things that happen at the same time, so
    // it may do more. Returns the work done.
    std::int64_t run(std::int64_t work);

    bool finished() const;
    Instant reached() const;           // as SimulationResult
    std::optional<Instant> next_due(); // what is due next, at or before `until`; nullopt: nothing

    // What has happened since the last call, and the account, the instances and the disks as they are now. Instances
    // for which nothing but the due time is new are left for the end, 1,000 with each call; the result is not
    // `finished` until all are taken, and few instances are left in memory.
    SimulationResult take();

    // Returns the events since the last call. The next take() is without them, and without the orders and ledger lines
    // so far.
    std::vector<Event> take_events();

private:
    class Run;
    friend SimulationResult simulate(SimulationInput, const Lifecycle&, const PriceTable&, const AdvanceOptions&,
                                     std::int64_t);

    std::unique_ptr<Run> run_;
};

// Runs all of it, or as much as `work` allows.
SimulationResult simulate(SimulationInput input, const Lifecycle& lifecycle, const PriceTable& prices,
                          const AdvanceOptions& options, std::int64_t work = any_work);

} // namespace cvm::state
