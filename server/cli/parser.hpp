#pragma once

#include "server/cli/command_tree.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/environment.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cvm::cli {

inline constexpr auto program_name = "cvm-renewal-emulator";

// A command line that was understood.
struct Chosen {
    const Command* command = nullptr;
    Given given{};                     // the environment filled in; of files their names
    std::optional<std::string> help{}; // is asked for, instead of the command
};

// Throws UsageError.
Chosen parse(const std::vector<std::string>& arguments, const Environment& environment);

// The examples of a command as one types them, with the name of the program.
std::vector<std::string> examples_of(const Command& command);

// All commands with their flags, without those of the server.
CommandNode command_tree();

} // namespace cvm::cli
