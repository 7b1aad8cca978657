#include "server/cli/commands.hpp"
#include "server/cli/match.hpp"
#include "server/cli/parser.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

using namespace cvm::cli;

namespace json = boost::json;

namespace {

// The request for a command line, on one line, or what is wrong with the command line.
std::string asked(const std::vector<std::string>& arguments, const Environment& environment = {})
{
    try {
        const Chosen chosen = parse(arguments, environment);
        if (chosen.help)
            return "help";
        const HttpCall call = chosen.command->request(chosen.given);
        return call.method + " " + call.target + (call.body.empty() ? "" : " " + call.body);
    } catch (const UsageError& e) {
        return std::string{"usage: "} + e.what();
    }
}

} // namespace

TEST_CASE("a command becomes the request of its endpoint")
{
    struct Case {
        std::vector<std::string> arguments;
        std::string request;
    };
    const Case cases[] = {
        {{"clock"}, "GET /_emulator/clock"},
        {{"clock", "--account", "a b&c"}, "GET /_emulator/clock?account=a%20b%26c"},
        {{"clock", "advance", "P1M"}, R"(POST /_emulator/clock {"advance":"P1M"})"},
        {{"clock", "advance", "P1M", "--dry-run", "--hours"},
         R"(POST /_emulator/clock {"advance":"P1M","dry_run":true,"hours":true})"},
        {{"clock", "--account", "1", "advance", "P1M"}, R"(POST /_emulator/clock?account=1 {"advance":"P1M"})"},
        {{"clock", "--account", "1", "advance", "--account", "2", "P1M"},
         R"(POST /_emulator/clock?account=2 {"advance":"P1M"})"},
        {{"clock", "set", "2026-12-01T00:00:00Z"}, R"(POST /_emulator/clock {"set":"2026-12-01T00:00:00Z"})"},
        {{"clock", "next"}, R"(POST /_emulator/clock {"advance_to":"next_event"})"},
        {{"clock", "freeze"}, R"(POST /_emulator/clock {"frozen":true})"},
        {{"clock", "thaw"}, R"(POST /_emulator/clock {"frozen":false})"},
        {{"reset"}, "POST /_emulator/reset"},
        {{"state", "export"}, "GET /_emulator/state"},
        {{"accounts"}, "GET /_emulator/accounts"},
        {{"accounts", "create"}, "POST /_emulator/accounts {}"},
        {{"accounts", "create", "--from", "empty", "--uin", "7", "--secret-id", "i", "--secret-key", "k",
          "--expires-in", "PT2H"},
         R"(POST /_emulator/accounts?account=i {"from":"empty","Uin":"7","SecretId":"i","SecretKey":"k","expires_in":"PT2H"})"},
        {{"accounts", "drop", "7"}, "DELETE /_emulator/accounts?account=7"},
        {{"accounts", "credentials", "--account", "7", "--action", "*:Describe*", "--action", "cvm:RenewInstances",
          "--mfa", "EXPIRED"},
         R"(POST /_emulator/accounts/credentials?account=7 {"MFA":"EXPIRED","Actions":["*:Describe*","cvm:RenewInstances"]})"},
        {{"accounts", "credentials", "--account", "i", "--secret-id", "i.2", "--secret-key", "k"},
         R"(POST /_emulator/accounts/credentials?account=i {"SecretId":"i.2","SecretKey":"k"})"},
        {{"faults"}, "GET /_emulator/faults"},
        {{"faults", "add", "--error", "InternalError"},
         R"(POST /_emulator/faults {"match":{},"then":{"error":"InternalError"}})"},
        {{"faults", "add", "{\"then\":{\"drop\":true}}"}, R"(POST /_emulator/faults {"then":{"drop":true}})"},
        {{"faults", "clear"}, "DELETE /_emulator/faults"},
        {{"faults", "clear", "f1", "--account", "7"}, "DELETE /_emulator/faults?account=7&id=f1"},
        {{"requests", "--action", "A", "--code", "B.C", "--region", "r", "--instance", "i", "--limit", "5"},
         "GET /_emulator/requests?action=A&code=B.C&region=r&instance=i&limit=5"},
        {{"requests", "clear"}, "DELETE /_emulator/requests"},
        {{"requests", "verify", "--action", "A"},
         R"(POST /_emulator/requests/verify {"match":{"action":"A"},"at_least":1})"},
        {{"requests", "verify", "--action", "A", "--done", "--exactly", "1"},
         R"(POST /_emulator/requests/verify {"match":{"action":"A","done":true},"exactly":1})"},
        {{"requests", "wait", "--action", "A", "--exactly", "2", "--timeout-ms", "50"},
         R"(POST /_emulator/requests/wait {"match":{"action":"A"},"exactly":2,"timeout_ms":50})"},
        {{"signatures", "a/b"}, "GET /_emulator/signatures/a%2Fb"},
        {{"signatures", "a/b", "--account", "7"}, "GET /_emulator/signatures/a%2Fb?account=7"},
        {{"coverage"}, "GET /_emulator/coverage"},
        {{"ledger"}, "GET /_emulator/ledger"},
        {{"ledger", "deposit", "100"}, R"(POST /_emulator/ledger {"deposit":100})"},
        {{"ledger", "deposit", "100", "--to", "present"}, R"(POST /_emulator/ledger {"deposit":100,"to":"present"})"},
        {{"invariants"}, "GET /_emulator/invariants"},
        {{"healthcheck"}, "GET /_emulator/health"},
        {{"clock", "--help"}, "help"},
        {{"clock", "advance", "-h"}, "help"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.request);
        CHECK(asked(c.arguments) == c.request);
    }
}

