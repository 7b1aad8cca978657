#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Small text functions that several folders need. Only ASCII letters are treated as having upper and lower case.

namespace cvm {

std::string ascii_lower(std::string_view text);

// The number of characters of a UTF-8 text, counted by their first bytes.
std::size_t characters(std::string_view text) noexcept;

// The text without spaces, tabs and line breaks at both ends.
std::string_view trimmed(std::string_view text);

// Valid UTF-8: invalid bytes become U+FFFD.
std::string valid_utf8(std::string_view text);

// For messages that repeat received text: valid UTF-8 (invalid bytes become U+FFFD), cut to 256 bytes and "...".
std::string printable(std::string_view text);

// For log lines: control characters become "?".
std::string one_line(std::string_view text);

// For log lines: indents every line of a text of several lines, so that none looks like a line of the log; control
// characters are treated as in one_line.
std::string indented(std::string_view text);

// Whether `pattern` matches `text`; each "*" matches any text.
bool glob_match(std::string_view pattern, std::string_view text) noexcept;

// Whether the text consists of digits only; true for an empty text.
bool is_number(std::string_view text) noexcept;

// What is shown instead of a secret.
inline constexpr std::string_view masked = "***";

// Whether the parameter of this name holds something that must not be shown or stored: passwords, tokens, keys, and the
// scripts in UserData, which often contain them. Dots, underscores and hyphens divide a name into parts; the last part
// that is not an index decides: LoginSettings.Password, UserData.0, X-TC-Token. Case is ignored.
bool names_secret(std::string_view name);

} // namespace cvm
