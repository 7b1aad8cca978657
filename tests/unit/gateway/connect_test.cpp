#include "server/gateway/connect.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cvm;
namespace bhttp = boost::beast::http;

namespace {

http::Reply answer(const std::string& target, bool encrypted = false)
{
    return answer_connect(http::Request{bhttp::verb::connect, target, 11}, encrypted);
}

} // namespace

TEST_CASE("a tunnel to the vendor's hosts on the ports of HTTPS and HTTP is granted")
{
    for (const char* target :
         {"cvm.tencentcloudapi.com:443", "cvm.ap-guangzhou.tencentcloudapi.com:443", "cvm.api.qcloud.com:443",
          "BILLING.TENCENTCLOUDAPI.COM:443", "cvm.tencentcloudapi.com:80"}) {
        CAPTURE(target);
        const http::Reply reply = answer(target);
        CHECK(reply.tunnel);
        CHECK(reply.response.result_int() == 200);
    }
}

TEST_CASE("any other tunnel is refused, with the reason where clients show it")
{
    struct Case {
        std::string target;
        unsigned status;
        std::string reason;
        bool encrypted = false;
    };
    const Case cases[] = {
        {"example.com:443", 403, "A tunnel may lead only to hosts of Tencent Cloud's API"},
        {"127.0.0.1:443", 403, "A tunnel may lead only to hosts of Tencent Cloud's API"},
        {"[::1]:443", 403, "A tunnel may lead only to hosts of Tencent Cloud's API"},
        {":443", 403, "A tunnel may lead only to hosts of Tencent Cloud's API"},
        {"example.com:80", 403, "A tunnel may lead only to hosts of Tencent Cloud's API"},
        {"cvm.tencentcloudapi.com:8443", 403, "A tunnel may lead only to ports 443 and 80"},
        {"cvm.tencentcloudapi.com", 403, "A tunnel may lead only to ports 443 and 80"},
        {"/", 403, "A tunnel may lead only to ports 443 and 80"},
        {"cvm.tencentcloudapi.com:443", 400, "CONNECT inside TLS is not supported", true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.target);
        const http::Reply reply = answer(c.target, c.encrypted);
        CHECK_FALSE(reply.tunnel);
        CHECK(reply.response.result_int() == c.status);
        CHECK(std::string{reply.response.reason()} == c.reason);
        CHECK(reply.response.body().find(c.reason + "; ") != std::string::npos);
    }
}
