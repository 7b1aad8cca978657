#include "server/cli/completion.hpp"

#include "server/cli/shell.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace cvm::cli {

namespace {

// A command and its path: "" for the program, " clock", " clock advance".
struct Place {
    std::string at;
    const CommandNode* node;
};

void add_places(std::vector<Place>& places, const std::string& at, const CommandNode& node)
{
    places.push_back({at, &node});
    for (const CommandNode& command : node.commands)
        add_places(places, at + " " + command.name, command);
}

std::string joined(const std::vector<std::string>& words, std::string_view separator)
{
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : std::string{separator}) + word;
    return text;
}

// The paths of all commands but the program itself, quoted: patterns for a `case` that follows the words of a command
// line.
std::vector<std::string> patterns(const std::vector<Place>& places)
{
    std::vector<std::string> quoted;
    for (const Place& place : places)
        if (!place.at.empty())
            quoted.push_back(shell_quoted(place.at));
    return quoted;
}

// The flags of all commands whose next word is a value: those with a list of values, and all others.
struct Values {
    std::vector<std::pair<std::string, std::vector<std::string>>> chosen; // " ledger deposit --to", its words
    std::vector<std::string> any;
};

Values values_of(const std::vector<Place>& places)
{
    Values values;
    for (const auto& [at, node] : places) {
        for (const Choice& flag : node->flags) {
            const std::string pattern = shell_quoted(at + " " + flag.name);
            if (!flag.words.empty())
                values.chosen.emplace_back(pattern, flag.words);
            else if (flag.takes_value)
                values.any.push_back(pattern);
        }
    }
    return values;
}

std::vector<std::string> flag_names(const CommandNode& node)
{
    std::vector<std::string> names;
    for (const Choice& flag : node.flags)
        names.push_back(flag.name);
    return names;
}

// The words other than flags that are possible here, with their descriptions.
std::vector<std::pair<std::string, std::string>> plain_words(const CommandNode& node)
{
    std::vector<std::pair<std::string, std::string>> words;
    for (const CommandNode& command : node.commands)
        words.emplace_back(command.name, command.help);
    for (const Choice& argument : node.arguments)
        for (const std::string& word : argument.words)
            words.emplace_back(word, argument.help);
    return words;
}

bool takes_file(const CommandNode& node) { return std::ranges::any_of(node.arguments, &Choice::file); }

// A name that a shell accepts for a function.
std::string function_name(const CommandNode& program)
{
    std::string name = "_" + program.name;
    std::ranges::replace(name, '-', '_');
    return name;
}

// If none of our words fits, `-o default` completes file names.
std::string bash(const CommandNode& program, const std::vector<Place>& places)
{
    const std::string function = function_name(program);
    const Values values = values_of(places);
    std::string text =
        "# bash completion for " + program.name + "\n" + function + "() {\n" +
        "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} at= flags= words= i\n"
        "    for ((i = 1; i < COMP_CWORD; ++i)); do\n"
        "        case \"$at ${COMP_WORDS[i]}\" in\n"
        "        " +
        joined(patterns(places), "|") +
        ") at+=\" ${COMP_WORDS[i]}\" ;;\n"
        "        esac\n"
        "    done\n"
        "    COMPREPLY=()\n"
        "    case \"$at $before\" in\n";
    for (const auto& [pattern, words] : values.chosen)
        text += "    " + pattern + ") COMPREPLY=($(compgen -W " + shell_quoted(joined(words, " ")) +
                " -- \"$word\")); return ;;\n";
    text += "    " + joined(values.any, "|") + ") return ;;\n    esac\n    case \"$at\" in\n";
    for (const auto& [at, node] : places) {
        std::vector<std::string> words;
        for (const auto& [word, help] : plain_words(*node))
            words.push_back(word);
        text += "    " + shell_quoted(at) + ") words=" + shell_quoted(joined(words, " ")) +
                " flags=" + shell_quoted(joined(flag_names(*node), " ")) + " ;;\n";
    }
    return text +
           "    esac\n"
           "    [[ $word == -* ]] && words=$flags\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
           "}\n"
           "complete -o default -F " +
           function + " " + program.name + "\n";
}

