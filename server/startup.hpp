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

// The steps of main(): from the options to a server that listens.

namespace cvm {

inline constexpr int exit_stopped = 0;   // by a signal
inline constexpr int exit_broke = 1;     // an internal error
inline constexpr int exit_bad_input = 2; // a bad flag, fixture or database

// Makes errors of a call out of what would end the process: a reader that is gone, a file that may not grow. Allows as
// many open files as the machine does, so that the cap on connections is the one that counts.
void prepare_process();

// Where fixtures may be put that no option names: a container mounts its own there.
inline constexpr std::string_view system_fixtures = "/etc/cvm-renewal-emulator/fixtures.d";

// The fixtures that the options name, else every *.json of `folder` in the order of their names, else the built-in
// ones; with the key pairs of the options. Throws BadDocument.
Fixtures load_fixtures(const Options& options, Log& log, std::string_view folder = system_fixtures);

// The store with the accounts of the fixtures as they are at `wall`, in memory or in the file of the options. A file
// that holds accounts keeps them; it gets the key pairs of the options. Throws BadDocument, or state::BadDatabase for a
// file that cannot be used.
std::unique_ptr<state::Store> open_store(const Fixtures& fixtures, state::Instant wall, const Options& options,
                                         Log& log);

// Who may use the control surface. The host name that the server listens on and those of its certificate are its own.
control::Guard guard_of(const Options& options);

// The server's certificate as the options name it; nullptr with --tls off. Files that an option names are read, or
// made, at once. Throws tls::BadTlsFile. Borrows the others.
std::unique_ptr<tls::Identity> make_identity(const Options& options, const api::Catalog& catalog,
                                             const state::WallClock& wall, Log& log);

// Where a server's reports go. Borrows `log`.
http::Report reports_to(Log& log);

// Begins to accept. Throws std::runtime_error that says which address is in use and what to do.
boost::asio::ip::tcp::endpoint listen(http::Server& server, const Options& options);

// "http://127.0.0.1:8213"; an IPv6 address stands in brackets.
std::string url_of(const boost::asio::ip::tcp::endpoint& endpoint);

// In one step, so that a reader never sees half of the number. Throws BadDocument.
void write_port_file(const std::string& path, std::uint16_t port);

// Makes SIGINT, SIGTERM and SIGHUP wait in `signals`.
void catch_stop_signals(boost::asio::signal_set& signals);

// Those signals stop the server; a second one ends the process at once, which a database file survives.
// Borrows both.
void stop_on_signals(boost::asio::signal_set& signals, http::Server& server);

} // namespace cvm
