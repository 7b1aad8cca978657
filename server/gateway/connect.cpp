#include "server/gateway/connect.hpp"

#include "server/base/text.hpp"
#include "server/gateway/responses.hpp"
#include "server/tls/names.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace cvm {

namespace bhttp = boost::beast::http;

namespace {

// Some clients also ask for a tunnel for plain HTTP, such as the Node SDK with the protocol http.
constexpr std::array<std::string_view, 2> ports{":443", ":80"};

http::Reply refused(bhttp::status status, std::string_view reason, std::string_view advice)
{
    http::Reply reply{.response = control_response(status, std::string{reason} + "; " + std::string{advice})};
    reply.response.reason(boost::beast::string_view{reason.data(), reason.size()});
    return reply;
}

} // namespace

http::Reply answer_connect(const http::Request& request, bool encrypted)
{
    const std::string target = printable({request.target().data(), request.target().size()});
    if (encrypted)
        return refused(bhttp::status::bad_request, "CONNECT inside TLS is not supported",
                       "give the proxy as http://, not https://: the tunnel is encrypted anyway");
    const auto port = std::ranges::find_if(ports, [&](std::string_view p) { return target.ends_with(p); });
    if (port == ports.end())
        return refused(bhttp::status::forbidden, "A tunnel may lead only to ports 443 and 80",
                       "`" + target + "` names another");
    if (!tls::is_vendor_host(std::string_view{target}.substr(0, target.size() - port->size())))
        return refused(bhttp::status::forbidden, "A tunnel may lead only to hosts of Tencent Cloud's API",
                       "`" + target +
                           "` is not one, and this server makes no outbound connections; list its host in NO_PROXY");
    http::Reply reply{.response = http::Response{bhttp::status::ok, 11}};
    reply.tunnel = true;
    return reply;
}

} // namespace cvm
