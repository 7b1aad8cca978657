#pragma once

#include "server/base/error.hpp"

#include <boost/json/object.hpp>

#include <map>
#include <string>
#include <string_view>

namespace cvm::wire {

// Decoded parameters of a query string or form, in the byte order in which signatures want them. Of a name that
// comes twice the last value counts.
using Form = std::map<std::string, std::string, std::less<>>;

// "a=1&b=%20+" -> {a: "1", b: "  "}. Refuses a piece without "=" (InvalidParameter, observed) and a broken
// percent escape.
Result<Form> parse_form(std::string_view text);

// Escapes everything but letters, digits and "-._~", as RFC 3986 has it, or as others do.
std::string percent_encoded(std::string_view text, bool lower_hex = false, bool plus_for_blank = false);

// The value of one parameter, without judging the rest; empty if it is not there. For the questions that come before
// parsing, so that a broken request is still answered in its own dialect and language.
std::string peek(std::string_view text, std::string_view name);

// {"InstanceIds.0": x, "Filters.1.Name": y} -> {"InstanceIds": [x], "Filters": [{"Name": y}]}. Numbers only order the
// members of a list, so both origins work, 0 (API 3.0) and 1 (legacy). Every value stays text. Refuses a name that is
// both a value and a parent, and nesting deeper than 16.
Result<boost::json::object> to_tree(const Form& form);

} // namespace cvm::wire
