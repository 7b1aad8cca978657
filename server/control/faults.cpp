#include "server/calls/faults.hpp"

#include "server/base/near.hpp"
#include "server/control/account_lookup.hpp"
#include "server/control/body.hpp"
#include "server/control/control.hpp"
#include "server/control/pattern_json.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace cvm::control {

namespace json = boost::json;

namespace {

constexpr std::int64_t max_count = 1'000'000'000;
constexpr std::int64_t max_delay_ms = 600'000;
constexpr std::size_t max_rule_bytes = 16 * 1024;
constexpr std::size_t max_message_bytes = 1000;

bool is_about_new_instances(const calls::Pattern& match)
{
    return std::ranges::any_of(match.texts, [](const auto& wanted) {
        return wanted.first->name == "action" &&
               std::ranges::find(calls::hiding_actions, wanted.second) != calls::hiding_actions.end();
    });
}

calls::When read_when(const json::object& body)
{
    expect_members(body, {"nth", "every", "probability", "seed", "times"});
    calls::When when;
    if (const auto* nth = body.if_contains("nth"))
        when.nth = integer(*nth, "nth", 1, max_count);
    if (const auto* every = body.if_contains("every"))
        when.every = integer(*every, "every", 1, max_count);
    if (const auto* times = body.if_contains("times"))
        when.times = integer(*times, "times", 1, max_count);
    if (const auto* probability = body.if_contains("probability")) {
        when.probability = probability->is_number() ? probability->to_number<double>() : -1.0;
        if (!(*when.probability >= 0 && *when.probability <= 1))
            throw Problem{400, "`probability` must be a number from 0 to 1"};
    }
    if (const auto* seed = body.if_contains("seed"))
        when.seed = static_cast<std::uint64_t>(integer(*seed, "seed", 0, max_json_integer));
    if ((when.nth > 0) + (when.every > 0) + when.probability.has_value() > 1)
        throw Problem{400, "give one of `nth`, `every` and `probability`"};
    if (body.contains("seed") && !when.probability)
        throw Problem{400, "`seed` needs `probability`"};
    if (body.contains("times") && when.nth > 0)
        throw Problem{400, "`nth` selects one call; leave out `times`"};
    return when;
}

calls::Hide read_hide(const json::object& body, state::Instant since)
{
    expect_members(body, {"for", "times"});
    if (body.size() != 1)
        throw Problem{400, "`hide` needs either `for` or `times`"};
    calls::Hide hide{.since = since};
    if (const auto* time = body.if_contains("for"))
        hide.time = after(since, *time, "hide.for") - since;
    if (const auto* times = body.if_contains("times"))
        hide.times = integer(*times, "hide.times", 1, max_count);
    return hide;
}

std::string near_codes(std::string_view code)
{
    std::vector<std::string> codes;
    for (const ErrorEntry& known : all_errors())
        codes.emplace_back(known.code);
    return near_hint(code, codes);
}

// `now` is the time of the account's clock.
calls::Effect read_effect(const json::object& body, state::Instant now)
{
    expect_members(body, {"error", "message", "status", "delay_ms", "drop", "truncate", "bytes_per_second",
                          "commit_then_fail", "hide"});
    calls::Effect effect;
    if (const auto* code = body.if_contains("error")) {
        effect.error = find_code(text(*code, "error"));
        if (!effect.error)
            throw Problem{400, "there is no documented code `" + text(*code, "error") + "`" +
                                   near_codes(text(*code, "error")) +
                                   "; GET /_emulator/coverage lists the codes of each action"};
    }
    if (const auto* message = body.if_contains("message")) {
        effect.message = text(*message, "message");
        if (effect.message.empty() || effect.message.size() > max_message_bytes)
            throw Problem{400, "`message` must have 1 to " + std::to_string(max_message_bytes) + " bytes"};
        if (!effect.error)
            throw Problem{400, "`message` needs `error`"};
    }
    if (const auto* status = body.if_contains("status"))
        effect.status = static_cast<unsigned>(integer(*status, "status", 400, 599));
    if (const auto* delay = body.if_contains("delay_ms"))
        effect.delay = std::chrono::milliseconds{integer(*delay, "delay_ms", 1, max_delay_ms)};
    if (const auto* drop = body.if_contains("drop"))
        effect.drop = flag(*drop, "drop");
    if (const auto* bytes = body.if_contains("truncate"))
        effect.truncate = static_cast<std::size_t>(integer(*bytes, "truncate", 0, max_count));
    if (const auto* rate = body.if_contains("bytes_per_second"))
        effect.bytes_per_second = static_cast<std::size_t>(integer(*rate, "bytes_per_second", 1, max_count));
    if (const auto* commit = body.if_contains("commit_then_fail"))
        effect.commit_then_fail = flag(*commit, "commit_then_fail");
    if (const auto* hide = body.if_contains("hide")) {
        effect.hide = read_hide(object(*hide, "hide"), now);
        if (effect.hides_answer())
            throw Problem{400,
                          "`hide` changes the answer of the action; leave out the members that replace that answer"};
    }
    if (effect.drop && (effect.error || effect.status != 0 || effect.truncate || effect.bytes_per_second > 0))
        throw Problem{400, "`drop` sends no answer; leave out the members that change the answer"};
    if (!effect.hides_answer() && effect.delay.count() == 0 && !effect.truncate && effect.bytes_per_second == 0 &&
        !effect.hide)
        throw Problem{400, "`then` must say what to do: error, status, delay_ms, drop, truncate, "
                           "bytes_per_second, commit_then_fail or hide"};
    return effect;
}

json::object to_json(const calls::When& when)
{
    json::object o;
    if (when.nth > 0)
        o["nth"] = when.nth;
    if (when.every > 0)
        o["every"] = when.every;
    if (when.probability) {
        o["probability"] = *when.probability;
        o["seed"] = when.seed;
    }
    if (when.times > 0)
        o["times"] = when.times;
    return o;
}

json::object to_json(const calls::Effect& effect)
{
    json::object o;
    if (effect.error)
        o["error"] = code_of(*effect.error);
    if (!effect.message.empty())
        o["message"] = effect.message;
    if (effect.status != 0)
        o["status"] = effect.status;
    if (effect.delay.count() > 0)
        o["delay_ms"] = effect.delay.count();
    if (effect.drop)
        o["drop"] = true;
    if (effect.truncate)
        o["truncate"] = *effect.truncate;
    if (effect.bytes_per_second > 0)
        o["bytes_per_second"] = effect.bytes_per_second;
    if (effect.commit_then_fail)
        o["commit_then_fail"] = true;
    if (effect.hide)
        o["hide"] = effect.hide->times > 0
                        ? json::object{{"times", effect.hide->times}}
                        : json::object{{"for", "PT" + std::to_string(effect.hide->time.count()) + "S"}};
    return o;
}

json::object to_json(const calls::Rule& rule)
{
    return {{"id", rule.id},
            {"match", control::to_json(rule.match)},
            {"when", to_json(rule.when)},
            {"then", to_json(rule.then)},
            {"ends_at", rule.ends_at ? json::value(state::format_instant(*rule.ends_at)) : json::value(nullptr)},
            {"matched", rule.matched},
            {"applied", rule.applied},
            {"spent", rule.spent()}};
}

} // namespace

