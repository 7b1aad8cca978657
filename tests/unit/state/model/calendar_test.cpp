#include "state/model/calendar.hpp"

#include <doctest/doctest.h>

#include <array>
#include <stdexcept>

using namespace cvm::state;
using namespace std::chrono_literals;
using std::chrono::months;
using std::chrono::sys_days;

namespace {

Instant at(std::string_view text)
{
    CAPTURE(text);
    const auto instant = parse_instant(text);
    REQUIRE(instant.has_value());
    return *instant;
}

std::string plus_months(std::string_view from, int count)
{
    return format_instant(add_months(at(from), months{count}));
}

// A second implementation of the same rule, on plain numbers.
struct Date {
    int year;
    int month; // from 1
    int day;
};

int days_in_month(int year, int month)
{
    constexpr std::array lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : lengths[static_cast<std::size_t>(month - 1)];
}

Date plus(Date from, int count)
{
    const int months_since_year_zero = from.year * 12 + (from.month - 1) + count;
    const int year = months_since_year_zero / 12;
    const int month = months_since_year_zero % 12 + 1;
    return {year, month, std::min(from.day, days_in_month(year, month))};
}

Instant midnight(Date date) { return sys_days{std::chrono::year{date.year} / date.month / date.day}; }

} // namespace

TEST_CASE("add_months refuses to leave the years 1 to 9999")
{
    struct Case {
        std::string_view from;
        int count;
    };
    const Case cases[] = {
        {"9999-12-31T23:59:59Z", 1},          {"9999-12-01T00:00:00Z", 1},   {"9999-01-31T00:00:00Z", 12},
        {"0001-01-01T00:00:00Z", -1},         {"0001-12-31T00:00:00Z", -12}, {"2026-03-31T08:30:00Z", 12 * 8000},
        {"2026-03-31T08:30:00Z", -12 * 2026},
    };
    for (const Case& c : cases) {
        CAPTURE(c.from);
        CAPTURE(c.count);
        CHECK_THROWS_AS(add_months(at(c.from), months{c.count}), std::out_of_range);
    }
}

TEST_CASE("add_months refuses numbers of months that no year can hold")
{
    // std::chrono::year counts to 32767 and then wraps around.
    for (const int years : {32768, 65536, -65536, 131072, 1 << 27, -(1 << 27)}) {
        CAPTURE(years);
        CHECK_THROWS_AS(add_months(at("2026-03-31T08:30:00Z"), months{years} * 12), std::out_of_range);
    }
}

TEST_CASE("add_months reaches both ends of the range")
{
    CHECK(plus_months("9999-11-30T23:59:59Z", 1) == "9999-12-30T23:59:59Z");
    CHECK(plus_months("9999-12-31T23:59:59Z", 0) == "9999-12-31T23:59:59Z");
    CHECK(plus_months("0001-02-28T00:00:00Z", -1) == "0001-01-28T00:00:00Z");
    CHECK(plus_months("0001-01-01T00:00:00Z", 9998 * 12) == "9999-01-01T00:00:00Z");
}

