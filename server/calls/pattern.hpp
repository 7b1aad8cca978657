#pragma once

#include "server/calls/call.hpp"

#include <boost/json/value.hpp>

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cvm::calls {

// A text of a call that a pattern can ask for.
struct Trait {
    std::string_view name;
    std::string CallRecord::*text;
    bool outcome; // known only when the call is over
};

std::span<const Trait> traits() noexcept;

// What calls are asked for by; each part must fit, and a pattern without parts fits every call.
struct Pattern {
    std::vector<std::pair<const Trait*, std::string>> texts{}; // each "*" stands for any text
    std::string instance{};                                    // an id somewhere among the parameters; empty: any
    std::vector<std::pair<std::string, boost::json::value>> params{}; // JSON pointer; numbers equal their text
};

// Where a call is not what was asked for.
struct Difference {
    std::string what; // a trait's name, "instance", or "params" and the pointer
    boost::json::value wanted;
    boost::json::value was; // null: it is not there
};

bool matches(const Pattern& pattern, const CallRecord& call, const boost::json::value& params);
std::vector<Difference> differences(const Pattern& pattern, const CallRecord& call, const boost::json::value& params);

// The same for a call of the journal, whose parameters are parsed only if that matters.
bool matches(const Pattern& pattern, const CallRecord& call);
std::vector<Difference> differences(const Pattern& pattern, const CallRecord& call);

// Whether nobody knows if a call of the journal fits, because its parameters were not kept.
bool may_fit(const Pattern& pattern, const CallRecord& call);

} // namespace cvm::calls
