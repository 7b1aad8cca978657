#include "server/cli/manual.hpp"

#include "server/cli/commands.hpp"
#include "server/cli/exit_codes.hpp"
#include "server/cli/parser.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace cvm::cli {

namespace {

// What to type, and what it does.
using TypedRow = std::pair<std::string, std::string>;

// A part of the manual, in any format.
struct Section {
    std::string title;
    std::string text{};               // a paragraph
    std::vector<std::string> lines{}; // to type
    std::string heading{};            // of the column of what to type
    std::vector<TypedRow> rows{};
};

// --- the content of the manual ---

std::string with_value(std::string_view name, std::string_view value)
{
    return std::string{name} + (value.empty() ? "" : " " + std::string{value});
}

std::string with_variable(std::string help, std::string_view variable)
{
    return variable.empty() ? help : help + "; variable " + std::string{variable};
}

TypedRow row_of(const Flag& flag)
{
    std::string help{flag.help};
    if (!flag.words.empty()) {
        help += ":";
        for (const std::string_view word : flag.words)
            help += (help.ends_with(':') ? " " : ", ") + std::string{word};
    }
    return {with_value(flag.name, flag.name.starts_with('-') ? flag.value : ""),
            with_variable(std::move(help), flag.variable)};
}

Section server_flags_of(const CommandNode& server)
{
    Section section{.title = "Flags of the server",
                    .text = "Every flag can also be set in the environment; the flag wins. Repeatable flags take "
                            "several values, separated by commas.",
                    .heading = "flag"};
    for (const Choice& flag : server.flags) {
        const std::string preset = flag.preset.empty() ? "" : "; default " + flag.preset;
        section.rows.emplace_back(with_value(flag.name, flag.value), with_variable(flag.help + preset, flag.variable));
    }
    return section;
}

Section shared_flags_of_commands()
{
    Section section{.title = "Flags of the commands",
                    .text = "Every command takes --help. Commands that talk to a running emulator also take these, "
                            "--account only where it is listed:",
                    .heading = "flag"};
    for (const Flag& flag : common_flags())
        section.rows.push_back(row_of(flag));
    section.rows.push_back(row_of(account_flag()));
    return section;
}

// "clock advance DURATION [--account ACCOUNT]"; the other flags have their own rows.
std::string line_of(const Command& command)
{
    std::string line{command.path};
    for (const Flag& flag : command.flags)
        if (!flag.name.starts_with('-'))
            line += flag.required ? " " + std::string{flag.name} : " [" + std::string{flag.name} + "]";
    return line + (command.account ? " [--account ACCOUNT]" : "");
}

bool belongs_to(const Command& command, std::string_view group)
{
    return command.path == group ||
           (command.path.starts_with(group) && command.path.substr(group.size()).starts_with(' '));
}

Section section_of(std::string_view group)
{
    Section section{.title = std::string{group}, .heading = "command or flag"};
    for (const Command& command : commands()) {
        if (!belongs_to(command, group))
            continue;
        if (command.does != Does::group)
            section.rows.emplace_back(line_of(command), command.summary);
        for (const Flag& flag : command.flags)
            section.rows.push_back(row_of(flag));
        for (std::string& example : examples_of(command))
            if (std::ranges::find(section.lines, example) == section.lines.end())
                section.lines.push_back(std::move(example));
    }
    return section;
}

// The environment variables that are not flags of the server.
Section variables_of_commands()
{
    std::map<std::string, std::string> help;
    const auto add = [&](const Flag& flag) {
        if (!flag.variable.empty())
            help.emplace(flag.variable, std::string{flag.name} + ": " + std::string{flag.help});
    };
    for (const Flag& flag : common_flags())
        add(flag);
    add(account_flag());
    for (const Command& command : commands())
        for (const Flag& flag : command.flags)
            add(flag);
    return {.title = "Variables of the commands",
            .text = "A flag on the command line wins. A CVM_EMULATOR_ variable that is set but empty is refused.",
            .heading = "variable",
            .rows = {help.begin(), help.end()}};
}

Section exit_codes_of(std::string title, std::span<const ExitCode> codes)
{
    Section section{.title = std::move(title), .heading = "code"};
    for (const auto& [code, meaning] : codes)
        section.rows.emplace_back(std::to_string(code), meaning);
    return section;
}

std::vector<Section> sections_of(const CommandNode& server)
{
    std::vector<Section> sections{
        {.title = "Synopsis",
         .lines = {with_value(program_name, "[FLAG...]"), with_value(program_name, "COMMAND ...")}},
        {.title = "Description",
         .text = server.help + " Without a command the program is the server; with a command as the first argument it "
                               "drives a running server."},
        server_flags_of(server),
        exit_codes_of("Exit codes of the server", server_exit_codes),
        shared_flags_of_commands(),
        exit_codes_of("Exit codes of the commands", command_exit_codes),
        variables_of_commands()};
    for (const Command& command : commands())
        if (command.path.find(' ') == std::string_view::npos)
            sections.push_back(section_of(command.path));
    return sections;
}

// --- the roff format, for man ---

std::string roff(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        if (c == '\\')
            escaped += "\\e";
        else if (c == '-')
            escaped += "\\-";
        else
            escaped += c;
    }
    return escaped.starts_with('.') || escaped.starts_with('\'') ? "\\&" + escaped : escaped;
}

std::string upper(std::string text)
{
    std::ranges::transform(text, text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
    return text;
}

std::string man_page(const CommandNode& server)
{
    std::string text = ".TH " + upper(program_name) + " 1 \"\" \"" + program_name + " " CVM_VERSION "\"\n.SH NAME\n" +
                       roff(program_name) + " \\- " + roff(server.help) + "\n";
    for (const Section& section : sections_of(server)) {
        text += ".SH " + roff(upper(section.title)) + "\n";
        if (!section.text.empty())
            text += roff(section.text) + "\n";
        for (const auto& [typed, what] : section.rows)
            text += ".TP\n.B " + roff(typed) + "\n" + roff(what) + "\n";
        if (!section.lines.empty()) {
            text += ".PP\n.EX\n";
            for (const std::string& line : section.lines)
                text += roff(line) + "\n";
            text += ".EE\n";
        }
    }
    return text;
}

// --- the Markdown format ---

// In a table cell a vertical bar must be escaped.
std::string cell(std::string_view text)
{
    std::string escaped;
    for (const char c : text)
        escaped += c == '|' ? std::string{"\\|"} : std::string{c};
    return escaped;
}

std::string markdown(const CommandNode& server)
{
    std::string text;
    for (const Section& section : sections_of(server)) {
        text += (text.empty() ? "## " : "\n## ") + section.title + "\n";
        if (!section.text.empty())
            text += "\n" + section.text + "\n";
        if (!section.rows.empty())
            text += "\n| " + section.heading + " | meaning |\n|---|---|\n";
        for (const auto& [typed, what] : section.rows)
            text += "| `" + cell(typed) + "` | " + cell(what) + " |\n";
        if (!section.lines.empty()) {
            text += "\n```text\n";
            for (const std::string& line : section.lines)
                text += line + "\n";
            text += "```\n";
        }
    }
    return text;
}

} // namespace

std::string manual(const CommandNode& server, std::string_view format)
{
    return format == "markdown" ? markdown(server) : man_page(server);
}

} // namespace cvm::cli
