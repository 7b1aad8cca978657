#pragma once

#include "state/rules/lifecycle.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

// A discrete-event simulation of an account: everything that becomes due happens, in order of due time. Pure: what may
// become due comes in as values, the account as it is afterwards and the events go out.

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
    time_is_up,           // of an operation
    expires_soon,         // and nobody will renew it
    money_lacks_soon,     // it would be renewed if there were money
    auto_renew,           // its RenewFlag
    insufficient_balance, // for what its RenewFlag asks for
    end_of_calendar,      // it cannot be renewed past the year 9999
    expired,              // and is not renewed by itself
    arrears,              // of its account
    recycle_bin_over,
    hour_ended,
    debt_paid,
};
template <>
struct Names<Why> {
    static constexpr std::array<std::string_view, 11> all{
        "time_is_up",           "expires_soon",    "money_lacks_soon", "auto_renew",
        "insufficient_balance", "end_of_calendar", "expired",          "arrears",
        "recycle_bin_over",     "hour_ended",      "debt_paid"};
};

// Something that time did.
struct Event {
    Instant at{};
    EventKind kind{};
    Why why{};
    std::string resource_id{}; // an instance or a disk; empty: the account
    std::string detail{};      // the name of an operation
    std::string order_id{};
    Cents price{};  // paid, or lacking
    Cents before{}; // RealBalance
    Cents after{};
    std::optional<Instant> expires_at{}; // of a renewed resource: its new expiry; of a reminded one: its expiry

    friend bool operator==(const Event&, const Event&) = default;
};

// Hours of what is paid by the hour, counted.
struct Hours {
    std::int64_t charged = 0;
    Cents total{};

    friend bool operator==(const Hours&, const Hours&) = default;
};

// What of an account may become due: its instances and its disks on no instance. If one of them is paid by the hour,
// all that are must be there: they fall into arrears together.
struct SimulationInput {
    Account account;
    std::vector<Instance> instances;
    std::vector<PlacedDisk> disks;
};

// How far the clock advances, and what is told of the way.
struct AdvanceOptions {
    Instant until{};
    bool list_hours = false;    // hour_charged events too
    bool stop_at_first = false; // after the events of the moment of the first one that is listed
    std::int64_t most_steps = std::numeric_limits<std::int64_t>::max(); // where to give up
};

// The account afterwards, and how it came there.
struct SimulationResult {
    Bookkeeper books;                // the account, and the orders and lines that were made
    std::vector<Instance> instances; // that changed, as they are now
    std::vector<PlacedDisk> disks;   // on no instance: changed, or left by an instance
    std::vector<std::string> released_instances;
    std::vector<std::string> released_disks; // of those that were on no instance
    std::vector<Event> events;
    Hours hours;
    Instant reached{};    // `until`, or where it stopped
    bool gave_up = false; // there were more steps than `most_steps`; then nothing of this is of use
};

// When the account itself is due: its arrears go on.
std::optional<Instant> due_of(const Account& account, const Lifecycle& lifecycle);

// `input` must hold everything whose due_at is at or before `options.until`. What is due later may be there too.
SimulationResult simulate(SimulationInput input, const Lifecycle& lifecycle, const PriceTable& prices,
                          const AdvanceOptions& options);

} // namespace cvm::state
