#include "state/model/calendar.hpp"
#include "tests/fuzz/server.hpp"
#include "tests/fuzz/target.hpp"

#include <boost/json.hpp>

#include <cstdlib>

namespace cvm::fuzz {

namespace json = boost::json;

namespace {

using state::Duration;
using state::Instant;

constexpr auto clock_path = "/_emulator/clock?account=100000000011";

std::string written(const Duration& duration)
{
    const bool negative = duration.months.count() < 0 || duration.seconds.count() < 0;
    return std::string{negative ? "-" : ""} + "P" + std::to_string(std::abs(duration.months.count())) + "MT" +
           std::to_string(std::abs(duration.seconds.count())) + "S";
}

void check_duration(const Duration& duration)
{
    const auto again = state::parse_duration(written(duration));
    expect(again.has_value() && *again == duration, "a duration is read alike when it is written anew",
           written(duration));
    for (const Instant from : {state::earliest, test::test_time, state::latest})
        try {
            const Instant to = state::add(from, duration);
            expect(to >= state::earliest && to <= state::latest, "a sum is within the calendar");
            const Instant later = state::add_months(from, duration.months);
            expect(state::add_months(from, state::months_to_reach(from, later)) >= later, "the months suffice");
        } catch (const std::out_of_range&) {
            // The result is outside the calendar.
        }
}

void check_clock(json::object change)
{
    change["dry_run"] = true;
    test::Emulator& server = fresh_server();
    const unsigned status = expect_control_answer(server, "POST", clock_path, json::serialize(change)).result_int();
    expect(status == 200 || status == 400, "a clock moves or refuses");
}

} // namespace

// A text that may be a duration or an instant, parsed as for clocks, documents and filters.
void times(std::string_view input)
{
    const auto duration = state::parse_duration(input);
    const auto instant = state::parse_instant(input);
    const auto local = state::parse_beijing_time(input);
    if (duration) {
        check_duration(*duration);
        check_clock({{"advance", input}});
    }
    if (instant) {
        expect(state::format_instant(*instant) == input, "an instant is written as it was read");
        check_clock({{"set", input}});
    }
    if (local)
        expect(state::format_beijing_time(*local) == input, "a local time is written as it was read");
}

} // namespace cvm::fuzz