TEST_CASE("add_months clamps a day that the target month lacks")
{
    struct Case {
        std::string_view what;
        std::string_view from;
        int count;
        std::string_view expected;
    };
    const Case cases[] = {
        {"31st to a month of 30", "2026-03-31T08:30:00Z", 1, "2026-04-30T08:30:00Z"},
        {"31st to a month of 31", "2026-07-31T08:30:00Z", 1, "2026-08-31T08:30:00Z"},
        {"31st to February", "2026-01-31T08:30:00Z", 1, "2026-02-28T08:30:00Z"},
        {"31st to February of a leap year", "2028-01-31T08:30:00Z", 1, "2028-02-29T08:30:00Z"},
        {"30th to February", "2026-01-30T08:30:00Z", 1, "2026-02-28T08:30:00Z"},
        {"30th to February of a leap year", "2028-01-30T08:30:00Z", 1, "2028-02-29T08:30:00Z"},
        {"29th to February", "2026-01-29T08:30:00Z", 1, "2026-02-28T08:30:00Z"},
        {"29th to February of a leap year", "2028-01-29T08:30:00Z", 1, "2028-02-29T08:30:00Z"},
        {"28th to February", "2026-01-28T08:30:00Z", 1, "2026-02-28T08:30:00Z"},
        {"month end does not stick: 30 April", "2026-04-30T08:30:00Z", 1, "2026-05-30T08:30:00Z"},
        {"month end does not stick: 28 February", "2026-02-28T08:30:00Z", 1, "2026-03-28T08:30:00Z"},
        {"month end does not stick: 29 February", "2028-02-29T08:30:00Z", 1, "2028-03-29T08:30:00Z"},
        {"leap day, a year on", "2028-02-29T08:30:00Z", 12, "2029-02-28T08:30:00Z"},
        {"leap day, four years on", "2028-02-29T08:30:00Z", 48, "2032-02-29T08:30:00Z"},
        {"1900 was no leap year", "1896-02-29T08:30:00Z", 48, "1900-02-28T08:30:00Z"},
        {"2000 was one", "1999-01-31T08:30:00Z", 13, "2000-02-29T08:30:00Z"},
        {"2100 will be none", "2099-12-31T08:30:00Z", 2, "2100-02-28T08:30:00Z"},
        {"over a year's end", "2025-12-31T08:30:00Z", 2, "2026-02-28T08:30:00Z"},
        {"within December", "2026-11-30T08:30:00Z", 1, "2026-12-30T08:30:00Z"},
        {"into January", "2026-12-31T08:30:00Z", 1, "2027-01-31T08:30:00Z"},
        {"the last second", "2026-08-31T23:59:59Z", 1, "2026-09-30T23:59:59Z"},
        {"the first second", "2026-08-31T00:00:00Z", 1, "2026-09-30T00:00:00Z"},
        {"nothing", "2026-08-31T12:34:56Z", 0, "2026-08-31T12:34:56Z"},
        {"five years from a leap day", "2024-02-29T01:02:03Z", 60, "2029-02-28T01:02:03Z"},
        {"before 1970", "1969-10-31T23:59:59Z", 1, "1969-11-30T23:59:59Z"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(plus_months(c.from, c.count) == c.expected);
    }
}

TEST_CASE("add_months goes back by the same rule")
{
    struct Case {
        std::string_view from;
        int count;
        std::string_view expected;
    };
    const Case cases[] = {
        {"2026-03-31T08:30:00Z", -1, "2026-02-28T08:30:00Z"},  {"2028-03-31T08:30:00Z", -1, "2028-02-29T08:30:00Z"},
        {"2026-01-31T08:30:00Z", -1, "2025-12-31T08:30:00Z"},  {"2026-01-15T08:30:00Z", -12, "2025-01-15T08:30:00Z"},
        {"2028-02-29T08:30:00Z", -12, "2027-02-28T08:30:00Z"}, {"2026-05-31T23:59:59Z", -27, "2024-02-29T23:59:59Z"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.from);
        CAPTURE(c.count);
        CHECK(plus_months(c.from, c.count) == c.expected);
    }
}

TEST_CASE("add_months agrees with what was observed of the real service")
{
    // Times of real instances in public fixtures and in the vendor's examples. The first period begins a few seconds
    // after CreatedTime.
    struct Case {
        std::string_view instance;
        std::string_view created;
        std::chrono::seconds lag;
        int count;
        std::string_view expires;
    };
    const Case cases[] = {
        {"ins-421amg03", "2017-07-31T04:38:02Z", 5s, 55, "2022-02-28T04:38:07Z"},
        {"ins-gx03vde3", "2018-05-12T03:45:23Z", 0s, 54, "2022-11-12T03:45:23Z"},
        {"ins-matpyj4b", "2017-09-22T09:25:36Z", 3s, 54, "2022-03-22T09:25:39Z"},
        {"ins-ht2p87d9", "2017-06-26T06:54:05Z", 3s, 55, "2022-01-26T06:54:08Z"},
        {"ins-753z909z", "2016-07-14T08:43:42Z", 5s, 66, "2022-01-14T08:43:47Z"},
        {"ins-2k17knsf", "2019-12-31T05:38:16Z", 0s, 36, "2022-12-31T05:38:16Z"},
        {"ins-p5imb7ij", "2020-04-01T12:28:43Z", 0s, 36, "2023-04-01T12:28:43Z"},
        {"ins-myhzc8lp", "2021-07-31T06:49:47Z", 0s, 12, "2022-07-31T06:49:47Z"},
        {"SDK sample", "2017-07-03T06:30:25Z", 3s, 48, "2021-07-03T06:30:28Z"},
        {"page's sample", "2020-03-10T02:43:51Z", 225s, 1, "2020-04-10T02:47:36Z"},
        {"dedicated host", "2021-04-01T02:18:10Z", 1s, 1, "2021-05-01T02:18:11Z"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.instance);
        CHECK(format_instant(add_months(at(c.created) + c.lag, months{c.count})) == c.expires);
    }
}

TEST_CASE("twelve single months are a year only if no day was clamped")
{
    struct Case {
        std::string_view from;
        std::string_view step_by_step;
        std::string_view at_once;
    };
    const Case cases[] = {
        {"2026-01-28T08:30:00Z", "2027-01-28T08:30:00Z", "2027-01-28T08:30:00Z"},
        {"2026-01-29T08:30:00Z", "2027-01-28T08:30:00Z", "2027-01-29T08:30:00Z"},
        {"2026-01-30T08:30:00Z", "2027-01-28T08:30:00Z", "2027-01-30T08:30:00Z"},
        {"2026-01-31T08:30:00Z", "2027-01-28T08:30:00Z", "2027-01-31T08:30:00Z"},
        {"2026-03-31T08:30:00Z", "2027-03-28T08:30:00Z", "2027-03-31T08:30:00Z"},
        {"2027-03-31T08:30:00Z", "2028-03-29T08:30:00Z", "2028-03-31T08:30:00Z"},
        {"2028-02-29T08:30:00Z", "2029-02-28T08:30:00Z", "2029-02-28T08:30:00Z"},
        {"2026-12-15T23:59:59Z", "2027-12-15T23:59:59Z", "2027-12-15T23:59:59Z"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.from);
        Instant instant = at(c.from);
        for (int i = 0; i < 12; ++i)
            instant = add_months(instant, months{1});
        CHECK(format_instant(instant) == c.step_by_step);
        CHECK(plus_months(c.from, 12) == c.at_once);
    }
}

TEST_CASE("add_months agrees with plain arithmetic for every day of a leap cycle and 1 to 60 months")
{
    const auto time = 13h + 14min + 15s;
    int wrong = 0;
    for (int year = 2023; year <= 2027; ++year)
        for (int month = 1; month <= 12; ++month)
            for (int day = 1; day <= days_in_month(year, month); ++day)
                for (int count = 1; count <= 60; ++count) {
                    const Date from{year, month, day};
                    const Instant expected = midnight(plus(from, count)) + time;
                    if (add_months(midnight(from) + time, months{count}) != expected && ++wrong == 1)
                        FAIL_CHECK(format_instant(midnight(from))
                                   << " + " << count << " months is not " << format_instant(expected));
                }
    CHECK(wrong == 0);
}

TEST_CASE("months in UTC and in UTC+8 differ only in the last eight hours of a day, where a month ends")
{
    const auto in_beijing = [](Instant from, months by) {
        return add_months(from + beijing_offset, by) - beijing_offset;
    };
    struct Case {
        std::string from;
        int by;
        std::string utc;
        std::string beijing;
    };
    const Case cases[] = {
        {"2026-01-31T15:59:59Z", 1, "2026-02-28T15:59:59Z", "2026-02-28T15:59:59Z"},
        {"2026-01-31T16:00:00Z", 1, "2026-02-28T16:00:00Z", "2026-02-28T16:00:00Z"},  // 1 Feb to 1 Mar in Beijing
        {"2026-02-28T16:00:00Z", 1, "2026-03-28T16:00:00Z", "2026-03-31T16:00:00Z"},  // 1 Mar to 1 Apr
        {"2026-01-30T16:00:00Z", 1, "2026-02-28T16:00:00Z", "2026-02-27T16:00:00Z"},  // 31 Jan to 28 Feb
        {"2028-02-28T16:00:00Z", 12, "2029-02-28T16:00:00Z", "2029-02-27T16:00:00Z"}, // 29 Feb to 28 Feb
        {"2026-04-30T16:00:00Z", 1, "2026-05-30T16:00:00Z", "2026-05-31T16:00:00Z"},
        {"2026-04-15T16:00:00Z", 60, "2031-04-15T16:00:00Z", "2031-04-15T16:00:00Z"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.from);
        const Instant from = parse_instant(c.from).value();
        CHECK(format_instant(add_months(from, months{c.by})) == c.utc);
        CHECK(format_instant(in_beijing(from, months{c.by})) == c.beijing);
    }
    std::size_t differ = 0;
    for (Instant day = sys_days{2027y / 1 / 1}; day < sys_days{2031y / 1 / 1}; day += std::chrono::days{1})
        for (int by = 1; by <= 60; ++by) {
            CHECK(add_months(day + std::chrono::hours{15}, months{by}) ==
                  in_beijing(day + std::chrono::hours{15}, months{by}));
            const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(day)};
            const bool same = add_months(day + std::chrono::hours{20}, months{by}) ==
                              in_beijing(day + std::chrono::hours{20}, months{by});
            if (unsigned{date.day()} < 28)
                CHECK(same);
            else
                differ += same ? 0 : 1;
        }
    CHECK(differ > 0);
}

