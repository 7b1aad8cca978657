#pragma once

#include "server/http/service.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <cstddef>
#include <optional>

namespace cvm::http {

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

} // namespace cvm::http
