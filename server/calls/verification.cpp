#include "server/calls/verification.hpp"

#include <algorithm>
#include <utility>

namespace cvm::calls {

namespace {

std::string counted(std::int64_t number) { return std::to_string(number) + (number == 1 ? " call" : " calls"); }

// The calls that differ least from the pattern; among equal ones the latest comes first.
std::vector<Nearest> nearest_of(const Pattern& pattern, const std::vector<const CallRecord*>& candidates)
{
    // Only distances are kept, and only the best: a list of differences may be as long as the claim, for each of ten
    // thousand calls.
    std::vector<std::pair<Distance, const CallRecord*>> best;
    for (auto at = candidates.rbegin(); at != candidates.rend(); ++at) {
        const Distance far = distance(pattern, **at);
        if (far.differences == 0 || (best.size() == max_nearest && best.back().first <= far))
            continue;
        const auto place = std::ranges::upper_bound(best, far, {}, &std::pair<Distance, const CallRecord*>::first);
        best.emplace(place, far, *at);
        if (best.size() > max_nearest)
            best.pop_back();
    }
    std::vector<Nearest> nearest;
    for (const auto& [far, call] : best)
        nearest.push_back({call, differences(pattern, *call)});
    return nearest;
}

// Numbers of calls that might match, but about which the journal does not know enough.
struct Unknown {
    std::int64_t dropped = 0;
    std::int64_t without_params = 0;

    std::int64_t all() const { return dropped + without_params; }
};

std::string text_of(const Unknown& unknown)
{
    std::string text;
    if (unknown.dropped > 0)
        text = "the request log has dropped " + counted(unknown.dropped) +
               " of this account that might match; clear it before the test (DELETE /_emulator/requests), or raise "
               "--journal";
    if (unknown.without_params > 0)
        text += (text.empty() ? "" : "; ") + ("the request log has not kept the parameters of " +
                                              counted(unknown.without_params) + " that might match");
    return text;
}

Outcome in_order(const Expectation& expectation, const std::vector<const CallRecord*>& candidates,
                 const Unknown& unknown)
{
    Outcome outcome;
    auto at = candidates.begin();
    for (const Pattern& pattern : expectation.patterns) {
        const auto found =
            std::find_if(at, candidates.end(), [&](const CallRecord* call) { return matches(pattern, *call); });
        if (found == candidates.end()) {
            const std::size_t place = outcome.matched.size() + 1;
            outcome.why = "call " + std::to_string(place) + " of " + std::to_string(expectation.patterns.size()) +
                          " did not come" + (place > 1 ? " after " + outcome.matched.back()->request_id : "");
            if (unknown.all() > 0)
                outcome.why += "; " + text_of(unknown);
            outcome.nearest = nearest_of(pattern, {at, candidates.end()});
            return outcome;
        }
        outcome.matched.push_back(*found);
        at = std::next(found);
    }
    outcome.ok = true;
    return outcome;
}

// Why the number of calls contradicts the claim; empty if it does not.
std::string wrong_number(const Expectation& expectation, std::int64_t number)
{
    const auto told = [&](const char* word, std::int64_t wanted) {
        return "expected " + (word + counted(wanted)) + " of this kind, found " + std::to_string(number);
    };
    if (expectation.exactly && number != *expectation.exactly)
        return told("exactly ", *expectation.exactly);
    if (expectation.at_least && number < *expectation.at_least)
        return told("at least ", *expectation.at_least);
    if (expectation.at_most && number > *expectation.at_most)
        return told("at most ", *expectation.at_most);
    return {};
}

} // namespace

Outcome verify(const Expectation& expectation, const Journal::Part& part)
{
    std::vector<const CallRecord*> candidates;
    for (const CallRecord& call : part.calls)
        if (call.number > expectation.after)
            candidates.push_back(&call);
    const std::uint64_t first_kept = part.calls.empty() ? part.last + 1 : part.calls.front().number;
    Unknown unknown;
    if (expectation.after + 1 < first_kept)
        unknown.dropped = static_cast<std::int64_t>(part.dropped);
    unknown.without_params = std::ranges::count_if(candidates, [&](const CallRecord* call) {
        return std::ranges::any_of(expectation.patterns, [&](const Pattern& p) { return may_match(p, *call); });
    });
    if (expectation.in_order)
        return in_order(expectation, candidates, unknown);

    Outcome outcome;
    const Pattern& pattern = expectation.patterns.front();
    std::ranges::copy_if(candidates, std::back_inserter(outcome.matched),
                         [&](const CallRecord* call) { return matches(pattern, *call); });
    const auto number = static_cast<std::int64_t>(outcome.matched.size());
    outcome.why = wrong_number(expectation, number);
    const std::int64_t most = number + unknown.all();
    const bool unproven =
        most != number && ((expectation.exactly && number <= *expectation.exactly) ||
                           (expectation.at_most && number <= *expectation.at_most && most > *expectation.at_most) ||
                           (expectation.at_least && number < *expectation.at_least));
    if (unproven)
        outcome.why += (outcome.why.empty() ? "" : "; ") + text_of(unknown);
    const bool too_many = (expectation.exactly && number > *expectation.exactly) ||
                          (expectation.at_most && number > *expectation.at_most);
    outcome.ok = outcome.why.empty();
    if (!outcome.ok && !too_many)
        outcome.nearest = nearest_of(pattern, candidates);
    return outcome;
}

Awaited::Awaited(const Expectation& expectation, const Outcome& outcome, const Journal& journal, std::string uin)
    : uin_{std::move(uin)},
      pattern_{expectation.in_order ? outcome.matched.size() : 0},
      seen_{journal.of(uin_).last},
      erasures_{journal.erasures()}
{
    const auto matched = static_cast<std::int64_t>(outcome.matched.size());
    if (!expectation.in_order)
        missing_ = std::max<std::int64_t>(1, expectation.exactly.value_or(expectation.at_least.value_or(1)) - matched);
}

bool Awaited::should_verify(const Expectation& expectation, const Journal& journal)
{
    if (journal.erasures() != erasures_)
        return true;
    const Journal::Part& part = journal.of(uin_);
    const Pattern& pattern = expectation.patterns.at(pattern_);
    for (auto at = part.calls.rbegin(); at != part.calls.rend() && at->number > seen_; ++at)
        missing_ -= at->number > expectation.after && (matches(pattern, *at) || may_match(pattern, *at)) ? 1 : 0;
    seen_ = part.last;
    return missing_ <= 0;
}

} // namespace cvm::calls
