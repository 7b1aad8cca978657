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
    // one, or with in_order several: calls in this order, possibly with other calls in between
    std::vector<Pattern> patterns;
    bool in_order = false;
    std::optional<std::int64_t> exactly{};
    std::optional<std::int64_t> at_least{};
    std::optional<std::int64_t> at_most{};
    std::uint64_t after = 0; // only calls with a larger number count
};

// A call that nearly matches.
struct Nearest {
    const CallRecord* call;
    std::vector<Difference> differs;
};

struct Outcome {
    bool ok = false;
    std::string why{};                        // a sentence, unless ok
    std::vector<const CallRecord*> matched{}; // the matching calls; with in_order the sequence that was found
    std::vector<Nearest> nearest{};           // unless ok: the nearest calls, best first, at most max_nearest
};

inline constexpr std::size_t max_nearest = 3;

// Checks a claim against the journal. Not ok if calls were dropped that could have changed the result. Pointers in the
// outcome refer to `part`.
Outcome verify(const Expectation& expectation, const Journal::Part& part);

// Tells when a claim that does not hold yet is worth verifying again. It looks at each new call once, whereas verify()
// looks at all calls.
class Awaited {
public:
    // `outcome`: the result of verify() for the account `uin`, not ok.
    Awaited(const Expectation& expectation, const Outcome& outcome, const Journal& journal, std::string uin);

    // Whether the claim should be verified again. To be called after each call, or after several calls.
    bool should_verify(const Expectation& expectation, const Journal& journal);

private:
    std::string uin_;
    std::size_t pattern_;      // of the claim: the one that new calls are compared with
    std::int64_t missing_ = 1; // at least how many more such calls are needed
    std::uint64_t seen_;       // the number of the last call that was examined
    std::uint64_t erasures_;   // Journal::erasures() at the time of the verification
};

} // namespace cvm::calls
