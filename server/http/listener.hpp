#pragma once

#include "server/http/session.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <list>
#include <string>
#include <string_view>

namespace cvm::http {

// Serves HTTP/1.0 and 1.1 on one port. Everything runs on the one thread that runs `io`, and every function
// is to be called there, or while nobody runs it. The server may be destroyed only when `io` is not running,
// and `io` must not be run afterwards.
class Server {
public:
    // Called with one line, without a line end, for what should not happen: accept failed, a session threw.
    using Report = std::function<void(std::string_view line)>;

    // `io` and `service` must outlive the server.
    Server(boost::asio::io_context& io, Service& service, const Limits& limits, Report report);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();

    // Binds and starts to accept; to be called once. `host` is an address or a name; of a name's addresses
    // the first IPv4 one is taken, if there is any. Port 0 takes a free one. Blocks while it looks up a name.
    // Returns what is listened on. Throws boost::system::system_error.
    boost::asio::ip::tcp::endpoint listen(const std::string& host, std::uint16_t port);

    // Accepts no more, closes idle connections, lets the others finish the request they hold, and closes what
    // remains after Limits::stop. Then nothing keeps io.run() from returning.
    void stop();

    // Closes everything.
    void stop_now();

    // Open ones, with those that are being refused.
    std::size_t connections() const noexcept { return sessions_.size(); }

private:
    boost::asio::awaitable<void> accept_loop();
    boost::asio::awaitable<void> watch_deadlines();
    void look_at_deadlines();
    void admit(boost::asio::ip::tcp::socket socket);
    void close_acceptor();
    void wake_watch_if_finished();
    bool is_finished() const noexcept { return shared_.stopping && sessions_.empty(); }
    void report_exception(std::string_view where, const std::exception_ptr& exception) const;

    boost::asio::io_context& io_;
    Shared shared_;
    Report report_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer accept_pause_;
    std::list<Session> sessions_;
    std::size_t rejected_ = 0; // of the sessions, those beyond Limits::connections
    TimePoint close_all_at_ = TimePoint::max();
};

} // namespace cvm::http
