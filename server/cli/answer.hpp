#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

// Access to the answer of a server, which may be of another version or even another program: a missing member that the
// command needs is a BadAnswer, everything else is shown as it is or omitted.

namespace cvm::cli {

// The answer lacks something that the command shows; the text is "has no ...".
struct BadAnswer : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// nullptr if `from` is not an object or has no such member.
const boost::json::value* member(const boost::json::value& from, std::string_view name);

// These throw BadAnswer if the member is missing or of another type.
const boost::json::array& list_in(const boost::json::value& from, std::string_view name);
bool flag_in(const boost::json::value& from, std::string_view name);

// For people; empty if missing or null: texts without quotes, yes and no, JSON for the rest. On one line and with
// control characters as "?", so that no answer can control the terminal.
std::string shown(const boost::json::value* value);
std::string shown_in(const boost::json::value& from, std::string_view name);

// The same for a required member; throws BadAnswer if it is missing.
std::string required_in(const boost::json::value& from, std::string_view name);

// An amount in cents as "-12.34"; anything else as from shown().
std::string yuan(const boost::json::value* cents);
std::string yuan_in(const boost::json::value& from, std::string_view name);

// A duration in microseconds as milliseconds, "1.25".
std::string milliseconds_in(const boost::json::value& from, std::string_view name);

// An object on one line: {"action":"X","params":{"/p":1},"drop":true} as "action=X params/p=1 drop".
std::string in_words(const boost::json::value* value);

} // namespace cvm::cli
