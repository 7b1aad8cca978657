#pragma once

#include <string>
#include <string_view>

namespace cvm::cli {

// One word for a POSIX shell, and for bash, zsh and fish: bare if nothing in it means anything to them, else in single
// quotes.
std::string shell_quoted(std::string_view text);

} // namespace cvm::cli
