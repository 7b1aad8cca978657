#pragma once

#include "server/cli/given.hpp"
#include "server/cli/show.hpp"

#include <chrono>
#include <span>
#include <string>
#include <string_view>

// The table of commands: the command line, the request to send, and how to show the answer.

namespace cvm::cli {

enum class Kind {
    mark,     // a flag without a value
    text,     // any text
    repeated, // any text, repeatable
    count,    // a whole number, at least 0
    input,    // a file to read, "-" for stdin; the command gets its content
    document, // JSON, or "-" for stdin; the command gets the JSON
    output,   // a file to write
};

// A flag ("--region") or an argument ("DURATION").
struct Flag {
    std::string_view name;
    std::string_view value; // the placeholder in the help text, for a flag with a value
    std::string_view help;
    Kind kind = Kind::text;
    std::span<const std::string_view> words{}; // the permitted values; empty: any
    std::string_view variable{};               // the environment variable that replaces the flag
    bool required = false;                     // for an argument
};

// The request to the emulator.
struct HttpCall {
    std::string method;
    std::string target;
    std::string body{};
    std::string doing{}; // "advancing the clock", for the progress display
    std::string_view content_type = "application/json";
    std::chrono::milliseconds timeout = std::chrono::minutes{5};
};

enum class Does {
    request,    // send a request, show the answer
    group,      // nothing: it only has subcommands
    sign,       // print a curl command
    completion, // print a script
    manual,     // print the manual
};

struct Command {
    std::string_view path; // "clock advance"
    std::string_view summary;
    std::string_view examples; // lines without the name of the program
    std::span<const Flag> flags{};
    bool account = false; // takes --account
    Does does = Does::request;
    HttpCall (*request)(const Given& given) = nullptr; // throws UsageError
    Show show = nullptr;                               // nullptr: the answer is the output
};

// A subcommand comes after its group.
std::span<const Command> commands() noexcept;

// The flags of every command that sends a request: --url, --admin-token, --json; then --account.
std::span<const Flag> common_flags() noexcept;
const Flag& account_flag() noexcept;

} // namespace cvm::cli
