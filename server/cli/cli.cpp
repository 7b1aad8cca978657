#include "server/cli/cli.hpp"

#include "server/base/text.hpp"
#include "server/cli/answer.hpp"
#include "server/cli/client.hpp"
#include "server/cli/completion.hpp"
#include "server/cli/exit_codes.hpp"
#include "server/cli/files.hpp"
#include "server/cli/manual.hpp"
#include "server/cli/parser.hpp"
#include "server/cli/progress.hpp"
#include "server/cli/sign_command.hpp"
#include "server/cli/table.hpp"
#include "state/model/clock.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace cvm::cli {

namespace json = boost::json;

namespace {

constexpr int said_no = 1;
constexpr int wrong_usage = 2;

// Enough for any real answer; limits the stack that a hostile one can use.
constexpr std::size_t max_depth = 64;

// The request was refused or could not be sent; exit code 1.
struct Refused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string told(const std::exception& e) { return std::string{program_name} + ": " + e.what() + "\n"; }

// --- files ---

Given with_inputs_read(const Command& command, Given given)
{
    for (const Flag& flag : command.flags) {
        const std::string name = given.text(flag.name);
        const bool reads = flag.kind == Kind::input || (flag.kind == Kind::document && name == "-");
        if (reads && given.has(flag.name))
            given.set(flag.name, {read_input(name)});
    }
    return given;
}

// The file for the answer; empty: stdout.
std::string output_of(const Command& command, const Given& given)
{
    for (const Flag& flag : command.flags)
        if (flag.kind == Kind::output)
            return given.text(flag.name);
    return {};
}

// --- requests ---

Url url_of(const Given& given, const Environment& environment)
{
    return parse_url(given.has("--url") ? given.text("--url") : default_url(environment));
}

HttpRequest request_of(const HttpCall& call, const Given& given)
{
    HttpRequest request{call.method, call.target, {{"Accept", "application/json"}}, call.body, call.timeout};
    if (!call.body.empty())
        request.headers.emplace_back("Content-Type", call.content_type);
    if (given.has("--admin-token"))
        request.headers.emplace_back("Authorization", "Bearer " + given.text("--admin-token"));
    for (const auto& [name, value] : request.headers)
        if (value != one_line(value))
            throw UsageError{"--admin-token has a character that is not allowed in a header"};
    return request;
}

Reply ask(const Url& url, const HttpCall& call, const Given& given)
{
    Exchange exchange{url, request_of(call, given)};
    Progress progress{call.doing.empty() ? "waiting" : call.doing};
    for (std::chrono::seconds elapsed{1}; !exchange.run_for(std::chrono::seconds{1}); ++elapsed)
        progress.show(elapsed);
    if (const auto* failure = std::get_if<Failure>(&exchange.outcome()))
        throw Refused{(failure->connected ? "no good answer from " : "cannot reach ") + to_text(url) + ": " +
                      failure->what + "; is the emulator running? Give its address with --url"};
    return std::get<Reply>(exchange.outcome());
}

json::value parse_answer(const Url& url, const Reply& reply)
{
    json::parse_options options;
    options.max_depth = max_depth;
    boost::system::error_code ec;
    json::value answer = json::parse(reply.body, ec, {}, options);
    if (ec)
        throw Refused{to_text(url) + " answered " + std::to_string(reply.status) +
                      ", but not with JSON; is that the emulator? Give its address with --url"};
    return answer;
}

// Advice on a refusal, where the server's sentence does not give it in terms of the command line.
std::string advice(unsigned status, const std::string& error, const Given& given)
{
    // A shell that exported the keys of an account which is gone would get this from every command.
    if (const std::string variable = given.variable_of("--account");
        status == 404 && !variable.empty() && error.starts_with("no account"))
        return ", which " + variable + " of the environment names; unset it, or give --account";
    if (status == 401)
        return "; give the token with --admin-token";
    if (status == 404 && error.starts_with("no such path"))
        return "; is that emulator older than this command?";
    return "";
}

json::value good_answer(const Url& url, const Reply& reply, const Given& given)
{
    json::value answer = parse_answer(url, reply);
    // The form of the API, where refusals have status 200.
    if (const json::value* response = member(answer, "Response")) {
        const json::value* error = member(*response, "Error");
        throw Refused{to_text(url) + " answered as the API does" +
                      (error != nullptr ? ": " + shown_in(*error, "Code") + ": " + shown_in(*error, "Message") : "") +
                      "; is that the emulator, and not a proxy in front of it?"};
    }
    if (reply.status >= 200 && reply.status < 300)
        return answer;
    std::string error = shown_in(answer, "error");
    if (error.empty())
        error = shown_in(answer, "reason"); // of an unhealthy server
    throw Refused{to_text(url) + " answered " + std::to_string(reply.status) +
                  (error.empty() ? " without a reason" : ": " + error) + advice(reply.status, error, given)};
}

std::string with_line_end(std::string text)
{
    if (!text.ends_with('\n'))
        text += '\n';
    return text;
}

// --- commands ---

Outcome request(const Command& command, const Given& named, const Environment& environment)
{
    const Url url = url_of(named, environment);
    const Given given = with_inputs_read(command, named);
    Reply reply = ask(url, command.request(given), given);
    const json::value answer = good_answer(url, reply, given);
    try {
        if (command.show == nullptr) {
            list_in(answer, "accounts"); // checks that it is a state document
            const std::string file = output_of(command, given);
            if (file.empty())
                return {.out = with_line_end(std::move(reply.body))};
            write_output(file, with_line_end(std::move(reply.body)));
            return {};
        }
        // Called even with --json: an answer that cannot be shown is an error, and the exit code comes from here.
        Shown shown = command.show(given, answer);
        return {shown.code, given.has("--json") ? with_line_end(std::move(reply.body)) : std::move(shown.text), {}};
    } catch (const BadAnswer& e) {
        throw Refused{"the answer of " + to_text(url) + " " + e.what() +
                      "; is that the emulator, in version " CVM_VERSION "?"};
    }
}

Outcome sign(const Command& command, const Given& named, const Environment& environment)
{
    const Given given = with_inputs_read(command, named);
    ToSign call{.action = given.text("ACTION"),
                .region = given.text("--region"),
                .secret_id = given.text("--secret-id"),
                .secret_key = given.text("--secret-key"),
                .token = given.text("--token"),
                .version = given.text("--version"),
                .url = url_of(given, environment)};
    if (given.has("PARAMS"))
        call.params = given.text("PARAMS");
    return {.out = curl_command(call, state::SystemClock{}.now())};
}

// All commands and the server's flags, as one program.
Outcome complete(const Given& given, const CommandNode& server)
{
    CommandNode program = server;
    program.commands = command_tree().commands;
    return {.out = completion(program, given.text("SHELL"))};
}

Outcome done(const Chosen& chosen, const Environment& environment, const CommandNode& server)
{
    if (chosen.help)
        return {.out = *chosen.help};
    switch (chosen.command->does) {
    case Does::request:
        return request(*chosen.command, chosen.given, environment);
    case Does::sign:
        return sign(*chosen.command, chosen.given, environment);
    case Does::completion:
        return complete(chosen.given, server);
    case Does::manual:
        return {.out = manual(server, chosen.given.text("--format"))};
    case Does::group: // the parser requires one of its subcommands
        break;
    }
    throw std::logic_error{"Does out of range"};
}

} // namespace

