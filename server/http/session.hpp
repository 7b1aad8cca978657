#pragma once

#include "server/http/request_reader.hpp"
#include "server/http/service.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cvm::http {

// What clients may cost.
struct Limits {
    // Request line and header fields together, as sent. Also bounds a chunk's size line and a trailer.
    std::size_t header_bytes = 64 * 1024;

    std::chrono::milliseconds idle = std::chrono::seconds{60};    // waiting for the first byte of a request
    std::chrono::milliseconds request = std::chrono::seconds{30}; // from its first byte to its last
    std::chrono::milliseconds write = std::chrono::seconds{30};   // for one whole answer

    // Before a connection on which the last answer has been sent is closed, it is read until its end, so
    // that what the client still sends does not make its side drop the answer: for so long, so many bytes.
    std::chrono::milliseconds linger = std::chrono::seconds{2};
    std::size_t linger_bytes = 16 * 1024 * 1024;

    std::chrono::milliseconds stop = std::chrono::seconds{5}; // from Server::stop() to closing what remains

    std::size_t connections = 1024; // served at once
    std::size_t refusals = 64;      // above that, being told so at once; connections above both are dropped
};

using TimePoint = std::chrono::steady_clock::time_point;

// The current second as the Date header field has it (RFC 7231, IMF-fixdate).
class HttpDate {
public:
    // Valid until the next call.
    std::string_view now();

private:
    std::time_t second_ = -1;
    std::string text_;
};

class Session;

// What the connections of one server have in common. Outlives them.
struct Shared {
    // Lets those that wait for another request look again.
    void notify_waiters();

    // Makes sure that the deadlines are looked at no later than `when`.
    void wake_by(TimePoint when);

    Service& service;
    Limits limits;
    boost::asio::steady_timer timer; // the only one, for all deadlines
    TimePoint wake_at = TimePoint::max();
    bool stopping = false;
    std::vector<Session*> waiting = {}; // for another request
    HttpDate date = {};
};

// One connection.
class Session {
public:
    // `shared` must outlive the session.
    Session(boost::asio::ip::tcp::socket socket, Shared& shared);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();

    // Serves requests until the client or a limit ends it. The session must outlive the coroutine. Throws
    // only what nobody expects, such as std::bad_alloc.
    boost::asio::awaitable<void> serve();

    // Instead of serve(): says that there are too many connections.
    boost::asio::awaitable<void> reject();

    // The server stops: ends the session unless it holds a request, which is then answered without further waits.
    void begin_shutdown();

    // Ends the session.
    void close();

    // Another request has been handled: if this one waits for that, it is handled again.
    void retry();

    // When expire() is due.
    TimePoint deadline() const noexcept { return deadline_; }
    void expire();

private:
    enum class Phase { idle, reading, waiting, pausing, writing, lingering };

    boost::asio::awaitable<bool> receive();
    boost::asio::awaitable<bool> answer();
    boost::asio::awaitable<bool> wait_for_others();
    boost::asio::awaitable<bool> pause(std::chrono::milliseconds time);
    boost::asio::awaitable<bool> send(bool keep_alive, bool head_only);
    boost::asio::awaitable<bool> send_slowly(boost::asio::const_buffer body);
    boost::asio::awaitable<void> linger();
    void handle(std::chrono::milliseconds waited);
    void watch_for_end();
    void enter(Phase phase, std::chrono::milliseconds limit);
    bool has_input();

    boost::asio::ip::tcp::socket socket_;
    Shared& shared_;
    RequestReader reader_;
    Reply reply_;
    std::string head_;                // of the response, as sent
    boost::asio::steady_timer pause_; // never ends by itself: expire(), close() and retry() end it
    Phase phase_ = Phase::writing;
    TimePoint deadline_ = TimePoint::max();
    bool expired_ = false;
    bool watching_ = false;                                      // for the end of what the client sends
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true); // for whoever may come too late
};

} // namespace cvm::http
