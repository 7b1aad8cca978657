#include "server/control/guard.hpp"

#include "server/text.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace cvm::control {

namespace {

std::string_view header(const http::Request& request, std::string_view name)
{
    const auto at = request.find(boost::beast::string_view{name.data(), name.size()});
    return at == request.end() ? std::string_view{} : trimmed({at->value().data(), at->value().size()});
}

// "[::1]:8213" -> "::1", "Localhost:80" -> "localhost".
std::string host_name(std::string_view host)
{
    if (host.starts_with('['))
        return std::string{host.substr(1, host.find(']') - 1)};
    return ascii_lower(host.substr(0, host.rfind(':')));
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
    const std::string origin = ascii_lower(header(request, "Origin"));
    const std::string own = ascii_lower(header(request, "Host"));
    return origin == "http://" + own || origin == "https://" + own ? std::string{} : origin;
}

std::optional<std::string> refuse_foreign(const http::Request& request, const Guard& guard)
{
    const std::string_view host = header(request, "Host");
    const std::string name = host_name(host);
    if (!host.empty() && !is_local(name) && !allows(guard.hosts, name))
        return "the host `" + name +
               "` is not known; address the server as 127.0.0.1 or localhost, or start it with "
               "--allow-host " +
               name;

    const std::string origin = foreign_origin(request);
    if (!origin.empty() && !allows(guard.origins, origin))
        return "web pages of " + origin + " may not control the emulator; start it with --allow-origin " + origin;
    const std::string_view site = header(request, "Sec-Fetch-Site");
    if (origin.empty() && (site == "cross-site" || site == "same-site") && !allows(guard.origins, "*"))
        return "web pages of other origins may not control the emulator; start it with --allow-origin and theirs";
    return std::nullopt;
}

} // namespace cvm::control