bool is_command(std::string_view first_argument) noexcept { return !first_argument.starts_with('-'); }

std::string misplaced_command(std::span<char* const> arguments)
{
    for (const std::string_view argument : arguments)
        if (std::ranges::find(commands(), argument, &Command::path) != commands().end())
            return "; a command comes first: " + std::string{program_name} + " " + std::string{argument} + " ...";
    return {};
}

std::string overview()
{
    Table table{{}, {}};
    for (const Command& command : commands())
        if (command.path.find(' ') == std::string_view::npos)
            table.add({"  " + std::string{command.path}, std::string{command.summary}});
    return "Commands, which drive a running emulator; each has its own --help:\n" + table.text() +
           listed(command_exit_codes) +
           "\n\n"
           "Examples:\n"
           "  cvm-renewal-emulator --port 0 --port-file port.txt\n"
           "  cvm-renewal-emulator clock advance P1M\n"
           "  cvm-renewal-emulator sign DescribeInstances | sh\n";
}

Outcome run(const std::vector<std::string>& arguments, const Environment& environment, const CommandNode& server)
{
    try {
        return done(parse(arguments, environment), environment, server);
    } catch (const UsageError& e) {
        return {wrong_usage, {}, told(e)};
    } catch (const FileError& e) {
        return {said_no, {}, told(e)};
    } catch (const Refused& e) {
        return {said_no, {}, told(e)};
    }
}

} // namespace cvm::cli
