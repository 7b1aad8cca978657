#pragma once

#include "server/http/connections.hpp"
#include "server/http/limits.hpp"
#include "server/http/service.hpp"
#include "tests/support/http/client.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cvm::http {

class Server;
class TlsSource;

} // namespace cvm::http

namespace cvm::http::test {

constexpr std::uint64_t small_body_limit = 1000;
constexpr std::uint64_t upload_body_limit = 4'000'000;

// Answers a request with what it was, so that a test sees what arrived.
//
// handle: 200 and the body "<method> <target> <body>", with the request's X-Extra, if any, as X-Extra;
//         for the target /empty 204, for /large as many bytes as the request's X-Size says;
//         for /wait only once there was a request to /change or X-Wait milliseconds are over;
//         for /later with the next held_answers(), which holds back nothing else;
//         /parts is unfinished until there was a request to /change, and continues after X-Gap milliseconds;
//         for /pieces as many pieces of a body as X-Count says, and then, with X-Break, an exception;
//         for a target that ends with /live a body that goes on: a word for each request to /say so far and from then
//         on, its body, until that is "end" or "break", which throws; when it is silent, "still";
//         CONNECT opens a tunnel if its target ends with :443;
//         delivered as X-Delay (milliseconds), X-Drop, X-Truncate (bytes), X-Rate (bytes per second) say.
// has_priority: a target that begins with /first.
// refuse: a status of its own for each reason, the body "refused <target>".
class EchoService : public Service {
public:
    Reply handle(const Request& request, const Arrival& arrival) noexcept override;
    std::vector<Reply> held_answers() noexcept override;
    Response refuse(Refusal reason, const RequestHeader& header) noexcept override;
    bool has_priority(const RequestHeader& header) const noexcept override;
    std::uint64_t body_limit(const RequestHeader& header) const noexcept override;

    // Must be read only after the server's thread has ended.
    bool state_changed = false;
    std::size_t waits = 0; // number of times a request was told to wait
    std::size_t parts = 0; // number of times a request was unfinished
    std::vector<std::string> handled;
    std::vector<std::size_t> released; // number of answers returned by each held_answers()
    std::vector<Refusal> refused;
    std::vector<std::string> said; // the words sent to /say

private:
    std::vector<Reply> held_;
};

// A server on a free port of 127.0.0.1, with its own thread.
class Fixture {
public:
    // `tls` must outlive the fixture; nullptr: no TLS.
    explicit Fixture(const Limits& limits = {}, TlsSource* tls = nullptr);
    ~Fixture();
    Fixture(const Fixture&) = delete;
    Fixture& operator=(const Fixture&) = delete;

    std::uint16_t port() const;

    // Runs `call` on the server's thread and waits for it.
    void on_server(const std::function<void(Server&)>& call);

    void stop();
    void stop_now();

    // Waits until the server has noticed that only `count` connections are left.
    void wait_for_connections(std::size_t count);

    // Waits until requests have been told to wait `count` times.
    void wait_for_waits(std::size_t count);

    // Waits until `count` requests have been handled.
    void wait_for_handled(std::size_t count);

    // Waits until a condition holds on the server's thread.
    void wait_until(const std::function<bool()>& holds);

    // Waits until the server's thread has ended by itself.
    void join();

    // Waits for a line to be reported.
    std::string next_report();

    // Reported lines that next_report() has not returned.
    std::vector<std::string> reports();

    // Read on the server's thread.
    Connections counts();

    EchoService service;

private:
    struct Impl;

    std::unique_ptr<Impl> impl_;
};

} // namespace cvm::http::test
