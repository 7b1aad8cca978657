#include "server/cli/completion.hpp"

#include "server/cli/cli.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/parser.hpp"
#include "server/options.hpp"

#include <doctest/doctest.h>

using namespace cvm::cli;

TEST_CASE("a completion script knows every command and every flag")
{
    for (const std::string shell : {"bash", "zsh", "fish"}) {
        CAPTURE(shell);
        const Outcome outcome = run({"completion", shell}, {}, cvm::server_flags());
        REQUIRE(outcome.code == 0);
        const auto has = [&](const std::string& text) { return outcome.out.find(text) != std::string::npos; };
        for (const Command& command : commands()) {
            CAPTURE(command.path);
            CHECK(has("' " + std::string{command.path} + "'"));
            for (const Flag& flag : command.flags) {
                CAPTURE(flag.name);
                if (flag.name.starts_with("--"))
                    CHECK(
                        has(shell == "fish" ? "-l " + std::string{flag.name.substr(2)} + " " : std::string{flag.name}));
                for (const std::string_view word : flag.words)
                    CHECK(has(std::string{word}));
            }
        }
        CHECK(has(shell == "fish" ? "-l port-file " : "--port-file")); // of the server
        CHECK(has("documented"));                                      // a word of --rate-limit
    }
}

TEST_CASE("an argument that is not a flag is a command and a misplaced command gets a hint")
{
    CHECK(is_command("clock"));
    CHECK(is_command("clok"));
    CHECK(is_command(""));
    CHECK_FALSE(is_command("--port"));
    CHECK_FALSE(is_command("-h"));
    char program[] = "x";
    char flag[] = "--port";
    char command[] = "clock";
    char* const with[] = {program, flag, command};
    CHECK(misplaced_command(with) == "; a command comes first: cvm-renewal-emulator clock ...");
    CHECK(misplaced_command(std::span{with}.first(2)).empty());
}

TEST_CASE("the overview has a line for each command")
{
    for (const Command& command : commands())
        if (command.path.find(' ') == std::string_view::npos)
            CHECK(overview().find("\n  " + std::string{command.path} + " ") != std::string::npos);
}
