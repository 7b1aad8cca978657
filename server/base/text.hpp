#pragma once

#include <string>
#include <string_view>

// Small operations on text that several boxes need. ASCII: header names, hosts and parameters are.

namespace cvm {

std::string ascii_lower(std::string_view text);

// Without blanks, tabs and line breaks at both ends.
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

// Whether there is nothing but digits in it.
bool is_number(std::string_view text) noexcept;

// What is shown in the place of a secret.
inline constexpr std::string_view masked = "***";

// Whether the parameter of this name holds what must not be shown or kept: passwords, tokens, keys, and the scripts of
// UserData, which hold them often. Of a name of several parts, between dots, underscores or hyphens, the last one
// counts that is no index: LoginSettings.Password, UserData.0, X-TC-Token. Case does not.
bool names_secret(std::string_view name);

} // namespace cvm
