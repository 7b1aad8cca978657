#pragma once

#include "server/http/listener.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace cvm::http::test {

// How long anything may take before the test fails. Nothing passes or fails for being slower than this only.
constexpr std::chrono::seconds patience{20};

constexpr std::uint64_t small_body_limit = 1000;
constexpr std::uint64_t upload_body_limit = 4'000'000;

// Answers a request with what it was, so that a test sees what arrived.
//
// handle: 200 and the body "<method> <target> <body>", with the request's X-Extra, if any, as X-Extra;
//         for the target /empty 204, for /large as many bytes as the request's X-Size says;
//         for /wait only once there was a request to /change or X-Wait milliseconds are over;
//         delivered as X-Delay (milliseconds), X-Drop, X-Truncate (bytes), X-Rate (bytes per second) say.
// refuse: a status of its own for each reason, the body "refused <target>".
class EchoService : public Service {
public:
    Reply handle(const Request& request, std::chrono::milliseconds waited) noexcept override
    {
        namespace bhttp = boost::beast::http;
        if (request.target() == "/wait" && !state_changed && waited < std::chrono::milliseconds{wait_ms(request)}) {
            ++waits;
            return {.response = {}, .wait = std::chrono::milliseconds{wait_ms(request)} - waited};
        }
        handled.push_back(std::string{request.method_string()} + " " + std::string{request.target()} + " " +
                          request.body());
        state_changed = state_changed || request.target() == "/change";
        Response response;
        response.set("X-Request-Id", std::to_string(handled.size()));
        if (const auto extra = request.find("X-Extra"); extra != request.end())
            response.set("X-Extra", extra->value());
        response.set(bhttp::field::content_type, "application/json");
        if (request.target() == "/empty")
            response.result(bhttp::status::no_content);
        else if (request.target() == "/large")
            response.body().assign(std::stoul(std::string{request["X-Size"]}), 'x');
        else
            response.body() = handled.back();
        return {.response = std::move(response), .delivery = delivery_for(request), .state_changed = true};
    }

    Response refuse(Refusal reason, const RequestHeader& header) noexcept override
    {
        refused.push_back(reason);
        Response response;
        response.result(status_of(reason));
        response.set(boost::beast::http::field::content_type, "application/json");
        response.body() = "refused " + std::string{header.target()};
        return response;
    }

    std::uint64_t body_limit(const RequestHeader& header) const noexcept override
    {
        return header.target() == "/upload" ? upload_body_limit : small_body_limit;
    }

    static unsigned status_of(Refusal reason)
    {
        switch (reason) {
        case Refusal::malformed:
            return 400;
        case Refusal::header_too_large:
            return 431;
        case Refusal::body_too_large:
            return 413;
        case Refusal::timeout:
            return 408;
        case Refusal::too_many_connections:
            return 503;
        }
        return 500;
    }

    static std::int64_t wait_ms(const Request& request) { return std::stol(std::string{request["X-Wait"]}); }

    static Delivery delivery_for(const Request& request)
    {
        const auto number = [&](const char* name) {
            const auto at = request.find(name);
            return at == request.end() ? 0UL : std::stoul(std::string{at->value()});
        };
        Delivery delivery;
        delivery.delay = std::chrono::milliseconds{static_cast<std::int64_t>(number("X-Delay"))};
        delivery.drop = number("X-Drop") == 1;
        if (request.find("X-Truncate") != request.end())
            delivery.body_bytes = number("X-Truncate");
        delivery.body_bytes_per_second = number("X-Rate");
        return delivery;
    }

    // To be read when the server's thread has ended.
    bool state_changed = false;
    std::size_t waits = 0; // how often a request was told to wait
    std::vector<std::string> handled;
    std::vector<Refusal> refused;
};

// A server on a free port of 127.0.0.1, with a thread of its own.
class Fixture {
public:
    explicit Fixture(const Limits& limits = {})
        : server_{io_, service, limits, [this](std::string_view line) { take_report(line); }}
    {
        endpoint_ = server_.listen("127.0.0.1", 0);
        auto returned = std::make_unique<std::promise<void>>();
        returned_ = returned->get_future();
        thread_ = std::thread{[this, returned = std::move(returned)] {
            io_.run();
            returned->set_value();
        }};
    }

    ~Fixture()
    {
        if (!thread_.joinable())
            return;
        boost::asio::post(io_, [this] { server_.stop_now(); });
        if (returned_.wait_for(patience) != std::future_status::ready)
            io_.stop();
        thread_.join();
    }

    Fixture(const Fixture&) = delete;
    Fixture& operator=(const Fixture&) = delete;

    std::uint16_t port() const { return endpoint_.port(); }

    // Runs `call` on the server's thread and waits for it.
    void on_server(const std::function<void(Server&)>& call)
    {
        std::promise<void> done;
        boost::asio::post(io_, [&] {
            call(server_);
            done.set_value();
        });
        done.get_future().wait();
    }

    void stop()
    {
        on_server([](Server& server) { server.stop(); });
    }

    void stop_now()
    {
        on_server([](Server& server) { server.stop_now(); });
    }

    // Waits until the server has noticed that only so many connections are left.
    void wait_for_connections(std::size_t count)
    {
        const auto give_up = std::chrono::steady_clock::now() + patience;
        std::size_t open = count + 1;
        while (open != count) {
            REQUIRE(std::chrono::steady_clock::now() < give_up);
            on_server([&](Server& server) { open = server.connections(); });
        }
    }

