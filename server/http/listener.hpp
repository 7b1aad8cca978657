#pragma once

#include "server/http/connections.hpp"
#include "server/http/session.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <list>
#include <string>
#include <string_view>

namespace cvm::http {

// Serves HTTP/1.0 and HTTP/1.1 on one port, plain and inside TLS. Everything happens on the one thread that runs `io`:
// functions must be called on that thread, or while no thread runs `io`. The server may be destroyed only while `io` is
// not running, and `io` must not run again afterwards, because its pending handlers refer to the server.
class Server {
public:
    // `tls`: nullptr if the server is to speak no TLS. `counts`: where to count the connections; nullptr: nowhere. All
    // but `limits` and `report` must outlive the server.
    Server(boost::asio::io_context& io, Service& service, const Limits& limits, Report report, TlsSource* tls = nullptr,
           Connections* counts = nullptr);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();

    // Binds and starts to accept connections; to be called at most once. `host` is an IP address or a name. Of a name's
    // addresses the first IPv4 one is taken, or the first of all if none is IPv4; the look-up blocks. Port 0 lets the
    // system choose a free port. Returns the address and the port listened on. Throws boost::system::system_error.
    boost::asio::ip::tcp::endpoint listen(const std::string& host, std::uint16_t port);

    // Stops gracefully: accepts the connections that wait for it and no more, closes idle ones, lets the others finish
    // their current request, and closes those that remain after Limits::stop. Returns at once; when all connections are
    // closed, the server has no more work in `io`, so io.run() can return. May be called again.
    void stop();

    // Closes the listening socket and all connections without waiting for requests. May follow stop().
    void stop_now();

    // Open connections, including those beyond Limits::connections.
    std::size_t connections() const noexcept { return sessions_.size(); }

private:
    boost::asio::awaitable<void> accept_loop();
    boost::asio::awaitable<void> watch_deadlines();
    void look_at_deadlines();
    void accept_waiting();
    void admit(boost::asio::ip::tcp::socket socket);
    void start(boost::asio::ip::tcp::socket socket, Session::Admission admission);
    bool close_longest_idle();
    bool close_oldest_reserved();
    void close_acceptor();
    void wake_watch_if_finished();
    bool is_finished() const noexcept { return shared_.stopping && sessions_.empty() && !accepting_; }
    void report_exception(std::string_view where, const std::exception_ptr& exception) const;

    boost::asio::io_context& io_;
    Shared shared_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer accept_pause_; // before the next attempt after a failed accept
    bool accepting_ = false;                 // accept_loop() runs
    std::list<Session> sessions_;
    Connections uncalled_for_{}; // the counts, if nobody wants them
    Connections& counts_;
    std::size_t reserved_ = 0;                  // how many of the sessions are beyond Limits::connections
    TimePoint close_all_at_ = TimePoint::max(); // when a graceful stop turns into stop_now()
};

} // namespace cvm::http
