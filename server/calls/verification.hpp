#pragma once

#include "server/calls/journal.hpp"
#include "server/calls/pattern.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cvm::calls {

// A claim about the calls of an account.
struct Expectation {
    std::vector<Pattern> patterns; // one, or with in_order several: calls in this order, other calls may lie between
    bool in_order = false;
    std::optional<std::int64_t> exactly{};
    std::optional<std::int64_t> at_least{};
    std::optional<std::int64_t> at_most{};
    std::uint64_t after = 0; // looks at calls with a larger number only
};

// A call that nearly matches.
struct Nearest {
    const CallRecord* call;
    std::vector<Difference> differs;
};

struct Outcome {
    bool ok = false;
    std::string why{};                        // a sentence, if it is not ok
    std::vector<const CallRecord*> matched{}; // the calls that match; with in_order those found in sequence
    std::vector<Nearest> nearest{};           // if it is not ok: the nearest calls, best first, at most max_nearest
};

inline constexpr std::size_t max_nearest = 3;

// Checks a claim against the journal. Not ok if calls were dropped that could have changed the outcome. Pointers of the
// outcome go into `part`.
Outcome verify(const Expectation& expectation, const Journal::Part& part);

// What must come before a claim that does not hold yet can: looks at each new call once, where verify() looks at all of
// them.
class Awaited {
public:
    // `outcome`: of verify() for the account `uin`, not ok.
    Awaited(const Expectation& expectation, const Outcome& outcome, const Journal& journal, std::string uin);

    // Whether the claim is to be verified again. To be asked after each call, or after several.
    bool has_come(const Expectation& expectation, const Journal& journal);

private:
    std::string uin_;
    std::size_t pattern_;      // of the claim: the one that new calls are held against
    std::int64_t missing_ = 1; // how many more of them, at least
    std::uint64_t seen_;       // the number of the last call that was looked at
    std::uint64_t erasures_;   // Journal::erasures() when the numbers were counted
};

} // namespace cvm::calls
