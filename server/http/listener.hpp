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

    // Runs `io` until it has no more work. Where memory runs out, the connection ends that needed it; the server goes
    // on.
    void run();

    // Stops gracefully: accepts the connections that wait for it and no more, closes idle ones, lets the others finish
    // their current request, and closes those that remain after Limits::stop. Returns at once; when all connections are
    // closed, the server has no more work in `io`, so io.run() can return. May be called again.
    void stop();

    // Closes the listening socket and all connections without waiting for requests. May follow stop().
    void stop_now();

    // Open connections, including those beyond Limits::connections.
    std::size_t connections() const noexcept { return sessions_.size(); }

private:
    // The part of a coroutine's frame that tells the server when it is destroyed: at its end or, because it waits for
    // something that cannot be begun for want of memory, by Asio, which tells nobody. Does nothing once the server is
    // gone.
    class Tie {
    public:
        Tie(Server& server, bool& there) : server_{&server}, alive_{server.alive_}, there_{&there} { there = true; }
        Tie(Server& server, std::list<Session>::iterator session)
            : server_{&server}, alive_{server.alive_}, session_{session}
        {
        }
        Tie(Tie&& other) noexcept = default; // the other one's weak pointer is empty then
        Tie& operator=(Tie&&) = delete;
        ~Tie();

    private:
        Server* server_;
        std::weak_ptr<bool> alive_;
        bool* there_ = nullptr; // whether the coroutine is there; nullptr: it is that of a session
        std::list<Session>::iterator session_{};
    };

    boost::asio::awaitable<void> accept_loop(Tie tie);
    boost::asio::awaitable<void> watch_deadlines(Tie tie);
    boost::asio::awaitable<void> serve(Session& session, Tie tie);
    bool keep_going();
    void look_at_deadlines();
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
    bool accepting_ = false; // accept_loop() is there
    bool watching_ = false;  // watch_deadlines() is there
    std::list<Session> sessions_;
    Connections uncalled_for_{}; // the counts, if nobody wants them
    Connections& counts_;
    std::size_t reserved_ = 0;                  // how many of the sessions are beyond Limits::connections
    TimePoint close_all_at_ = TimePoint::max(); // when a graceful stop turns into stop_now()
};

} // namespace cvm::http
