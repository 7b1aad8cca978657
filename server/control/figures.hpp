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

// What the server counts while it works, for GET /metrics.

namespace cvm::control {

// How many durations lie in which bucket.
struct Histogram {
    // The upper bounds of the buckets, each with what lies on it. The last bucket has none.
    static constexpr std::array<std::chrono::microseconds, 14> bounds{
        std::chrono::microseconds{10},      std::chrono::microseconds{25},       std::chrono::microseconds{50},
        std::chrono::microseconds{100},     std::chrono::microseconds{250},      std::chrono::microseconds{500},
        std::chrono::microseconds{1'000},   std::chrono::microseconds{2'500},    std::chrono::microseconds{5'000},
        std::chrono::microseconds{10'000},  std::chrono::microseconds{50'000},   std::chrono::microseconds{100'000},
        std::chrono::microseconds{500'000}, std::chrono::microseconds{1'000'000}};

    void add(std::chrono::nanoseconds duration) noexcept;

    std::array<std::uint64_t, bounds.size() + 1> buckets{}; // each for itself
    std::chrono::nanoseconds sum{};
};

// A call of the API as it is counted.
struct CountedCall {
    const api::Action* action = nullptr; // nullptr: there is none such
    bool silent = false;                 // the answer told no code
    std::optional<Errc> error{};         // nullopt: OK, unless it is silent
    std::chrono::nanoseconds duration{}; // of the work
};

// Counting takes nanoseconds and no memory: there is a place for each action of the table and each code.
class RequestCounts {
public:
    RequestCounts();

    void add(const CountedCall& call) noexcept;
    void add_other(unsigned status) noexcept; // a request that is no call of the API
    void add(http::Refusal reason) noexcept;

    // `action` is a position in api::all_actions(), or behind it for what is none.
    std::uint64_t ok(std::size_t action) const { return calls_[place(action, told_ok)]; }
    std::uint64_t silent(std::size_t action) const { return calls_[place(action, told_nothing)]; }
    std::uint64_t refused(std::size_t action, Errc code) const { return calls_[place(action, told(code))]; }
    const Histogram& durations(std::size_t action) const { return durations_[action]; }

    static constexpr unsigned statuses = 600;                                  // those of HTTP are below
    std::uint64_t others(unsigned status) const { return others_.at(status); } // status 0: none of HTTP
    std::uint64_t refusals(http::Refusal reason) const { return refusals_.at(static_cast<std::size_t>(reason)); }

private:
    static constexpr std::size_t told_ok = 0;
    static constexpr std::size_t told_nothing = 1;
    static std::size_t told(Errc code) { return 2 + static_cast<std::size_t>(code); }
    static std::size_t place(std::size_t action, std::size_t told);

    std::vector<std::uint64_t> calls_; // by action, then by what the answer told
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
