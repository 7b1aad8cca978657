#include "server/calls/verification.hpp"

#include <algorithm>

namespace cvm::calls {

namespace {

std::string calls(std::int64_t number) { return std::to_string(number) + (number == 1 ? " call" : " calls"); }

// The candidates that differ least from what was asked for, the later first among equals.
std::vector<Nearest> nearest_of(const Pattern& pattern, const std::vector<const Call*>& candidates)
{
    std::vector<Nearest> all;
    for (auto at = candidates.rbegin(); at != candidates.rend(); ++at) {
        auto differs = differences(pattern, **at);
        if (!differs.empty())
            all.push_back({*at, std::move(differs)});
    }
    std::ranges::stable_sort(all, {}, [](const Nearest& n) { return n.differs.size(); });
    if (all.size() > max_nearest)
        all.resize(max_nearest);
    return all;
}

std::string dropped_text(const Journal::Part& part)
{
    return "the journal has dropped " + calls(static_cast<std::int64_t>(part.dropped)) +
           " of this account, which may have been among them; clear it before the test (DELETE /_emulator/requests), "
           "or raise --journal";
}

Outcome in_order(const Expectation& expectation, const std::vector<const Call*>& candidates, bool unsure,
                 const Journal::Part& part)
{
    Outcome outcome;
    auto at = candidates.begin();
    for (const Pattern& pattern : expectation.patterns) {
        const auto found = std::find_if(at, candidates.end(), [&](const Call* call) { return fits(pattern, *call); });
        if (found == candidates.end()) {
            const std::size_t place = outcome.matched.size() + 1;
            outcome.why = "number " + std::to_string(place) + " of " + std::to_string(expectation.patterns.size()) +
                          " did not come" + (place > 1 ? " after " + outcome.matched.back()->request_id : "");
            if (unsure)
                outcome.why += "; " + dropped_text(part);
            outcome.nearest = nearest_of(pattern, {at, candidates.end()});
            return outcome;
        }
        outcome.matched.push_back(*found);
        at = std::next(found);
    }
    outcome.ok = true;
    return outcome;
}

// Empty: the number is as it was claimed to be.
std::string wrong_number(const Expectation& expectation, std::int64_t number)
{
    const auto told = [&](const char* word, std::int64_t wanted) {
        return "there should be " + (word + calls(wanted)) + " of this kind, there " + (number == 1 ? "is " : "are ") +
               std::to_string(number);
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
    std::vector<const Call*> candidates;
    for (const Call& call : part.calls)
        if (call.number > expectation.after)
            candidates.push_back(&call);
    const std::uint64_t first_kept = part.calls.empty() ? part.last + 1 : part.calls.front().number;
    const bool unsure = part.dropped > 0 && expectation.after + 1 < first_kept;
    if (expectation.in_order)
        return in_order(expectation, candidates, unsure, part);

    Outcome outcome;
    const Pattern& pattern = expectation.patterns.front();
    std::ranges::copy_if(candidates, std::back_inserter(outcome.matched),
                         [&](const Call* call) { return fits(pattern, *call); });
    const auto number = static_cast<std::int64_t>(outcome.matched.size());
    outcome.why = wrong_number(expectation, number);
    const bool too_many = (expectation.exactly && number > *expectation.exactly) ||
                          (expectation.at_most && number > *expectation.at_most);
    const bool could_be_more = expectation.exactly || expectation.at_most || !outcome.why.empty();
    if (unsure && could_be_more && !too_many)
        outcome.why += (outcome.why.empty() ? "" : "; ") + dropped_text(part);
    outcome.ok = outcome.why.empty();
    if (!outcome.ok)
        outcome.nearest = nearest_of(pattern, candidates);
    return outcome;
}

} // namespace cvm::calls
