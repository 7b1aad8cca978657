#include "server/gateway/responses.hpp"

#include "server/base/text.hpp"
#include "server/wire/envelope.hpp"

#include <boost/json.hpp>

namespace cvm {

namespace bhttp = boost::beast::http;
namespace json = boost::json;

namespace {

std::string directions(bool console)
{
    return std::string{"cvm-renewal-emulator " CVM_VERSION ": point an SDK at this address; "} +
           (console ? "/_emulator/ is the console, a web page; " : "") +
           "/_emulator/openapi.json describes the control API, /_emulator/coverage the actions; "
           "cvm-renewal-emulator --help lists the commands.\n";
}

http::Response with_body(bhttp::status status, std::string_view type, std::string body)
{
    http::Response response{status, 11};
    response.set(bhttp::field::content_type, boost::beast::string_view{type.data(), type.size()});
    response.body() = std::move(body);
    return response;
}

bool accepts_html(const http::Request& request)
{
    const auto accept = request[bhttp::field::accept];
    return ascii_lower({accept.data(), accept.size()}).find("text/html") != std::string::npos;
}

} // namespace

http::Response api_response(std::string body)
{
    return with_body(bhttp::status::ok, "application/json", std::move(body));
}

http::Response proxy_response(unsigned status)
{
    const bhttp::status known = bhttp::int_to_status(status);
    const auto reason = bhttp::obsolete_reason(known);
    return with_body(known, "text/plain",
                     std::to_string(status) + " " + std::string{reason.data(), reason.size()} + "\n");
}

http::Response control_response(bhttp::status status, std::string_view problem)
{
    return with_body(status, "application/json", json::serialize(json::object{{"error", printable(problem)}}));
}

std::optional<http::Response> signpost(const http::Request& request, bool console)
{
    if (request.method() != bhttp::verb::get)
        return std::nullopt;
    const wire::Target target = wire::split_target({request.target().data(), request.target().size()});
    const bool browser = target.path == wire::api_path && target.query.empty() && accepts_html(request) &&
                         request.find("X-TC-Action") == request.end();
    if (!browser)
        return std::nullopt;
    return with_body(bhttp::status::ok, "text/plain; charset=utf-8", directions(console));
}

} // namespace cvm
