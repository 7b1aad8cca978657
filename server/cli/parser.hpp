#pragma once

#include "server/cli/command_tree.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/environment.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cvm::cli {

inline constexpr auto program_name = "cvm-renewal-emulator";

// A parsed command line.
struct Chosen {
    const Command* command = nullptr;
    Given given{};                     // includes values of the environment; files are not read yet
    std::optional<std::string> help{}; // the help text to print instead of executing the command
};

// Throws UsageError.
Chosen parse(const std::vector<std::string>& arguments, const Environment& environment);

// The examples of a command, including the name of the program.
std::vector<std::string> examples_of(const Command& command);

// All commands with their flags, without the flags of the server.
CommandNode command_tree();

} // namespace cvm::cli
