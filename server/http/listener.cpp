#include "server/http/listener.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

namespace cvm::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// Pauses between attempts to accept after a failure. The pause doubles after each further failure.
constexpr std::chrono::milliseconds shortest_pause{1};
constexpr std::chrono::milliseconds longest_pause{1000};

// Prefers IPv4: "localhost" often resolves to ::1 before 127.0.0.1. Clients that are given "localhost" try both
// addresses, but clients that are given 127.0.0.1 try only that one.
tcp::endpoint resolve(asio::io_context& io, const std::string& host, std::uint16_t port)
{
    boost::system::error_code not_an_address;
    const auto address = asio::ip::make_address(host, not_an_address);
    if (!not_an_address)
        return {address, port};
    // RFC 6761 section 6.3. A static binary in an empty container has nothing to look names up with.
    if (host == "localhost")
        return {asio::ip::address_v4::loopback(), port};

    tcp::resolver resolver{io};
    const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive);
    const auto is_v4 = [](const auto& entry) { return entry.endpoint().address().is_v4(); };
    const auto v4 = std::find_if(found.begin(), found.end(), is_v4);
    return v4 != found.end() ? v4->endpoint() : found.begin()->endpoint();
}

} // namespace

Server::Server(asio::io_context& io, Service& service, const Limits& limits, Report report, TlsSource* tls,
               Connections* counts)
    : io_{io},
      shared_{.service = service,
              .limits = limits,
              .tls = tls,
              .report = std::move(report),
              .timer = asio::steady_timer{io, TimePoint::max()}},
      acceptor_{io},
      accept_pause_{io},
      counts_{counts != nullptr ? *counts : unused_counts_}
{
}

Server::~Server() = default;

tcp::endpoint Server::listen(const std::string& host, std::uint16_t port)
{
    try {
        const tcp::endpoint endpoint = resolve(io_, host, port);
        acceptor_.open(endpoint.protocol());
        acceptor_.set_option(tcp::acceptor::reuse_address{true});
        acceptor_.bind(endpoint);
        acceptor_.listen();
    } catch (const boost::system::system_error& e) {
        close_acceptor();
        throw boost::system::system_error{e.code(), "cannot listen on " + host + ":" + std::to_string(port)};
    }

    asio::co_spawn(io_, accept_loop({*this, accepting_}), asio::detached);
    asio::co_spawn(io_, watch_deadlines({*this, watching_}), asio::detached);
    return acceptor_.local_endpoint();
}

void Server::stop()
{
    if (shared_.stopping)
        return;
    shared_.stopping = true;
    for (Session& session : sessions_)
        session.begin_shutdown();
    accept_waiting();
    close_acceptor();
    close_all_at_ = std::chrono::steady_clock::now() + shared_.limits.stop;
    shared_.wake_by(close_all_at_);
    wake_watch_if_finished();
}

void Server::stop_now()
{
    shared_.stopping = true;
    close_acceptor();
    for (Session& session : sessions_)
        session.close();
    wake_watch_if_finished();
}

void Server::run()
{
    constexpr std::chrono::milliseconds until_next_attempt{10};
    for (;;) {
        try {
            io_.poll(); // destroys the coroutines that ended for lack of memory
            if (restart_coroutines()) {
                io_.run();
                return;
            }
            io_.run_for(until_next_attempt); // others may free memory
        } catch (const std::bad_alloc& e) {
            report_exception("server", e);
        }
    }
}

// Restarts the coroutines that must run as long as the server. Returns false if there is not enough memory.
bool Server::restart_coroutines()
{
    try {
        if (!accepting_ && acceptor_.is_open())
            asio::co_spawn(io_, accept_loop({*this, accepting_}), asio::detached);
        if (!watching_ && !is_finished())
            asio::co_spawn(io_, watch_deadlines({*this, watching_}), asio::detached);
    } catch (const std::bad_alloc& e) {
        report_exception("server", e);
    }
    return (accepting_ || !acceptor_.is_open()) && (watching_ || is_finished());
}

asio::awaitable<void> Server::accept_loop([[maybe_unused]] CoroutineGuard guard)
{
    std::chrono::milliseconds pause = shortest_pause;
    while (acceptor_.is_open()) {
        tcp::socket socket{io_};
        const auto [accept_error] = co_await acceptor_.async_accept(socket, as_result);
        if (!accept_error) {
            pause = shortest_pause;
            try {
                admit(std::move(socket));
            } catch (const std::bad_alloc& e) {
                report_exception("connection", e);
            }
            continue;
        }
        if (!acceptor_.is_open())
            break;
        // Usually EMFILE, out of file descriptors: the connection stays in the queue of the system, and another attempt
        // would fail immediately.
        if (pause == shortest_pause)
            shared_.report(Importance::error, "accept: " + accept_error.message() + "; trying again");
        accept_pause_.expires_after(pause);
        co_await accept_pause_.async_wait(as_result);
        pause = std::min(pause * 2, longest_pause);
    }
}

