// Who may use the control API: over a real socket, with requests as from a browser or with a foreign host name.
#include "server/control/control.hpp"
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

namespace cvm::http::test {

namespace {

// A request with exactly these header lines.
Answer ask(const Served& served, std::string_view lines, std::string_view target = "/_emulator/clock",
           std::string_view method = "GET")
{
    return Client{served.port()}.exchange(std::string{method} + " " + std::string{target} + " HTTP/1.1\r\n" +
                                          std::string{lines} + "\r\n");
}

} // namespace

TEST_CASE("addresses and local names are answered, other names are not")
{
    Served served;
    for (const char* host :
         {"127.0.0.1:8213", "127.0.0.1", "localhost", "LocalHost:80", "[::1]:8213", "10.1.2.3:99", "cvm.localhost:1"}) {
        CAPTURE(host);
        CHECK(ask(served, "Host: " + std::string{host} + "\r\n").status == 200);
    }
    for (const char* host : {"evil.example", "evil.example:8213", "localhost.evil.example", "127.0.0.1.evil.example",
                             "emulator", "1.2.3", "notlocalhost"}) {
        CAPTURE(host);
        const Answer answer = ask(served, "Host: " + std::string{host} + "\r\n");
        CHECK(answer.status == 403);
        CHECK(answer.body.find("--allow-host") != std::string::npos);
        // Monitoring may read health and metrics under any host name; calls of the API are signed.
        for (const char* path : {"/health", "/metrics"})
            CHECK(ask(served, "Host: " + std::string{host} + "\r\n", path).status == 200);
    }
}

TEST_CASE("an invalid host name is refused, whatever names are permitted")
{
    for (const char* allowed : {"*", "", "a!.evil.example"}) {
        Served served{{.hosts = {allowed}}};
        for (const char* host : {"a!.evil.example", ":8213", ".", "a%20b"}) {
            CAPTURE(host);
            CHECK(ask(served, "Host: " + std::string{host} + "\r\n").status == 403);
        }
        for (const char* host : {"[evil", "[::1", "a b", "evil.example:x"}) { // not even valid in HTTP
            CAPTURE(host);
            CHECK(ask(served, "Host: " + std::string{host} + "\r\n").status == 400);
        }
    }
}

TEST_CASE("the host of an absolute target counts in place of the Host header")
{
    Served served;
    for (const char* scheme : {"http://", "https://", "HTTP://"}) {
        CAPTURE(scheme);
        const auto clock = [&](const std::string& host) { return scheme + host + "/_emulator/clock"; };
        for (const char* host :
             {"evil.example", "evil.example:8213", "localhost@evil.example", "evil@localhost", "[::1"})
            CHECK(ask(served, "Host: localhost\r\n", clock(host)).status == 403);
        for (const char* host : {"localhost", "127.0.0.1:8213", "[::1]:80"})
            CHECK(ask(served, "Host: evil.example\r\n", clock(host)).status == 200);
        CHECK(ask(served, "Host: evil.example\r\n", clock("")).status == 403);
        // A page of the configured host is not foreign.
        CHECK(ask(served, "Host: localhost\r\nOrigin: http://127.0.0.1\r\n", clock("127.0.0.1")).status == 200);
        CHECK(ask(served, "Host: localhost\r\nOrigin: http://localhost\r\n", clock("127.0.0.1")).status == 403);
    }
}

TEST_CASE("web pages of other origins are refused")
{
    Served served;
    const std::string host = "Host: " + served.host() + "\r\n";
    for (const std::string& lines :
         {std::string{"Origin: http://evil.example\r\n"}, std::string{"Origin: null\r\n"},
          std::string{"Origin: http://localhost:3000\r\n"}, "Origin: http://" + served.host() + ".evil.example\r\n",
          std::string{"Sec-Fetch-Site: cross-site\r\n"}, std::string{"Sec-Fetch-Site: Same-Site\r\n"},
          "Origin: http://" + served.host() + "\r\nOrigin: http://evil.example\r\n"}) {
        CAPTURE(lines);
        for (const char* method : {"GET", "POST", "OPTIONS"}) {
            const Answer answer = ask(served, host + lines, "/_emulator/clock", method);
            CHECK(answer.status == 403);
            CHECK(answer.field("Access-Control-Allow-Origin").empty());
        }
    }
    for (const std::string& lines :
         {"Origin: http://" + served.host() + "\r\n", std::string{"Sec-Fetch-Site: none\r\n"},
          std::string{"Sec-Fetch-Site: same-origin\r\n"}}) {
        CAPTURE(lines);
        CHECK(ask(served, host + lines).status == 200);
    }
}

TEST_CASE("flags permit names and origins")
{
    Served served{{.hosts = {"emulator"}, .origins = {"http://localhost:3000"}}};
    CHECK(ask(served, "Host: emulator:8213\r\n").status == 200);
    CHECK(ask(served, "Host: emulator.evil.example\r\n").status == 403);
    const std::string page = "Host: " + served.host() + "\r\nOrigin: http://localhost:3000\r\n";
    const Answer answer = ask(served, page + "Sec-Fetch-Site: same-site\r\n");
    CHECK(answer.status == 200);
    CHECK(answer.field("Access-Control-Allow-Origin") == "http://localhost:3000");
    CHECK(answer.field("Vary") == "Origin");
    const Answer preflight =
        ask(served, page + "Access-Control-Request-Method: POST\r\n", "/_emulator/reset", "OPTIONS");
    CHECK(preflight.status == 204);
    CHECK(preflight.field("Access-Control-Allow-Origin") == "http://localhost:3000");
    CHECK(preflight.field("Access-Control-Allow-Methods") == "GET, POST, PUT, DELETE");
    CHECK(preflight.field("Access-Control-Allow-Headers") == "Authorization, Content-Type");
    CHECK(ask(served, "Host: " + served.host() + "\r\nOrigin: http://localhost:3001\r\n").status == 403);

    Served open{{.hosts = {"*"}, .origins = {"*"}}};
    CHECK(ask(open, "Host: any.example\r\nOrigin: http://some.example\r\nSec-Fetch-Site: cross-site\r\n").status ==
          200);
}

TEST_CASE("a token is required everywhere but for health and the certificate authority")
{
    Served served{{}, "open sesame"};
    const std::string host = "Host: " + served.host() + "\r\n";
    for (const control::Route& route : control::routes()) {
        CAPTURE(route.path);
        const bool open = route.path.ends_with("health") || route.path.ends_with("ca.pem");
        for (const char* lines :
             {"", "Authorization: Bearer open\r\n", "Authorization: open sesame\r\n", "Authorization: Bear\r\n"})
            CHECK(ask(served, host + lines, route.path, route.method).status == (open ? 200 : 401));
    }
    CHECK(ask(served, host + "Authorization: Bearer open sesame\r\n").status == 200);
    CHECK(ask(served, host + "authorization: bearer  open sesame\r\n").status == 200);
    CHECK(served.code({.action = "DescribeInstances"}) == "OK");
}

TEST_CASE("what is too large is refused with the limit")
{
    Served served;
    const std::string large = "{\"a\":\"" + std::string(1024 * 1024, 'a') + "\"}";
    for (const char* target : {"/_emulator/clock", "/_emulator/accounts", "/_emulator/requests/verify"})
        CHECK(served.problem("POST", target, large, 413) == "the body may have at most 1048576 bytes here");
    CHECK(served.problem("POST", "/_emulator/signatures/explain", large, 413) ==
          "a request to explain may have at most 1048576 bytes");
}

} // namespace cvm::http::test
