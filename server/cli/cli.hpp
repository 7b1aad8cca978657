#pragma once

#include "server/cli/command_tree.hpp"
#include "server/cli/environment.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

// The commands that control a running emulator: `cvm-renewal-emulator clock advance P1M`.

namespace cvm::cli {

// What main() prints and returns. Code 0: success; 1: the server refused or cannot be reached; 2: wrong usage.
struct Outcome {
    int code = 0;
    std::string out{};
    std::string err{};
};

// Whether this first argument selects a command, known or not, rather than the server.
bool is_command(std::string_view first_argument) noexcept;

// A hint to add to an error about the server's command line, if it contains a command; else empty.
std::string misplaced_command(std::span<char* const> arguments);

// The commands, one line each, for the help text of the program.
std::string overview();

// Executes the command in the arguments (without the name of the program). `server` has the flags of the server, for
// the completion scripts and the manual.
Outcome run(const std::vector<std::string>& arguments, const Environment& environment, const CommandNode& server);

} // namespace cvm::cli
