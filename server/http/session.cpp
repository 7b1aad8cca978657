#include "server/http/session.hpp"

#include "server/http/http2.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/field.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <limits>
#include <utility>

namespace cvm::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

constexpr std::string_view server_name = "cvm-renewal-emulator";
constexpr std::string_view continue_answer = "HTTP/1.1 100 Continue\r\n\r\n";

// The answer to CONNECT, which has neither a body nor a length (RFC 9110 section 9.3.6).
constexpr std::string_view tunnel_head = "HTTP/1.1 200 Connection established\r\n\r\n";

// A TLS operation takes several steps. Cancelling it between two steps has no effect, so expire() is called again until
// the session waits for something else.
constexpr std::chrono::milliseconds until_next_attempt{10};

constexpr std::size_t tls_record_bytes = 16 * 1024; // the maximum content of one record

std::string_view to_std(beast::string_view text) { return {text.data(), text.size()}; }

template <class Integer>
void append_number(std::string& out, Integer number)
{
    std::array<char, std::numeric_limits<Integer>::digits10 + 2> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_field(std::string& out, std::string_view name, std::string_view value)
{
    out.append(name).append(": ").append(value).append("\r\n");
}

bool has_no_body(const Response& response)
{
    const unsigned status = response.result_int();
    return status < 200 || status == 204 || status == 304;
}

bool is_set_by_session(bhttp::field name)
{
    return name == bhttp::field::server || name == bhttp::field::date || name == bhttp::field::content_type ||
           name == bhttp::field::content_length || name == bhttp::field::connection ||
           name == bhttp::field::transfer_encoding;
}

// How a client knows where the body ends (RFC 9112 section 6.3).
enum class Framing { length, chunked, close };

// Writes the status line and the header fields in a fixed order. Not with Beast's serializer: there each field set by
// the session costs an allocation, and the order of the fields depends on the order in which they were set.
void format_head(std::string& out, const Response& response, std::string_view date, bool keep_alive, Framing framing)
{
    out.assign("HTTP/1.1 ");
    append_number(out, response.result_int());
    out.append(" ").append(to_std(response.reason())).append("\r\n");
    append_field(out, "Server", server_name);
    append_field(out, "Date", date);
    if (const auto type = response.find(bhttp::field::content_type); type != response.end())
        append_field(out, "Content-Type", to_std(type->value()));
    if (framing == Framing::chunked) {
        append_field(out, "Transfer-Encoding", "chunked");
    } else if (framing == Framing::length && !has_no_body(response)) {
        out.append("Content-Length: ");
        append_number(out, response.body().size());
        out.append("\r\n");
    }
    append_field(out, "Connection", keep_alive ? "keep-alive" : "close");
    for (const auto& field : response) {
        if (!is_set_by_session(field.name()))
            append_field(out, to_std(field.name_string()), to_std(field.value()));
    }
    out.append("\r\n");
}

// A chunk of RFC 9112 section 7.1. An empty one is the last.
std::string chunk_of(std::string_view piece)
{
    std::array<char, 16> size;
    const auto end = std::to_chars(size.data(), size.data() + size.size(), piece.size(), 16).ptr;
    std::string chunk{size.data(), end};
    return chunk.append("\r\n").append(piece).append("\r\n");
}

// Runs even if there is no memory for the wait, because other sessions wait for their answers.
struct GiveHeldAnswers {
    explicit GiveHeldAnswers(Shared& of) : shared{of} {}
    ~GiveHeldAnswers() { shared.give_held_answers(); }
    GiveHeldAnswers(const GiveHeldAnswers&) = delete;
    GiveHeldAnswers& operator=(const GiveHeldAnswers&) = delete;
    Shared& shared;
};

// The TLS stream makes a record and a system call for each buffer. So a body that fits into one record together with
// the head is joined to it.
void join_for_tls(std::array<asio::const_buffer, 2>& parts, std::string& head)
{
    if (head.size() + parts[1].size() > tls_record_bytes)
        return;
    head.append(static_cast<const char*>(parts[1].data()), parts[1].size());
    parts = {asio::buffer(head), {}};
}

} // namespace

// --- HttpDate, Shared ---

