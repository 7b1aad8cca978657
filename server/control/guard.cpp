#include "server/control/guard.hpp"

#include "server/auth/inputs.hpp"
#include "server/base/text.hpp"
#include "server/wire/envelope.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace cvm::control {

namespace {

// "[::1]:8213" -> "::1", "Localhost.:80" -> "localhost"; empty if it is not a host.
std::string host_name(std::string_view host)
{
    const bool literal = host.starts_with('[');
    const auto end = literal ? host.find(']') : host.find(':');
    const std::string_view rest = end == std::string_view::npos ? "" : host.substr(end + (literal ? 1 : 0));
    if ((literal && end == std::string_view::npos) ||
        (!rest.empty() && (rest.front() != ':' || !is_number(rest.substr(1)))))
        return {};
    std::string name = ascii_lower(literal ? host.substr(1, end - 1) : host.substr(0, end));
    if (name.ends_with('.'))
        name.pop_back();
    if (literal) {
        boost::system::error_code ec;
        boost::asio::ip::make_address_v6(name, ec);
        return ec ? std::string{} : name;
    }
    const bool word = std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
    return word && !name.starts_with('.') ? name : std::string{};
}

// The host that the client addressed. RFC 9112 section 3.2.2: if the target is in absolute form, the Host header is
// ignored.
std::string host_of(const http::Request& request)
{
    const std::string_view named = wire::split_target({request.target().data(), request.target().size()}).authority;
    return named.empty() ? auth::header(request, "Host") : std::string{named};
}

bool allows(const std::vector<std::string>& list, std::string_view word)
{
    return std::ranges::any_of(list, [&](const std::string& allowed) { return allowed == "*" || allowed == word; });
}

bool is_local(const std::string& host)
{
    boost::system::error_code ec;
    boost::asio::ip::make_address(host, ec);
    return !ec || host == "localhost" || host.ends_with(".localhost");
}

} // namespace

std::string foreign_origin(const http::Request& request)
{
    const std::string origin = ascii_lower(auth::header(request, "Origin"));
    const std::string own = ascii_lower(host_of(request));
    return origin == "http://" + own || origin == "https://" + own ? std::string{} : origin;
}

std::optional<std::string> refuse_foreign_host(const http::Request& request, const Guard& guard)
{
    const std::string host = host_of(request);
    const std::string name = host_name(host);
    if (!host.empty() && name.empty())
        return "the host of the request is not a host name or an address";
    if (!host.empty() && !is_local(name) && !allows(guard.hosts, name))
        return "the host `" + name +
               "` is not known; address the server as 127.0.0.1 or localhost, or start it with "
               "--allow-host " +
               name;
    return std::nullopt;
}

std::optional<std::string> refuse_foreign(const http::Request& request, const Guard& guard)
{
    if (auto foreign_host = refuse_foreign_host(request, guard))
        return foreign_host;
    const std::string origin = foreign_origin(request);
    if (request.count("Origin") > 1)
        return "a request may have only one Origin";
    if (!origin.empty() && !allows(guard.origins, origin))
        return "web pages of " + origin + " may not control the emulator; start it with --allow-origin " + origin;
    const std::string site = ascii_lower(auth::header(request, "Sec-Fetch-Site"));
    if (origin.empty() && (site == "cross-site" || site == "same-site") && !allows(guard.origins, "*"))
        return "web pages of other origins may not control the emulator; start it with --allow-origin and their origin";
    return std::nullopt;
}

} // namespace cvm::control
