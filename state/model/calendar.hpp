#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace cvm::state {

// Every instant is UTC, to the second: the API knows nothing finer.
using Instant = std::chrono::sys_seconds;

// The instants that can be written with four digits for the year. Arithmetic that leaves them throws
// std::out_of_range.
inline constexpr Instant earliest = std::chrono::sys_days{std::chrono::year{1} / 1 / 1};
inline constexpr Instant latest =
    std::chrono::sys_days{std::chrono::year{9999} / 12 / 31} + std::chrono::seconds{86399};

// The vendor's days are those of Beijing, which has no daylight saving.
inline constexpr std::chrono::hours beijing_offset{8};

// The earlier of the two; nullopt counts as later than every instant.
inline std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b)
{
    return !a || (b && *b < *a) ? b : a;
}

// Adds calendar months, keeping the time of day. A day that the target month lacks becomes that month's last:
// 31 Jan + 1 month = 28 or 29 Feb. Observed in expiries of real instances (tests/unit/state/model/calendar_test.cpp).
Instant add_months(Instant from, std::chrono::months by);

// The least number of calendar months after which `from` is at or past `to`; 0 if it is already.
std::chrono::months months_to_reach(Instant from, Instant to);

// An ISO 8601 duration. Calendar units are kept apart because a month has no length of its own.
struct Duration {
    std::chrono::months months{};
    std::chrono::seconds seconds{}; // days and weeks are 24 and 168 hours: UTC has no daylight saving

    friend bool operator==(const Duration&, const Duration&) = default;
};

// Adds the months first, then the seconds.
Instant add(Instant from, const Duration& by);

// "P1M", "P1Y2M10DT2H30M", "PT0S", "P2W", with an optional sign in front ("+P30D", "-P1D"). Whole numbers only.
// nullopt for anything else, and for amounts over ten thousand years.
std::optional<Duration> parse_duration(std::string_view text);

// "2026-12-01T00:00:00Z".
std::string format_instant(Instant instant);

// Only the form that format_instant writes, within `earliest` and `latest`; nullopt for anything else.
std::optional<Instant> parse_instant(std::string_view text);

// "2026-12-01 08:00:00", the form of billing fields and of time filters, read as UTC+8 (assumed, since their pages name
// no zone: fixtures/catalog/actions/DescribeDisks.json).
std::optional<Instant> parse_beijing_time(std::string_view text);

// The text that parse_beijing_time reads.
std::string format_beijing_time(Instant instant);

} // namespace cvm::state
