#include "server/http/session.hpp"

#include "server/base/log.hpp"
#include "server/base/text.hpp"
#include "server/tls/identity.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/emulator.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <system_error>

namespace cvm::fuzz {

namespace asio = boost::asio;
namespace bhttp = boost::beast::http;

namespace {

// Echoes the request, so that an answer shows how its request was read.
class Echo final : public http::Service {
public:
    http::Reply handle(const http::Request& request, const http::Arrival& arrival) noexcept override
    {
        http::Reply reply{.response = http::Response{bhttp::status::ok, 11}};
        reply.response.body() = one_line(std::string{request.method_string()} + " " + std::string{request.target()} +
                                         (arrival.encrypted ? " encrypted " : " ") + request.body());
        reply.tunnel = request.method() == bhttp::verb::connect;
        return reply;
    }
    http::Response refuse(http::Refusal reason, const http::RequestHeader& header) noexcept override
    {
        http::Response response{bhttp::status::bad_request, 11};
        response.body() = std::to_string(static_cast<int>(reason)) + " " + std::string{header.target()};
        return response;
    }
    bool has_priority(const http::RequestHeader&) const noexcept override { return false; }
    std::uint64_t body_limit(const http::RequestHeader&) const noexcept override { return 2048; }
};

tls::Identity& identity()
{
    static const test::StillClock wall{test::test_time};
    static Log log{LogLevel::off};
    static tls::Identity made{{.names = {"localhost"}}, wall, log};
    return made;
}

void send_all(int socket, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0)
            return; // the session has closed
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::string receive_all(int socket)
{
    std::string all;
    std::array<char, 4096> buffer;
    for (ssize_t bytes = 0; (bytes = ::recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT)) > 0;)
        all.append(buffer.data(), static_cast<std::size_t>(bytes));
    return all;
}

// The answer of a session to a client that sends `bytes`, `piece` at once, and then closes.
std::string answers(std::string_view bytes, std::size_t piece, http::TlsSource* tls)
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        throw std::system_error{errno, std::generic_category(), "socketpair"};
    const int client = ends[0];
    std::string received;
    {
        asio::io_context io{1};
        Echo service;
        http::Shared shared{service, {}, tls, [](http::Importance, std::string_view) {}, asio::steady_timer{io}};
        asio::ip::tcp::socket socket{io, asio::ip::tcp::v4(), ends[1]};
        http::Session session{std::move(socket), shared, http::Session::Admission::ordinary};
        bool ended = false;
        asio::co_spawn(io, session.serve(), [&](const std::exception_ptr& problem) {
            ended = true;
            session.close();
            if (problem)
                std::rethrow_exception(problem);
        });
        while (!bytes.empty()) {
            const std::string_view next = bytes.substr(0, piece);
            bytes.remove_prefix(next.size());
            send_all(client, next);
            io.poll();
            received += receive_all(client);
        }
        ::shutdown(client, SHUT_WR);
        while (!ended && io.run_one() > 0)
            received += receive_all(client);
        expect(ended, "a session ends when its client has");
    }
    received += receive_all(client);
    ::close(client);
    return received;
}

void erase_all(std::string& text, std::string_view from, std::string_view to)
{
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at))
        text.erase(at, text.find(to, at + from.size()) - at);
}

// The answer without the parts that depend on the time and on whether the body arrived together with the header.
std::string comparable(std::string text)
{
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    erase_all(text, "\r\nDate: ", "\r\n");
    for (auto at = text.find(go_on); at != std::string::npos; at = text.find(go_on))
        text.erase(at, go_on.size());
    return text;
}

} // namespace

// All bytes that a client sends: HTTP, HTTP/2 or TLS. The session ends when the client does. Plain bytes get the same
// answer however they are split; the answer to TLS is TLS or nothing.
void connection(std::string_view input)
{
    if (!input.empty() && http::begins_tls(input.front())) {
        const std::string answer = answers(input, std::string_view::npos, &identity());
        // A handshake record or an alert.
        expect(answer.empty() || answer.front() == 0x16 || answer.front() == 0x15, "TLS is answered in TLS", answer);
    }
    const std::string whole = comparable(answers(input, std::string_view::npos, nullptr));
    const bool http2 = whole.starts_with(std::string_view{"\0\0\0\4", 4}); // an empty SETTINGS frame
    expect(whole.empty() || whole.starts_with("HTTP/1.1 ") || http2, "HTTP is answered in HTTP", whole);
    const std::string pieces = comparable(answers(input, 13, nullptr));
    // A problem in a header that arrives in pieces is detected only when the header is complete.
    const bool waits = whole.starts_with(pieces) && whole.substr(pieces.size()).starts_with("HTTP/1.1 400 ");
    expect(pieces == whole || waits, "it is answered alike in pieces", pieces + "\n--- whole: ---\n" + whole);
}

} // namespace cvm::fuzz
