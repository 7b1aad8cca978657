#include "state/model/calendar.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <stdexcept>

namespace cvm::state {

namespace {

using namespace std::chrono;

// Above the range of the calendar, and far below integer overflow.
constexpr std::int64_t max_duration_seconds = std::int64_t{10'000} * 366 * 86400;
constexpr std::int64_t max_duration_months = std::int64_t{10'000} * 12;

Instant checked(Instant instant)
{
    if (instant < earliest || instant > latest)
        throw std::out_of_range{"an instant outside the years 1 to 9999"};
    return instant;
}

// The value of `text` if it consists of digits only, else -1.
int digits(std::string_view text)
{
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

// "YYYY-MM-DD<separator>hh:mm:ss" and nothing after it.
std::optional<Instant> parse_date_time(std::string_view text, char separator)
{
    if (text.size() != 19 || text[4] != '-' || text[7] != '-' || text[10] != separator || text[13] != ':' ||
        text[16] != ':')
        return std::nullopt;
    const int y = digits(text.substr(0, 4));
    const int mo = digits(text.substr(5, 2));
    const int d = digits(text.substr(8, 2));
    const int h = digits(text.substr(11, 2));
    const int mi = digits(text.substr(14, 2));
    const int s = digits(text.substr(17, 2));
    if (y < 1 || mo < 1 || d < 1 || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 59)
        return std::nullopt;
    const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
    if (!date.ok())
        return std::nullopt;
    return sys_days{date} + hours{h} + minutes{mi} + seconds{s};
}

struct Unit {
    char letter;
    bool in_time; // whether it belongs after the T
    std::int64_t months;
    std::int64_t seconds;
};

// In the order that ISO 8601 requires.
constexpr std::array units{
    Unit{'Y', false, 12, 0},  Unit{'M', false, 1, 0}, Unit{'W', false, 0, 604800}, Unit{'D', false, 0, 86400},
    Unit{'H', true, 0, 3600}, Unit{'M', true, 0, 60}, Unit{'S', true, 0, 1},
};

} // namespace

Instant add_months(Instant from, months by)
{
    if (by.count() < -max_duration_months || by.count() > max_duration_months)
        throw std::out_of_range{"more months than the calendar holds"};
    const sys_days day = floor<days>(from);
    const year_month_day date{day};
    const year_month target = year_month{date.year(), date.month()} + by;
    if (target.year() < year{1} || target.year() > year{9999})
        throw std::out_of_range{"a month outside the years 1 to 9999"};
    year_month_day moved = target / date.day();
    if (!moved.ok())
        moved = target / last;
    return sys_days{moved} + (from - day);
}

months months_to_reach(Instant from, Instant to)
{
    if (from >= to)
        return months{0};
    const year_month_day begin{floor<days>(from)};
    const year_month_day end{floor<days>(to)};
    const months whole = (end.year() / end.month()) - (begin.year() / begin.month());
    return add_months(from, whole) >= to ? whole : whole + months{1};
}

Instant add(Instant from, const Duration& by) { return checked(add_months(from, by.months) + by.seconds); }

std::optional<Duration> parse_duration(std::string_view text)
{
    std::int64_t sign = 1;
    if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
        sign = text.front() == '-' ? -1 : 1;
        text.remove_prefix(1);
    }
    if (text.size() < 3 || text.front() != 'P')
        return std::nullopt;
    text.remove_prefix(1);

    std::int64_t total_months = 0;
    std::int64_t total_seconds = 0;
    bool in_time = false;
    std::size_t next = 0; // units before this one are no longer allowed
    while (!text.empty()) {
        if (text.front() == 'T' && !in_time && text.size() > 1) {
            in_time = true;
            text.remove_prefix(1);
            continue;
        }
        std::int64_t amount = 0;
        const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), amount);
        if (ec != std::errc{} || end == text.data() + text.size() || text.front() == '-')
            return std::nullopt;
        while (next < units.size() && (units[next].letter != *end || units[next].in_time != in_time))
            ++next;
        if (next == units.size() || amount > max_duration_seconds)
            return std::nullopt;
        const Unit& unit = units[next++];
        if (amount > (unit.months != 0 ? max_duration_months / unit.months : max_duration_seconds / unit.seconds))
            return std::nullopt;
        total_months += amount * unit.months;
        total_seconds += amount * unit.seconds;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    }
    if (next == 0 || total_months > max_duration_months || total_seconds > max_duration_seconds)
        return std::nullopt;
    return Duration{months{sign * total_months}, seconds{sign * total_seconds}};
}

void put_digits(std::string& text, std::size_t end, std::int64_t number)
{
    for (; number > 0; number /= 10)
        text[--end] = static_cast<char>('0' + number % 10);
}

std::string format_instant(Instant instant)
{
    instant = std::clamp(instant, earliest, latest);
    const sys_days day = floor<days>(instant);
    const year_month_day date{day};
    const hh_mm_ss time{instant - day};
    std::string text = "0000-00-00T00:00:00Z";
    put_digits(text, 4, static_cast<int>(date.year()));
    put_digits(text, 7, static_cast<unsigned>(date.month()));
    put_digits(text, 10, static_cast<unsigned>(date.day()));
    put_digits(text, 13, time.hours().count());
    put_digits(text, 16, time.minutes().count());
    put_digits(text, 19, time.seconds().count());
    return text;
}

std::optional<Instant> parse_instant(std::string_view text)
{
    if (!text.ends_with('Z'))
        return std::nullopt;
    text.remove_suffix(1);
    return parse_date_time(text, 'T');
}

std::optional<Instant> parse_beijing_time(std::string_view text)
{
    const auto local = parse_date_time(text, ' ');
    if (!local)
        return std::nullopt;
    return *local - beijing_offset;
}

std::string format_beijing_time(Instant instant)
{
    std::string text = format_instant(std::min(instant + beijing_offset, latest));
    text[text.find('T')] = ' ';
    text.pop_back();
    return text;
}

} // namespace cvm::state
