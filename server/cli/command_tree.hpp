#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cvm::cli {

// A flag or an argument as completion scripts and the manual need it.
struct Choice {
    std::string name;               // --port; of an argument its place holder, FILE
    std::string help;               // one line
    bool takes_value = false;       // the next word is its value
    bool file = false;              // which is the name of a file
    std::vector<std::string> words; // the only values it can have; empty: any
    std::string value{};            // the place holder of the value: PORT
    std::string preset{};           // the value without the flag, if that is one
    std::string variable{};         // of the environment, that stands in for it
};

// A command with all that can follow it.
struct CommandNode {
    std::string name;
    std::string help; // one line
    std::vector<Choice> flags;
    std::vector<Choice> arguments;
    std::vector<CommandNode> commands;
};

// The tree is read from the parser, so that help and completion scripts always agree with it.
CommandNode node_of(const CLI::App& app);

} // namespace cvm::cli
