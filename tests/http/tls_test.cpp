// HTTPS on the port of HTTP, and tunnels.
#include "server/tls/identity.hpp"
#include "server/tls/names.hpp"
#include "tests/support/http/http_fixture.hpp"

#include <doctest/doctest.h>

#include <openssl/ssl.h>

namespace cvm::http::test {

namespace {

using namespace std::chrono_literals;

// A server with a certificate.
class Secured {
public:
    explicit Secured(const Limits& limits = {}) : server{limits, &identity} {}

    std::string authority() { return identity.authority_certificate().value(); }

    // A client that speaks TLS.
    Client secure_client()
    {
        Client client{server};
        REQUIRE(client.start_tls({.trusted = authority()}));
        return client;
    }

    state::SystemClock clock;
    Log log{LogLevel::off};
    tls::Identity identity{{.names = tls::certificate_names({"ap-guangzhou"}, {})}, clock, log};
    Fixture server;
};

const std::string connect_to_vendor =
    "CONNECT cvm.tencentcloudapi.com:443 HTTP/1.1\r\nHost: cvm.tencentcloudapi.com:443\r\n\r\n";

} // namespace

TEST_CASE("one port speaks HTTP and HTTPS, each for as many requests as come")
{
    Secured secured;
    Client plain{secured.server};
    Client secure = secured.secure_client();
    for (int n = 0; n < 3; ++n) {
        CHECK(plain.exchange(get("/plain")).body == "GET /plain ");
        CHECK(secure.exchange(get("/secure")).body == "GET /secure ");
        CHECK(secure.exchange(post("/", "body")).body == "POST / body");
    }
}

TEST_CASE("large bodies pass through TLS in both directions")
{
    Secured secured;
    Client client = secured.secure_client();
    CHECK(client.exchange(get("/large", "X-Size: 3000000\r\n")).body == std::string(3'000'000, 'x'));
    const std::string upload(1'000'000, 'u');
    CHECK(client.exchange(post("/upload", upload)).body == "POST /upload " + upload);
}

TEST_CASE("TLS 1.2 and 1.3 are spoken, older versions refused with a line in the log")
{
    Secured secured;
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        Client client{secured.server};
        REQUIRE(client.start_tls({.trusted = secured.authority(), .version = version}));
        CHECK(client.tls_version() == version);
        CHECK(client.exchange(get("/")).status == 200);
    }
    Client old{secured.server};
    CHECK_FALSE(old.start_tls({.trusted = secured.authority(), .version = TLS1_1_VERSION}));
    CHECK(secured.server.next_report() == "TLS: handshake failed: unsupported protocol (SSL routines)");
}

TEST_CASE("the certificate is good for this machine and the vendor's hosts")
{
    Secured secured;
    for (const char* host :
         {"localhost", "127.0.0.1", "::1", "cvm.tencentcloudapi.com", "cvm.ap-guangzhou.tencentcloudapi.com",
          "billing.intl.tencentcloudapi.com", "cvm.api.qcloud.com"}) {
        CAPTURE(host);
        Client client{secured.server};
        CHECK(client.start_tls({.trusted = secured.authority(), .host = host}));
    }
    Client silent{secured.server};
    CHECK(silent.start_tls({.trusted = secured.authority(), .tells_host = false}));
}

TEST_CASE("a client that does not trust the certificate is told of in the log, with what to do")
{
    Secured secured;
    Client untrusting{secured.server};
    CHECK_FALSE(untrusting.start_tls({}));
    CHECK(
        secured.server.next_report() ==
        "TLS: handshake failed: tlsv1 alert unknown ca (SSL routines); the client does not trust the certificate: let "
        "it trust GET /_emulator/ca.pem");
    Client elsewhere{secured.server};
    CHECK_FALSE(elsewhere.start_tls({.trusted = secured.authority(), .host = "example.com"}));
    secured.server.next_report();
    CHECK(secured.secure_client().exchange(get("/")).status == 200);
}

TEST_CASE("ALPN chooses HTTP/1.1, and a client that speaks nothing like it is refused")
{
    Secured secured;
    Client client{secured.server};
    REQUIRE(client.start_tls({.trusted = secured.authority(), .protocols = "\x02h2\x08http/1.1"}));
    CHECK(client.tls_protocol() == "http/1.1");
    Client other{secured.server};
    CHECK_FALSE(other.start_tls({.trusted = secured.authority(), .protocols = "\x02h2"}));
    CHECK(secured.server.next_report().starts_with("TLS: handshake failed: "));
}

TEST_CASE("a session is resumed")
{
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        Secured secured;
        Client first{secured.server};
        REQUIRE(first.start_tls({.trusted = secured.authority(), .version = version}));
        CHECK_FALSE(first.tls_resumed());
        first.exchange(get("/"));
        Client second{secured.server};
        REQUIRE(second.start_tls({.trusted = secured.authority(), .version = version, .session = first.tls_session()}));
        CHECK(second.tls_resumed());
        CHECK(second.exchange(get("/")).status == 200);
    }
}

