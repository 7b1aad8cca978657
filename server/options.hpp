#pragma once

#include "server/base/log.hpp"
#include "server/cli/command_tree.hpp"
#include "server/control/console.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cvm {

enum class TlsMode {
    automatic, // HTTP and HTTPS on one port
    required,  // the same, but API calls over plain HTTP are refused
    off,
};

// The command line and the environment, checked. Every flag can also be given as CVM_EMULATOR_<FLAG>; the flag has
// priority.
struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8213;         // 0: any free port
    std::string port_file;             // empty: none
    std::string db;                    // empty: in memory
    std::optional<bool> check_db;      // check for damage; nullopt: only if the file is small
    std::vector<std::string> fixtures; // empty: the built-in ones
    std::vector<std::pair<std::string, std::string>> credentials; // SecretId, SecretKey
    std::string admin_token;                                      // empty: none
    TlsMode tls = TlsMode::automatic;
    std::string tls_cert, tls_key;            // PEM files; empty: issued by the installation's own authority
    std::string tls_dir;                      // where the authority is kept; empty: beside the database, or in memory
    std::vector<std::string> tls_names;       // host names and addresses for the certificate, in lower case
    std::vector<std::string> allowed_hosts;   // in addition to the local ones, in lower case
    std::vector<std::string> allowed_origins; // in lower case
    std::size_t journal = 10'000;             // number of calls kept for each account
    std::chrono::seconds operation_time{0};   // how long operations on instances take on the account's clock
    bool rate_limit = false;                  // whether the documented rate limits apply
    bool strict_network = false;              // whether networks that nobody created are refused
    control::ConsoleMode console = control::ConsoleMode::on;
    LogLevel log_level = LogLevel::info;
    LogFormat log_format = LogFormat::text;
};

// What to do instead of running: print the text and exit with the code.
struct Exit {
    int code;
    std::string text;
};

struct Parsed {
    Options options;
    std::optional<Exit> exit;
};

// `commands` is a part of the help text: it lists the commands.
Parsed parse_options(int argc, const char* const* argv, std::string_view commands = {});

// The flags, for completion scripts and the manual.
cli::CommandNode server_flags();

// Environment variables that are mistakes and would otherwise go unnoticed, by name.
struct OddVariables {
    std::vector<std::string> unknown{}; // they have our prefix, but are unknown
    std::vector<std::string> empty{};   // ours, but empty: an empty value has no meaning for any flag or command
};
OddVariables odd_variables(const char* const* environment);

} // namespace cvm
