#pragma once

#include "server/cli/command_tree.hpp"

#include <string>
#include <string_view>

namespace cvm::cli {

// The manual as "man" reads it (also if no format is named), or in "markdown". `server` has the flags of the server.
std::string manual(const CommandNode& server, std::string_view format);

} // namespace cvm::cli
