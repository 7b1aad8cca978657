#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Small operations on text that several folders need. Only ASCII letters have upper and lower case here.

namespace cvm {

std::string ascii_lower(std::string_view text);

// The number of characters of a text in UTF-8, by the bytes that begin one.
std::size_t characters(std::string_view text) noexcept;

// The text without blanks, tabs and line breaks at both ends.
std::string_view trimmed(std::string_view text);

// Valid UTF-8: anything else becomes U+FFFD.
std::string valid_utf8(std::string_view text);

// For messages that repeat what somebody sent: valid UTF-8 (anything else becomes U+FFFD) and no more than 256 bytes
// and "...".
std::string printable(std::string_view text);

// For log lines: control characters become "?".
std::string one_line(std::string_view text);

// For log lines: a text of several lines whose every line is indented, so that none looks like one of the log, control
// characters as in one_line.
std::string indented(std::string_view text);

// Whether `pattern` fits `text`; each "*" stands for any text.
bool glob_match(std::string_view pattern, std::string_view text) noexcept;

// Whether the text has no other characters than digits; true for an empty one.
bool is_number(std::string_view text) noexcept;

// What is shown in the place of a secret.
inline constexpr std::string_view masked = "***";

// Whether the parameter of this name holds what must not be shown or kept: passwords, tokens, keys, and the scripts of
// UserData, which often hold them. Dots, underscores and hyphens divide a name into parts; the last part that is not an
// index decides: LoginSettings.Password, UserData.0, X-TC-Token. Upper and lower case are the same.
bool names_secret(std::string_view name);

} // namespace cvm
