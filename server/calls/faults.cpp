#include "server/calls/faults.hpp"

#include "server/base/random.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cvm::calls {

bool Hide::covers(const std::string& id, state::Instant created_at, state::Instant now)
{
    if (times == 0)
        return created_at + time > now;
    if (created_at < since || (!hidden.contains(id) && hidden.size() >= max_counted))
        return false;
    std::int64_t& count = hidden[id];
    if (count >= times)
        return false;
    ++count;
    return true;
}

bool Rule::spent() const { return (when.times > 0 && applied >= when.times) || (when.nth > 0 && matched >= when.nth); }

bool fires(const When& when, std::int64_t number)
{
    if (when.nth > 0)
        return number == when.nth;
    if (when.every > 0)
        return number % when.every == 0;
    if (when.probability) {
        // Consecutive seeds must not give overlapping sequences. The number is used as a fraction of the whole range.
        const std::uint64_t begin = Random{when.seed}.next();
        const std::uint64_t drawn = Random{begin + static_cast<std::uint64_t>(number)}.next();
        return std::ldexp(static_cast<double>(drawn >> 11U), -53) < *when.probability;
    }
    return true;
}

std::string label(const Rule& rule)
{
    const Effect& then = rule.then;
    std::string text = rule.id;
    const auto add = [&](bool there, const std::string& what) {
        if (there)
            text += "; " + what;
    };
    add(then.error.has_value(), "error=" + (then.error ? std::string{code_of(*then.error)} : std::string{}));
    add(then.status != 0, "status=" + std::to_string(then.status));
    add(then.delay.count() > 0, "delay_ms=" + std::to_string(then.delay.count()));
    add(then.drop, "drop");
    add(then.truncate.has_value(), "truncate=" + std::to_string(then.truncate.value_or(0)));
    add(then.bytes_per_second > 0, "bytes_per_second=" + std::to_string(then.bytes_per_second));
    add(then.commit_then_fail, "commit_then_fail");
    add(then.hide.has_value(), "hide");
    text += "; call=" + std::to_string(rule.matched);
    add(rule.when.probability.has_value(), "seed=" + std::to_string(rule.when.seed));
    return text;
}

const Rule& Faults::add(std::string_view uin, Rule rule)
{
    rule.id = "fault-" + std::to_string(++made_);
    return rules_[std::string{uin}].emplace_back(std::move(rule));
}

const Rule* Faults::hit(const CallRecord& call, const boost::json::value& params, state::Instant now)
{
    end_old(call.uin, now);
    const auto at = rules_.find(call.uin);
    if (at == rules_.end())
        return nullptr;
    for (Rule& rule : at->second) {
        if (rule.spent() || !matches(rule.match, call, params))
            continue;
        if (fires(rule.when, ++rule.matched)) {
            ++rule.applied;
            return &rule;
        }
    }
    return nullptr;
}

Rule* Faults::find(std::string_view uin, std::string_view id)
{
    const auto at = rules_.find(uin);
    if (at == rules_.end())
        return nullptr;
    const auto rule = std::ranges::find(at->second, id, &Rule::id);
    return rule != at->second.end() ? &*rule : nullptr;
}

void Faults::undo_hit(std::string_view uin, std::string_view id)
{
    if (Rule* rule = find(uin, id)) {
        --rule->matched;
        --rule->applied;
    }
}

const std::deque<Rule>& Faults::of(std::string_view uin, state::Instant now)
{
    static const std::deque<Rule> none;
    end_old(uin, now);
    const auto at = rules_.find(uin);
    return at == rules_.end() ? none : at->second;
}

std::size_t Faults::erase(std::string_view uin, std::string_view id)
{
    const auto at = rules_.find(uin);
    if (at == rules_.end())
        return 0;
    const std::size_t erased = std::erase_if(at->second, [&](const Rule& r) { return id.empty() || r.id == id; });
    if (at->second.empty())
        rules_.erase(at);
    return erased;
}

void Faults::end_old(std::string_view uin, state::Instant now)
{
    const auto at = rules_.find(uin);
    if (at == rules_.end())
        return;
    std::erase_if(at->second, [&](const Rule& rule) { return rule.ends_at && *rule.ends_at <= now; });
    if (at->second.empty())
        rules_.erase(at);
}

} // namespace cvm::calls
