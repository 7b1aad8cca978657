// cvm-renewal-emulator: options -> fixtures -> store -> app -> server. With a command as its first argument it is a
// client of a running one instead (server/cli/).
//
//   POST /, GET /                API 3.0
//   GET, POST /v2/index.php      the legacy API
//   /health, /_emulator/...      control surface (server/control/control.cpp lists it)

#include "server/gateway/app.hpp"
#include "server/cli/cli.hpp"
#include "server/document/fixtures.hpp"
#include "server/http/listener.hpp"
#include "server/options.hpp"
#include "server/base/text.hpp"
#include "state/store/sqlite_store.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <span>

namespace {

namespace fs = std::filesystem;

constexpr int exit_ok = 0;
constexpr int exit_broke = 1;
constexpr int exit_bad_input = 2;

cvm::Fixtures load_fixtures(const cvm::Options& options)
{
    auto fixtures = options.fixtures.empty() ? cvm::Fixtures::built_in() : cvm::Fixtures::from_files(options.fixtures);
    for (const auto& [id, key] : options.credentials)
        fixtures.add_credential(id, key);
    return fixtures;
}

// A kept database stays as it is, but for the key pairs of the command line.
void add_credentials(cvm::state::Store& store, const cvm::Options& options)
{
    const auto account = store.default_account();
    for (const auto& [id, key] : options.credentials) {
        const auto known = store.find_credential(id);
        if (!account || (known && known->uin != account->uin))
            throw cvm::BadDocument{options.db + ": --credential " + id + ": the SecretId belongs to another account"};
        store.erase_credential(id);
        store.add_credential({.secret_id = id, .secret_key = key, .uin = account->uin, .token = {}, .expires_at = {}});
    }
}

// Fills an empty store; one that holds accounts is kept. In one transaction: of several servers that start on one file
// the first fills it.
void fill_store(cvm::state::Store& store, std::span<const cvm::state::AccountState> accounts,
                const cvm::Options& options, cvm::Log& log)
{
    cvm::state::Transaction transaction{store};
    if (store.account_uins().empty()) {
        for (const auto& account : accounts)
            store.insert_account(account);
    } else {
        log.info("db=" + options.db + " state kept; the fixtures count only for POST /_emulator/reset");
        add_credentials(store, options);
    }
    transaction.commit();
}

// What breaks while a database file is opened and filled is the file's fault.
std::unique_ptr<cvm::state::Store> open_store(std::span<const cvm::state::AccountState> accounts,
                                              const cvm::Options& options, cvm::Log& log)
{
    auto store = std::make_unique<cvm::state::SqliteStore>(options.db.empty() ? ":memory:" : options.db);
    try {
        fill_store(*store, accounts, options, log);
    } catch (const cvm::BadDocument&) {
        throw;
    } catch (const std::exception& e) {
        throw cvm::state::BadDatabase{options.db + ": cannot be used as a database: " + e.what()};
    }
    return store;
}

// As many files as the machine allows, so that the cap on connections is the one that counts.
void raise_file_limit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

// In one piece, so that a reader never sees half of it.
void write_port_file(const std::string& path, std::uint16_t port)
{
    const std::string half = path + ".tmp";
    std::ofstream out{half};
    out << port << '\n';
    out.close();
    std::error_code ec;
    if (out)
        fs::rename(half, path, ec);
    if (!out || ec)
        throw cvm::BadDocument{"--port-file " + path + ": cannot be written"};
}

std::string url_of(const boost::asio::ip::tcp::endpoint& endpoint)
{
    const std::string address = endpoint.address().to_string();
    return "http://" + (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" +
           std::to_string(endpoint.port());
}

boost::asio::ip::tcp::endpoint listen(cvm::http::Server& server, const cvm::Options& options)
{
    try {
        return server.listen(options.host, options.port);
    } catch (const boost::system::system_error& e) {
        throw std::runtime_error{"cannot listen on " + options.host + ":" + std::to_string(options.port) + ": " +
                                 e.code().message() + "; choose another with --host and --port"};
    }
}

// The name that the server was told to listen on is one of its own.
cvm::control::Guard guard_of(const cvm::Options& options)
{
    cvm::control::Guard guard{.hosts = options.allowed_hosts, .origins = options.allowed_origins};
    guard.hosts.push_back(cvm::ascii_lower(options.host));
    return guard;
}

int run(const cvm::Options& options)
{
    // A reader that is gone and a file that may not grow are errors of a call, not the end of the process.
    for (const int signal : {SIGPIPE, SIGXFSZ})
        std::signal(signal, SIG_IGN);
    raise_file_limit();
    cvm::Log log{options.log_level};
    for (const std::string& name : cvm::unknown_variables(environ))
        log.warn("the environment variable " + name + " is not known; see --help");
    const cvm::state::SystemClock wall;
    const cvm::api::Catalog& catalog = cvm::api::built_in_catalog();
    const cvm::Fixtures fixtures = load_fixtures(options);
    const auto store = open_store(fixtures.accounts(wall.now()), options, log);

    cvm::calls::Journal journal{{.calls = options.journal}};
    cvm::calls::Faults faults;
    cvm::auth::Nonces nonces;
    cvm::Random random{std::random_device{}()};
    cvm::RandomRequestIds ids;
    cvm::App app{{.store = *store,
                  .fixtures = fixtures,
                  .wall = wall,
                  .journal = journal,
                  .faults = faults,
                  .nonces = nonces,
                  .random = random,
                  .admin_token = options.admin_token,
                  .guard = guard_of(options)},
                 catalog,
                 ids,
                 log,
                 {.operation_time = options.operation_time, .rate_limit = options.rate_limit}};
    boost::asio::io_context io{1};
    cvm::http::Server server{io, app, {}, [&](std::string_view line) { log.error(line); }};
    const auto endpoint = listen(server, options);
    if (!options.port_file.empty())
        write_port_file(options.port_file, endpoint.port());

    boost::asio::signal_set signals{io, SIGINT, SIGTERM, SIGHUP};
    signals.async_wait([&](const boost::system::error_code& ec, int) {
        if (ec)
            return;
        // The second signal ends the process where it stands; the database can bear that.
        signals.clear();
        for (const int signal : {SIGINT, SIGTERM, SIGHUP})
            std::signal(signal, [](int) { _exit(exit_ok); });
        server.stop();
    });
    std::cout << "Ready. " << url_of(endpoint) << '\n' << std::flush;
    io.run();
    return exit_ok;
}

// A command. What nobody can be told, such as a table on a full disk, has failed.
int run_command(std::span<char* const> arguments)
{
    for (const std::string& name : cvm::unknown_variables(environ))
        std::cerr << "cvm-renewal-emulator: the environment variable " << name << " is not known; see --help\n";
    const auto outcome =
        cvm::cli::run({arguments.begin(), arguments.end()}, cvm::cli::read_environment(environ), cvm::server_flags());
    std::cerr << outcome.err;
    std::cout << outcome.out << std::flush;
    if (!std::cout)
        throw std::runtime_error{"the output cannot be written"};
    return outcome.code;
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc > 1 && cvm::cli::is_command(argv[1]))
        return run_command({argv + 1, argv + argc});
    cvm::Parsed parsed = cvm::parse_options(argc, argv, cvm::cli::overview());
    if (parsed.exit) {
        if (parsed.exit->code == exit_bad_input)
            parsed.exit->text.insert(parsed.exit->text.find('\n'), cvm::cli::misplaced_command({argv, argv + argc}));
        (parsed.exit->code == exit_ok ? std::cout : std::cerr) << parsed.exit->text;
        return parsed.exit->code;
    }
    return run(parsed.options);
} catch (const cvm::BadDocument& e) {
    std::cerr << "cvm-renewal-emulator: " << e.what() << '\n';
    return exit_bad_input;
} catch (const cvm::state::BadDatabase& e) {
    std::cerr << "cvm-renewal-emulator: " << e.what() << '\n';
    return exit_bad_input;
} catch (const std::exception& e) {
    std::cerr << "cvm-renewal-emulator: " << e.what() << '\n';
    return exit_broke;
}
