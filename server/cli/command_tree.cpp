#include "server/cli/command_tree.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace cvm::cli {

namespace {

// CLI11 shows the words of CLI::IsMember in the type name: "TEXT:{off,documented}".
std::vector<std::string> words_of(const std::string& type)
{
    const auto open = type.find('{');
    const auto close = type.find('}', open);
    if (open == std::string::npos || close == std::string::npos)
        return {};
    return CLI::detail::split(type.substr(open + 1, close - open - 1), ',');
}

// The placeholder in a type name of CLI11: PORT of "UINT:PORT", PATH of "TEXT:PATH(existing)", INT of "UINT:INT in [0 -
// 9]".
std::string placeholder(const std::string& type)
{
    const auto colon = type.find(':');
    const auto begin = colon == std::string::npos ? 0 : colon + 1;
    return type.substr(begin, type.find_first_of("( ", begin) - begin);
}

Choice choice_of(const CLI::Option& option)
{
    const std::string type = option.get_type_name();
    Choice choice;
    choice.name = option.get_positional() ? option.get_name(true) : "--" + option.get_lnames().front();
    choice.help = option.get_description();
    choice.takes_value = option.get_items_expected_max() > 0;
    choice.file = type.find("FILE") != std::string::npos || type.find("PATH") != std::string::npos;
    choice.words = words_of(type);
    if (choice.takes_value)
        choice.value = choice.words.empty() ? placeholder(type) : CLI::detail::join(choice.words, "|");
    choice.preset = option.get_default_str();
    choice.variable = option.get_envname();
    return choice;
}

} // namespace

CommandNode node_of(const CLI::App& app)
{
    CommandNode node;
    node.name = app.get_name();
    node.help = app.get_description();
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_positional())
            node.arguments.push_back(choice_of(*option));
        else if (!option->get_lnames().empty())
            node.flags.push_back(choice_of(*option));
    }
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        node.commands.push_back(node_of(*command));
    return node;
}

} // namespace cvm::cli
