#pragma once

#include "server/api/catalog.hpp"
#include "server/base/log.hpp"
#include "server/control/guard.hpp"
#include "server/document/fixtures.hpp"
#include "server/http/listener.hpp"
#include "server/options.hpp"
#include "server/tls/identity.hpp"
#include "state/store/store.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

// The steps of main(): from the options to a listening server.

namespace cvm {

inline constexpr int exit_stopped = 0;   // by a signal
inline constexpr int exit_broke = 1;     // an internal error
inline constexpr int exit_bad_input = 2; // a bad flag, fixture or database

// Turns what would end the process into errors of system calls: a closed pipe, a file at its size limit. Raises the
// limit of open files as far as allowed, so that the limit of connections is the effective one.
void prepare_process();

// Where fixtures can be put without an option naming them: a container mounts its own there.
inline constexpr std::string_view system_fixtures = "/etc/cvm-renewal-emulator/fixtures.d";

// The fixtures that the options name, else every *.json of `folder` in order of name, else the built-in ones; plus the
// key pairs of the options. Throws BadDocument.
Fixtures load_fixtures(const Options& options, Log& log, std::string_view folder = system_fixtures);

// Opens the store, in memory or in the file of the options, and fills it with the accounts of the fixtures as they are
// at `wall`. A file that already has accounts keeps them, but gets the key pairs of the options. Throws BadDocument, or
// state::BadDatabase for a file that cannot be used.
std::unique_ptr<state::Store> open_store(const Fixtures& fixtures, state::Instant wall, const Options& options,
                                         Log& log);

// Who may use the control API. The host name that the server listens on and the names in its certificate count as
// local.
control::Guard guard_of(const Options& options);

// The server's certificate according to the options; nullptr with --tls off. Files that an option names are read, or
// created, immediately. Throws tls::BadTlsFile. The other arguments must outlive the result.
std::unique_ptr<tls::Identity> make_identity(const Options& options, const api::Catalog& catalog,
                                             const state::WallClock& wall, Log& log);

// Writes a server's reports to the log. `log` must outlive the result.
http::Report reports_to(Log& log);

// Begins to accept connections. Throws std::runtime_error that says which address is in use and what to do.
boost::asio::ip::tcp::endpoint listen(http::Server& server, const Options& options);

// "http://127.0.0.1:8213"; an IPv6 address is put in brackets.
std::string url_of(const boost::asio::ip::tcp::endpoint& endpoint);

// Writes atomically, so that a reader never sees a part of the number. Throws BadDocument.
void write_port_file(const std::string& path, std::uint16_t port);

// Queues SIGINT, SIGTERM and SIGHUP in `signals`.
void catch_stop_signals(boost::asio::signal_set& signals);

// Stops the server on those signals; a second signal ends the process immediately, which a database file survives. Both
// arguments must outlive the call's effect.
void stop_on_signals(boost::asio::signal_set& signals, http::Server& server);

} // namespace cvm
