#pragma once

#include "server/http/limits.hpp"
#include "server/http/once.hpp"
#include "server/http/request_reader.hpp"
#include "server/http/service.hpp"
#include "server/http/stream.hpp"
#include "server/http/tls_source.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <any>
#include <array>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cvm::http {

using TimePoint = std::chrono::steady_clock::time_point;

// The value of the Date header field: the current time in whole seconds (RFC 7231, IMF-fixdate). Formatted at most once
// a second.
class HttpDate {
public:
    // The returned view is valid until the next call.
    std::string_view now();

private:
    std::time_t second_ = -1;
    std::string text_;
};

class Session;

enum class Importance { info, warning, error };

// Receives one line of log text, without a line end, about something that no answer can report: a client that uses TLS
// where it is not spoken (info, once for each address), a client whose TLS failed (warning), or an unexpected failure
// (error): accept failed, or a session threw.
using Report = std::function<void(Importance, std::string_view line)>;

// What all sessions of one server share. Must outlive them. Used on the server's thread only.
struct Shared {
    // Calls retry() of every session in `waiting`. To be called when a request may have changed the state.
    void notify_waiters();

    // Wakes the sessions in `live` that have something to send. To be called after each handled request.
    void wake_live();

    // Gives all sessions in `held` their answers.
    void give_held_answers() noexcept;

    // Makes the server check the sessions' deadlines at `when` or earlier.
    void wake_by(TimePoint when);

    Service& service;
    Limits limits;
    TlsSource* tls; // nullptr: no TLS
    Report report;
    boost::asio::steady_timer timer;      // expires when the next deadline of any session is due
    TimePoint wake_at = TimePoint::max(); // when `timer` expires
    bool stopping = false;                // Server::stop() or stop_now() was called
    std::vector<Session*> waiting = {};   // sessions whose request is to be handled again (Reply::wait)
    std::vector<Session*> live = {};      // sessions that send a live body (Reply::live)
    bool giving = false;                  // a session is about to call give_held_answers()
    std::vector<Session*> held = {}; // sessions whose answer is held back (Reply::held); nullptr: the session has ended
    HttpDate date = {};
    Once without_tls{1024}; // addresses of clients that were told that the server speaks no TLS
};

// One connection: reads requests, has the service answer them, and sends the responses, one after the other.
//
// Its coroutine waits for one thing at a time. Every wait has a deadline, which the server checks for all sessions with
// one timer (Shared::timer).
class Session {
public:
    enum class Admission {
        ordinary,
        reserved, // above the limit: serves one request if it has priority (Limits::reserved)
        late,     // the server is already stopping: serves one request if it comes soon (Limits::late)
    };

    // `shared` must outlive the session.
    Session(boost::asio::ip::tcp::socket socket, Shared& shared, Admission admission);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();

    // Serves requests until the client closes the connection, asks to close it, or exceeds a limit. The session must
    // outlive the coroutine. I/O errors end the session and are not thrown; exceptions are only those that cannot be
    // handled here, such as std::bad_alloc.
    boost::asio::awaitable<void> serve();

    // To be called when Shared::stopping has been set. A session that waits for a request ends, unless bytes of one
    // have arrived. Any other finishes its current request, without the delays and waits that the reply asks for, and
    // ends then.
    void begin_shutdown();

    // Closes the connection at once. The coroutine ends soon after.
    void close();

    bool is_reserved() const noexcept { return admission_ == Admission::reserved; }

    // Since when an ordinary session has waited for a request; nullopt if it does not wait or is not an ordinary one.
    std::optional<TimePoint> idle_since();

    // Whether this is a reserved session whose request has not arrived completely.
    bool holds_reserve() const noexcept;

    // Whether received bytes have not been read yet. Makes a system call.
    bool has_input() { return stream_.has_input(); }

    // Handles the request again if its reply waits for a change of state (Reply::wait); otherwise has no effect.
    void retry();

    // Sends what is new in a live body (Reply::live); otherwise has no effect.
    void wake_live();

    // Ends the wait for an answer that was held back, and passes it.
    void take(Reply reply);

    // When the server must call expire(), which ends what the session waits for. Must be queried again after each call.
    TimePoint deadline() const noexcept { return deadline_; }
    void expire();

private:
    // What the session is waiting for.
    enum class Phase {
        idle,      // the first byte of a request
        handshake, // the end of a TLS handshake
        reading,   // the rest of a request
        working,   // its turn to continue the request (Reply::continue_after)
        waiting,   // a change of state, to handle the request again (Reply::wait)
        listening, // something to send of a live body (Reply::live)
        pausing,   // the end of a delay (Reply::continue_after, Reply::delivery)
        writing,   // the client to accept the response
        lingering, // the client to close its side after the last response
    };

    boost::asio::awaitable<bool> receive();
    boost::asio::awaitable<bool> begin_tls(boost::asio::const_buffer received);
    boost::asio::awaitable<bool> answer();
    boost::asio::awaitable<bool> finish_handling();
    boost::asio::awaitable<void> wait_while_held();
    boost::asio::awaitable<bool> wait_for_others();
    boost::asio::awaitable<bool> pause(std::chrono::milliseconds time);
    boost::asio::awaitable<bool> send(bool keep_alive, bool head_only);
    boost::asio::awaitable<bool> write(std::array<boost::asio::const_buffer, 2> parts);
    boost::asio::awaitable<bool> send_slowly(boost::asio::const_buffer body);
    boost::asio::awaitable<bool> send_pieces(bool chunked);
    boost::asio::awaitable<bool> send_live(bool chunked);
    boost::asio::awaitable<void> wait_for_news(TimePoint latest);
    boost::asio::awaitable<void> linger(std::chrono::milliseconds limit);
    bool is_http_1_0() const;
    void handle(std::chrono::milliseconds waited);
    void watch_for_end();
    void report_unspoken_tls();
    void enter(Phase phase, std::chrono::milliseconds limit);
    std::chrono::milliseconds idle_limit() const;

    Stream stream_;
    Shared& shared_;
    const Admission admission_;
    RequestReader reader_;
    bool opening_ = true; // the next byte is the first of the connection or of a tunnel, and shows whether it is TLS
    std::string early_;   // received, but not passed to reader_: what a client sent right after CONNECT
    Reply reply_;
    std::any kept_;    // Arrival::kept of a waiting request
    std::string head_; // status line and header of the response, as sent; kept to reuse its memory

    // Never expires: a wait for it ends when expire(), close(), retry() or begin_shutdown() cancels it.
    boost::asio::steady_timer pause_;

    Phase phase_ = Phase::writing;
    TimePoint entered_{}; // when the phase began
    TimePoint deadline_ = TimePoint::max();
    bool expired_ = false;  // the deadline of the current phase has passed
    bool watching_ = false; // watch_for_end() has a wait on the socket that has not ended yet

    // The handler of watch_for_end() may run after the session is destroyed. It holds a weak pointer to this object and
    // does nothing if the object is gone.
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace cvm::http
