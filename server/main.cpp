// cvm-renewal-emulator: options -> fixtures -> store -> app -> server. If the first argument is a command, the program
// is a client of a running server instead (server/cli/).
//
//   POST /, GET /                       API 3.0
//   GET, POST /v2/index.php             the legacy API
//   /health, /metrics, /_emulator/...   control API (server/control/control.cpp lists it)

#include "server/cli/cli.hpp"
#include "server/control/events.hpp"
#include "server/gateway/app.hpp"
#include "server/startup.hpp"

#include <iostream>
#include <random>
#include <span>
#include <stdexcept>

namespace {

int serve(const cvm::Options& options)
{
    cvm::prepare_process();
    cvm::Log log{options.log_level, options.log_format};
    for (const std::string& name : cvm::odd_variables(environ).unknown)
        log.warn("the environment variable " + name + " is not known; see --help");

    // From here on stop signals are queued until the server can handle them: the first process of a container ignores
    // signals that it has no handler for.
    boost::asio::io_context io{1};
    boost::asio::signal_set signals{io};
    cvm::catch_stop_signals(signals);

    const cvm::state::SystemClock wall;
    const cvm::Fixtures fixtures = cvm::load_fixtures(options, log);
    const auto identity = cvm::make_identity(options, cvm::api::built_in_catalog(), wall, log);
    const auto store = cvm::open_store(fixtures, wall.now(), options, log);
    cvm::calls::Journal journal{{.calls = options.journal}};
    cvm::calls::Faults faults;
    cvm::auth::Nonces nonces;
    cvm::auth::SigningKeys signing_keys;
    cvm::Random random{std::random_device{}()};
    cvm::control::Figures figures{.started = wall.now()};
    cvm::control::Events events{random.word(12)};
    cvm::RandomRequestIds ids;
    cvm::App app{{.store = *store,
                  .fixtures = fixtures,
                  .wall = wall,
                  .journal = journal,
                  .faults = faults,
                  .nonces = nonces,
                  .signing_keys = signing_keys,
                  .random = random,
                  .figures = figures,
                  .events = events,
                  .admin_token = options.admin_token,
                  .guard = cvm::guard_of(options),
                  .console = options.console,
                  .identity = identity.get()},
                 cvm::api::built_in_catalog(),
                 ids,
                 log,
                 {.operation_time = options.operation_time,
                  .rate_limit = options.rate_limit,
                  .strict_network = options.strict_network,
                  .tls_required = options.tls == cvm::TlsMode::required,
                  .shared_commit = !options.db.empty()}};

    cvm::http::Server server{io, app, {}, cvm::reports_to(log), identity.get(), &figures.connections};
    const auto endpoint = cvm::listen(server, options);
    if (!options.port_file.empty())
        cvm::write_port_file(options.port_file, endpoint.port());
    cvm::stop_on_signals(signals, server);
    std::cout << "Ready. " << cvm::url_of(endpoint) << '\n' << std::flush;
    server.run();
    return cvm::exit_stopped;
}

// Runs a command. A command whose output cannot be written, such as a table on a full disk, has failed.
int run_command(std::span<char* const> arguments)
{
    for (const std::string& name : cvm::odd_variables(environ).unknown)
        std::cerr << "cvm-renewal-emulator: the environment variable " << name << " is not known; see --help\n";
    const auto outcome =
        cvm::cli::run({arguments.begin(), arguments.end()}, cvm::cli::read_environment(environ), cvm::server_flags());
    std::cerr << outcome.err;
    std::cout << outcome.out << std::flush;
    if (!std::cout)
        throw std::runtime_error{"the output cannot be written"};
    return outcome.code;
}

// Reports an error and returns true if a variable of ours is set but empty: `reset` must not take CVM_EMULATOR_ACCOUNT=
// for "all".
bool refuse_empty_variables()
{
    const auto empty = cvm::odd_variables(environ).empty;
    for (const std::string& name : empty)
        std::cerr << "cvm-renewal-emulator: the environment variable " << name
                  << " is set but empty; give it a value or unset it\n";
    return !empty.empty();
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc > 1 && cvm::cli::is_command(argv[1]))
        return refuse_empty_variables() ? cvm::exit_bad_input : run_command({argv + 1, argv + argc});
    cvm::Parsed parsed = cvm::parse_options(argc, argv, cvm::cli::overview());
    if (parsed.exit) {
        if (parsed.exit->code == cvm::exit_bad_input)
            parsed.exit->text.insert(parsed.exit->text.find('\n'), cvm::cli::misplaced_command({argv, argv + argc}));
        (parsed.exit->code == 0 ? std::cout : std::cerr) << parsed.exit->text;
        return parsed.exit->code;
    }
    return refuse_empty_variables() ? cvm::exit_bad_input : serve(parsed.options);
} catch (const cvm::BadDocument& e) {
    std::cerr << "cvm-renewal-emulator: " << e.what() << '\n';
    return cvm::exit_bad_input;
} catch (const cvm::tls::BadTlsFile& e) {
    std::cerr << "cvm-renewal-emulator: " << e.what() << '\n';
    return cvm::exit_bad_input;
} catch (const cvm::state::BadDatabase& e) {
    std::cerr << "cvm-renewal-emulator: " << e.what() << '\n';
    return cvm::exit_bad_input;
} catch (const std::exception& e) {
    std::cerr << "cvm-renewal-emulator: " << e.what() << '\n';
    return cvm::exit_broke;
}
