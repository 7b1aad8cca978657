#pragma once

#include "server/api/action.hpp"
#include "server/base/error.hpp"
#include "server/http/connections.hpp"
#include "server/http/service.hpp"
#include "state/model/calendar.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

// The counters for GET /metrics.

namespace cvm::control {

// The number of durations in each bucket.
struct Histogram {
    // The inclusive upper bounds of the buckets. The last bucket has none.
    static constexpr std::array<std::chrono::microseconds, 14> bounds{
        std::chrono::microseconds{10},      std::chrono::microseconds{25},       std::chrono::microseconds{50},
        std::chrono::microseconds{100},     std::chrono::microseconds{250},      std::chrono::microseconds{500},
        std::chrono::microseconds{1'000},   std::chrono::microseconds{2'500},    std::chrono::microseconds{5'000},
        std::chrono::microseconds{10'000},  std::chrono::microseconds{50'000},   std::chrono::microseconds{100'000},
        std::chrono::microseconds{500'000}, std::chrono::microseconds{1'000'000}};

    void add(std::chrono::nanoseconds duration) noexcept;

    std::array<std::uint64_t, bounds.size() + 1> buckets{}; // not cumulative
    std::chrono::nanoseconds sum{};
};

// A call of the API, for the counters.
struct CountedCall {
    const api::Action* action = nullptr; // nullptr: no such action
    bool silent = false;                 // the answer contained no code
    std::optional<Errc> error{};         // nullopt: OK, unless silent
    std::chrono::nanoseconds duration{}; // spent on the call
};

// Counting takes nanoseconds and no memory: there is a counter for each action of the table and each code.
class RequestCounts {
public:
    RequestCounts();

    void add(const CountedCall& call) noexcept;
    void add_other(unsigned status) noexcept; // not a call of the API
    void add(http::Refusal reason) noexcept;

    // `action` is an index into api::all_actions(), or its size for an unknown action.
    std::uint64_t ok(std::size_t action) const { return calls_[place(action, told_ok)]; }
    std::uint64_t silent(std::size_t action) const { return calls_[place(action, told_nothing)]; }
    std::uint64_t refused(std::size_t action, Errc code) const { return calls_[place(action, told(code))]; }
    const Histogram& durations(std::size_t action) const { return durations_[action]; }

    static constexpr unsigned statuses = 600;                                  // HTTP statuses are below
    std::uint64_t others(unsigned status) const { return others_.at(status); } // status 0: not an HTTP status
    std::uint64_t refusals(http::Refusal reason) const { return refusals_.at(static_cast<std::size_t>(reason)); }

private:
    static constexpr std::size_t told_ok = 0;
    static constexpr std::size_t told_nothing = 1;
    static std::size_t told(Errc code) { return 2 + static_cast<std::size_t>(code); }
    static std::size_t place(std::size_t action, std::size_t told);

    std::vector<std::uint64_t> calls_; // by action, then by code
    std::vector<Histogram> durations_; // by action
    std::array<std::uint64_t, statuses> others_{};
    std::array<std::uint64_t, http::refusal_names.size()> refusals_{};
};

struct Figures {
    state::Instant started; // real time
    http::Connections connections{};
    RequestCounts requests{};
};

} // namespace cvm::control
