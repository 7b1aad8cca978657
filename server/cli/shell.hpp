#pragma once

#include <string>
#include <string_view>

namespace cvm::cli {

// Quotes one word for a POSIX shell, and for bash, zsh and fish: unchanged if it contains no special characters, else
// in single quotes.
std::string shell_quoted(std::string_view text);

} // namespace cvm::cli
