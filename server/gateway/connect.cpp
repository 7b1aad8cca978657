#include "server/gateway/connect.hpp"

#include "server/base/text.hpp"
#include "server/gateway/responses.hpp"
#include "server/tls/names.hpp"

#include <string>
#include <string_view>

namespace cvm {

namespace bhttp = boost::beast::http;

namespace {

constexpr std::string_view https_port = ":443";

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
    if (!target.ends_with(https_port))
        return refused(bhttp::status::forbidden, "A tunnel leads to port 443 alone",
                       "`" + target + "` names another; plain HTTP needs no tunnel");
    if (!tls::is_vendor_host(std::string_view{target}.substr(0, target.size() - https_port.size())))
        return refused(bhttp::status::forbidden, "A tunnel leads to hosts of Tencent Cloud's API alone",
                       "`" + target + "` is none, and this server connects to nothing; list its host in NO_PROXY");
    http::Reply reply{.response = http::Response{bhttp::status::ok, 11}};
    reply.tunnel = true;
    return reply;
}

} // namespace cvm
