#pragma once

#include "server/cli/command_tree.hpp"

#include <string>
#include <string_view>

namespace cvm::cli {

// The completion script for the command line of `program` in "bash", "zsh" or "fish".
std::string completion(const CommandNode& program, std::string_view shell);

} // namespace cvm::cli
