#include "server/cli/parser.hpp"

#include "server/base/near.hpp"
#include "server/base/text.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <sstream>
#include <utility>

namespace cvm::cli {

namespace {

// A node of CLI11's tree and its command; nullptr for the program itself.
struct Node {
    const Command* command;
    CLI::App* app;
};

struct Tree {
    CLI::App program{"Drives a running emulator.", program_name};
    std::vector<Node> nodes;
};

std::vector<Flag> flags_of(const Command& command)
{
    std::vector<Flag> flags{command.flags.begin(), command.flags.end()};
    if (command.does != Does::request)
        return flags;
    if (command.account)
        flags.push_back(account_flag());
    flags.insert(flags.end(), common_flags().begin(), common_flags().end());
    return flags;
}

std::string check_count(const std::string& text)
{
    const bool digits =
        !text.empty() && text.size() <= 18 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    return digits ? "" : "must be a whole number, 0 or more";
}

void add_flag(CLI::App& app, const Flag& flag)
{
    // CLI11 would treat a non-const text as the variable for the flag's value.
    const std::string help =
        std::string{flag.help} + (flag.variable.empty() ? "" : " (env " + std::string{flag.variable} + ")");
    if (flag.kind == Kind::mark) {
        app.add_flag(std::string{flag.name}, help);
        return;
    }
    CLI::Option* option = app.add_option(
        std::string{flag.name}, [](const CLI::results_t&) { return true; }, help);
    option->type_name(std::string{flag.value});
    option->required(flag.required);
    if (flag.kind == Kind::repeated)
        option->take_all();
    if (flag.kind == Kind::count)
        option->check(CLI::Validator{check_count, ""});
    if (!flag.words.empty())
        option->check(CLI::IsMember(std::vector<std::string>{flag.words.begin(), flag.words.end()}));
}

std::string footer_of(const Command& command)
{
    std::string text = "Examples:";
    for (const std::string& line : examples_of(command))
        text += "\n  " + line;
    return text;
}

// A path without its last word; empty for a top-level command.
std::string_view parent_of(std::string_view path)
{
    const auto space = path.rfind(' ');
    return space == std::string_view::npos ? std::string_view{} : path.substr(0, space);
}

std::string_view name_of(std::string_view path) { return path.substr(path.rfind(' ') + 1); } // npos + 1 is 0

void build(Tree& tree)
{
    tree.program.require_subcommand(0, 1);
    tree.nodes.push_back({nullptr, &tree.program});
    for (const Command& command : commands()) {
        const auto parent = std::ranges::find_if(tree.nodes, [&](const Node& node) {
            return (node.command == nullptr ? std::string_view{} : node.command->path) == parent_of(command.path);
        });
        CLI::App* app = parent->app->add_subcommand(std::string{name_of(command.path)}, std::string{command.summary});
        app->footer(footer_of(command));
        app->require_subcommand(0, 1);
        for (const Flag& flag : flags_of(command))
            add_flag(*app, flag);
        tree.nodes.push_back({&command, app});
    }
}

// The path from the program to the most specific command that was given.
std::vector<Node> named(const Tree& tree)
{
    std::vector<Node> path{tree.nodes.front()};
    while (!path.back().app->get_subcommands().empty())
        path.push_back(*std::ranges::find(tree.nodes, path.back().app->get_subcommands().front(), &Node::app));
    return path;
}

// "clock advance", with the name of the program in front.
std::string full_name(const Node& node)
{
    return program_name + (node.command != nullptr ? " " + std::string{node.command->path} : std::string{});
}

std::vector<std::string> commands_below(const Node& node)
{
    std::vector<std::string> names;
    for (const CLI::App* app : node.app->get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(app->get_name());
    return names;
}

std::vector<std::string> flags_at(const Node& node)
{
    std::vector<std::string> names;
    for (const CLI::Option* option : node.app->get_options())
        if (!option->get_lnames().empty())
            names.push_back("--" + option->get_lnames().front());
    return names;
}

std::string listed(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

// The error text for an unexpected word.
std::string unexpected(const Node& node, const std::string& word)
{
    if (word.starts_with('-'))
        return unknown_flag(word, flags_at(node));
    const std::string told = printable(one_line(word));
    const auto below = commands_below(node);
    if (below.empty())
        return "`" + std::string{node.command->path} + "` does not take " + told;
    const std::string hint = near_hint(word, below);
    return "unknown command " + told + (hint.empty() ? "; there are " + listed(below) : hint);
}

// --flag of a command must not be ignored if it stands before a more specific command; only common flags may stand
// there.
void refuse_misplaced(const std::vector<Node>& path)
{
    for (std::size_t i = 1; i + 1 < path.size(); ++i)
        for (const Flag& flag : path[i].command->flags)
            if (path[i].app->count(std::string{flag.name}) > 0)
                throw UsageError{std::string{flag.name} + " belongs to `" + std::string{path[i].command->path} +
                                 "`; give it after `" + std::string{path.back().command->path} + "` if that takes it"};
}

// A key pair and its token belong together: if one part is on the command line, no other part is taken from the
// environment.
bool gives_key(const Given& given)
{
    return given.has("--secret-id") || given.has("--secret-key") || given.has("--token");
}

Given given_at(const std::vector<Node>& path, const Environment& environment)
{
    Given given;
    const auto flags = flags_of(*path.back().command);
    for (const Flag& flag : flags) {
        const std::string name{flag.name};
        for (const Node& node : path) {
            const CLI::Option* option = node.app->get_option_no_throw(name);
            if (option == nullptr || option->count() == 0)
                continue;
            given.set(name, option->results());
        }
        // An empty text would count as not given, and the call would affect more than intended.
        if (flag.kind != Kind::mark && given.has(name) && given.text(name).empty())
            throw UsageError{name + " must not be empty"};
    }
    const bool own_key = gives_key(given);
    for (const Flag& flag : flags)
        if (const std::string value = variable(environment, flag.variable);
            !value.empty() && !given.has(flag.name) && !(own_key && flag.variable.starts_with("TENCENTCLOUD_")))
            given.set(flag.name, {value}, flag.variable);
    return given;
}

} // namespace

Chosen parse(const std::vector<std::string>& arguments, const Environment& environment)
{
    Tree tree;
    build(tree);
    try {
        tree.program.parse(std::vector<std::string>{arguments.rbegin(), arguments.rend()});
    } catch (const CLI::CallForHelp&) {
        const auto path = named(tree);
        return {.help = path.back().app->help(full_name(path[path.size() - 2]))};
    } catch (const CLI::ExtrasError&) {
        const Node last = named(tree).back();
        throw UsageError{unexpected(last, tree.program.remaining(true).front()) + "; see " + full_name(last) +
                         " --help"};
    } catch (const CLI::ParseError& e) {
        throw UsageError{std::string{e.what()} + "; see " + full_name(named(tree).back()) + " --help"};
    }
    const auto path = named(tree);
    if (path.size() == 1 || path.back().command->does == Does::group)
        throw UsageError{"give a command after `" + full_name(path.back()) +
                         "`: " + listed(commands_below(path.back()))};
    refuse_misplaced(path);
    return {path.back().command, given_at(path, environment), std::nullopt};
}

std::vector<std::string> examples_of(const Command& command)
{
    std::vector<std::string> examples;
    std::istringstream lines{std::string{command.examples}};
    for (std::string line; std::getline(lines, line);)
        examples.push_back(line.starts_with(command.path) ? program_name + (" " + line) : line);
    return examples;
}

CommandNode command_tree()
{
    Tree tree;
    build(tree);
    return node_of(tree.program);
}

} // namespace cvm::cli
