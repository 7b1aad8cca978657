#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cvm::state {

// An instant in UTC, in whole seconds: the API has no finer resolution.
using Instant = std::chrono::sys_seconds;

// The first and the last instant whose year has four digits. Arithmetic that leaves this range throws
// std::out_of_range.
inline constexpr Instant earliest = std::chrono::sys_days{std::chrono::year{1} / 1 / 1};
inline constexpr Instant latest =
    std::chrono::sys_days{std::chrono::year{9999} / 12 / 31} + std::chrono::seconds{86399};

// The vendor's days are those of Beijing (UTC+8), which has no daylight saving time.
inline constexpr std::chrono::hours beijing_offset{8};

// The earlier of the two; nullopt counts as later than every instant.
inline std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b)
{
    return !a || (b && *b < *a) ? b : a;
}

// Adds calendar months and keeps the time of day. If the target month lacks the day, the result is its last day: 31 Jan
// + 1 month = 28 or 29 Feb. Observed in expiries of real instances (tests/unit/state/model/calendar_test.cpp).
Instant add_months(Instant from, std::chrono::months by);

// The smallest number of calendar months that takes `from` to `to` or later; 0 if `from` is already there.
std::chrono::months months_to_reach(Instant from, Instant to);

// An ISO 8601 duration. Months are kept apart from seconds because a month has no fixed length.
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

// Writes the digits of a number that is not negative over the zeros in front of text[end]. The number must fit.
void put_digits(std::string& text, std::size_t end, std::int64_t number);

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