TEST_CASE("an invalid command line is refused with what to do")
{
    struct Case {
        std::vector<std::string> arguments;
        std::string says;
    };
    const Case cases[] = {
        {{"clok"}, "unknown command clok; did you mean clock?"},
        {{""}, "unknown command ; there are clock, reset,"},
        {{"clock", "advence"}, "unknown command advence; did you mean advance?"},
        {{"clock", "advance"}, "DURATION is required; see cvm-renewal-emulator clock advance --help"},
        {{"clock", "advance", "P1M", "x"}, "`clock advance` does not take x"},
        {{"clock", "--acount", "x"}, "unknown flag --acount; did you mean --account?"},
        {{"clock", "--account", ""}, "--account must not be empty"},
        {{"clock", "--account", "a", "--account", "b"}, "--account: At Most 1"},
        {{"state"}, "give a command after `cvm-renewal-emulator state`: export, import"},
        {{"ledger", "deposit", "-1"}, "whole number"},
        {{"ledger", "deposit", "1.5"}, "CENTS: must be a whole number, 0 or more"},
        {{"ledger", "deposit", "9999999999999999999"}, "CENTS: must be a whole number, 0 or more"},
        {{"ledger", "deposit", "1", "--to", "credit"}, "--to: credit not in {cash,income,present}"},
        {{"requests", "--action", "X", "verify"}, "--action belongs to `requests`"},
        {{"requests", "verify", "--exactly", "1", "--at-most", "2"}, "--exactly excludes --at-least and --at-most"},
        {{"requests", "verify", "--in-order", "A", "--exactly", "1"}, "--in-order excludes"},
        {{"requests", "wait", "--timeout-ms", "999999999999"}, "--timeout-ms must be at most"},
        {{"faults", "add"}, "say what to do: --error"},
        {{"faults", "add", "--drop", "--param", "Period=1"}, "--param must be a JSON pointer and a value"},
        {{"faults", "add", "--drop", "--param", "/Period"}, "--param must be a JSON pointer and a value"},
        {{"faults", "add", "--error", "X", "--probability", "2"}, "--probability must be a number from 0 to 1"},
        {{"faults", "add", "--error", "X", "--probability", "nan"}, "--probability must be a number from 0 to 1"},
        {{"faults", "add", "{}", "--drop"}, "give the rule as JSON or with flags, not both"},
        {{"faults", "add", "[1]"}, "RULE is not a JSON object"},
        {{"faults", "add", "{"}, "RULE is not a JSON object: incomplete JSON"},
        {{"accounts", "create", "--env", "--json"}, "give one of --env and --json"},
        {{"accounts", "credentials", "--mfa", "LOST"}, "--mfa: LOST not in {PASSED,EXPIRED,ABSENT}"},
        {{"healthcheck", "--timeout", "0"}, "--timeout must be a number of seconds"},
        {{"signatures"}, "give the RequestId of a call"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.says);
        const std::string told = asked(c.arguments);
        CAPTURE(told);
        CHECK(told.starts_with("usage: "));
        CHECK(told.find(c.says) != std::string::npos);
    }
}