// Accepts what waits in the queue, since closing the listening socket would reset those connections.
void Server::accept_waiting()
{
    boost::system::error_code ec;
    acceptor_.non_blocking(true, ec);
    for (std::size_t left = shared_.limits.connections; left > 0 && !ec; --left) {
        tcp::socket socket{io_};
        acceptor_.accept(socket, ec);
        if (!ec)
            admit(std::move(socket));
    }
}

void Server::admit(tcp::socket socket)
{
    ++counts_.accepted;
    if (shared_.stopping)
        return start(std::move(socket), Session::Admission::late);
    const bool full = sessions_.size() - reserved_ >= shared_.limits.connections;
    const bool reserved = full && !close_longest_idle();
    if (reserved && reserved_ >= shared_.limits.reserved && !close_oldest_reserved()) {
        ++counts_.refused;
        return;
    }
    start(std::move(socket), reserved ? Session::Admission::reserved : Session::Admission::ordinary);
}

void Server::start(tcp::socket socket, Session::Admission admission)
{
    const auto session = sessions_.emplace(sessions_.end(), std::move(socket), shared_, admission);
    reserved_ += session->is_reserved();
    ++counts_.open;
    asio::co_spawn(io_, serve(*session, {*this, session}), asio::detached);
}

asio::awaitable<void> Server::serve(Session& session, [[maybe_unused]] CoroutineGuard guard)
{
    try {
        co_await session.serve();
    } catch (const std::exception& e) {
        report_exception("session", e);
    }
}

Server::CoroutineGuard::~CoroutineGuard()
{
    if (alive_.expired())
        return;
    if (there_ != nullptr) {
        *there_ = false;
    } else {
        server_->reserved_ -= session_->is_reserved();
        --server_->counts_.open;
        server_->sessions_.erase(session_);
    }
    server_->wake_watch_if_finished();
}

// Returns false if no connection has been idle for long enough.
bool Server::close_longest_idle()
{
    const TimePoint latest = std::chrono::steady_clock::now() - shared_.limits.idle_before_closing;
    Session* longest = nullptr;
    TimePoint since = TimePoint::max();
    for (Session& session : sessions_) {
        const auto idle = session.idle_since();
        if (idle && *idle <= latest && *idle < since && !session.has_input()) {
            longest = &session;
            since = *idle;
        }
    }
    if (longest == nullptr)
        return false;
    longest->close();
    ++counts_.evicted;
    return true;
}

// Otherwise clients that send nothing, or only a part of a request, could keep all others from the control API. Returns
// false if there is no such connection.
bool Server::close_oldest_reserved()
{
    const auto oldest = std::ranges::find_if(
        sessions_, [](Session& session) { return session.holds_reserve() && !session.has_input(); });
    if (oldest == sessions_.end())
        return false;
    oldest->close();
    return true;
}

asio::awaitable<void> Server::watch_deadlines([[maybe_unused]] CoroutineGuard guard)
{
    while (!is_finished()) {
        // Ends with an error, which does not matter, when Shared::wake_by() sets an earlier deadline or when
        // wake_watch_if_finished() cancels the timer.
        co_await shared_.timer.async_wait(as_result);
        check_deadlines();
    }
}

void Server::check_deadlines()
{
    const TimePoint now = std::chrono::steady_clock::now();
    if (close_all_at_ <= now) {
        close_all_at_ = TimePoint::max();
        stop_now();
    }
    TimePoint next = close_all_at_;
    for (Session& session : sessions_) {
        if (session.deadline() <= now)
            session.expire();
        next = std::min(next, session.deadline());
    }
    shared_.wake_at = next;
    shared_.timer.expires_at(next);
}

void Server::close_acceptor()
{
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    accept_pause_.cancel();
}

void Server::wake_watch_if_finished()
{
    if (is_finished())
        shared_.timer.cancel();
}

void Server::report_exception(std::string_view where, const std::exception& exception) const noexcept
try {
    shared_.report(Importance::error, std::string{where} + ": " + exception.what());
} catch (const std::bad_alloc&) {
    // Losing the line is better than stopping the server.
}

} // namespace cvm::http
