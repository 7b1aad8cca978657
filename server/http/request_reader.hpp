#pragma once

#include "server/http/service.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cvm::http {

// Turns the bytes that one connection receives into requests, and refuses unacceptable requests. It knows neither
// sockets nor time: its owner supplies the bytes and enforces the time limits.
class RequestReader {
public:
    enum class State {
        idle,     // no byte of a request received yet
        partial,  // a request has begun and needs more bytes
        complete, // request() may be called
        refused,  // refusal() says why; final, because the beginning of the next request is unknown
    };

    // `service` must outlive the reader; only its body_limit() is called. `header_bytes`: see Limits.
    RequestReader(const Service& service, std::size_t header_bytes);

    // Where to put the next received bytes. Valid until the next call of a non-const function.
    boost::asio::mutable_buffer space();

    // Says that `bytes` bytes have been put at the beginning of space(), and parses them. The state must be idle or
    // partial.
    void received(std::size_t bytes);

    // Drops the request and parses what was received after it. The state must be complete.
    void next();

    // Drops the request and returns what was received after it, unparsed: after CONNECT it need not be HTTP. The state
    // must be complete.
    std::string take_rest();

    // Refuses the request for a reason that only the caller knows, such as Refusal::timeout.
    void refuse(Refusal reason);

    State state() const noexcept { return state_; }

    // Whether the client waits for "100 Continue" before it sends the body: it sent "Expect: 100-continue" and nothing
    // of the body (RFC 7231 section 5.1.1). True at most once per request.
    bool take_expectation();

    // The state must be complete.
    const Request& request() const { return parser_->get(); }

    // The arguments of Service::refuse(), which describes what the header contains. The state must be refused.
    Refusal refusal() const noexcept { return refusal_; }
    const RequestHeader& refused_header() const;

    // The stream of the request that was refused with Refusal::http2; 0 if the request did not arrive.
    std::uint32_t http2_stream() const noexcept { return http2_stream_; }

    // Whether the client lets the connection stay open after the answer. The state must be complete.
    bool keep_alive() const noexcept { return keep_alive_; }

    // Whether the request is HEAD, whose answer has no body. False as long as the header is not complete.
    bool is_head() const;

private:
    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

    void begin_request();
    void parse();
    void parse_http2(std::string_view received);
    bool parse_header();
    void refuse_large_header(std::string_view raw);
    void parse_body();
    void begin_body();
    std::size_t put(boost::asio::const_buffer bytes, boost::system::error_code& ec);

    const Service& service_;
    std::size_t header_bytes_;
    boost::beast::flat_buffer buffer_;
    std::size_t parsed_ = 0; // bytes of buffer_ that the parser has consumed; kept there until the header is complete
    std::optional<Parser> parser_;
    RequestHeader request_line_;                  // of a refused request: method and target, if they could be read
    std::optional<RequestHeader> before_trailer_; // the header of a chunked request, before the trailer is parsed
    State state_ = State::idle;
    Refusal refusal_ = Refusal::malformed;
    bool header_known_ = false; // the parser has a complete header, though it may be refused
    bool keep_alive_ = false;
    bool expects_continue_ = false;
    bool http2_ = false; // the input is not HTTP/1.x: it is HTTP/2, or unknown
    std::uint32_t http2_stream_ = 0;
};

} // namespace cvm::http