TEST_CASE("an environment variable replaces a missing flag")
{
    const Environment environment{{"CVM_EMULATOR_ACCOUNT", "7"}, {"CVM_EMULATOR_URL", "http://e:1"}};
    CHECK(asked({"clock"}, environment) == "GET /_emulator/clock?account=7");
    CHECK(asked({"clock", "--account", "8"}, environment) == "GET /_emulator/clock?account=8");
    CHECK(asked({"clock", "--account", "8", "advance", "P1D"}, environment) ==
          R"(POST /_emulator/clock?account=8 {"advance":"P1D"})");
    CHECK(asked({"signatures", "a"}, environment) == "GET /_emulator/signatures/a?account=7");
    CHECK(asked({"accounts"}, environment) == "GET /_emulator/accounts");
    CHECK(asked({"accounts", "create"}, environment) == "POST /_emulator/accounts {}");
    CHECK(parse({"clock"}, environment).given.text("--url") == "http://e:1");
}

TEST_CASE("a key pair comes from one place as a whole")
{
    const Environment environment{
        {"TENCENTCLOUD_SECRET_ID", "ei"}, {"TENCENTCLOUD_SECRET_KEY", "ek"}, {"TENCENTCLOUD_TOKEN", "et"}};
    const Given from_environment = parse({"sign", "X"}, environment).given;
    CHECK(from_environment.text("--secret-id") == "ei");
    CHECK(from_environment.text("--secret-key") == "ek");
    CHECK(from_environment.text("--token") == "et");
    const Given own = parse({"sign", "X", "--secret-id", "i", "--secret-key", "k"}, environment).given;
    CHECK(own.text("--secret-id") == "i");
    CHECK(own.text("--secret-key") == "k");
    CHECK_FALSE(own.has("--token"));
}

TEST_CASE("the flags of a fault become its match, when and then")
{
    const Given given = parse({"faults",
                               "add",
                               "--action",
                               "RenewInstances",
                               "--region",
                               "r",
                               "--instance",
                               "i",
                               "--secret-id",
                               "s",
                               "--param",
                               "/A/0=1",
                               "--param",
                               "/B=text=more",
                               "--param",
                               "/C=\"1\"",
                               "--nth",
                               "2",
                               "--every",
                               "3",
                               "--times",
                               "4",
                               "--probability",
                               "0.5",
                               "--seed",
                               "9",
                               "--error",
                               "E",
                               "--message",
                               "M",
                               "--status",
                               "503",
                               "--delay-ms",
                               "10",
                               "--drop",
                               "--truncate",
                               "11",
                               "--bytes-per-second",
                               "12",
                               "--commit-then-fail",
                               "--hide-for",
                               "PT5S",
                               "--hide-times",
                               "6",
                               "--ttl",
                               "PT10M"},
                              {})
                            .given;
    CHECK(fault_of(given) == json::parse(R"({
        "match": {"action": "RenewInstances", "region": "r", "instance": "i", "secret_id": "s",
                  "params": {"/A/0": 1, "/B": "text=more", "/C": "1"}},
        "when": {"nth": 2, "every": 3, "times": 4, "probability": 0.5, "seed": 9},
        "then": {"error": "E", "message": "M", "status": 503, "delay_ms": 10, "drop": true, "truncate": 11,
                 "bytes_per_second": 12, "commit_then_fail": true,
                 "hide": {"for": "PT5S", "times": 6}},
        "ttl": "PT10M"})"));
}

TEST_CASE("an expectation counts matching calls or names actions in order")
{
    CHECK(expectation_of({{"--action", {"A"}}, {"--param", {"/p=[1]"}}, {"--at-most", {"0"}}}) ==
          json::parse(R"({"match":{"action":"A","params":{"/p":[1]}},"at_most":0})"));
    CHECK(expectation_of({{"--in-order", {"A", "B", "A"}}}) ==
          json::parse(R"({"in_order":[{"action":"A"},{"action":"B"},{"action":"A"}]})"));
}

TEST_CASE("every command has what it needs and a help with examples")
{
    for (const Command& command : commands()) {
        CAPTURE(command.path);
        CHECK((command.request != nullptr) == (command.does == Does::request));
        CHECK_FALSE(command.summary.empty());
        std::vector<std::string> arguments;
        for (std::string_view rest = command.path; !rest.empty();) {
            arguments.emplace_back(rest.substr(0, rest.find(' ')));
            rest.remove_prefix(std::min(rest.size(), arguments.back().size() + 1));
        }
        arguments.emplace_back("--help");
        const std::string help = parse(arguments, {}).help.value_or("");
        CHECK(help.find("Usage: cvm-renewal-emulator " + std::string{command.path}) != std::string::npos);
        CHECK(help.find("Examples:\n  ") != std::string::npos);
        for (const std::string& example : examples_of(command))
            CHECK(example.find("cvm-renewal-emulator " + std::string{command.path}) != std::string::npos);
        for (const Flag& flag : command.flags)
            CHECK(help.find(std::string{flag.help}) != std::string::npos);
    }
}
