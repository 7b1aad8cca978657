#include "server/options.hpp"

#include "server/base/near.hpp"
#include "server/base/text.hpp"
#include "server/cli/exit_codes.hpp"
#include "server/tls/names.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

namespace cvm {

namespace {

constexpr std::string_view prefix = "CVM_EMULATOR_";

// Separates the values of a repeatable flag that is given only once, as is necessary in the environment.
constexpr char list_separator = ',';

// Every flag, for odd_variables. A test compares the list with --help.
constexpr std::array<std::string_view, 22> flags{
    "ADMIN_TOKEN", "ALLOW_HOST", "ALLOW_ORIGIN",   "CHECK_DB",   "CONSOLE",   "CREDENTIAL",     "DB",
    "FIXTURES",    "HOST",       "JOURNAL",        "LOG_FORMAT", "LOG_LEVEL", "OPERATION_TIME", "PORT",
    "PORT_FILE",   "RATE_LIMIT", "STRICT_NETWORK", "TLS",        "TLS_CERT",  "TLS_DIR",        "TLS_KEY",
    "TLS_NAME"};

// Variables of the commands that are not flags of the server.
constexpr std::array<std::string_view, 2> client_variables{"ACCOUNT", "URL"};

constexpr std::array<std::pair<std::string_view, LogLevel>, 5> levels{{{"debug", LogLevel::debug},
                                                                       {"info", LogLevel::info},
                                                                       {"warn", LogLevel::warn},
                                                                       {"error", LogLevel::error},
                                                                       {"off", LogLevel::off}}};

// The value for a word; nullptr for an unknown word.
template <class T, std::size_t size>
const T* find_word(const std::array<std::pair<std::string_view, T>, size>& words, std::string_view word)
{
    const auto at = std::ranges::find(words, word, &std::pair<std::string_view, T>::first);
    return at != words.end() ? &at->second : nullptr;
}

std::string check_level(const std::string& word)
{
    return find_word(levels, word) != nullptr ? "" : "must be debug, info, warn, error or off";
}

constexpr std::array<std::pair<std::string_view, TlsMode>, 3> tls_modes{
    {{"auto", TlsMode::automatic}, {"required", TlsMode::required}, {"off", TlsMode::off}}};

std::string check_tls_mode(const std::string& word)
{
    return find_word(tls_modes, word) != nullptr ? "" : "must be auto, required or off";
}

constexpr std::array<std::pair<std::string_view, control::ConsoleMode>, 3> console_modes{
    {{"on", control::ConsoleMode::on},
     {"read-only", control::ConsoleMode::read_only},
     {"off", control::ConsoleMode::off}}};

std::string check_console_mode(const std::string& word)
{
    return find_word(console_modes, word) != nullptr ? "" : "must be on, read-only or off";
}

std::string check_name(const std::string& name)
{
    return tls::is_host_name_or_address(name) ? "" : "must be a host name or an address";
}

std::string check_not_empty(const std::string& text) { return text.empty() ? "must not be empty" : ""; }

// Clients and proxies strip spaces around a header's value, so such a token would match no request.
std::string check_token(const std::string& token)
{
    constexpr std::string_view blanks = " \t\r\n";
    const bool good = token.empty() || (blanks.find(token.front()) == std::string_view::npos &&
                                        blanks.find(token.back()) == std::string_view::npos);
    return good ? "" : "must not begin or end with a blank";
}

std::string check_port(const std::string& text)
{
    unsigned port = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
    const bool good = ec == std::errc{} && end == text.data() + text.size() && port <= 65535;
    return good ? "" : "must be a number from 0 to 65535";
}

std::string lowered(std::string text) { return ascii_lower(text); }

std::string check_credential(const std::string& pair)
{
    const auto colon = pair.find(':');
    const bool good = colon != std::string::npos && colon > 0 && colon + 1 < pair.size();
    return good ? "" : "must be SecretId:SecretKey";
}

// The values as CLI11 parses them.
struct Raw {
    Options options;
    std::vector<std::string> pairs;
    std::string level = "info";
    std::string log_format = "text";
    std::int64_t operation_seconds = 0;
    std::string check_db{}; // empty: not given
    std::string rate_limit = "off";
    std::string strict_network = "off";
    std::string tls = "auto";
    std::string console = "on";
};

constexpr auto about = "A local stand-in for the renewal part of Tencent Cloud's CVM API.";
constexpr auto program = "cvm-renewal-emulator";

// `raw` must outlive the parsing.
void add_flags(CLI::App& app, Raw& raw)
{
    Options& o = raw.options;
    app.set_version_flag("--version", CVM_VERSION);
    app.add_option("--host", o.host, "Address to listen on")->envname("CVM_EMULATOR_HOST")->capture_default_str();
    app.add_option("--port", o.port, "Port to listen on; 0 picks a free port")
        ->envname("CVM_EMULATOR_PORT")
        ->check(CLI::Validator{check_port, "PORT"})
        ->capture_default_str();
    app.add_option("--port-file", o.port_file, "Write the port to this file before printing the Ready line")
        ->envname("CVM_EMULATOR_PORT_FILE");
    app.add_option("--db", o.db, "Keep the state in this SQLite file; by default it is in memory")
        ->envname("CVM_EMULATOR_DB");
    app.add_option("--check-db", raw.check_db,
                   "on: check every page of --db for damage at startup; off: never; by default only under 64 MB")
        ->envname("CVM_EMULATOR_CHECK_DB")
        ->check(CLI::IsMember({"on", "off"}));
    app.add_option(
           "--fixtures", o.fixtures,
           "Start from this JSON file, or from every *.json in a folder, instead of the built-in fixtures; repeatable")
        ->envname("CVM_EMULATOR_FIXTURES")
        ->check(CLI::ExistingPath)
        ->delimiter(list_separator)
        ->take_all();
    app.add_option("--credential", raw.pairs, "Add a key pair SecretId:SecretKey to the default account; repeatable")
        ->envname("CVM_EMULATOR_CREDENTIAL")
        ->check(CLI::Validator{check_credential, "ID:KEY"})
        ->delimiter(list_separator)
        ->take_all();
    app.add_option("--admin-token", o.admin_token, "Require this bearer token under /_emulator/")
        ->envname("CVM_EMULATOR_ADMIN_TOKEN")
        ->check(CLI::Validator{check_token, "TOKEN"});
    app.add_option("--allow-host", o.allowed_hosts,
                   "Accept this host name too under /_emulator/, besides addresses and localhost; repeatable")
        ->envname("CVM_EMULATOR_ALLOW_HOST")
        ->transform(lowered)
        ->delimiter(list_separator)
        ->take_all();
    app.add_option("--allow-origin", o.allowed_origins,
                   "Let web pages of this origin (http://localhost:3000) use /_emulator/; repeatable")
        ->envname("CVM_EMULATOR_ALLOW_ORIGIN")
        ->transform(lowered)
        ->delimiter(list_separator)
        ->take_all();
    app.add_option("--console", raw.console,
                   "on: a web page at /_emulator/; read-only: the page, but browsers can change nothing under "
                   "/_emulator/; off: no page")
        ->envname("CVM_EMULATOR_CONSOLE")
        ->check(CLI::Validator{check_console_mode, "MODE"})
        ->capture_default_str();
    app.add_option("--tls", raw.tls,
                   "auto: HTTPS on the same port as HTTP; required: API calls over HTTPS only; off: HTTP only")
        ->envname("CVM_EMULATOR_TLS")
        ->check(CLI::Validator{check_tls_mode, "MODE"})
        ->capture_default_str();
    auto* cert = app.add_option("--tls-cert", o.tls_cert, "Your own PEM certificate, with its chain")
                     ->envname("CVM_EMULATOR_TLS_CERT");
    auto* key = app.add_option("--tls-key", o.tls_key, "The private key of --tls-cert, in PEM")
                    ->envname("CVM_EMULATOR_TLS_KEY");
    cert->needs(key);
    key->needs(cert);
    app.add_option("--tls-dir", o.tls_dir,
                   "Keep the certificate authority in this folder; by default next to --db, or in memory")
        ->envname("CVM_EMULATOR_TLS_DIR")
        ->excludes(cert);
    app.add_option("--tls-name", o.tls_names,
                   "A host name or address for the certificate, also accepted under /_emulator/; repeatable")
        ->envname("CVM_EMULATOR_TLS_NAME")
        ->transform(lowered)
        ->check(CLI::Validator{check_name, "NAME"})
        ->delimiter(list_separator)
        ->take_all();
    app.add_option("--journal", o.journal, "Calls to keep in the request log of each account; 0 keeps none")
        ->envname("CVM_EMULATOR_JOURNAL")
        ->check(CLI::Range(0, 1'000'000))
        ->capture_default_str();
    app.add_option("--operation-time", raw.operation_seconds,
                   "Seconds that an operation on an instance takes on the account's clock")
        ->envname("CVM_EMULATOR_OPERATION_TIME")
        ->check(CLI::Range(0, 86400))
        ->capture_default_str();
    app.add_option("--rate-limit", raw.rate_limit, "documented: refuse calls above the documented limits; off: never")
        ->envname("CVM_EMULATOR_RATE_LIMIT")
        ->check(CLI::IsMember({"off", "documented"}))
        ->capture_default_str();
    app.add_option("--strict-network", raw.strict_network,
                   "on: refuse VPCs, subnets and security groups that do not exist; off: accept any well-formed id")
        ->envname("CVM_EMULATOR_STRICT_NETWORK")
        ->check(CLI::IsMember({"off", "on"}))
        ->capture_default_str();
    app.add_option("--log-level", raw.level, "debug (with a line for each request), info, warn, error or off")
        ->envname("CVM_EMULATOR_LOG_LEVEL")
        ->check(CLI::Validator{check_level, "LEVEL"})
        ->capture_default_str();
    app.add_option("--log-format", raw.log_format, "text, or json: one object per line")
        ->envname("CVM_EMULATOR_LOG_FORMAT")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    for (CLI::Option* option : app.get_options()) {
        if (option->get_items_expected_max() > 0)
            option->check(CLI::Validator{check_not_empty, ""});
    }
}

Options options_of(const Raw& raw)
{
    Options o = raw.options;
    if (const auto* known = find_word(levels, raw.level))
        o.log_level = *known;
    o.log_format = raw.log_format == "json" ? LogFormat::json : LogFormat::text;
    o.operation_time = std::chrono::seconds{raw.operation_seconds};
    o.rate_limit = raw.rate_limit == "documented";
    o.strict_network = raw.strict_network == "on";
    if (!raw.check_db.empty())
        o.check_db = raw.check_db == "on";
    if (const auto* known = find_word(tls_modes, raw.tls))
        o.tls = *known;
    if (const auto* known = find_word(console_modes, raw.console))
        o.console = *known;
    for (const std::string& pair : raw.pairs)
        o.credentials.emplace_back(pair.substr(0, pair.find(':')), pair.substr(pair.find(':') + 1));
    return o;
}

std::string footer(std::string_view commands)
{
    std::string text =
        "Every flag can also be set in the environment: --port-file as CVM_EMULATOR_PORT_FILE, and so on.\n"
        "Repeatable flags take several values, separated by commas.\n" +
        cli::listed(cli::server_exit_codes);
    if (!commands.empty())
        text += "\n\n" + std::string{commands};
    while (text.ends_with('\n'))
        text.pop_back(); // CLI11 adds the line break
    return text;
}

// The first word of the command line that no flag takes.
std::string unexpected(const CLI::App& app)
{
    const std::string word = app.remaining(true).front();
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options())
        names.push_back("--" + option->get_lnames().front());
    return (word.starts_with('-') ? unknown_flag(word, names) : "unexpected argument " + printable(one_line(word))) +
           "; see --help";
}

} // namespace

