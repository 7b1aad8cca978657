#include "tests/support/http/client.hpp"

#include "tests/support/http/http_fixture.hpp"

#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iterator>

namespace cvm::http::test {

namespace {

// The status line and the fields, each with its line end.
Answer parse_head(std::string_view head)
{
    REQUIRE(head.starts_with("HTTP/1.1 "));
    Answer answer;
    answer.status = std::stoi(std::string{head.substr(9, 3)});
    head.remove_prefix(head.find("\r\n") + 2);
    while (!head.empty()) {
        const std::string_view line = head.substr(0, head.find("\r\n"));
        const std::size_t colon = line.find(": ");
        REQUIRE(colon != std::string_view::npos);
        answer.fields.emplace_back(line.substr(0, colon), line.substr(colon + 2));
        head.remove_prefix(line.size() + 2);
    }
    return answer;
}

} // namespace

std::string Answer::field(std::string_view name) const
{
    const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
    return found == fields.end() ? "" : found->second;
}

std::vector<std::string> Answer::field_names() const
{
    std::vector<std::string> names;
    for (const auto& [name, value] : fields)
        names.push_back(name);
    return names;
}

Client::Client() : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    REQUIRE(fd_ >= 0);
    const timeval limit{.tv_sec = patience.count(), .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

Client::Client(const Fixture& server) : Client{server.port()} {}

Client::Client(std::uint16_t port) : Client{} { REQUIRE(try_connect(port)); }

Client::Client(Client&& other) noexcept
    : fd_{std::exchange(other.fd_, -1)}, reset_{other.reset_}, received_{std::move(other.received_)}
{
}

Client::~Client() { close(); }

bool Client::try_connect(const Fixture& server) { return try_connect(server.port()); }

bool Client::try_connect(std::uint16_t port)
{
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
}

void Client::connect(const Fixture& server) { REQUIRE(try_connect(server)); }

void Client::connect_and_send(Fixture& server, std::string_view bytes)
{
    bool connected = false;
    server.on_server([&](Server&) {
        connected = try_connect(server);
        send(bytes);
    });
    REQUIRE(connected);
}

bool Client::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void Client::shutdown_send() { ::shutdown(fd_, SHUT_WR); }

void Client::no_delay()
{
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void Client::close_with_reset()
{
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

void Client::close()
{
    if (fd_ >= 0)
        ::close(fd_);
    fd_ = -1;
}

bool Client::receive_more()
{
    char bytes[16 * 1024];
    const ssize_t size = ::recv(fd_, bytes, sizeof bytes, 0);
    if (size < 0 && errno == EAGAIN)
        FAIL("the server neither answers nor closes");
    reset_ = reset_ || size < 0;
    if (size <= 0)
        return false;
    received_.append(bytes, static_cast<std::size_t>(size));
    return true;
}

std::optional<Answer> Client::receive(BodySent body_sent)
{
    std::size_t head_end = 0;
    while ((head_end = received_.find("\r\n\r\n")) == std::string::npos) {
        if (!receive_more())
            return std::nullopt;
    }
    Answer answer = parse_head(std::string_view{received_}.substr(0, head_end + 2));
    received_.erase(0, head_end + 4);

    const std::string length = answer.field("Content-Length");
    const std::size_t body_size = length.empty() || body_sent == BodySent::no ? 0 : std::stoul(length);
    while (received_.size() < body_size) {
        if (!receive_more())
            return std::nullopt;
    }
    answer.body = received_.substr(0, body_size);
    received_.erase(0, body_size);
    return answer;
}

Answer Client::exchange(std::string_view request, BodySent body_sent)
{
    send(request);
    const auto answer = receive(body_sent);
    REQUIRE(answer);
    return *answer;
}

bool Client::ends_in_silence()
{
    while (receive_more())
        ;
    CHECK(received_ == "");
    return received_.empty() && !reset_;
}

std::string Client::take_received() { return std::exchange(received_, {}); }

std::size_t Client::drain()
{
    while (receive_more())
        ;
    return received_.size();
}

std::string get(std::string_view target, std::string_view fields)
{
    return "GET " + std::string{target} + " HTTP/1.1\r\nHost: test\r\n" + std::string{fields} + "\r\n";
}

std::string post(std::string_view target, std::string_view body, std::string_view fields)
{
    return "POST " + std::string{target} + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + std::string{fields} + "\r\n" + std::string{body};
}

std::size_t open_descriptors()
{
    const std::filesystem::directory_iterator all{"/proc/self/fd"};
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

} // namespace cvm::http::test