std::string zsh(const CommandNode& program, const std::vector<Place>& places)
{
    const std::string function = function_name(program);
    const Values values = values_of(places);
    std::string text = "#compdef " + program.name + "\n" + function + "() {\n" +
                       "    local at= word\n"
                       "    local -a found\n"
                       "    for word in \"${(@)words[2,CURRENT-1]}\"; do\n"
                       "        case \"$at $word\" in\n"
                       "        (" +
                       joined(patterns(places), "|") +
                       ") at+=\" $word\" ;;\n"
                       "        esac\n"
                       "    done\n"
                       "    case \"$at ${words[CURRENT-1]}\" in\n";
    for (const auto& [pattern, words] : values.chosen)
        text += "    (" + pattern + ") compadd -- " + joined(words, " ") + "; return ;;\n";
    text += "    (" + joined(values.any, "|") + ") _files; return ;;\n    esac\n    case \"$at\" in\n";
    for (const auto& [at, node] : places) {
        std::string found;
        for (const auto& [word, help] : plain_words(*node))
            found += " " + shell_quoted(word + ":" + help);
        for (const Choice& flag : node->flags)
            found += " " + shell_quoted(flag.name + ":" + flag.help);
        text += "    (" + shell_quoted(at) + ")" + (takes_file(*node) ? " _files;" : "") + " found=(" +
                found.substr(1) + ") ;;\n";
    }
    // If sourced, it registers itself; from a folder of $fpath it is called by its file name.
    return text + "    esac\n    _describe " + shell_quoted(program.name) + " found\n}\n" +
           "if [[ ${funcstack[1]} == _" + program.name + " ]]; then\n    " + function + " \"$@\"\nelse\n    compdef " +
           function + " " + program.name + "\nfi\n";
}

std::string fish(const CommandNode& program, const std::vector<Place>& places)
{
    const std::string function = "_" + function_name(program) + "_at";
    std::string text = "# fish completion for " + program.name + "\nfunction " + function +
                       "\n"
                       "    set -l at ''\n"
                       "    set -l given (commandline -opc)\n"
                       "    set -e given[1]\n"
                       "    for word in $given\n"
                       "        switch \"$at $word\"\n"
                       "            case " +
                       joined(patterns(places), " ") +
                       "\n"
                       "                set at \"$at $word\"\n"
                       "        end\n"
                       "    end\n"
                       "    test \"$at\" = \"$argv[1]\"\n"
                       "end\n"
                       "complete -c " +
                       program.name + " -f\n";
    for (const auto& [at, node] : places) {
        const std::string line = "complete -c " + program.name + " -n \"" + function + " '" + at + "'\"";
        for (const auto& [word, help] : plain_words(*node))
            text += line + " -a " + shell_quoted(word) + " -d " + shell_quoted(help) + "\n";
        for (const Choice& flag : node->flags) {
            text += line + " -l " + shell_quoted(flag.name.substr(2)) + " -d " + shell_quoted(flag.help);
            if (!flag.words.empty())
                text += " -x -a " + shell_quoted(joined(flag.words, " "));
            else if (flag.takes_value)
                text += " -r -F";
            text += "\n";
        }
        if (takes_file(*node))
            text += line + " -F\n";
    }
    return text;
}

} // namespace

std::string completion(const CommandNode& program, std::string_view shell)
{
    using Write = std::string (*)(const CommandNode&, const std::vector<Place>&);
    constexpr std::array<std::pair<std::string_view, Write>, 3> shells{{{"bash", bash}, {"zsh", zsh}, {"fish", fish}}};
    std::vector<Place> places;
    add_places(places, "", program);
    for (const auto& [name, write] : shells)
        if (name == shell)
            return write(program, places);
    throw std::logic_error{"no such shell: " + std::string{shell}};
}

} // namespace cvm::cli
