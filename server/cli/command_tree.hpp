#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cvm::cli {

// A flag or an argument, for completion scripts and the manual.
struct Choice {
    std::string name;               // --port; for an argument its placeholder, FILE
    std::string help;               // one line
    bool takes_value = false;       // the next word is its value
    bool file = false;              // the value is a file name
    std::vector<std::string> words; // the permitted values; empty: any
    std::string value{};            // the placeholder of the value: PORT
    std::string preset{};           // the default value, if there is one
    std::string variable{};         // the environment variable that replaces the flag
};

// A command with its subcommands, flags and arguments.
struct CommandNode {
    std::string name;
    std::string help; // one line
    std::vector<Choice> flags;
    std::vector<Choice> arguments;
    std::vector<CommandNode> commands;
};

// The tree is built from the parser, so that help and completion scripts always agree with it.
CommandNode node_of(const CLI::App& app);

} // namespace cvm::cli
