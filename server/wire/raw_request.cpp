#include "server/wire/raw_request.hpp"

#include "server/base/text.hpp"

#include <boost/beast/http/verb.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace cvm::wire {

namespace bhttp = boost::beast::http;

namespace {

constexpr std::size_t max_head_bytes = 64 * 1024; // Beast's limit for a field
constexpr std::size_t max_headers = 256;

bool is_token_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_token_char); }

bool is_control(char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f'; }

Error unreadable(std::string_view what) { return error(Errc::invalid_parameter, what); }

Error unreadable_line(std::size_t number, std::string_view what)
{
    return unreadable("line " + std::to_string(number) + ": " + std::string{what});
}

// Removes the next line of the head from `text`; nullopt if there is none.
std::optional<std::string_view> take_line(std::string_view& text, bool arrows)
{
    if (text.empty())
        return std::nullopt;
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    if (arrows && line.starts_with('>'))
        line.remove_prefix(line.starts_with("> ") ? 2 : 1);
    return line;
}

// Parses "POST / HTTP/1.1"; returns what is wrong with the line, or nullopt.
std::optional<std::string_view> read_request_line(std::string_view line, http::Request& request)
{
    line = trimmed(line);
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return "a request line is `METHOD target HTTP/1.1`";
    const std::string_view method = line.substr(0, first);
    const std::string_view target = line.substr(first + 1, last - first - 1);
    const std::string_view version = line.substr(last + 1);
    if (!is_token(method))
        return "the method is not a word";
    if (target.empty() || target.find(' ') != std::string_view::npos)
        return "the target is empty or contains a space; write spaces in it as %20";
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return "the request line must end with HTTP/1.1";
    request.method_string({method.data(), method.size()});
    request.target({target.data(), target.size()});
    request.version(version == "HTTP/1.1" ? 11 : 10);
    return std::nullopt;
}

std::optional<std::string_view> read_header(std::string_view line, http::Request& request)
{
    if (line.front() == ' ' || line.front() == '\t')
        return "a header must not continue on a second line";
    const auto colon = line.find(':');
    if (colon == std::string_view::npos)
        return "a header is `Name: value`; between the headers and the body there is a blank line";
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (!is_token(name))
        return "the header name contains a character that is not allowed";
    request.insert({name.data(), name.size()}, {value.data(), value.size()});
    return std::nullopt;
}

Result<std::string> body_of(const http::Request& request, std::string_view rest)
{
    if (request.find(bhttp::field::transfer_encoding) != request.end())
        return unreadable("a chunked body cannot be read: write it in one piece and remove Transfer-Encoding");
    const auto at = request.find(bhttp::field::content_length);
    if (at == request.end())
        return std::string{rest};
    if (request.count(bhttp::field::content_length) > 1)
        return unreadable("there is more than one Content-Length");
    const std::string_view text{at->value().data(), at->value().size()};
    std::uint64_t length = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (ec != std::errc{} || end != text.data() + text.size())
        return unreadable("Content-Length is not a number");
    if (rest.size() < length)
        return unreadable("the body has " + std::to_string(rest.size()) + " bytes, but Content-Length says " +
                          std::to_string(length) + "; was it truncated, or were its line breaks changed?");
    const std::string_view surplus = rest.substr(length);
    if (surplus.find_first_not_of("\r\n") != std::string_view::npos)
        return unreadable("the body has " + std::to_string(rest.size()) + " bytes, but Content-Length says " +
                          std::to_string(length));
    return std::string{rest.substr(0, length)};
}

} // namespace

Result<http::Request> parse_raw_request(std::string_view text)
{
    std::string_view rest = text;
    std::size_t number = 1;
    while (rest.starts_with('\n') || rest.starts_with("\r\n")) {
        take_line(rest, false);
        ++number;
    }
    const bool arrows = rest.starts_with("> ");
    const std::size_t head_begin = rest.size();
    http::Request request;
    std::optional<std::string_view> line = take_line(rest, arrows);
    if (!line)
        return unreadable("the request is empty");
    std::size_t headers = 0;
    for (bool first = true; line && (first || !line->empty());
         line = take_line(rest, arrows), ++number, first = false) {
        if (head_begin - rest.size() > max_head_bytes)
            return unreadable("request line and headers have more than " + std::to_string(max_head_bytes) + " bytes");
        if (std::ranges::any_of(*line, is_control))
            return unreadable_line(number, "a control character");
        if (!first && ++headers > max_headers)
            return unreadable("there are more than " + std::to_string(max_headers) + " headers");
        if (const auto problem = first ? read_request_line(*line, request) : read_header(*line, request))
            return unreadable_line(number, *problem);
    }
    auto body = body_of(request, rest);
    if (!body)
        return body.error();
    request.body() = *std::move(body);
    return request;
}

} // namespace cvm::wire
