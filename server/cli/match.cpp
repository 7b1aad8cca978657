#include "server/cli/match.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace cvm::cli {

namespace json = boost::json;

namespace {

enum class As { text, number, fraction, mark, parameters };

// A flag and the JSON member for its value.
struct Row {
    std::string_view flag;
    std::string_view name;
    As as;
};

constexpr std::array match_rows{
    Row{"--action", "action", As::text},      Row{"--region", "region", As::text},
    Row{"--instance", "instance", As::text},  Row{"--secret-id", "secret_id", As::text},
    Row{"--code", "code", As::text},          Row{"--done", "done", As::mark},
    Row{"--param", "params", As::parameters},
};

constexpr std::array when_rows{
    Row{"--nth", "nth", As::number},     Row{"--every", "every", As::number},
    Row{"--times", "times", As::number}, Row{"--probability", "probability", As::fraction},
    Row{"--seed", "seed", As::number},
};

constexpr std::array then_rows{
    Row{"--error", "error", As::text},
    Row{"--message", "message", As::text},
    Row{"--status", "status", As::number},
    Row{"--delay-ms", "delay_ms", As::number},
    Row{"--drop", "drop", As::mark},
    Row{"--truncate", "truncate", As::number},
    Row{"--bytes-per-second", "bytes_per_second", As::number},
    Row{"--commit-then-fail", "commit_then_fail", As::mark},
};

constexpr std::array hide_rows{
    Row{"--hide-for", "for", As::text},
    Row{"--hide-times", "times", As::number},
};

constexpr std::array count_rows{
    Row{"--exactly", "exactly", As::number},
    Row{"--at-least", "at_least", As::number},
    Row{"--at-most", "at_most", As::number},
};

// Parses "/InstanceIds/0=ins-1" and "/InstanceChargePrepaid/Period=1": a value that is JSON is parsed as JSON.
json::object parameters(const std::vector<std::string>& pairs)
{
    json::object o;
    for (const std::string& pair : pairs) {
        const auto equals = pair.find('=');
        if (!pair.starts_with('/') || equals == std::string::npos)
            throw UsageError{"--param must be a JSON pointer and a value, such as "
                             "--param /InstanceChargePrepaid/Period=1"};
        const std::string text = pair.substr(equals + 1);
        boost::system::error_code not_json;
        json::value value = json::parse(text, not_json);
        o.insert_or_assign(pair.substr(0, equals), not_json ? json::value(text) : std::move(value));
    }
    return o;
}

double fraction(const Given& given, std::string_view flag)
{
    const std::string text = given.text(flag);
    double value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= 1))
        throw UsageError{std::string{flag} + " must be a number from 0 to 1"};
    return value;
}

json::value value_of(const Given& given, const Row& row)
{
    switch (row.as) {
    case As::text:
        return json::value(given.text(row.flag));
    case As::number:
        return given.number(row.flag).value();
    case As::fraction:
        return fraction(given, row.flag);
    case As::mark:
        return true;
    case As::parameters:
        return parameters(given.all(row.flag));
    }
    throw std::logic_error{"As out of range"};
}

json::object members(const Given& given, std::span<const Row> rows)
{
    json::object o;
    for (const Row& row : rows)
        if (given.has(row.flag))
            o[row.name] = value_of(given, row);
    return o;
}

} // namespace

json::object match_of(const Given& given) { return members(given, match_rows); }

json::object fault_of(const Given& given)
{
    json::object rule{{"match", match_of(given)}};
    if (auto when = members(given, when_rows); !when.empty())
        rule["when"] = std::move(when);
    auto then = members(given, then_rows);
    if (auto hide = members(given, hide_rows); !hide.empty())
        then["hide"] = std::move(hide);
    if (then.empty())
        throw UsageError{"say what to do: --error, --status, --delay-ms, --drop, --truncate, "
                         "--bytes-per-second, --commit-then-fail, --hide-for or --hide-times"};
    rule["then"] = std::move(then);
    if (given.has("--ttl"))
        rule["ttl"] = given.text("--ttl");
    return rule;
}

json::object expectation_of(const Given& given)
{
    json::object match = match_of(given);
    json::object counts = members(given, count_rows);
    if (given.has("--in-order")) {
        if (!match.empty() || !counts.empty())
            throw UsageError{"--in-order excludes the flags that match and count"};
        json::array order;
        for (const std::string& action : given.all("--in-order"))
            order.push_back(json::object{{"action", action}});
        json::object expectation{{"in_order", std::move(order)}};
        if (const auto after = given.number("--after"))
            expectation["after"] = *after;
        return expectation;
    }
    if (counts.size() > 1 && given.has("--exactly"))
        throw UsageError{"--exactly excludes --at-least and --at-most"};
    if (counts.empty())
        counts["at_least"] = 1;
    json::object expectation{{"match", std::move(match)}};
    for (auto& [name, count] : counts)
        expectation[name] = count;
    if (const auto after = given.number("--after"))
        expectation["after"] = *after;
    return expectation;
}

} // namespace cvm::cli
