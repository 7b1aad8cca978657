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
    bool outcome; // known only when the call is over
};

std::span<const Trait> traits() noexcept;

// Conditions on a call. It must meet all of them; a pattern without conditions matches every call.
struct Pattern {
    std::vector<std::pair<const Trait*, std::string>> texts{}; // wanted text; each "*" stands for any text
    std::optional<bool> done{};                                // whether the action was carried out; empty: either
    std::string instance{};                                    // an id somewhere among the parameters; empty: any
    std::vector<std::pair<std::string, boost::json::value>> params{}; // JSON pointer; numbers equal their text
};

// A condition that a call does not meet.
struct Difference {
    std::string what; // a trait's name, "done", "instance", or "params" and the pointer
    boost::json::value wanted;
    boost::json::value was; // null: the call has none
};

bool matches(const Pattern& pattern, const CallRecord& call, const boost::json::value& params);
std::vector<Difference> differences(const Pattern& pattern, const CallRecord& call, const boost::json::value& params);

// How far a call is from a pattern: how many conditions it does not meet. One of another action is further away than
// one with another outcome.
struct Distance {
    std::size_t differences = 0;
    bool other_action = false;

    auto operator<=>(const Distance&) const = default;
};

Distance distance(const Pattern& pattern, const CallRecord& call);

// The same for a call of the journal, whose parameters are parsed only if that matters.
bool matches(const Pattern& pattern, const CallRecord& call);
std::vector<Difference> differences(const Pattern& pattern, const CallRecord& call);

// Whether a call of the journal might match, but its parameters were not kept, so that it cannot be known.
bool may_fit(const Pattern& pattern, const CallRecord& call);

} // namespace cvm::calls
