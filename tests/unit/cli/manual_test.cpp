#include "server/cli/manual.hpp"

#include "server/cli/cli.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/exit_codes.hpp"
#include "server/options.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace cvm::cli;

namespace {

// What a format makes of a text.
std::string roff(std::string text)
{
    for (std::size_t at = 0; (at = text.find('-', at)) != std::string::npos; at += 2)
        text.insert(at, 1, '\\');
    return text;
}

std::string plain(std::string text) { return text; }

} // namespace

TEST_CASE("the manual has every flag, variable, command and example, in both formats")
{
    using Write = std::string (*)(std::string);
    const std::pair<std::string, Write> formats[] = {{"man", roff}, {"markdown", plain}};
    const CommandNode server = cvm::server_flags();
    for (const auto& [format, written] : formats) {
        CAPTURE(format);
        const Outcome outcome = run({"manual", "--format", format}, {}, server);
        REQUIRE(outcome.code == 0);
        const auto has = [&, write = written](std::string_view text) {
            return outcome.out.find(write(std::string{text})) != std::string::npos;
        };
        CHECK(server.flags.size() > 20);
        for (const Choice& flag : server.flags) {
            CAPTURE(flag.name);
            CHECK(has(flag.name));
            CHECK(has(flag.variable));
            CHECK(has(flag.preset));
        }
        for (const Command& command : commands()) {
            CAPTURE(command.path);
            CHECK(has(command.path));
            CHECK((command.does == Does::group || has(command.summary)));
            for (const Flag& flag : command.flags) {
                CAPTURE(flag.name);
                CHECK(has(flag.name));
                CHECK(has(flag.variable));
            }
        }
        CHECK(has("cvm-renewal-emulator clock advance P1M"));
        for (const ExitCode& code : server_exit_codes)
            CHECK(has(code.meaning));
    }
}

TEST_CASE("the manual is a man page unless it is asked for in Markdown")
{
    const CommandNode server = cvm::server_flags();
    const std::string page = run({"manual"}, {}, server).out;
    CHECK(page == manual(server, "man"));
    CHECK(page.starts_with(".TH CVM-RENEWAL-EMULATOR 1 "));
    CHECK(run({"manual", "--format", "html"}, {}, server).code == 2);
}

TEST_CASE("no text of the manual is taken for a roff request")
{
    CommandNode server;
    server.help = ".so /etc/passwd";
    server.flags.push_back({.name = "--a\\b", .help = "'quoted", .words = {}});
    const std::string page = manual(server, "man");
    CHECK(page.find("\n.so") == std::string::npos);
    CHECK(page.find("\n'quoted") == std::string::npos);
    CHECK(page.find(".B \\-\\-a\\eb\n\\&'quoted\n") != std::string::npos);
}

TEST_CASE("a bar in a cell does not end it")
{
    CommandNode server;
    server.flags.push_back({.name = "--rate-limit", .help = "", .words = {}, .value = "off|documented"});
    CHECK(manual(server, "markdown").find("| `--rate-limit off\\|documented` |") != std::string::npos);
}
