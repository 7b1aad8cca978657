#include "server/startup.hpp"

#include "server/base/text.hpp"
#include "server/tls/names.hpp"
#include "state/store/caching_store.hpp"
#include "state/store/database_file.hpp"
#include "state/store/sqlite_store.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace cvm {

namespace {

namespace fs = std::filesystem;

constexpr std::array stop_signals{SIGINT, SIGTERM, SIGHUP};

// Checking a database file of this size takes a fifth of a second.
constexpr std::uintmax_t checked_below = 64'000'000;

// False for a folder that does not exist or is empty, as in the image. Throws BadDocument for one that cannot be read:
// fixtures that were put there must not be silently replaced by others.
bool holds_fixtures(std::string_view folder)
{
    std::error_code ec;
    const fs::directory_iterator entries{folder, ec};
    if (ec && ec != std::errc::no_such_file_or_directory)
        throw BadDocument{std::string{folder} + ": cannot be read: " + ec.message()};
    return std::any_of(begin(entries), end(entries),
                       [](const fs::directory_entry& entry) { return entry.path().extension() == ".json"; });
}

void raise_file_limit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

void add_credentials(state::Store& store, const Options& options)
{
    const auto account = store.default_account();
    for (const auto& [id, key] : options.credentials) {
        const auto known = store.find_credential(id);
        if (!account || (known && known->uin != account->uin))
            throw BadDocument{options.db + ": --credential " + id + ": the SecretId belongs to another account"};
        store.erase_credential(id);
        store.add_credential({.secret_id = id, .secret_key = key, .uin = account->uin, .token = {}, .expires_at = {}});
    }
}

// How thoroughly to check the database file of the options.
state::DatabaseCheck check_of(const Options& options, Log& log)
{
    const std::uintmax_t bytes = state::database_bytes(options.db);
    if (options.check_db.value_or(bytes < checked_below))
        return state::DatabaseCheck::pages;
    log.info("db=" + options.db + " is not checked for damage: it has " + std::to_string(bytes / 1'000'000) +
             " MB; --check-db on checks it");
    return state::DatabaseCheck::tables;
}

// In one transaction: if several servers start on one file, the first one fills it.
void fill_if_empty(state::Store& store, const Fixtures& fixtures, state::Instant wall, const Options& options, Log& log)
{
    state::Transaction transaction{store};
    if (store.account_uins().empty()) {
        fixtures.insert_into(store, wall);
    } else {
        log.info("state kept; the fixtures are used only by POST /_emulator/reset", {{"db", options.db}});
        add_credentials(store, options);
    }
    transaction.commit();
}

} // namespace

void prepare_process()
{
    for (const int signal : {SIGPIPE, SIGXFSZ})
        std::signal(signal, SIG_IGN);
    raise_file_limit();
}

Fixtures load_fixtures(const Options& options, Log& log, std::string_view folder)
{
    std::vector<std::string> paths = options.fixtures;
    const bool of_the_system = paths.empty() && holds_fixtures(folder);
    if (of_the_system)
        paths.emplace_back(folder);
    auto fixtures = paths.empty() ? Fixtures::built_in() : Fixtures::from_files(paths);
    if (of_the_system)
        log.info("used instead of the built-in fixtures", {{"fixtures", folder}});
    for (const auto& [id, key] : options.credentials)
        fixtures.add_credential(id, key);
    return fixtures;
}

std::unique_ptr<state::Store> open_store(const Fixtures& fixtures, state::Instant wall, const Options& options,
                                         Log& log)
{
    if (!options.db.empty()) {
        // Even if a file holds the state and the fixtures are only used by a reset.
        fixtures.check(wall);
        if (const auto why = state::why_unusable(options.db))
            throw state::BadDatabase{*why};
    }
    auto store = options.db.empty() ? std::make_unique<state::SqliteStore>(":memory:")
                                    : std::make_unique<state::SqliteStore>(options.db, check_of(options, log));
    try {
        fill_if_empty(*store, fixtures, wall, options, log);
    } catch (const BadDocument&) {
        throw;
    } catch (const std::exception& e) {
        // A failure while a database file is opened and filled is a problem of the file.
        throw state::BadDatabase{options.db + ": cannot be used as a database: " + e.what()};
    }
    return std::make_unique<state::CachingStore>(std::move(store), options.db.empty() ? state::Writes::when_needed
                                                                                      : state::Writes::at_once);
}

control::Guard guard_of(const Options& options)
{
    control::Guard guard{.hosts = options.allowed_hosts, .origins = options.allowed_origins};
    guard.hosts.push_back(ascii_lower(options.host));
    guard.hosts.insert(guard.hosts.end(), options.tls_names.begin(), options.tls_names.end());
    return guard;
}

std::unique_ptr<tls::Identity> make_identity(const Options& options, const api::Catalog& catalog,
                                             const state::WallClock& wall, Log& log)
{
    if (options.tls == TlsMode::off)
        return nullptr;
    std::set<std::string, std::less<>> regions = catalog.cvm_regions;
    regions.insert(catalog.other_regions.begin(), catalog.other_regions.end());
    tls::Settings settings{.names = tls::certificate_names(regions, options.tls_names),
                           .certificate_file = options.tls_cert,
                           .key_file = options.tls_key};
    if (!options.tls_dir.empty()) {
        std::error_code ec;
        fs::create_directories(options.tls_dir, ec);
        settings.authority_file = fs::path{options.tls_dir} / "ca.pem";
        settings.authority_key_file = fs::path{options.tls_dir} / "ca-key.pem";
    } else if (!options.db.empty()) {
        settings.authority_file = options.db + "-ca.pem";
        settings.authority_key_file = options.db + "-ca-key.pem";
    }
    auto identity = std::make_unique<tls::Identity>(std::move(settings), wall, log);
    if (!options.tls_dir.empty() || !options.tls_cert.empty())
        identity->prepare();
    return identity;
}

http::Report reports_to(Log& log)
{
    return [&log](http::Importance importance, std::string_view line) {
        switch (importance) {
        case http::Importance::info:
            return log.info(line);
        case http::Importance::warning:
            return log.warn(line);
        case http::Importance::error:
            return log.error(line);
        }
    };
}

boost::asio::ip::tcp::endpoint listen(http::Server& server, const Options& options)
{
    try {
        return server.listen(options.host, options.port);
    } catch (const boost::system::system_error& e) {
        throw std::runtime_error{"cannot listen on " + options.host + ":" + std::to_string(options.port) + ": " +
                                 e.code().message() + "; choose another with --host and --port"};
    }
}

std::string url_of(const boost::asio::ip::tcp::endpoint& endpoint)
{
    const std::string address = endpoint.address().to_string();
    return "http://" + (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" +
           std::to_string(endpoint.port());
}

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
        throw BadDocument{"--port-file " + path + ": cannot be written"};
}

void catch_stop_signals(boost::asio::signal_set& signals)
{
    for (const int signal : stop_signals)
        signals.add(signal);
}

void stop_on_signals(boost::asio::signal_set& signals, http::Server& server)
{
    signals.async_wait([&](const boost::system::error_code& ec, int) {
        if (ec)
            return;
        signals.clear();
        for (const int signal : stop_signals)
            std::signal(signal, [](int) { _exit(exit_stopped); });
        server.stop();
    });
}

} // namespace cvm