Answer get_faults(state::Store& store, calls::Faults& faults, const state::WallClock& wall, const Request& request)
{
    json::array rules;
    for (const calls::Rule& rule : faults.of(account_of(store, request).uin, wall.now()))
        rules.push_back(to_json(rule));
    return {200, json::object{{"faults", std::move(rules)}}};
}

Answer post_faults(state::Store& store, calls::Faults& faults, const state::WallClock& wall, Random& random,
                   const Request& request)
{
    if (request.body.size() > max_rule_bytes)
        throw Problem{413, "a rule may have at most " + std::to_string(max_rule_bytes) + " bytes"};
    const json::object body = body_of(request);
    expect_members(body, {"match", "when", "then", "ttl"});
    const state::Account account = account_of(store, request);
    const std::string uin = account.uin;
    const state::Instant now = wall.now();
    if (faults.of(uin, now).size() >= calls::Faults::max_rules)
        throw Problem{409, "the account has " + std::to_string(calls::Faults::max_rules) +
                               " rules, the most allowed; DELETE /_emulator/faults removes them"};
    calls::Rule rule;
    if (const auto* match = body.if_contains("match"))
        rule.match = read_pattern(*match, Known::at_first);
    if (const auto* when = body.if_contains("when")) {
        rule.when = read_when(object(*when, "when"));
        if (rule.when.probability && !object(*when, "when").contains("seed"))
            rule.when.seed = random.next() & static_cast<std::uint64_t>(max_json_integer);
    }
    const auto* then = body.if_contains("then");
    rule.then = read_effect(then != nullptr ? object(*then, "then") : json::object{}, account.clock.now(now));
    if (rule.then.hide && !is_about_new_instances(rule.match))
        throw Problem{400, "`hide` is for calls of DescribeInstances or DescribeInstancesStatus; name one of them as "
                           "`action` in `match`"};
    if (const auto* ttl = body.if_contains("ttl"))
        rule.ends_at = after(now, *ttl, "ttl");
    return {200, to_json(faults.add(uin, std::move(rule)))};
}

Answer delete_faults(state::Store& store, calls::Faults& faults, const Request& request)
{
    const std::string uin = account_of(store, request).uin;
    const auto id = request.query.find("id");
    if (id == request.query.end())
        return {200, json::object{{"deleted", faults.erase(uin)}}};
    if (id->second.empty() || faults.erase(uin, id->second) == 0)
        throw Problem{404, "the account " + uin + " has no fault `" + id->second + "`"};
    return {200, json::object{{"deleted", 1}}};
}

} // namespace cvm::control
