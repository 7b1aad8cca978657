#pragma once

#include <span>
#include <string>
#include <string_view>

namespace cvm {

// The few candidates that somebody who typed `word` may have meant, most likely first, as "; did you mean a, b or c?".
// Empty if no candidate is similar.
std::string near_hint(std::string_view word, std::span<const std::string> candidates);

// What is wrong with a flag that is not among `flags`, such as "unknown flag --prot; did you mean --port?".
std::string unknown_flag(std::string_view word, std::span<const std::string> flags);

} // namespace cvm
