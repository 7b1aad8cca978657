#pragma once

#include "server/calls/call.hpp"

#include <boost/json/value.hpp>

#include <compare>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cvm::calls {

// A member of a call that a pattern can compare.
struct Trait {
    std::string_view name;
    std::string CallRecord::*text;
    bool outcome; // known only when the call has ended
};

std::span<const Trait> traits() noexcept;

// Conditions on a call, all of which must be met; a pattern without conditions matches every call.
struct Pattern {
    std::vector<std::pair<const Trait*, std::string>> texts{}; // expected text; each "*" matches any text
    std::optional<bool> done{};                                // whether the action was carried out; empty: either
    std::string instance{};                                    // an id anywhere in the parameters; empty: any
    // JSON pointer and value; numbers equal their text
    std::vector<std::pair<std::string, boost::json::value>> params{};
};

// A condition that a call does not meet.
struct Difference {
    std::string what; // the name of a trait, "done", "instance", or "params" and the pointer
    boost::json::value wanted;
    boost::json::value was; // null: the call has no such value
};

bool matches(const Pattern& pattern, const CallRecord& call, const boost::json::value& params);
std::vector<Difference> differences(const Pattern& pattern, const CallRecord& call, const boost::json::value& params);

// How far a call is from matching: the number of conditions that it does not meet. A call of another action is farther
// away than one with another outcome.
struct Distance {
    std::size_t differences = 0;
    bool other_action = false;

    auto operator<=>(const Distance&) const = default;
};

Distance distance(const Pattern& pattern, const CallRecord& call);

// The same for a call of the journal; its parameters are parsed only if necessary.
bool matches(const Pattern& pattern, const CallRecord& call);
std::vector<Difference> differences(const Pattern& pattern, const CallRecord& call);

// Whether a call of the journal might match, which is unknown because its parameters were not stored.
bool may_match(const Pattern& pattern, const CallRecord& call);

} // namespace cvm::calls
