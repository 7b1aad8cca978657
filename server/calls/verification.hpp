#pragma once

#include "server/calls/journal.hpp"
#include "server/calls/pattern.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cvm::calls {

// What is claimed of the calls of an account.
struct Expectation {
    std::vector<Pattern> patterns; // one, or several that must come in this order, others between them or not
    bool in_order = false;
    std::optional<std::int64_t> exactly{};
    std::optional<std::int64_t> at_least{};
    std::optional<std::int64_t> at_most{};
    std::uint64_t after = 0; // looks at calls with a larger number only
};

// A call that is nearly what was asked for.
struct Nearest {
    const CallRecord* call;
    std::vector<Difference> differs;
};

struct Outcome {
    bool ok = false;
    std::string why{};                        // a sentence, if it is not ok
    std::vector<const CallRecord*> matched{}; // those that fit; of an order those that were found in it
    std::vector<Nearest> nearest{};           // if it is not ok: those that fit worst last, at most max_nearest
};

inline constexpr std::size_t max_nearest = 3;

// Judges what is in the journal. Where calls were dropped that could have changed the verdict, it is not ok. Pointers
// go into `part`.
Outcome verify(const Expectation& expectation, const Journal::Part& part);

} // namespace cvm::calls
