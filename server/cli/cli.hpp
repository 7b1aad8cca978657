#pragma once

#include "server/cli/command_tree.hpp"
#include "server/cli/environment.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

// The commands that drive a running emulator: `cvm-renewal-emulator clock advance P1M`.

namespace cvm::cli {

// What main() prints and returns. Code 0: done; 1: the server refused or cannot be reached; 2: wrong usage.
struct Outcome {
    int code = 0;
    std::string out{};
    std::string err{};
};

// Whether this first argument asks for a command, known or not, rather than for the server.
bool is_command(std::string_view first_argument) noexcept;

// What to add to the complaint about a server's command line, if there is a command in it; else empty.
std::string misplaced_command(std::span<char* const> arguments);

// The commands, a line each, for the help of the program.
std::string overview();

// Does what the arguments (without the name of the program) ask for. `server` has the flags of the server, for the
// completion scripts and the manual.
Outcome run(const std::vector<std::string>& arguments, const Environment& environment, const CommandNode& server);

} // namespace cvm::cli