Parsed parse_options(int argc, const char* const* argv, std::string_view commands)
{
    Parsed parsed;
    Raw raw;
    CLI::App app{about, program};
    add_flags(app, raw);
    app.footer(footer(commands));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ExtrasError&) {
        parsed.exit = Exit{2, "cvm-renewal-emulator: " + unexpected(app) + "\n"};
    } catch (const CLI::ParseError& e) {
        std::ostringstream out;
        std::ostringstream err;
        const bool good = app.exit(e, out, err) == 0;
        parsed.exit = good ? Exit{0, out.str()} : Exit{2, std::string{"cvm-renewal-emulator: "} + e.what() + "\n"};
    }
    parsed.options = options_of(raw);
    const Options& o = parsed.options;
    if (!parsed.exit && o.tls == TlsMode::off && !(o.tls_cert.empty() && o.tls_dir.empty()))
        parsed.exit = Exit{2, "cvm-renewal-emulator: --tls off excludes --tls-cert, --tls-key and --tls-dir\n"};
    return parsed;
}

cli::CommandNode server_flags()
{
    Raw raw;
    CLI::App app{about, program};
    add_flags(app, raw);
    return cli::node_of(app);
}

OddVariables odd_variables(const char* const* environment)
{
    OddVariables odd;
    for (; *environment != nullptr; ++environment) {
        const std::string_view variable{*environment};
        const std::string_view name = variable.substr(0, variable.find('='));
        if (!name.starts_with(prefix))
            continue;
        const auto is_it = [&](std::string_view known) { return known == name.substr(prefix.size()); };
        if (std::ranges::none_of(flags, is_it) && std::ranges::none_of(client_variables, is_it))
            odd.unknown.emplace_back(name);
        else if (name.size() + 1 == variable.size())
            odd.empty.emplace_back(name);
    }
    return odd;
}

} // namespace cvm
