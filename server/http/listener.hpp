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
#include <memory>
#include <string>
#include <string_view>

namespace cvm::http {

// Serves HTTP/1.0 and HTTP/1.1 on one port, plain and inside TLS. Everything happens on the one thread that runs `io`:
// functions must be called on that thread, or while no thread runs `io`. The server may be destroyed only while `io` is
// not running, and `io` must not run again afterwards, because its pending handlers refer to the server.
class Server {
public:
    // `tls`: nullptr if the server speaks no TLS. `counts`: where to count the connections; nullptr: nowhere. All
    // arguments but `limits` and `report` must outlive the server.
    Server(boost::asio::io_context& io, Service& service, const Limits& limits, Report report, TlsSource* tls = nullptr,
           Connections* counts = nullptr);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();

    // Binds and starts to accept connections; to be called at most once. `host` is an IP address or a name. For a name,
    // the first IPv4 address is used, or the first address if none is IPv4; the lookup blocks. Port 0 lets the system
    // choose a free port. Returns the address and the port listened on. Throws boost::system::system_error.
    boost::asio::ip::tcp::endpoint listen(const std::string& host, std::uint16_t port);

    // Runs `io` until it has no more work. If memory runs out, the connection that needed it ends, and the server keeps
    // running.
    void run();

    // Stops gracefully: accepts the connections that are already waiting and no more, closes idle ones, lets the others
    // finish their current request, and closes those that remain after Limits::stop. Returns immediately; when all
    // connections are closed, the server has no more work in `io`, so io.run() can return. May be called again.
    void stop();

    // Closes the listening socket and all connections without waiting for requests. May follow stop().
    void stop_now();

    // Open connections, including those beyond Limits::connections.
    std::size_t connections() const noexcept { return sessions_.size(); }

private:
    // The part of a coroutine's frame that tells the server when the coroutine is destroyed: at its end or, if what it
    // waits for cannot be started for lack of memory, by Asio, which notifies nobody. Does nothing once the server is
    // gone.
    class CoroutineGuard {
    public:
        CoroutineGuard(Server& server, bool& there) : server_{&server}, alive_{server.alive_}, there_{&there}
        {
            there = true;
        }
        CoroutineGuard(Server& server, std::list<Session>::iterator session)
            : server_{&server}, alive_{server.alive_}, session_{session}
        {
        }
        CoroutineGuard(CoroutineGuard&& other) noexcept = default; // leaves the other one's weak pointer empty
        CoroutineGuard& operator=(CoroutineGuard&&) = delete;
        ~CoroutineGuard();

    private:
        Server* server_;
        std::weak_ptr<bool> alive_;
        bool* there_ = nullptr; // whether the coroutine exists; nullptr for the coroutine of a session
        std::list<Session>::iterator session_{};
    };

    boost::asio::awaitable<void> accept_loop(CoroutineGuard guard);
    boost::asio::awaitable<void> watch_deadlines(CoroutineGuard guard);
    boost::asio::awaitable<void> serve(Session& session, CoroutineGuard guard);
    bool restart_coroutines();
    void check_deadlines();
    void accept_waiting();
    void admit(boost::asio::ip::tcp::socket socket);
    void start(boost::asio::ip::tcp::socket socket, Session::Admission admission);
    bool close_longest_idle();
    bool close_oldest_reserved();
    void close_acceptor();
    void wake_watch_if_finished();
    bool is_finished() const noexcept { return shared_.stopping && sessions_.empty() && !accepting_; }
    void report_exception(std::string_view where, const std::exception& exception) const noexcept;

    boost::asio::io_context& io_;
    Shared shared_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer accept_pause_; // before the next attempt after a failed accept
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    bool accepting_ = false; // accept_loop() exists
    bool watching_ = false;  // watch_deadlines() exists
    std::list<Session> sessions_;
    Connections unused_counts_{}; // counted into if the caller wants no counts
    Connections& counts_;
    std::size_t reserved_ = 0;                  // how many of the sessions are beyond Limits::connections
    TimePoint close_all_at_ = TimePoint::max(); // when a graceful stop turns into stop_now()
};

} // namespace cvm::http
