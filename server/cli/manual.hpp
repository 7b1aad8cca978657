#pragma once

#include "server/cli/command_tree.hpp"

#include <string>
#include <string_view>

namespace cvm::cli {

// The manual in roff for "man" (also if no format is given), or in "markdown". `server` has the flags of the server.
std::string manual(const CommandNode& server, std::string_view format);

} // namespace cvm::cli
