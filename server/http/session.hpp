#pragma once

#include "server/http/service.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <chrono>
#include <cstddef>
#include <ctime>
#include <memory>
#include <optional>
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

// Makes requests of the bytes of one connection. Knows no sockets and no time.
class RequestReader {
public:
    enum class State {
        idle,     // not a byte of a request
        partial,  // needs more bytes
        complete, // request() is there
        refused,  // refusal() says why; nothing more can be read from this connection
    };

    // `service` must outlive the reader; it is asked for body limits only.
    RequestReader(const Service& service, std::size_t header_bytes);

    // Where the next bytes may be put. Valid until the next call.
    boost::asio::mutable_buffer space();

    // Takes the first `bytes` of space() for received. The state must be idle or partial.
    void received(std::size_t bytes);

    // Drops the request and goes on with what was received after it.
    void next();

    // Gives up on the request.
    void refuse(Refusal reason);

    State state() const noexcept { return state_; }

    // True once per request: the client holds its body back until it is told to go on.
    bool take_expectation();

    // The state must be complete, or refused for body_too_large with only the header filled.
    const Request& request() const { return parser_->get(); }

    // Why, and all that the service may know of the request.
    Refusal refusal() const noexcept { return refusal_; }
    const RequestHeader& refused_header() const;

    // Whether the client wants to go on after the answer. The state must be complete.
    bool keep_alive() const noexcept { return keep_alive_; }

    // Whether the answer must not have a body.
    bool is_head() const;

private:
    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

    void parse();
    bool parse_header();
    void parse_body();
    void begin_body();

    const Service& service_;
    std::size_t header_bytes_;
    boost::beast::flat_buffer buffer_;
    std::size_t parsed_ = 0; // bytes of buffer_ the parser took; they stay until the header is complete
    std::optional<Parser> parser_;
    std::optional<RequestHeader> before_trailer_; // of a chunked request
    State state_ = State::idle;
    Refusal refusal_ = Refusal::malformed;
    bool header_known_ = false;
    bool keep_alive_ = false;
    bool expects_continue_ = false;
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