TEST_CASE("a handshake may come in pieces, but has its time limit")
{
    Secured secured{{.handshake = 100ms}};
    const std::string hello = client_hello();
    Client slow{secured.server};
    slow.no_delay();
    slow.send(hello.substr(0, 1));
    slow.send(hello.substr(1));
    REQUIRE(slow.receive_more());
    CHECK(slow.take_received().front() == '\x16');
    slow.drain();
    CHECK(secured.server.next_report() == "TLS: a client did not complete its handshake in time");

    Client stuck{secured.server};
    stuck.send(hello.substr(0, 1));
    CHECK(stuck.ends_in_silence());
    CHECK(secured.server.next_report() == "TLS: a client did not complete its handshake in time");
}

TEST_CASE("input that only begins like TLS is refused with a TLS alert")
{
    Secured secured;
    Client client{secured.server};
    client.send(std::string{"\x16\x03\x01\x00\x05hello", 10});
    REQUIRE(client.receive_more());
    CHECK(client.take_received().front() == '\x15'); // an alert
    CHECK(secured.server.next_report().starts_with("TLS: handshake failed: "));
}

TEST_CASE("a server without TLS answers a client that speaks it in HTTP, which clients name in their message")
{
    Fixture server;
    Client client{server};
    const Answer answer = client.exchange(client_hello());
    CHECK(answer.status == 400);
    CHECK(client.ends_in_silence());
    server.on_server([&](Server&) { CHECK(server.service.refused == std::vector{Refusal::tls}); });
}

TEST_CASE("a client that speaks TLS to a server without it is told what to do in the log, once")
{
    Fixture server;
    for (int n = 0; n < 3; ++n) {
        Client client{server};
        CHECK(client.exchange(client_hello()).status == 400);
    }
    CHECK(server.next_report() == "127.0.0.1 starts TLS, but TLS is off: give it the URL as http://, or start the "
                                  "server with --tls auto instead of --tls off");
    CHECK(server.reports().empty());
}

TEST_CASE("a tunnel ends in the server, for HTTPS and for HTTP, also twice")
{
    Secured secured;
    for (const std::string version : {"1.0", "1.1"}) {
        Client client{secured.server};
        client.send("CONNECT cvm.tencentcloudapi.com:443 HTTP/" + version + "\r\nHost: x\r\nConnection: close\r\n\r\n");
        const auto granted = client.receive(BodySent::no);
        REQUIRE(granted);
        CHECK(granted->status == 200);
        CHECK(granted->fields.empty());
        REQUIRE(client.start_tls({.trusted = secured.authority(), .host = "cvm.tencentcloudapi.com"}));
        CHECK(client.exchange(get("/inside")).body == "GET /inside ");
        CHECK(client.exchange(get("/again")).body == "GET /again ");
    }
    Client plain{secured.server};
    CHECK(plain.exchange(connect_to_vendor, BodySent::no).status == 200);
    CHECK(plain.exchange(connect_to_vendor, BodySent::no).status == 200);
    CHECK(plain.exchange(get("/inside")).body == "GET /inside ");
}

TEST_CASE("a client need not wait for its tunnel before it sends the first bytes through it")
{
    Secured secured;
    Client http{secured.server};
    http.send(connect_to_vendor + get("/early"));
    CHECK(http.receive(BodySent::no).has_value());
    CHECK(http.receive()->body == "GET /early ");

    Client https{secured.server};
    https.send(connect_to_vendor + client_hello());
    CHECK(https.receive(BodySent::no).has_value());
    while (https.take_received().empty())
        REQUIRE(https.receive_more()); // the server's part of the handshake
}

TEST_CASE("a tunnel that is not granted leaves the connection as it is")
{
    Secured secured;
    Client client{secured.server};
    CHECK(client.exchange("CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n").body == "CONNECT x:80 ");
    CHECK(client.exchange(get("/")).status == 200);
}

TEST_CASE("TLS inside TLS is refused")
{
    Secured secured;
    Client client = secured.secure_client();
    CHECK(client.exchange(connect_to_vendor, BodySent::no).status == 200);
    CHECK(client.exchange(client_hello()).status == 400);
}

TEST_CASE("a connection ends with close_notify, when it is done and when it was idle for too long")
{
    Secured secured{{.idle = 100ms}};
    Client done = secured.secure_client();
    CHECK(done.exchange(get("/", "Connection: close\r\n")).status == 200);
    CHECK(done.ends_in_silence());
    Client idle = secured.secure_client();
    CHECK(idle.ends_in_silence());
    secured.server.wait_for_connections(0);
    CHECK(secured.server.reports().empty());
}

TEST_CASE("a client that leaves while its answer is held back frees its connection")
{
    Secured secured{{.linger = 1h}};
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        Client client{secured.server};
        REQUIRE(client.start_tls({.trusted = secured.authority(), .version = version}));
        client.send(get("/wait", "X-Wait: 3600000\r\n"));
        secured.server.wait_for_waits(version == TLS1_2_VERSION ? 1 : 2);
        client.say_goodbye();
        client.close();
        secured.server.wait_for_connections(0);
    }
}

TEST_CASE("a server stops at once although TLS connections are open")
{
    Secured secured{{.linger = 1h, .stop = 1h}};
    Client idle = secured.secure_client();
    idle.exchange(get("/"));
    Client in_handshake{secured.server};
    in_handshake.send(client_hello());
    REQUIRE(in_handshake.receive_more());
    in_handshake.close();
    secured.server.stop();
    secured.server.join();
    CHECK(idle.ends_in_silence());
}

} // namespace cvm::http::test
