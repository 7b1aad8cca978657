#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

// Reads the answer of a server, which may be another version or another program: a missing member that the command
// needs is a BadAnswer, everything else is shown as it is or left out.

namespace cvm::cli {

// The answer lacks what the command shows; the text is "has no ...".
struct BadAnswer : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// nullptr if `from` is no object or has no such member.
const boost::json::value* member(const boost::json::value& from, std::string_view name);

// These throw BadAnswer for what is not there or is something else.
const boost::json::array& list_in(const boost::json::value& from, std::string_view name);
bool flag_in(const boost::json::value& from, std::string_view name);

// For people, empty for what is missing or null: texts bare, yes and no, JSON for the rest. In one line, control
// characters as "?", so that no answer can drive the terminal.
std::string shown(const boost::json::value* value);
std::string shown_in(const boost::json::value& from, std::string_view name);

// The same of a member that must be there; BadAnswer if it is not.
std::string required_in(const boost::json::value& from, std::string_view name);

// A number of cents as "-12.34"; anything else as `shown` shows it.
std::string yuan(const boost::json::value* cents);
std::string yuan_in(const boost::json::value& from, std::string_view name);

// A number of microseconds in milliseconds, "1.25".
std::string milliseconds_in(const boost::json::value& from, std::string_view name);

// An object in one line: {"action":"X","params":{"/p":1},"drop":true} as "action=X params/p=1 drop".
std::string in_words(const boost::json::value* value);

} // namespace cvm::cli
