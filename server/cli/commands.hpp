#pragma once

#include "server/cli/given.hpp"
#include "server/cli/show.hpp"

#include <chrono>
#include <span>
#include <string>
#include <string_view>

// The commands as a table: what the command line looks like, the request that it becomes, how the answer is shown.

namespace cvm::cli {

enum class Kind {
    mark,     // a flag without a value
    text,     // any text
    repeated, // any text, as often as one likes
    count,    // a whole number, 0 or more
    input,    // a file to read, "-" for stdin; the command gets what is in it
    document, // JSON, or "-" for stdin; the command gets the JSON
    output,   // a file to write
};

// A flag ("--region") or an argument ("DURATION").
struct Flag {
    std::string_view name;
    std::string_view value; // the place holder in the help, of a flag with a value
    std::string_view help;
    Kind kind = Kind::text;
    std::span<const std::string_view> words{}; // the only values; empty: any
    std::string_view variable{};               // of the environment, that stands in for it
    bool required = false;                     // of an argument
};

// What is sent to the emulator.
struct HttpCall {
    std::string method;
    std::string target;
    std::string body{};
    std::string doing{}; // "advancing the clock", for somebody who waits
    std::string_view content_type = "application/json";
    std::chrono::milliseconds timeout = std::chrono::minutes{5};
};

enum class Does {
    request,    // send a call, show the answer
    group,      // nothing: it only has commands
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
    Show show = nullptr;                               // none: the answer is what is asked for
};

// A command stands behind the one that it belongs to.
std::span<const Command> commands() noexcept;

// The flags that every command has which sends a request: --url, --admin-token, --json; then --account.
std::span<const Flag> common_flags() noexcept;
const Flag& account_flag() noexcept;

} // namespace cvm::cli