std::string_view HttpDate::now()
{
    // Not strftime: its names of days and months depend on the locale.
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

    const std::time_t second = std::time(nullptr);
    if (second != second_) {
        std::tm utc{};
        ::gmtime_r(&second, &utc);
        std::array<char, 96> text;
        const int length = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                         days[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                                         months[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                                         utc.tm_min, utc.tm_sec);
        text_.assign(text.data(), static_cast<std::size_t>(length));
        second_ = second;
    }
    return text_;
}

void Shared::wake_by(TimePoint when)
{
    if (when >= wake_at)
        return;
    wake_at = when;
    // Cancels the wait of Server::watch_deadlines(), which then computes the next deadline and waits for it.
    timer.expires_at(when);
}

void Shared::notify_waiters()
{
    for (Session* session : waiting)
        session->retry();
}

void Shared::wake_live()
{
    for (Session* session : live)
        session->wake_live();
}

void Shared::give_held_answers() noexcept
{
    std::vector<Reply> replies = service.held_answers();
    const auto sessions = std::exchange(held, {});
    giving = false;
    for (std::size_t i = 0; i < sessions.size(); ++i)
        if (sessions[i] != nullptr)
            sessions[i]->take(std::move(replies.at(i)));
    notify_waiters();
    wake_live();
}

// --- Session ---

Session::Session(boost::asio::ip::tcp::socket socket, Shared& shared, Admission admission)
    : stream_{std::move(socket)},
      shared_{shared},
      admission_{admission},
      reader_{shared.service, shared.limits.header_bytes},
      pause_{stream_.get_executor(), TimePoint::max()}
{
    // Errors are ignored: if the client has already disconnected, the first read fails as well.
    boost::system::error_code ignored;
    stream_.socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
    stream_.socket().non_blocking(true, ignored);
}

Session::~Session()
{
    std::erase(shared_.waiting, this);
    std::erase(shared_.live, this);
    std::ranges::replace(shared_.held, this, nullptr);
}

boost::asio::awaitable<void> Session::serve()
{
    bool keep_alive = true;
    while (keep_alive) {
        const bool received = co_await receive();
        if (!stream_.socket().is_open())
            co_return;
        if (!received) {
            // The client may be long gone, so do not wait for its close_notify.
            if (stream_.encrypted())
                co_await linger(std::chrono::milliseconds{0});
            co_return;
        }
        const bool answered = co_await answer();
        if (!answered)
            co_return;
        keep_alive = reader_.state() == RequestReader::State::complete && !shared_.stopping &&
                     admission_ == Admission::ordinary && !reply_.delivery.body_bytes &&
                     (reader_.keep_alive() || reply_.tunnel) && !((reply_.body || reply_.live) && is_http_1_0());
        const bool sent = co_await send(keep_alive, reader_.is_head());
        if (!sent)
            co_return;
        if (keep_alive && reply_.tunnel) {
            opening_ = true;
            early_ = reader_.take_rest();
        } else if (keep_alive) {
            reader_.next();
        }
    }
    co_await linger(shared_.limits.linger);
}

void Session::begin_shutdown()
{
    // Ends the read of an idle session. receive() then serves a request that has arrived unread, or ends the session.
    boost::system::error_code ignored;
    if (phase_ == Phase::idle)
        stream_.socket().cancel(ignored);
    pause_.cancel();
}

void Session::close()
{
    boost::system::error_code ignored;
    stream_.socket().close(ignored);
    pause_.cancel();
}

std::optional<TimePoint> Session::idle_since()
{
    if (admission_ != Admission::ordinary || phase_ != Phase::idle || !stream_.socket().is_open())
        return std::nullopt;
    return entered_;
}

bool Session::holds_reserve() const noexcept
{
    return admission_ == Admission::reserved && (phase_ == Phase::idle || phase_ == Phase::reading) &&
           stream_.socket().is_open();
}

void Session::retry() { pause_.cancel(); }

void Session::wake_live()
{
    if (phase_ == Phase::listening && reply_.live->ready())
        pause_.cancel();
}

void Session::take(Reply reply)
{
    reply_ = std::move(reply);
    pause_.cancel();
}

void Session::expire()
{
    boost::system::error_code ignored;
    deadline_ = std::chrono::steady_clock::now() + until_next_attempt;
    expired_ = true;
    stream_.socket().cancel(ignored);
    pause_.cancel();
}

// Reads until a request is complete or refused. Returns false if the session ends instead: the client has closed, the
// connection was idle for too long, or the server stops.
boost::asio::awaitable<bool> Session::receive()
{
    using State = RequestReader::State;

    phase_ = Phase::writing; // neither idle nor reading, so that the loop enters its phase again and sets the deadline
    while (reader_.state() == State::idle || reader_.state() == State::partial) {
        if (reader_.state() == State::idle) {
            if (phase_ != Phase::idle)
                enter(Phase::idle, idle_limit());
            if (expired_ || (shared_.stopping && admission_ != Admission::late && !stream_.has_input()))
                co_return false;
        } else {
            if (phase_ != Phase::reading)
                enter(Phase::reading, shared_.limits.request);
            if (expired_) {
                reader_.refuse(Refusal::timeout);
                break;
            }
        }

        if (reader_.take_expectation()) {
            const asio::const_buffer go_on{continue_answer.data(), continue_answer.size()};
            const auto [write_error, written] = co_await asio::async_write(stream_, go_on, as_result);
            if (write_error && write_error != asio::error::operation_aborted)
                co_return false;
            continue;
        }

        const asio::mutable_buffer space = reader_.space();
        std::size_t bytes = asio::buffer_copy(space, asio::buffer(early_));
        early_.erase(0, bytes);
        if (bytes == 0) {
            const auto [read_error, read] = co_await stream_.async_read_some(space, as_result);
            if (read_error && (read_error != asio::error::operation_aborted || !stream_.socket().is_open()))
                co_return false;
            bytes = read;
        }
        if (bytes == 0)
            continue;
        if (std::exchange(opening_, false) && begins_tls(*static_cast<const char*>(space.data()))) {
            const bool begun = co_await begin_tls(asio::buffer(space, bytes));
            if (!begun)
                co_return false;
        } else {
            reader_.received(bytes);
        }
    }
    co_return true;
}

// Performs the TLS handshake with a client whose first bytes are `received`. Refuses the client if the server speaks no
// TLS, or if the connection already uses it. Returns false if the session ends: the handshake failed, and the client
// was informed by TLS itself.
boost::asio::awaitable<bool> Session::begin_tls(asio::const_buffer received)
{
    if (shared_.tls == nullptr || stream_.encrypted()) {
        report_unspoken_tls();
        reader_.refuse(Refusal::tls);
        co_return true;
    }
    asio::ssl::context* context = nullptr;
    try {
        context = &shared_.tls->context();
    } catch (const std::exception& e) {
        shared_.report(Importance::error, std::string{"TLS: "} + e.what());
        co_return false;
    }
    early_.clear(); // what came outside TLS must not pass for what came inside
    enter(Phase::handshake, shared_.limits.handshake);
    const auto [error, taken] = co_await stream_.async_handshake(*context, received, as_result);
    if (error && !shared_.stopping)
        shared_.report(Importance::warning, describe_tls_failure(error, expired_));
    phase_ = Phase::writing; // as in receive()
    co_return !error;
}

// Logs once for each client what to do, since few clients show the answer, which is not TLS.
void Session::report_unspoken_tls()
{
    boost::system::error_code ec;
    const auto peer = stream_.socket().remote_endpoint(ec);
    const std::string client = ec ? std::string{"a client"} : peer.address().to_string();
    if (!shared_.without_tls.first(client))
        return;
    shared_.report(Importance::info,
                   client + " starts TLS" +
                       (stream_.encrypted()
                            ? " inside TLS, which is not supported; give it the proxy as http://, not https://"
                            : ", but TLS is off: give it the URL as http://, or start the server with --tls auto "
                              "instead of --tls off"));
}

// Fills reply_ and waits until it may be sent. Returns false if there is nothing to send: the connection was closed
// meanwhile, or the reply is to be dropped (Delivery::drop).
boost::asio::awaitable<bool> Session::answer()
{
    phase_ = Phase::writing; // not idle while the answer is held back, or the connection could be closed to make room
    if (admission_ == Admission::reserved && reader_.state() == RequestReader::State::complete &&
        !shared_.service.has_priority(reader_.request().base()))
        reader_.refuse(Refusal::too_many_connections);
    if (reader_.state() == RequestReader::State::refused) {
        reply_ = {.response = shared_.service.refuse(reader_.refusal(), reader_.refused_header())};
        co_return true;
    }
    // A connection above the limit does not wait: it would keep others from the control API.
    handle(admission_ == Admission::reserved ? longest_wait : std::chrono::milliseconds{0});
    if (admission_ == Admission::reserved && reply_.live) // it would never end
        reply_ = {.response = shared_.service.refuse(Refusal::too_many_connections, reader_.request().base())};
    if (reply_.continue_after) {
        const bool finished = co_await finish_handling();
        if (!finished)
            co_return false;
    }
    if (reply_.held)
        co_await wait_while_held();
    if (reply_.wait) {
        const bool answered = co_await wait_for_others();
        if (!answered)
            co_return false;
    }
    if (reply_.delivery.delay.count() > 0) {
        const bool paused = co_await pause(reply_.delivery.delay);
        if (!paused)
            co_return false;
    }
    if (reply_.delivery.drop)
        close();
    co_return !reply_.delivery.drop;
}

bool Session::is_http_1_0() const
{
    return reader_.state() == RequestReader::State::complete && reader_.request().version() < 11;
}

void Session::handle(std::chrono::milliseconds waited)
{
    // Reserved now, so that nothing can fail between holding back an answer and registering the session for it.
    shared_.held.reserve(shared_.held.size() + 1);
    reply_ =
        shared_.service.handle(reader_.request(), {.waited = waited, .encrypted = stream_.encrypted(), .kept = &kept_});
    if (reply_.held)
        shared_.held.push_back(this);
    if (reply_.state_changed)
        shared_.notify_waiters();
    if (!shared_.live.empty())
        shared_.wake_live();
}

// Handles the request again, in turn with other handlers that are ready, until it is finished. Returns false and leaves
// the rest undone if the client has closed or the server stops meanwhile.
boost::asio::awaitable<bool> Session::finish_handling()
{
    while (reply_.continue_after) {
        watch_for_end();
        if (reply_.continue_after->count() > 0) {
            enter(Phase::pausing, *reply_.continue_after);
            while (!expired_ && stream_.socket().is_open())
                co_await pause_.async_wait(as_result);
        }
        enter(Phase::working, longest_wait);
        // Asio first looks for requests that have arrived meanwhile, and then handles them: each takes a turn.
        for (int turn = 0; turn < 2; ++turn)
            co_await asio::post(stream_.get_executor(), asio::use_awaitable);
        if (!stream_.socket().is_open()) {
            kept_.reset(); // which may be something to tell
            shared_.wake_live();
            co_return false;
        }
        handle(std::chrono::milliseconds{0});
    }
    kept_.reset();
    co_return true;
}

// Waits until take() has brought the answer. The first session that waits has the answers given to all of them, after
// the handlers that are ready now. That is so soon that the client is not watched meanwhile.
boost::asio::awaitable<void> Session::wait_while_held()
{
    if (!std::exchange(shared_.giving, true)) {
        const GiveHeldAnswers then{shared_};
        co_await asio::post(stream_.get_executor(), asio::use_awaitable);
    }
    while (reply_.held)
        co_await pause_.async_wait(as_result);
}

// Handles the request again after each change of state, and when the time in Reply::wait has passed, until there is an
// answer. When the server stops, the request is handled one last time as if it had waited for longest_wait. Returns
// false if the connection was closed meanwhile.
boost::asio::awaitable<bool> Session::wait_for_others()
{
    const TimePoint began = std::chrono::steady_clock::now();
    shared_.waiting.push_back(this);
    while (reply_.wait && stream_.socket().is_open()) {
        if (!shared_.stopping) {
            enter(Phase::waiting, *reply_.wait);
            watch_for_end();
            co_await pause_.async_wait(as_result);
        }
        const bool last = shared_.stopping;
        const auto waited =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
        if (stream_.socket().is_open())
            reply_ = shared_.service.handle(
                reader_.request(),
                {.waited = last ? longest_wait : waited, .encrypted = stream_.encrypted(), .kept = &kept_});
        if (last)
            break;
    }
    std::erase(shared_.waiting, this);
    kept_.reset();
    co_return stream_.socket().is_open() && !reply_.wait;
}

// Waits for `time`, or until the server stops. Returns false if the connection was closed meanwhile.
boost::asio::awaitable<bool> Session::pause(std::chrono::milliseconds time)
{
    enter(Phase::pausing, time);
    watch_for_end();
    while (!expired_ && !shared_.stopping && stream_.socket().is_open())
        co_await pause_.async_wait(as_result);
    co_return stream_.socket().is_open();
}

// While an answer is held back, nothing reads from the socket, and a client that disconnects would keep its connection
// until the answer is sent. So this waits for the socket to become readable and closes the session if there are no
// bytes to read: the client has closed. A client that has shut down only its sending side and still reads, which HTTP
// allows, looks the same and is closed as well.
void Session::watch_for_end()
{
    if (watching_)
        return;
    watching_ = true;
    stream_.socket().async_wait(asio::ip::tcp::socket::wait_read,
                                [this, alive = std::weak_ptr{alive_}](const boost::system::error_code& ec) {
                                    if (alive.expired())
                                        return;
                                    watching_ = false;
                                    const bool held = phase_ == Phase::working || phase_ == Phase::waiting ||
                                                      phase_ == Phase::listening || phase_ == Phase::pausing;
                                    if (!ec && held && stream_.has_ended())
                                        close();
                                });
}

// Sends reply_. Returns false if the client has disconnected or does not accept the bytes in time.
boost::asio::awaitable<bool> Session::send(bool keep_alive, bool head_only)
{
    const Response& response = reply_.response;
    const Delivery& delivery = reply_.delivery;
    const bool http2 = reader_.state() == RequestReader::State::refused && reader_.refusal() == Refusal::http2;
    if (http2)
        head_ = http2_answer(reader_.http2_stream(), response.body());
    else if (reply_.tunnel && keep_alive)
        head_ = tunnel_head;
    else
        format_head(head_, response, shared_.date.now(), keep_alive,
                    !reply_.body && !reply_.live ? Framing::length
                    : is_http_1_0()              ? Framing::close
                                                 : Framing::chunked);
    std::array<asio::const_buffer, 2> parts{asio::buffer(head_), {}};
    asio::const_buffer slow;
    if (!head_only && !http2 && !reply_.tunnel && !reply_.body && !reply_.live && !has_no_body(response)) {
        const std::size_t bytes = std::min(response.body().size(), delivery.body_bytes.value_or(std::string::npos));
        (delivery.body_bytes_per_second == 0 ? parts[1] : slow) = asio::buffer(response.body(), bytes);
    }

    // Nearly every answer fits into the socket's send buffer. Writing it at once saves an asynchronous wait and its
    // deadline.
    boost::system::error_code write_error;
    std::size_t written = 0;
    if (stream_.encrypted())
        join_for_tls(parts, head_);
    else
        written = stream_.socket().write_some(parts, write_error);
    if (write_error && write_error != asio::error::would_block)
        co_return false;
    if (written != asio::buffer_size(parts)) {
        const std::size_t of_head = std::min(written, parts[0].size());
        parts[0] += of_head;
        parts[1] += written - of_head;
        const bool rest_written = co_await write(parts);
        if (!rest_written)
            co_return false;
    }
    bool sent = true;
    if (slow.size() > 0)
        sent = co_await send_slowly(slow);
    else if (reply_.body && !head_only)
        sent = co_await send_pieces(!is_http_1_0());
    else if (reply_.live && !head_only)
        sent = co_await send_live(!is_http_1_0());
    reply_.live.reset(); // the answer to HEAD has no body
    co_return sent;
}

// Returns false if the client has disconnected or does not accept Limits::write_bytes in time.
boost::asio::awaitable<bool> Session::write(std::array<asio::const_buffer, 2> parts)
{
    while (asio::buffer_size(parts) > 0) {
        const std::size_t of_first = std::min(parts[0].size(), shared_.limits.write_bytes);
        const std::array<asio::const_buffer, 2> next{asio::buffer(parts[0], of_first),
                                                     asio::buffer(parts[1], shared_.limits.write_bytes - of_first)};
        enter(Phase::writing, shared_.limits.write);
        const auto [error, written] = co_await asio::async_write(stream_, next, as_result);
        if (error)
            co_return false;
        parts[0] += of_first;
        parts[1] += written - of_first;
    }
    co_return true;
}

// Sends a body that is produced while it is sent (Reply::body), in chunks or, if `chunked` is false, as it is. Returns
// false if sending ends before the body does.
boost::asio::awaitable<bool> Session::send_pieces(bool chunked)
{
    bool ended = false;
    while (!ended) {
        std::string piece;
        try {
            piece = reply_.body->next();
        } catch (const std::exception& e) {
            shared_.report(Importance::error, std::string{"cannot produce the rest of an answer: "} + e.what());
            co_return false;
        }
        ended = piece.empty();
        if (chunked)
            piece = chunk_of(piece);
        const bool written = co_await write({asio::buffer(piece), {}});
        if (!written)
            co_return false;
    }
    co_return true;
}

// Sends a live body (Reply::live) until it ends or the server stops, in chunks or, if `chunked` is false, as it is.
// Returns false if the client leaves or does not accept the bytes in time.
boost::asio::awaitable<bool> Session::send_live(bool chunked)
{
    shared_.live.push_back(this);
    TimePoint sent_at = std::chrono::steady_clock::now();
    std::optional<std::string> piece{""};
    while (piece && stream_.socket().is_open()) {
        try {
            const bool silent = std::chrono::steady_clock::now() - sent_at >= shared_.limits.silence;
            piece = shared_.stopping ? std::nullopt : reply_.live->next(silent);
        } catch (const std::exception& e) {
            shared_.report(Importance::error, std::string{"cannot produce the rest of an answer: "} + e.what());
            break;
        }
        std::string bytes = piece.value_or("");
        if (chunked && (!bytes.empty() || !piece))
            bytes = chunk_of(bytes);
        if (!bytes.empty()) {
            const bool written = co_await write({asio::buffer(bytes), {}});
            if (!written)
                break;
            sent_at = std::chrono::steady_clock::now();
        }
        if (piece)
            co_await wait_for_news(sent_at + shared_.limits.silence);
    }
    std::erase(shared_.live, this);
    reply_.live.reset();
    co_return !piece;
}

// Waits until the live body has something new, the server stops, the client leaves, or `latest` is reached.
boost::asio::awaitable<void> Session::wait_for_news(TimePoint latest)
{
    const auto left = latest - std::chrono::steady_clock::now();
    enter(Phase::listening, std::max(std::chrono::milliseconds{0}, std::chrono::ceil<std::chrono::milliseconds>(left)));
    while (!reply_.live->ready() && !expired_ && !shared_.stopping && stream_.socket().is_open()) {
        watch_for_end();
        co_await pause_.async_wait(as_result);
    }
    phase_ = Phase::writing;
}

// Sends `body` at the rate that the reply asks for: a tenth of the rate ten times a second or, below ten bytes per
// second, single bytes. Returns false if the connection was closed or the client does not accept a piece in time.
boost::asio::awaitable<bool> Session::send_slowly(asio::const_buffer body)
{
    const std::size_t rate = reply_.delivery.body_bytes_per_second;
    const std::size_t piece = std::max<std::size_t>(1, rate / 10);
    const std::chrono::milliseconds gap{static_cast<std::chrono::milliseconds::rep>(1000 * piece / rate)};
    while (body.size() > 0) {
        const bool paused = co_await pause(gap);
        if (!paused)
            co_return false;
        const asio::const_buffer next = asio::buffer(body, piece);
        enter(Phase::writing, shared_.limits.write);
        const auto [write_error, written] = co_await asio::async_write(stream_, next, as_result);
        if (write_error)
            co_return false;
        body += written;
    }
    co_return true;
}

// Shuts down the sending side and discards what the client still sends, for at most `limit`; see Limits::linger.
// Closing a socket with unread input would reset the connection, and the reset may reach the client before it has read
// the answer.
boost::asio::awaitable<void> Session::linger(std::chrono::milliseconds limit)
{
    enter(Phase::lingering, limit);
    if (stream_.encrypted()) {
        const auto [tls_error] = co_await stream_.async_shutdown(as_result);
        if (!tls_error)
            co_return;
    }
    boost::system::error_code shutdown_error;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, shutdown_error);
    if (shutdown_error)
        co_return;
    std::size_t left = shared_.limits.linger_bytes;
    while (left > 0 && !expired_) {
        const asio::mutable_buffer space = reader_.space();
        const auto [read_error, bytes] = co_await stream_.socket().async_read_some(space, as_result);
        if (read_error)
            co_return;
        left -= std::min(left, bytes);
    }
}

std::chrono::milliseconds Session::idle_limit() const
{
    switch (admission_) {
    case Admission::ordinary:
        return shared_.limits.idle;
    case Admission::reserved:
        return shared_.limits.reserved_idle;
    case Admission::late:
        return shared_.limits.late;
    }
    return {};
}

// Begins a phase that may last for `limit`.
void Session::enter(Phase phase, std::chrono::milliseconds limit)
{
    phase_ = phase;
    expired_ = false;
    entered_ = std::chrono::steady_clock::now();
    deadline_ = entered_ + limit;
    shared_.wake_by(deadline_);
}

} // namespace cvm::http