TEST_CASE("add_months keeps the order of two instants")
{
    // Clamping may make them the same day, but never reverses their order.
    for (int count = 1; count <= 60; ++count)
        for (Instant early = at("2027-12-27T12:00:00Z"); early < at("2028-03-03T00:00:00Z"); early += 24h) {
            CAPTURE(count);
            CAPTURE(format_instant(early));
            CHECK(add_months(early, months{count}) <= add_months(early + 24h, months{count}));
        }
}

TEST_CASE("add takes months first and then the rest")
{
    struct Case {
        std::string_view what;
        std::string_view from;
        Duration by;
        std::string_view expected;
    };
    const Case cases[] = {
        {"month first: the clamped day is the one that moves",
         "2026-01-31T00:00:00Z",
         {months{1}, 24h},
         "2026-03-01T00:00:00Z"},
        {"back", "2026-03-31T00:00:00Z", {months{-1}, -24h}, "2026-02-27T00:00:00Z"},
        {"seconds alone", "2026-12-31T23:59:59Z", {months{0}, 1s}, "2027-01-01T00:00:00Z"},
        {"nothing", "2026-12-31T23:59:59Z", {}, "2026-12-31T23:59:59Z"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(format_instant(add(at(c.from), c.by)) == c.expected);
    }
}

TEST_CASE("add refuses to leave the years 1 to 9999")
{
    CHECK_THROWS_AS(add(latest, {months{0}, 1s}), std::out_of_range);
    CHECK_THROWS_AS(add(earliest, {months{0}, -1s}), std::out_of_range);
    CHECK_THROWS_AS(add(latest, {months{1}, 0s}), std::out_of_range);
    CHECK_THROWS_AS(add(at("9000-01-01T00:00:00Z"), parse_duration("P366000D").value()), std::out_of_range);
    CHECK(add(latest, {}) == latest);
    CHECK(add(earliest, {}) == earliest);
    CHECK(add(latest - 1s, {months{0}, 1s}) == latest);
}

TEST_CASE("parse_duration refuses what is not an ISO 8601 duration of whole numbers")
{
    const std::string_view cases[] = {
        "",
        "P",
        "T",
        "+",
        "-",
        "+P",
        "-P",
        "PT",
        "P1",
        "1D",
        "1",
        "D",
        "PD",
        "P1DT",
        "P1MT",
        "PT1",
        "PTM",
        "p1d",
        "P1d",
        "P1X",
        "P1H",
        "P1S",
        "PT1D",
        "PT1Y",
        "PT1W",
        "PT1M1H",
        "PT1S1M",
        "P1D1M",
        "P1M1Y",
        "P1D1W",
        "P1M1M",
        "P1D1D",
        "PT1H1H",
        "P1DT1HT1M",
        "P1DTT1H",
        "PT1HP1D",
        "P1.5D",
        "P1,5D",
        "P.5D",
        "PT0.5S",
        "P-1D",
        "P+1D",
        "PT-1H",
        "--P1D",
        "+-P1D",
        "++P1D",
        "- P1D",
        " P1D",
        "P1D ",
        "P 1D",
        "P1 D",
        "P1D\n",
        "P1D;",
        "P0x1D",
        "P1e3D",
        "P1DZ",
        "P2026-01-01",
        "2026-01-01T00:00:00Z",
        "P10001Y",
        "P120001M",
        "P3660001D",
        "P522858W",
        "PT316224000001S",
        "P10000Y1M",
        "P3660000DT1S",
        "P9223372036854775807Y",
        "P9223372036854775807D",
        "P9223372036854775808D",
        "PT99999999999999999999999999S",
        "P1M\xc2\xa0",
        "\xef\xbc\xb0"
        "1D",
    };
    for (const std::string_view text : cases) {
        CAPTURE(text);
        CHECK_FALSE(parse_duration(text).has_value());
    }
    CHECK_FALSE(parse_duration(std::string_view{"P1D\0", 4}).has_value());
    CHECK_FALSE(parse_duration(std::string_view{"P\0"
                                                "1D",
                                                4})
                    .has_value());
}

TEST_CASE("parse_duration keeps calendar months apart from the rest")
{
    struct Case {
        std::string_view text;
        Duration expected;
    };
    const Case cases[] = {
        {"P1M", {months{1}, 0s}},
        {"P1Y", {months{12}, 0s}},
        {"P1Y2M", {months{14}, 0s}},
        {"P1D", {months{0}, 24h}},
        {"P2W", {months{0}, 336h}},
        {"P1W1D", {months{0}, 192h}},
        {"PT1H", {months{0}, 1h}},
        {"PT1M", {months{0}, 1min}},
        {"PT1S", {months{0}, 1s}},
        {"PT0S", {}},
        {"P0D", {}},
        {"-P0D", {}},
        {"P1MT1M", {months{1}, 1min}},
        {"P1Y2M10DT2H30M", {months{14}, 240h + 2h + 30min}},
        {"P1Y2M3W4DT5H6M7S", {months{14}, 25 * 24h + 5h + 6min + 7s}},
        {"+P30D", {months{0}, 720h}},
        {"-P1D", {months{0}, -24h}},
        {"-P1Y1MT1S", {months{-13}, -1s}},
        {"P007D", {months{0}, 168h}},
        {"PT86400S", {months{0}, 24h}},
        {"PT36H", {months{0}, 36h}},
        {"P10000Y", {months{120000}, 0s}},
        {"P120000M", {months{120000}, 0s}},
        {"P3660000D", {months{0}, 3660000 * 24h}},
        {"-P3660000D", {months{0}, -3660000 * 24h}},
        {"PT316224000000S", {months{0}, 3660000 * 24h}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const auto duration = parse_duration(c.text);
        REQUIRE(duration.has_value());
        CHECK(duration->months.count() == c.expected.months.count());
        CHECK(duration->seconds.count() == c.expected.seconds.count());
    }
}

TEST_CASE("parse_instant refuses every form but its own")
{
    const std::string_view cases[] = {
        "",
        "Z",
        "2026",
        "2026-12-01",
        "2026-12-01T00:00:00",
        "2026-12-01T00:00Z",
        "2026-12-01T00Z",
        "2026-12-01 00:00:00Z",
        "2026-12-01T00:00:00z",
        "2026-12-01t00:00:00Z",
        "2026-12-01T00:00:00+00:00",
        "2026-12-01T00:00:00+08:00",
        "2026-12-01T00:00:00.0Z",
        "2026-12-01T00:00:00.000Z",
        "2026-12-01T00:00:00ZZ",
        "2026-12-01T00:00:00Z ",
        " 2026-12-01T00:00:00Z",
        "2026-12-01T00:00:00 Z",
        "2026-12-01T00:00:00Z\n",
        "20261201T000000Z",
        "2026/12/01T00:00:00Z",
        "2026-12-01T00-00-00Z",
        "26-12-01T00:00:00Z",
        "02026-12-01T00:00:00Z",
        "12026-12-01T00:00:00Z",
        "+2026-12-01T00:00:00Z",
        "-026-12-01T00:00:00Z",
        "2026-1-01T00:00:00Z",
        "2026-12-1T00:00:00Z",
        "2026-12-01T0:00:00Z",
        "2026-12-01T00:00:0Z",
        "0000-12-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-12-00T00:00:00Z",
        "2026-12-32T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2028-02-30T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-06-31T00:00:00Z",
        "2026-09-31T00:00:00Z",
        "2026-11-31T00:00:00Z",
        "2026-12-01T24:00:00Z",
        "2026-12-01T00:60:00Z",
        "2026-12-01T23:59:60Z",
        "2026-12-01T99:00:00Z",
        "2026-12-01T-1:00:00Z",
        "2026-12-01T00:-1:00Z",
        "2026-12-01T00:00:-1Z",
        "2026-+1-01T00:00:00Z",
        "2026-12-+1T00:00:00Z",
        "2026-12-01T+1:00:00Z",
        "2026-12- 1T00:00:00Z",
        "202a-12-01T00:00:00Z",
        "2026-1a-01T00:00:00Z",
        "2026-12-0aT00:00:00Z",
        "2026-12-01T0a:00:00Z",
        "2026-12-01T00:0a:00Z",
        "2026-12-01T00:00:0aZ",
        "YYYY-MM-DDThh:mm:ssZ",
        "1796083200",
    };
    for (const std::string_view text : cases) {
        CAPTURE(text);
        CHECK_FALSE(parse_instant(text).has_value());
    }
    CHECK_FALSE(parse_instant(std::string_view{"2026-12-01T00:00:00Z\0", 21}).has_value());
}

TEST_CASE("an instant survives being written and read")
{
    struct Case {
        std::string_view text;
        std::int64_t seconds; // since 1970
    };
    const Case cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1969-12-31T23:59:59Z", -1},
        {"2001-09-09T01:46:40Z", 1'000'000'000},
        {"2019-02-25T16:44:25Z", 1'551'113'065},
        {"2026-12-01T00:00:00Z", 1'796'083'200},
        {"2028-02-29T12:34:56Z", 1'835'440'496},
        {"2000-02-29T23:59:59Z", 951'868'799},
        {"0001-01-01T00:00:00Z", -62'135'596'800},
        {"9999-12-31T23:59:59Z", 253'402'300'799},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const auto instant = parse_instant(c.text);
        REQUIRE(instant.has_value());
        CHECK(instant->time_since_epoch().count() == c.seconds);
        CHECK(format_instant(*instant) == c.text);
    }
    CHECK(parse_instant("0001-01-01T00:00:00Z") == earliest);
    CHECK(parse_instant("9999-12-31T23:59:59Z") == latest);
}

TEST_CASE("parse_beijing_time refuses every form but its own")
{
    const std::string_view cases[] = {
        "",
        "2026-12-01",
        "2026-12-01T08:00:00Z",
        "2026-12-01T08:00:00",
        "2026-12-01 08:00:00Z",
        "2026-12-01 08:00",
        "2026-12-01  08:00:00",
        "2026-12-01 08:00:00 ",
        " 2026-12-01 08:00:00",
        "2026-02-29 08:00:00",
        "2026-12-01 24:00:00",
        "2026-12-01 08:60:00",
        "2026-12-01 08:00:60",
        "2026-13-01 08:00:00",
        "2026/12/01 08:00:00",
        "2026-12-01 08-00-00",
        "2026-12-01+08:00:00",
        "0000-01-01 08:00:00",
    };
    for (const std::string_view text : cases) {
        CAPTURE(text);
        CHECK_FALSE(parse_beijing_time(text).has_value());
    }
}

TEST_CASE("parse_beijing_time reads eight hours ahead of UTC")
{
    struct Case {
        std::string_view text;
        std::string_view utc;
    };
    const Case cases[] = {
        {"2026-12-01 08:00:00", "2026-12-01T00:00:00Z"}, {"2026-12-01 07:59:59", "2026-11-30T23:59:59Z"},
        {"2026-01-01 00:00:00", "2025-12-31T16:00:00Z"}, {"2028-03-01 00:00:00", "2028-02-29T16:00:00Z"},
        {"2026-12-01 23:59:59", "2026-12-01T15:59:59Z"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const auto instant = parse_beijing_time(c.text);
        REQUIRE(instant.has_value());
        CHECK(format_instant(*instant) == c.utc);
    }
}

TEST_CASE("format_beijing_time writes eight hours ahead of UTC")
{
    struct Case {
        std::string_view utc;
        std::string_view text;
    };
    const Case cases[] = {
        {"2026-12-01T00:00:00Z", "2026-12-01 08:00:00"}, {"2026-11-30T15:59:59Z", "2026-11-30 23:59:59"},
        {"2026-11-30T16:00:00Z", "2026-12-01 00:00:00"}, {"2025-12-31T16:00:00Z", "2026-01-01 00:00:00"},
        {"2028-02-28T16:00:00Z", "2028-02-29 00:00:00"}, {"1969-12-31T23:59:59Z", "1970-01-01 07:59:59"},
        {"0001-01-01T00:00:00Z", "0001-01-01 08:00:00"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.utc);
        CHECK(format_beijing_time(at(c.utc)) == c.text);
    }
}

TEST_CASE("what format_beijing_time writes parse_beijing_time reads back")
{
    // The step is not a whole number of hours, so that all parts of a time vary.
    for (Instant instant = earliest; instant < latest - 8h; instant += 24h * 1009 + 5h + 7min + 11s) {
        CAPTURE(format_instant(instant));
        const std::string text = format_beijing_time(instant);
        CHECK(text.size() == 19);
        CHECK(parse_beijing_time(text) == instant);
    }
}

TEST_CASE("format_beijing_time stands still at the end of the calendar")
{
    CHECK(format_beijing_time(latest - 8h - 1s) == "9999-12-31 23:59:58");
    for (const Instant instant : {latest - 8h, latest - 8h + 1s, latest - 1s, latest}) {
        CAPTURE(format_instant(instant));
        CHECK(format_beijing_time(instant) == "9999-12-31 23:59:59");
    }
    CHECK(parse_beijing_time(format_beijing_time(latest)) == latest - 8h);
}
