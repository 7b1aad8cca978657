#include "server/http/request_reader.hpp"

#include "server/http/http2.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace cvm::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;

namespace {

constexpr std::size_t header_read_bytes = 8 * 1024;  // per read, while a header is not complete
constexpr std::size_t body_read_bytes = 64 * 1024;   // per read of a body
constexpr std::size_t idle_buffer_bytes = 16 * 1024; // the largest buffer that an idle connection keeps

// RFC 9112 section 3.2: a host, as RFC 3986 section 3.2.2 spells it, and optionally a port. The numbers of an address
// are not checked. tccli with an endpoint such as http://127.0.0.1:8213/ sends all of it, and signs it.
bool is_host(std::string_view value)
{
    for (const std::string_view scheme : {"http://", "https://"})
        if (value.starts_with(scheme)) {
            value.remove_prefix(scheme.size());
            if (value.ends_with('/'))
                value.remove_suffix(1);
        }
    constexpr std::string_view of_names = "-._~%!$&'()*+,;=";
    constexpr std::string_view of_addresses = ":.%";
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    const bool address = value.starts_with('[');
    const std::size_t end = std::min(value.find(address ? ']' : ':'), value.size());
    if (address && end == value.size())
        return false;
    const std::string_view name = value.substr(address ? 1 : 0, end - (address ? 1 : 0));
    const std::string_view port = value.substr(end + (address ? 1 : 0));
    return std::ranges::all_of(name,
                               [&](char c) {
                                   return is_letter(c) || is_digit(c) ||
                                          (address ? of_addresses : of_names).find(c) != std::string_view::npos;
                               }) &&
           (port.empty() || (port.front() == ':' && std::ranges::all_of(port.substr(1), is_digit)));
}

// Whether every proxy before the server finds the same end of this request as the server does; if one does not, an
// attacker can hide a second request in the first (request smuggling). `raw` are the bytes of the header.
//
// Beast itself refuses stray CR, LF and NUL, a space before the colon, and Content-Length together with chunked. It
// accepts what is refused here: folded lines (it joins them), transfer encodings other than chunked (it assumes that
// there is no body), chunked in HTTP/1.0, and lists of lengths.
bool is_unambiguous(std::string_view raw, const RequestHeader& header)
{
    if (raw.find("\n ") != std::string_view::npos || raw.find("\n\t") != std::string_view::npos)
        return false;

    int hosts = 0;
    int framings = 0;
    for (const auto& field : header) {
        if (field.name() == bhttp::field::host) {
            ++hosts;
            if (!is_host({field.value().data(), field.value().size()}))
                return false;
        } else if (field.name() == bhttp::field::content_length) {
            ++framings;
            if (field.value().find_first_not_of("0123456789") != beast::string_view::npos)
                return false;
        } else if (field.name() == bhttp::field::transfer_encoding) {
            ++framings;
            if (!beast::iequals(field.value(), "chunked") || header.version() != 11)
                return false;
        }
    }
    // RFC 9112 section 3.2: a server must refuse an HTTP/1.1 request without Host, and any request with two Host fields
    // or an invalid one.
    return framings <= 1 && hosts <= 1 && (hosts == 1 || header.version() == 10);
}

// For a header that is not acceptable or not complete: the method, and the target up to its query. Both are empty if
// they do not have the form of RFC 9112 section 3.
RequestHeader read_request_line(std::string_view raw)
{
    RequestHeader header;
    const std::size_t method_end = raw.find(' ');
    if (method_end == std::string_view::npos)
        return header;
    const std::string_view method = raw.substr(0, method_end);
    std::string_view target = raw.substr(method_end + 1);
    const std::size_t target_end = target.find_first_of(" ?\r\n");
    const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    const auto is_visible = [](char c) { return c > 0x20 && c < 0x7f; };
    if (target_end == std::string_view::npos || target_end == 0 || method.empty() ||
        !std::ranges::all_of(method, is_letter))
        return header;
    target = target.substr(0, target_end);
    if (!std::ranges::all_of(target, is_visible))
        return header;
    header.method_string({method.data(), method.size()});
    header.target({target.data(), target.size()});
    return header;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// Beast accepts a bare LF in a quoted extension; other parsers treat it as the end of the line.
void check_chunk_extension(std::uint64_t, beast::string_view extension, beast::error_code& ec)
{
    if (std::ranges::any_of(extension, is_control))
        ec = bhttp::error::bad_chunk_extension;
}

} // namespace

RequestReader::RequestReader(const Service& service, std::size_t header_bytes)
    : service_{service}, header_bytes_{header_bytes}
{
    begin_request();
}

asio::mutable_buffer RequestReader::space()
{
    return buffer_.prepare(header_known_ ? body_read_bytes : header_read_bytes);
}

void RequestReader::received(std::size_t bytes)
{
    buffer_.commit(bytes);
    parse();
}

void RequestReader::next()
{
    begin_request();
    parse();
}

std::string RequestReader::take_rest()
{
    const auto bytes = buffer_.data();
    std::string rest{static_cast<const char*>(bytes.data()), bytes.size()};
    buffer_.clear();
    begin_request();
    return rest;
}

void RequestReader::begin_request()
{
    if (buffer_.size() == 0 && buffer_.capacity() > idle_buffer_bytes)
        buffer_.shrink_to_fit();
    parsed_ = 0;
    parser_.emplace();
    // The parser's own limits are off. Its header limit applies to the request line and to the fields separately, so
    // parse_header() checks their sum. The body limit depends on the header, so begin_body() sets it.
    parser_->header_limit(std::numeric_limits<std::uint32_t>::max());
    parser_->body_limit(boost::none);
    before_trailer_.reset();
    state_ = State::idle;
    header_known_ = false;
    expects_continue_ = false;
}

void RequestReader::refuse(Refusal reason)
{
    if (header_known_) {
        request_line_.method_string(parser_->get().method_string());
        request_line_.target(parser_->get().target());
    } else {
        request_line_ = read_request_line({static_cast<const char*>(buffer_.data().data()), buffer_.size()});
    }
    state_ = State::refused;
    refusal_ = reason;
}

bool RequestReader::take_expectation() { return std::exchange(expects_continue_, false); }

const RequestHeader& RequestReader::refused_header() const
{
    const bool accepted = refusal_ == Refusal::body_too_large || refusal_ == Refusal::too_many_connections;
    return accepted ? parser_->get().base() : request_line_;
}

bool RequestReader::is_head() const { return header_known_ && parser_->get().method() == bhttp::verb::head; }

void RequestReader::parse()
{
    if (header_known_ || parse_header())
        parse_body();
}

// True when the header is complete and accepted.
bool RequestReader::parse_header()
{
    const auto data = [this] {
        return std::string_view{static_cast<const char*>(buffer_.data().data()), buffer_.size()};
    };
    // RFC 7230 section 3.5: an empty line before a request is to be ignored; some clients end a body with it.
    while (parsed_ == 0 && data().starts_with("\r\n"))
        buffer_.consume(2);
    if (data().empty() || (parsed_ == 0 && data() == "\r"))
        return false;
    state_ = State::partial;

    if (http2_) {
        parse_http2(data());
        return false;
    }
    beast::error_code ec;
    const std::string_view fresh = data().substr(parsed_);
    parsed_ += put(asio::const_buffer{fresh.data(), fresh.size()}, ec);
    if (ec == bhttp::error::header_limit) {
        refuse_large_header(data());
        return false;
    }
    if (ec && ec != bhttp::error::need_more) {
        http2_ = true;
        parse_http2(data());
        return false;
    }
    if (!parser_->is_header_done()) {
        if (data().size() >= header_bytes_)
            refuse_large_header(data());
        return false;
    }
    header_known_ = true;
    if (parsed_ > header_bytes_) {
        refuse_large_header(data());
        return false;
    }
    if (!is_unambiguous(data().substr(0, parsed_), parser_->get().base())) {
        refuse(Refusal::malformed);
        return false;
    }
    buffer_.consume(parsed_);
    begin_body();
    return state_ != State::refused;
}

// RFC 9112 section 3: a target that is too long has its own status.
void RequestReader::refuse_large_header(std::string_view raw)
{
    const bool one_line = raw.substr(0, header_bytes_).find("\r\n") == std::string_view::npos;
    refuse(one_line ? Refusal::target_too_long : Refusal::header_too_large);
}

// Waits for the request, because the answer must name its stream.
void RequestReader::parse_http2(std::string_view received)
{
    if (!begins_http2(received))
        return refuse(Refusal::malformed);
    const auto stream = http::http2_stream(received);
    if (!stream && received.size() < header_bytes_)
        return;
    http2_stream_ = stream.value_or(0);
    refuse(Refusal::http2);
}

void RequestReader::begin_body()
{
    const RequestHeader& header = parser_->get().base();
    keep_alive_ = parser_->keep_alive();
    if (parser_->is_done())
        return;

    const std::uint64_t limit = service_.body_limit(header);
    if (parser_->content_length().value_or(0) > limit) {
        refuse(Refusal::body_too_large);
        return;
    }
    parser_->body_limit(limit);
    parser_->eager(true);
    if (parser_->chunked()) {
        before_trailer_ = header;
        parser_->on_chunk_header(check_chunk_extension);
    }
    expects_continue_ =
        buffer_.size() == 0 && header.version() == 11 && beast::iequals(header[bhttp::field::expect], "100-continue");
}

// If a field, perhaps of a trailer, is longer than Beast can store, Beast throws instead of setting an error code. The
// bytes are then left where they are, for refuse() to read.
std::size_t RequestReader::put(asio::const_buffer bytes, beast::error_code& ec)
{
    try {
        return parser_->put(bytes, ec);
    } catch (const std::length_error&) {
        ec = bhttp::error::header_limit;
        return 0;
    }
}

void RequestReader::parse_body()
{
    // Beast before 1.86 asserts that it never sees four bytes of a last chunk of which it has seen three (pull request
    // 2861). The request cannot be complete with these three, so the parser gets them with what follows.
    const auto held_back = [this] {
        const auto bytes = buffer_.data();
        return parser_->chunked() && std::string_view{static_cast<const char*>(bytes.data()), bytes.size()} == "0\r\n";
    };
    while (!parser_->is_done() && buffer_.size() > 0 && !held_back()) {
        beast::error_code ec;
        buffer_.consume(put(buffer_.data(), ec));
        if (ec == bhttp::error::need_more) {
            if (buffer_.size() >= header_bytes_)
                refuse(Refusal::header_too_large);
            return;
        }
        if (ec == bhttp::error::header_limit)
            return refuse(Refusal::header_too_large);
        if (ec == bhttp::error::body_limit || ec == bhttp::error::buffer_overflow)
            return refuse(Refusal::body_too_large);
        if (ec)
            return refuse(Refusal::malformed);
    }
    if (!parser_->is_done())
        return;
    // The parser has added the trailer to the header fields, where it could be mistaken for one of them (RFC 7230
    // section 4.1.2). So the header is restored.
    if (before_trailer_)
        parser_->get().base() = *std::move(before_trailer_);
    state_ = State::complete;
}

} // namespace cvm::http
