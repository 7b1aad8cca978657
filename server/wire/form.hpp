#pragma once

#include "server/base/error.hpp"

#include <boost/json/object.hpp>

#include <map>
#include <string>
#include <string_view>

namespace cvm::wire {

// Decoded parameters of a query string or form, in the byte order that signatures require. If a name occurs twice, the
// last value counts.
using Form = std::map<std::string, std::string, std::less<>>;

// "a=1&b=%20+" -> {a: "1", b: "  "}. Refuses a piece without "=" (InvalidParameter, observed) and a broken percent
// escape.
Result<Form> parse_form(std::string_view text);

// Escapes everything but letters, digits and "-._~", as RFC 3986 requires; optionally with lower-case hex digits, or
// with "+" for a space.
std::string percent_encoded(std::string_view text, bool lower_hex = false, bool plus_for_blank = false);

// The value of one parameter, without checking the rest of the text; empty if it does not exist. Used to find dialect
// and language before the text is parsed, so that a malformed request is also answered in them.
std::string peek(std::string_view text, std::string_view name);

// {"InstanceIds.0": x, "Filters.1.Name": y} -> {"InstanceIds": [x], "Filters": [{"Name": y}]}. Numbers only order the
// items of a list, so lists may start at 0 (API 3.0) or 1 (legacy). Every value stays a text. Refuses a name that is
// both a value and a parent, nesting deeper than 16, and invalid UTF-8.
Result<boost::json::object> to_tree(const Form& form);

} // namespace cvm::wire
