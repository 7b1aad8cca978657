#include "server/gateway/responses.hpp"

#include <doctest/doctest.h>

using namespace cvm;
namespace bhttp = boost::beast::http;

namespace {

http::Request request(bhttp::verb method, const char* target, const char* accept)
{
    http::Request made{method, target, 11};
    made.set("Accept", accept);
    return made;
}

constexpr auto browser = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";

} // namespace

TEST_CASE("a browser is told where to go, in one line")
{
    const auto response = signpost(request(bhttp::verb::get, "/", browser), true);
    REQUIRE(response.has_value());
    CHECK(response->result_int() == 200);
    CHECK(response->body().find('\n') == response->body().size() - 1);
    for (const char* place : {"/_emulator/ ", "/_emulator/openapi.json"})
        CHECK(response->body().find(place) != std::string::npos);
    const auto without_console = signpost(request(bhttp::verb::get, "/", browser), false);
    REQUIRE(without_console.has_value());
    CHECK(without_console->body().find("console") == std::string::npos);
    CHECK(without_console->body().find("/_emulator/openapi.json") != std::string::npos);
}

TEST_CASE("a call of the API is never taken for a browser")
{
    CHECK_FALSE(signpost(request(bhttp::verb::get, "/", "*/*"), true).has_value());
    CHECK_FALSE(signpost(request(bhttp::verb::get, "/?Action=DescribeZones", browser), true).has_value());
    CHECK_FALSE(signpost(request(bhttp::verb::post, "/", browser), true).has_value());
    CHECK_FALSE(signpost(request(bhttp::verb::get, "/v2/index.php", browser), true).has_value());
    CHECK_FALSE(signpost(request(bhttp::verb::get, "/_emulator/clock", browser), true).has_value());
    http::Request named = request(bhttp::verb::get, "/", browser);
    named.set("X-TC-Action", "DescribeZones");
    CHECK_FALSE(signpost(named, true).has_value());
}

TEST_CASE("a proxy answers in plain text, the control API with a printable problem")
{
    const http::Response proxy = proxy_response(502);
    CHECK(proxy.result_int() == 502);
    CHECK(proxy.body() == "502 Bad Gateway\n");
    const http::Response control = control_response(bhttp::status::bad_request, "\xff");
    CHECK(control.result_int() == 400);
    CHECK(control.body() == "{\"error\":\"\xEF\xBF\xBD\"}");
}
