#include "server/options.hpp"

#include "tests/support/difference.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <stdlib.h>

using namespace cvm;

namespace {

const std::vector<std::string> all_flags{
    "admin-token",    "allow-host", "allow-origin", "check-db",   "console",        "journal",
    "credential",     "db",         "fixtures",     "host",       "log-format",     "log-level",
    "operation-time", "port",       "port-file",    "rate-limit", "strict-network", "tls",
    "tls-cert",       "tls-dir",    "tls-key",      "tls-name"};

std::string variable_of(std::string flag)
{
    std::ranges::transform(flag, flag.begin(), [](char c) {
        return c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    });
    return "CVM_EMULATOR_" + flag;
}

// Until the end of the test, these are the only variables of ours in the environment.
class Environment {
public:
    explicit Environment(std::initializer_list<std::pair<std::string, std::string>> set)
    {
        for (const std::string& flag : all_flags) {
            const std::string name = variable_of(flag);
            const char* value = getenv(name.c_str());
            before_.emplace_back(name, value != nullptr ? std::optional<std::string>{value} : std::nullopt);
            unsetenv(name.c_str());
        }
        for (const auto& [name, value] : set)
            setenv(name.c_str(), value.c_str(), 1);
    }
    ~Environment()
    {
        for (const auto& [name, value] : before_) {
            if (value)
                setenv(name.c_str(), value->c_str(), 1);
            else
                unsetenv(name.c_str());
        }
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

private:
    std::vector<std::pair<std::string, std::optional<std::string>>> before_;
};

Parsed parse(std::vector<std::string> arguments)
{
    std::vector<const char*> argv{"cvm-renewal-emulator"};
    for (const std::string& argument : arguments)
        argv.push_back(argument.c_str());
    return parse_options(static_cast<int>(argv.size()), argv.data());
}

// The options in one line.
std::string shown(const Options& o)
{
    std::string text =
        o.host + " " + std::to_string(o.port) + " port-file=" + o.port_file + " db=" + o.db + " fixtures=";
    for (const std::string& path : o.fixtures)
        text += path + ",";
    text += " credentials=";
    for (const auto& [id, key] : o.credentials)
        text += id + "|" + key + ",";
    std::string more = o.rate_limit ? " rate-limit" : "";
    if (o.strict_network)
        more += " strict-network";
    for (const std::string& host : o.allowed_hosts)
        more += " host=" + host;
    for (const std::string& origin : o.allowed_origins)
        more += " origin=" + origin;
    for (const std::string& name : o.tls_names)
        more += " tls-name=" + name;
    if (o.tls != TlsMode::automatic)
        more += " tls=" + std::to_string(static_cast<int>(o.tls));
    if (!(o.tls_cert + o.tls_key + o.tls_dir).empty())
        more += " tls-files=" + o.tls_cert + "|" + o.tls_key + "|" + o.tls_dir;
    if (o.console != control::ConsoleMode::on)
        more += " console=" + std::to_string(static_cast<int>(o.console));
    if (o.log_format == LogFormat::json)
        more += " json";
    if (o.check_db)
        more += *o.check_db ? " check-db" : " check-db=off";
    if (o.journal != 10'000)
        more += " journal=" + std::to_string(o.journal);
    return text + " admin-token=" + o.admin_token + " log-level=" + std::to_string(static_cast<int>(o.log_level)) +
           " operation-time=" + std::to_string(o.operation_time.count()) + more;
}

std::string parsed(std::vector<std::string> arguments)
{
    const Parsed result = parse(std::move(arguments));
    return result.exit ? "exit " + std::to_string(result.exit->code) + ": " + result.exit->text : shown(result.options);
}

OddVariables odd(std::initializer_list<const char*> environment)
{
    std::vector<const char*> all{environment};
    all.push_back(nullptr);
    return odd_variables(all.data());
}

std::vector<std::string> unknown(std::initializer_list<const char*> environment) { return odd(environment).unknown; }

const std::string folder = CVM_SOURCE_DIR "/fixtures";
const std::string file = CVM_SOURCE_DIR "/fixtures/default.json";

} // namespace

TEST_CASE("an empty value is refused, of every flag and every variable")
{
    const Environment none{};
    for (const std::string& flag : all_flags) {
        CAPTURE(flag);
        const Parsed result = parse({"--" + flag, ""});
        REQUIRE(result.exit.has_value());
        CHECK(result.exit->code == 2);
        CHECK(result.exit->text.find("--" + flag) != std::string::npos);
        CHECK(odd({(variable_of(flag) + "=").c_str()}).empty == std::vector{variable_of(flag)});
        CHECK(odd({(variable_of(flag) + "=").c_str()}).unknown.empty());
        CHECK(odd({(variable_of(flag) + "=x").c_str()}).empty.empty());
    }
    CHECK(odd({"CVM_EMULATOR_ACCOUNT=", "CVM_EMULATOR_URL=", "PATH="}).empty ==
          std::vector<std::string>{"CVM_EMULATOR_ACCOUNT", "CVM_EMULATOR_URL"});
}

TEST_CASE("a bad flag ends with 2 and one line that names it")
{
    const Environment none{};
    struct Case {
        std::string what;
        std::vector<std::string> arguments;
        std::string named;
    };
    const Case cases[] = {
        {"unknown", {"--colour", "red"}, "unknown flag --colour; see --help"},
        {"misspelt", {"--prot", "1"}, "unknown flag --prot; did you mean --port"},
        {"in capitals", {"--PORT", "1"}, "--PORT"},
        {"with an underscore", {"--port_file", "x"}, "--port_file"},
        {"not a flag", {"stray"}, "unexpected argument stray; see --help"},
        {"short", {"-p", "1"}, "-p"},
        {"a port that is a word", {"--port", "http"}, "--port"},
        {"a port below 0", {"--port", "-1"}, "--port"},
        {"a port above 65535", {"--port", "65536"}, "--port"},
        {"a port with a fraction", {"--port", "1.5"}, "--port"},
        {"an empty port", {"--port", ""}, "--port"},
        {"a port without its number", {"--port"}, "--port"},
        {"a port twice", {"--port", "1", "--port", "2"}, "--port"},
        {"a host without its name", {"--host"}, "--host"},
        {"a database twice", {"--db", "a", "--db", "b"}, "--db"},
        {"fixtures that are not there", {"--fixtures", "/nonexistent"}, "/nonexistent"},
        {"the second fixtures", {"--fixtures", file, "--fixtures", "/nonexistent"}, "/nonexistent"},
        {"a key pair without a colon", {"--credential", "abc"}, "--credential"},
        {"a key pair without an id", {"--credential", ":key"}, "--credential"},
        {"a key pair without a key", {"--credential", "id:"}, "--credential"},
        {"the second key pair", {"--credential", "a:b", "--credential", "c"}, "--credential"},
        {"a level that is not", {"--log-level", "loud"}, "--log-level"},
        {"a form of the log that is not", {"--log-format", "xml"}, "--log-format"},
        {"a console that is none", {"--console", "readonly"}, "--console: must be on, read-only or off"},
        {"a TLS mode that is none", {"--tls", "on"}, "--tls: must be auto, required or off"},
        {"a certificate without its key", {"--tls-cert", "a"}, "--tls-key"},
        {"a key without its certificate", {"--tls-key", "a"}, "--tls-cert"},
        {"a certificate and a folder for the authority",
         {"--tls-cert", "a", "--tls-key", "b", "--tls-dir", "c"},
         "--tls-dir"},
        {"a certificate without TLS", {"--tls", "off", "--tls-cert", "a", "--tls-key", "b"}, "--tls off"},
        {"a folder without TLS", {"--tls", "off", "--tls-dir", "c"}, "--tls off"},
        {"a name that is none", {"--tls-name", "a,DNS:evil"}, "--tls-name"},
        {"the second name", {"--tls-name", "a,b c"}, "--tls-name"},
        {"a token with a blank in front", {"--admin-token", " a"}, "--admin-token"},
        {"a token with a line end", {"--admin-token", "a\n"}, "--admin-token"},
        {"a time below nothing", {"--operation-time", "-1"}, "--operation-time"},
        {"a time that is a word", {"--operation-time", "soon"}, "--operation-time"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const Parsed result = parse(c.arguments);
        CHECK(result.exit.has_value());
        if (!result.exit)
            continue;
        const std::string& text = result.exit->text;
        CAPTURE(text);
        CHECK(result.exit->code == 2);
        CHECK(text.starts_with("cvm-renewal-emulator: "));
        CHECK(std::ranges::count(text, '\n') == 1);
        CHECK(text.ends_with('\n'));
        CHECK(text.find(c.named) != std::string::npos);
    }
}

TEST_CASE("a wrong log level is refused with the list of valid ones")
{
    const Environment none{};
    for (const std::string level : {"loud", "DEBUG", "0", "4"}) {
        CAPTURE(level);
        const Parsed result = parse({"--log-level", level});
        CHECK(result.exit.has_value());
        if (!result.exit)
            continue;
        const std::string& text = result.exit->text;
        CAPTURE(text);
        for (const std::string word : {"debug", "info", "warn", "error", "off"})
            CHECK(text.find(word) != std::string::npos);
        CHECK(text.find("->") == std::string::npos); // the numbers behind the words are nobody's business
    }
    const std::pair<std::string, LogLevel> levels[] = {{"debug", LogLevel::debug},
                                                       {"info", LogLevel::info},
                                                       {"warn", LogLevel::warn},
                                                       {"error", LogLevel::error},
                                                       {"off", LogLevel::off}};
    for (const auto& [word, level] : levels) {
        const std::string shown{word};
        CAPTURE(shown);
        const Parsed result = parse({"--log-level", word});
        REQUIRE_FALSE(result.exit.has_value());
        CHECK(result.options.log_level == level);
    }
}

TEST_CASE("a bad variable ends with 2 as its flag would")
{
    struct Case {
        std::string name;
        std::string value;
    };
    const Case cases[] = {
        {"CVM_EMULATOR_PORT", "http"},
        {"CVM_EMULATOR_PORT", "65536"},
        {"CVM_EMULATOR_FIXTURES", "/nonexistent"},
        {"CVM_EMULATOR_CREDENTIAL", "abc"},
        {"CVM_EMULATOR_LOG_LEVEL", "loud"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CAPTURE(c.value);
        const Environment environment{{c.name, c.value}};
        const Parsed result = parse({});
        REQUIRE(result.exit.has_value());
        CHECK(result.exit->code == 2);
        CHECK(std::ranges::count(result.exit->text, '\n') == 1);
    }
}

TEST_CASE("without flags and variables the documented defaults hold")
{
    const Environment none{};
    CHECK(parsed({}) ==
          "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0");
    CHECK(parse({}).options.log_level == LogLevel::info);
}

TEST_CASE("every flag beats its variable and every variable beats the default")
{
    struct Case {
        std::string flag;
        std::string by_variable;
        std::string by_flag;
        std::string with_variable;
        std::string with_flag;
    };
    const Case cases[] = {
        {"host", "0.0.0.0", "::1",
         "0.0.0.0 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0",
         "::1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0"},
        {"port", "9000", "0",
         "127.0.0.1 9000 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0",
         "127.0.0.1 0 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0"},
        {"port-file", "a", "b",
         "127.0.0.1 8213 port-file=a db= fixtures= credentials= admin-token= log-level=1 operation-time=0",
         "127.0.0.1 8213 port-file=b db= fixtures= credentials= admin-token= log-level=1 operation-time=0"},
        {"db", "a.db", "b.db",
         "127.0.0.1 8213 port-file= db=a.db fixtures= credentials= admin-token= log-level=1 operation-time=0",
         "127.0.0.1 8213 port-file= db=b.db fixtures= credentials= admin-token= log-level=1 operation-time=0"},
        {"fixtures", folder, file,
         "127.0.0.1 8213 port-file= db= fixtures=" + folder +
             ", credentials= admin-token= log-level=1 operation-time=0",
         "127.0.0.1 8213 port-file= db= fixtures=" + file + ", credentials= admin-token= log-level=1 operation-time=0"},
        {"credential", "a:b", "c:d",
         "127.0.0.1 8213 port-file= db= fixtures= credentials=a|b, admin-token= log-level=1 operation-time=0",
         "127.0.0.1 8213 port-file= db= fixtures= credentials=c|d, admin-token= log-level=1 operation-time=0"},
        {"admin-token", "s", "t",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token=s log-level=1 operation-time=0",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token=t log-level=1 operation-time=0"},
        {"log-level", "debug", "off",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=0 operation-time=0",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=4 operation-time=0"},
        {"log-format", "json", "text",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 json",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0"},
        {"operation-time", "5", "60",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=5",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=60"},
        {"allow-host", "Emulator", "other",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 host=emulator",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 host=other"},
        {"allow-origin", "http://A", "*",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 "
         "origin=http://a",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 origin=*"},
        {"journal", "0", "5",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 journal=0",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 journal=5"},
        {"strict-network", "on", "off",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 "
         "strict-network",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0"},
        {"rate-limit", "documented", "off",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 rate-limit",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0"},
        {"check-db", "off", "on",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 check-db=off",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 check-db"},
        {"console", "read-only", "off",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 console=1",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 console=2"},
        {"tls", "off", "required",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 tls=2",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 tls=1"},
        {"tls-dir", "a", "b",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 tls-files=||a",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 "
         "tls-files=||b"},
        {"tls-name", "A", "10.0.0.1",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 tls-name=a",
         "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0 "
         "tls-name=10.0.0.1"},
    };
    // Those of a certificate belong together: see below.
    CHECK(std::size(cases) + 2 == all_flags.size());
    for (const Case& c : cases) {
        CAPTURE(c.flag);
        const Environment environment{{variable_of(c.flag), c.by_variable}};
        CHECK(parsed({}) == c.with_variable);
        CHECK(parsed({"--" + c.flag, c.by_flag}) == c.with_flag);
        CHECK(parsed({"--" + c.flag + "=" + c.by_flag}) == c.with_flag);
    }
}

TEST_CASE("a bad variable does not matter under a good flag and an empty one counts as not set")
{
    const std::string defaults =
        "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 operation-time=0";
    {
        const Environment environment{{"CVM_EMULATOR_PORT", "http"}, {"CVM_EMULATOR_FIXTURES", "/nonexistent"}};
        CHECK(parsed({"--port", "8213", "--fixtures", file}) ==
              "127.0.0.1 8213 port-file= db= fixtures=" + file +
                  ", credentials= admin-token= log-level=1 operation-time=0");
    }
    const Environment empty{{"CVM_EMULATOR_PORT", ""}, {"CVM_EMULATOR_LOG_LEVEL", ""}, {"CVM_EMULATOR_CREDENTIAL", ""}};
    CHECK(parsed({}) == defaults);
}

TEST_CASE("a certificate and its key come by flags, by variables, or one by each")
{
    const std::string expected = "127.0.0.1 8213 port-file= db= fixtures= credentials= admin-token= log-level=1 "
                                 "operation-time=0 tls-files=a|b|";
    {
        const Environment none{};
        CHECK(parsed({"--tls-cert", "a", "--tls-key", "b"}) == expected);
    }
    const Environment both{{"CVM_EMULATOR_TLS_CERT", "a"}, {"CVM_EMULATOR_TLS_KEY", "c"}};
    CHECK(parsed({"--tls-key", "b"}) == expected);
}

TEST_CASE("a repeatable flag takes several values with commas between them, as its variable must")
{
    const Environment environment{{"CVM_EMULATOR_CREDENTIAL", "a:b,c:d"},
                                  {"CVM_EMULATOR_FIXTURES", file + "," + folder},
                                  {"CVM_EMULATOR_ALLOW_HOST", "A,b"},
                                  {"CVM_EMULATOR_ALLOW_ORIGIN", "http://a,http://b"},
                                  {"CVM_EMULATOR_TLS_NAME", "a,::1"}};
    CHECK(parsed({}) == "127.0.0.1 8213 port-file= db= fixtures=" + file + "," + folder +
                            ", credentials=a|b,c|d, admin-token= log-level=1 operation-time=0 host=a host=b "
                            "origin=http://a origin=http://b tls-name=a tls-name=::1");
    CHECK(parse({"--credential", "x:1,y:2", "--credential", "z:3"}).options.credentials.size() == 3);
}

TEST_CASE("fixtures and key pairs can be repeated and keep their order")
{
    const Environment none{};
    const Options o =
        parse({"--credential", "b:1", "--fixtures", file, "--credential", "a:2:3", "--fixtures", folder}).options;
    CHECK(o.fixtures == std::vector<std::string>{file, folder});
    CHECK(o.credentials == std::vector<std::pair<std::string, std::string>>{{"b", "1"}, {"a", "2:3"}});
}

TEST_CASE("the ends of the range of ports are taken")
{
    const Environment none{};
    CHECK(parse({"--port", "0"}).options.port == 0);
    CHECK(parse({"--port", "65535"}).options.port == 65535);
}

TEST_CASE("help and version are printed and end with 0")
{
    const Environment none{};
    const Parsed version = parse({"--version"});
    REQUIRE(version.exit.has_value());
    CHECK(version.exit->code == 0);
    CHECK(version.exit->text == CVM_VERSION "\n");

    for (const std::string flag : {"--help", "-h"}) {
        CAPTURE(flag);
        const Parsed help = parse({flag});
        REQUIRE(help.exit.has_value());
        CHECK(help.exit->code == 0);
        CHECK(help.exit->text.find("Usage: cvm-renewal-emulator") != std::string::npos);
        CHECK(help.exit->text.find(
                  "Exit codes: 0 stopped by a signal, 1 failed while running, 2 bad flag, fixture or database.") !=
              std::string::npos);
        CHECK(help.exit->text.ends_with('\n'));
    }
    CHECK_FALSE(parse({}).exit.has_value());
}

TEST_CASE("the flags of the help are the flags whose variables are known")
{
    const Environment none{};
    const std::string help = parse({"--help"}).exit.value().text;
    std::set<std::string> flags;
    const std::regex flag{R"(\n +(?:-h,)?--([a-z-]+))"};
    for (std::sregex_iterator at{help.begin(), help.end(), flag}, end; at != end; ++at)
        flags.insert((*at)[1]);
    flags.erase("help");
    flags.erase("version");
    CHECK(test::difference(flags, std::set<std::string>{all_flags.begin(), all_flags.end()}) == "");
    for (const std::string& name : flags) {
        CAPTURE(name);
        CHECK(help.find("(Env:" + variable_of(name) + ")") != std::string::npos);
        CHECK(unknown({(variable_of(name) + "=x").c_str()}).empty());
    }
}

TEST_CASE("an unknown variable with our prefix is reported by its name")
{
    CHECK(unknown({}).empty());
    CHECK(unknown({"PATH=/bin", "PORT=1", "CVM_PORT=1", "XCVM_EMULATOR_PROT=1", "cvm_emulator_prot=1", "NOTHING"})
              .empty());
    for (const std::string name :
         {"CVM_EMULATOR_PROT", "CVM_EMULATOR_", "CVM_EMULATOR_port", "CVM_EMULATOR_PORTS", "CVM_EMULATOR_POR",
          "CVM_EMULATOR_PORT-FILE", "CVM_EMULATOR_HELP", "CVM_EMULATOR_VERSION", "CVM_EMULATOR_CREDENTIALS"}) {
        CAPTURE(name);
        CHECK(unknown({(name + "=x=y").c_str()}) == std::vector<std::string>{name});
    }
    CHECK(unknown({"CVM_EMULATOR_B=1", "CVM_EMULATOR_PORT=1", "HOME=/", "CVM_EMULATOR_A"}) ==
          std::vector<std::string>{"CVM_EMULATOR_B", "CVM_EMULATOR_A"});
}
