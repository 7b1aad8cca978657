#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <any>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace cvm::http {

// The types used everywhere above the sockets. A target may be in origin form or, from a client behind http_proxy, in
// absolute form; a body is complete and within the limits.
using Request = boost::beast::http::request<boost::beast::http::string_body>;
using RequestHeader = boost::beast::http::request_header<>;
using Response = boost::beast::http::response<boost::beast::http::string_body>;

// How a request arrived, besides its bytes.
struct Arrival {
    std::chrono::milliseconds waited{0}; // since it was first handled (Reply::wait)
    bool encrypted = false;              // by TLS
    // What the service keeps for a request until it is handled again (Reply::wait, Reply::continue_after); nullptr:
    // nothing can be kept.
    std::any* kept = nullptr;
};

// How an answer is sent, if not whole and immediately.
struct Delivery {
    std::chrono::milliseconds delay{0}; // before its first byte
    bool drop = false;                  // close the connection instead
    // Send only so much of the body, though Content-Length announces all; then close the connection.
    std::optional<std::size_t> body_bytes;
    std::size_t body_bytes_per_second = 0; // 0: unlimited
};

// The body of a response, produced piece by piece while it is sent.
class BodySource {
public:
    virtual ~BodySource() = default;

    // The next piece; empty at the end of the body. If it throws, the connection ends in the middle of the body.
    virtual std::string next() = 0;
};

// The body of a response that continues until the client leaves or the server stops.
class LiveBody {
public:
    virtual ~LiveBody() = default;

    // Whether next() would return something new, or the end.
    virtual bool ready() const noexcept = 0;

    // What is new since the last call, possibly nothing; nullopt at the end of the body. `silent`: nothing was sent for
    // Limits::silence, so the result must not be empty. If it throws, the connection ends in the middle of the body.
    virtual std::optional<std::string> next(bool silent) = 0;
};

struct Reply {
    Response response;
    std::unique_ptr<BodySource> body{}; // replaces the body of the response
    std::unique_ptr<LiveBody> live{};   // likewise; queried after each handled request
    Delivery delivery{};
    // There is no answer yet: the request must be handled again after another request has changed the state, or after
    // this time.
    std::optional<std::chrono::milliseconds> wait{};
    // There is no answer yet: a part of the work is done, and the request must be handled again after this time, and
    // after others that have arrived.
    std::optional<std::chrono::milliseconds> continue_after{};
    bool state_changed = false; // requests that wait may now be answered
    // The answer will be in the next Service::held_answers(); everything else in this reply is ignored.
    bool held = false;
    // The request was CONNECT and is granted: what the client sends from now on is a new connection to this server,
    // whatever address the client gave.
    bool tunnel = false;
};

} // namespace cvm::http
