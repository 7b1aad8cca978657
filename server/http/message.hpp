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

// What every box above the sockets speaks. A target may be in origin form or, from a client behind http_proxy,
// in absolute form; a body is complete and within the limits.
using Request = boost::beast::http::request<boost::beast::http::string_body>;
using RequestHeader = boost::beast::http::request_header<>;
using Response = boost::beast::http::response<boost::beast::http::string_body>;

// How a request came, besides its bytes.
struct Arrival {
    std::chrono::milliseconds waited{0}; // since it was handled first (Reply::wait)
    bool encrypted = false;              // by TLS
    // What the service keeps of a request until it is handled again (Reply::wait, Reply::unfinished); nullptr: nothing
    // can be.
    std::any* kept = nullptr;
};

// How an answer leaves, where it is not to leave whole and at once.
struct Delivery {
    std::chrono::milliseconds delay{0};    // before its first byte
    bool drop = false;                     // the connection ends instead
    std::optional<std::size_t> body_bytes; // no more of the body, though its length is told; then the connection ends
    std::size_t body_bytes_per_second = 0; // 0: as fast as it goes
};

// The body of a response, made piece by piece while it is sent.
class BodySource {
public:
    virtual ~BodySource() = default;

    // The next piece; empty: the body has ended. When it throws, the connection ends in the middle of the body.
    virtual std::string next() = 0;
};

// The body of a response that goes on until the client leaves or the server stops.
class LiveBody {
public:
    virtual ~LiveBody() = default;

    // Whether next() has something new, or the end.
    virtual bool ready() const noexcept = 0;

    // What has come since the last call, maybe nothing; nullopt: the body has ended. `silent`: nothing was sent for
    // Limits::silence, so that it is something at least. When it throws, the connection ends in the middle of the body.
    virtual std::optional<std::string> next(bool silent) = 0;
};

struct Reply {
    Response response;
    std::unique_ptr<BodySource> body{}; // in place of that of the response
    std::unique_ptr<LiveBody> live{};   // likewise; asked again after each request that is handled
    Delivery delivery{};
    // There is no answer yet: the request is to be handled again after another one changed the state, or after this
    // time.
    std::optional<std::chrono::milliseconds> wait{};
    // There is no answer yet: a part of the work is done, and the request is to be handled again after others that have
    // arrived.
    bool unfinished = false;
    bool state_changed = false; // those that wait may have what they wait for
    // The answer is in the next Service::held_answers(), and nothing else of this reply counts.
    bool held = false;
    // The request was CONNECT and is granted: what the client sends from now on is a connection of its own, to this
    // server, whatever address the client gave.
    bool tunnel = false;
};

} // namespace cvm::http