    // Waits until requests have been told to wait so many times.
    void wait_for_waits(std::size_t count)
    {
        wait_until([&] { return service.waits >= count; });
    }

    // Waits until so many requests have been handled.
    void wait_for_handled(std::size_t count)
    {
        wait_until([&] { return service.handled.size() >= count; });
    }

    // Waits until something is so on the server's thread.
    void wait_until(const std::function<bool()>& holds)
    {
        const auto give_up = std::chrono::steady_clock::now() + patience;
        for (bool held = false; !held; on_server([&](Server&) { held = holds(); }))
            REQUIRE(std::chrono::steady_clock::now() < give_up);
    }

    // Waits until io.run() has returned by itself.
    void join()
    {
        REQUIRE(returned_.wait_for(patience) == std::future_status::ready);
        thread_.join();
    }

    // Waits for a line to be reported.
    std::string next_report()
    {
        std::unique_lock lock{reports_mutex_};
        REQUIRE(reported_.wait_for(lock, patience, [this] { return !reports_.empty(); }));
        std::string line = std::move(reports_.front());
        reports_.erase(reports_.begin());
        return line;
    }

    // Reported lines that no next_report() has taken.
    std::vector<std::string> reports()
    {
        const std::lock_guard lock{reports_mutex_};
        return reports_;
    }

    EchoService service;

private:
    void take_report(std::string_view line)
    {
        const std::lock_guard lock{reports_mutex_};
        reports_.emplace_back(line);
        reported_.notify_one();
    }

    std::mutex reports_mutex_;
    std::condition_variable reported_;
    std::vector<std::string> reports_;
    boost::asio::io_context io_{1};
    Server server_;
    boost::asio::ip::tcp::endpoint endpoint_;
    std::future<void> returned_;
    std::thread thread_;
};

struct Answer {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;

    // The value of the first field of this name, spelt so; empty if there is none.
    std::string field(std::string_view name) const
    {
        const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
        return found == fields.end() ? "" : found->second;
    }

    std::vector<std::string> field_names() const
    {
        std::vector<std::string> names;
        for (const auto& [name, value] : fields)
            names.push_back(name);
        return names;
    }
};

enum class BodySent { yes, no };

// A blocking client that sends exactly what it is told to. Waiting longer than `patience` fails the test.
class Client {
public:
    Client() : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    {
        REQUIRE(fd_ >= 0);
        const timeval limit{.tv_sec = patience.count(), .tv_usec = 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    }

    explicit Client(const Fixture& server) : Client{server.port()} {}
    explicit Client(std::uint16_t port) : Client{} { REQUIRE(try_connect(port)); }

    Client(Client&& other) noexcept
        : fd_{std::exchange(other.fd_, -1)}, reset_{other.reset_}, received_{std::move(other.received_)}
    {
    }

    Client& operator=(Client&&) = delete;
    ~Client() { close(); }

    bool try_connect(const Fixture& server) { return try_connect(server.port()); }

    bool try_connect(std::uint16_t port)
    {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    }

    void connect(const Fixture& server) { REQUIRE(try_connect(server)); }

    // Does both before the server sees either, so that the idle limit, however short, cannot strike in between.
    void connect_and_send(Fixture& server, std::string_view bytes)
    {
        bool connected = false;
        server.on_server([&](Server&) {
            connected = try_connect(server);
            send(bytes);
        });
        REQUIRE(connected);
    }

    // False if the server has gone before it took everything.
    bool send(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent < 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    void shutdown_send() { ::shutdown(fd_, SHUT_WR); }

    void no_delay()
    {
        const int on = 1;
        ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }

    void close_with_reset()
    {
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close();
    }

    void close()
    {
        if (fd_ >= 0)
            ::close(fd_);
        fd_ = -1;
    }

    // Waits for further bytes of whatever comes. False if the connection has ended.
    bool receive_more()
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

    // The next answer; none if the connection ends before it is complete.
    std::optional<Answer> receive(BodySent body_sent = BodySent::yes)
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

    // Sends a request and fails the test without an answer.
    Answer exchange(std::string_view request, BodySent body_sent = BodySent::yes)
    {
        send(request);
        const auto answer = receive(body_sent);
        REQUIRE(answer);
        return *answer;
    }

    // Whether the connection comes to an end, and in order: without a reset and without another byte.
    bool ends_in_silence()
    {
        while (receive_more())
            ;
        CHECK(received_ == "");
        return received_.empty() && !reset_;
    }

    // What has been received and is no part of an answer that was read.
    std::string take_received() { return std::exchange(received_, {}); }

    // Bytes until the connection ends, one way or the other.
    std::size_t drain()
    {
        while (receive_more())
            ;
        return received_.size();
    }

private:
    static Answer parse_head(std::string_view head)
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

    int fd_ = -1;
    bool reset_ = false;
    std::string received_;
};

// A complete HTTP/1.1 request. `fields` are whole lines.
inline std::string get(std::string_view target, std::string_view fields = "")
{
    return "GET " + std::string{target} + " HTTP/1.1\r\nHost: test\r\n" + std::string{fields} + "\r\n";
}

inline std::string post(std::string_view target, std::string_view body, std::string_view fields = "")
{
    return "POST " + std::string{target} + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + std::string{fields} + "\r\n" + std::string{body};
}

inline std::size_t open_descriptors()
{
    const std::filesystem::directory_iterator all{"/proc/self/fd"};
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

} // namespace cvm::http::test
