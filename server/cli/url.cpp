#include "server/cli/url.hpp"

#include "server/base/text.hpp"
#include "server/cli/given.hpp"
#include "server/wire/form.hpp"

#include <algorithm>
#include <charconv>

namespace cvm::cli {

namespace {

constexpr std::string_view scheme = "http://";
constexpr std::string_view default_port = "8213";

[[noreturn]] void refuse(std::string_view url, std::string_view why)
{
    throw UsageError{"the address " + printable(one_line(url)) + " " + std::string{why} +
                     "; give one such as --url http://127.0.0.1:8213"};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool in_name(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_'; }
bool in_ipv6(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.'; }

std::uint16_t parse_port(std::string_view url, std::string_view text)
{
    std::uint16_t port = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (ec != std::errc{} || end != text.data() + text.size() || port == 0)
        refuse(url, "has no port from 1 to 65535");
    return port;
}

} // namespace

Url parse_url(std::string_view text)
{
    if (ascii_lower(text.substr(0, 8)) == "https://")
        refuse(text, "is https; commands use plain http, on the same port");
    if (ascii_lower(text.substr(0, scheme.size())) != scheme)
        refuse(text, "does not begin with http://");
    std::string_view rest = text.substr(scheme.size());
    if (rest.ends_with('/'))
        rest.remove_suffix(1);
    if (rest.find_first_of("/?#") != std::string_view::npos)
        refuse(text, "has a path");
    if (rest.find('@') != std::string_view::npos)
        refuse(text, "has a user name");

    Url url;
    const bool bracketed = rest.starts_with('[');
    const auto host_end = bracketed ? rest.find(']') : std::min(rest.find(':'), rest.size());
    if (host_end == std::string_view::npos)
        refuse(text, "has no closing bracket");
    url.host = rest.substr(bracketed ? 1 : 0, host_end - (bracketed ? 1 : 0));
    if (url.host.empty())
        refuse(text, "has no host");
    if (!std::ranges::all_of(url.host, bracketed ? in_ipv6 : in_name))
        refuse(text, "has a host that is neither a name nor an address");
    const std::string_view port = rest.substr(host_end + (bracketed ? 1 : 0));
    if (!port.empty() && !port.starts_with(':'))
        refuse(text, "has something after its host");
    if (!port.empty())
        url.port = parse_port(text, port.substr(1));
    return url;
}

std::string authority(const Url& url)
{
    const std::string host = url.host.find(':') != std::string::npos ? "[" + url.host + "]" : url.host;
    return url.port == 80 ? host : host + ":" + std::to_string(url.port);
}

std::string to_text(const Url& url) { return std::string{scheme} + authority(url); }

std::string default_url(const Environment& environment)
{
    if (std::string url = variable(environment, "CVM_EMULATOR_URL"); !url.empty())
        return url;
    std::string host = variable(environment, "CVM_EMULATOR_HOST");
    std::string port = variable(environment, "CVM_EMULATOR_PORT");
    // A server that listens on all addresses also listens on the loopback address.
    if (host.empty() || host == "0.0.0.0")
        host = "127.0.0.1";
    if (host == "::")
        host = "::1";
    if (port.empty() || port == "0")
        port = default_port;
    return std::string{scheme} + (host.find(':') != std::string::npos ? "[" + host + "]" : host) + ":" + port;
}

std::string with_query(std::string_view path,
                       std::initializer_list<std::pair<std::string_view, std::string_view>> parameters)
{
    std::string target{path};
    char mark = '?';
    for (const auto& [name, value] : parameters) {
        if (value.empty())
            continue;
        target += mark;
        target += name;
        target += '=';
        target += wire::percent_encoded(value);
        mark = '&';
    }
    return target;
}

} // namespace cvm::cli
