// Answers that are delayed, cut or sent in parts, and requests that wait for others.
#include "server/http/listener.hpp"
#include "tests/support/http/http_fixture.hpp"

#include <doctest/doctest.h>

namespace cvm::http::test {

using namespace std::chrono_literals;

namespace {

// Everything until the connection ends.
std::string all_of(Client& client)
{
    while (client.receive_more()) {
    }
    return client.take_received();
}

// Everything up to and including this text.
std::string until(Client& client, std::string_view end)
{
    std::string received = client.take_received();
    while (received.find(end) == std::string::npos) {
        REQUIRE(client.receive_more());
        received += client.take_received();
    }
    return received;
}

} // namespace

TEST_CASE("a delayed answer arrives, and delays no other")
{
    Fixture server;
    Client late{server};
    CHECK(late.send(get("/", "X-Delay: 50\r\n")));
    Client never{server};
    CHECK(never.send(get("/", "X-Delay: 3600000\r\n")));

    Client other{server};
    CHECK(other.exchange(get("/other")).body == "GET /other ");
    CHECK(late.receive().value().body == "GET / ");
    CHECK(late.exchange(get("/again")).body == "GET /again ");
    server.stop_now();
    CHECK(never.ends_in_silence());
    server.join();
}

TEST_CASE("an answer that is dropped ends the connection without a byte, though the request was handled")
{
    Fixture server;
    Client client{server};
    CHECK(client.send(get("/dropped", "X-Drop: 1\r\n")));
    CHECK(client.drain() == 0);
    server.stop_now();
    server.join();
    CHECK(server.service.handled == std::vector<std::string>{"GET /dropped "});
}

TEST_CASE("an answer that is cut tells its whole length and ends the connection")
{
    Fixture server;
    Client client{server};
    CHECK(client.send(get("/cut", "X-Truncate: 3\r\n") + get("/next")));
    client.drain();
    const std::string received = client.take_received();
    CHECK(received.find("Content-Length: 9\r\n") != std::string::npos);
    CHECK(received.find("Connection: close\r\n") != std::string::npos);
    CHECK(received.substr(received.find("\r\n\r\n") + 4) == "GET");

    Client nothing{server};
    CHECK(nothing.send(get("/cut", "X-Truncate: 0\r\n")));
    nothing.drain();
    CHECK(nothing.take_received().ends_with("\r\n\r\n"));

    Client whole{server};
    CHECK(whole.exchange(get("/cut", "X-Truncate: 1000\r\n")).body == "GET /cut ");
    CHECK(whole.ends_in_silence());
}

TEST_CASE("a slow answer arrives whole and the connection goes on")
{
    Fixture server;
    Client client{server};
    CHECK(client.exchange(get("/slow", "X-Rate: 200\r\n")).body == "GET /slow ");
    CHECK(client.exchange(get("/slow", "X-Rate: 100000\r\nX-Delay: 1\r\n")).body == "GET /slow ");
    CHECK(client.exchange(get("/after")).body == "GET /after ");

    Client gone{server};
    CHECK(gone.send(get("/gone", "X-Rate: 1\r\n")));
    gone.close_with_reset();
    client.close();
    server.wait_for_connections(0);
}

TEST_CASE("a request that waits is answered as soon as another one brings what it waits for")
{
    Fixture server;
    Client first{server};
    Client second{server};
    CHECK(first.send(get("/wait", "X-Wait: 3600000\r\n")));
    CHECK(second.send(get("/wait", "X-Wait: 3600000\r\n")));
    server.wait_for_waits(2);
    Client other{server};
    CHECK(other.exchange(get("/other")).status == 200);
    CHECK(other.exchange(get("/change")).body == "GET /change ");
    CHECK(first.receive().value().body == "GET /wait ");
    CHECK(second.receive().value().body == "GET /wait ");
    CHECK(first.exchange(get("/wait", "X-Wait: 3600000\r\n")).body == "GET /wait ");
}

TEST_CASE("a request that waits in vain is answered when its time is over")
{
    Fixture server;
    Client client{server};
    CHECK(client.exchange(get("/wait", "X-Wait: 20\r\n")).body == "GET /wait ");
    CHECK(client.exchange(get("/wait", "X-Wait: 20\r\n")).body == "GET /wait ");
}

TEST_CASE("a client that gives up while its answer is held back keeps no connection")
{
    Fixture server;
    for (const char* lines : {"X-Delay: 3600000\r\n", "X-Rate: 1\r\n"}) {
        CAPTURE(lines);
        Client client{server};
        CHECK(client.send(get("/late", lines)));
        client.close();
        server.wait_for_connections(0);
    }
    Client waiting{server};
    CHECK(waiting.send(get("/wait", "X-Wait: 3600000\r\n")));
    server.wait_for_waits(1);
    waiting.close();
    server.wait_for_connections(0);
    // A client that has already sent its next request stays connected.
    Client eager{server};
    CHECK(eager.send(get("/late", "X-Delay: 30\r\n") + get("/next")));
    CHECK(eager.receive().value().body == "GET /late ");
    CHECK(eager.receive().value().body == "GET /next ");
}

TEST_CASE("other requests are served between the parts of a request")
{
    Fixture server;
    Client long_one{server};
    CHECK(long_one.send(get("/parts")));
    server.wait_until([&] { return server.service.parts >= 3; });
    Client other{server};
    CHECK(other.exchange(get("/other")).body == "GET /other ");
    CHECK(other.exchange(get("/change")).body == "GET /change ");
    CHECK(long_one.receive().value().body == "GET /parts ");
    CHECK(long_one.exchange(get("/next")).body == "GET /next ");
}

TEST_CASE("a request in parts pauses between them for as long as it asks, and ends with its client and the server")
{
    Fixture server;
    const std::string patient = get("/parts", "X-Gap: 3600000\r\n");
    {
        Client client{server};
        CHECK(client.send(patient));
        server.wait_until([&] { return server.service.parts >= 1; });
    }
    server.wait_for_connections(0);
    Client client{server};
    CHECK(client.send(patient));
    server.wait_until([&] { return server.service.parts >= 2; });
    Client other{server};
    CHECK(other.exchange(get("/other")).body == "GET /other ");
    CHECK(other.exchange(get("/change")).body == "GET /change ");
    server.stop_now();
    CHECK(client.receive() == std::nullopt);
    server.join();
    CHECK(server.service.parts == 2);
    CHECK(server.service.handled.size() == 2);
}

TEST_CASE("a request in parts continues after its pause")
{
    Fixture server;
    Client client{server};
    CHECK(client.send(get("/parts", "X-Gap: 1\r\n")));
    server.wait_until([&] { return server.service.parts >= 3; });
    Client other{server};
    CHECK(other.exchange(get("/change")).body == "GET /change ");
    CHECK(client.receive().value().body == "GET /parts ");
}

TEST_CASE("a request in parts ends with its client and with the server")
{
    Fixture server;
    {
        Client client{server};
        CHECK(client.send(get("/parts")));
        server.wait_until([&] { return server.service.parts >= 1; });
    }
    server.wait_for_connections(0);
    Client client{server};
    CHECK(client.send(get("/parts")));
    server.wait_until([&] { return server.service.parts >= 3; });
    server.stop_now();
    CHECK(client.receive() == std::nullopt);
    server.join();
}

TEST_CASE("a body generated while it is sent comes in chunks")
{
    Fixture server;
    Client client{server};
    CHECK(client.send(get("/pieces", "X-Count: 2\r\nConnection: close\r\n")));
    const std::string answer = all_of(client);
    CHECK(answer.find("\r\nTransfer-Encoding: chunked\r\n") != std::string::npos);
    CHECK(answer.find("Content-Length") == std::string::npos);
    CHECK(answer.ends_with("\r\n\r\n8\r\npiece 1;\r\n8\r\npiece 2;\r\n0\r\n\r\n"));

    Client again{server};
    CHECK(again.send(get("/pieces", "X-Count: 1\r\n") + "HEAD /pieces HTTP/1.1\r\nHost: x\r\nX-Count: 1\r\n\r\n" +
                     get("/next", "Connection: close\r\n")));
    const std::string three = all_of(again);
    CHECK(three.find("\r\n\r\n8\r\npiece 1;\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n") != std::string::npos);
    CHECK(three.find("chunked", three.find("chunked") + 1) != std::string::npos);
    CHECK(three.ends_with("\r\n\r\nGET /next "));
}

TEST_CASE("an HTTP/1.0 client gets a generated body unchunked, to the end of the connection")
{
    Fixture server;
    Client client{server};
    CHECK(client.send("GET /pieces HTTP/1.0\r\nX-Count: 2\r\nConnection: keep-alive\r\n\r\n"));
    const std::string answer = all_of(client);
    CHECK(answer.find("\r\nConnection: close\r\n") != std::string::npos);
    CHECK(answer.find("Transfer-Encoding") == std::string::npos);
    CHECK(answer.find("Content-Length") == std::string::npos);
    CHECK(answer.ends_with("\r\n\r\npiece 1;piece 2;"));
}

TEST_CASE("a body whose generation fails is not ended like a complete one")
{
    Fixture server;
    Client client{server};
    CHECK(client.send(get("/pieces", "X-Count: 1\r\nX-Break: 1\r\n")));
    CHECK(all_of(client).ends_with("\r\n\r\n8\r\npiece 1;\r\n"));
    CHECK(server.next_report() == "cannot produce the rest of an answer: no more pieces");
}

TEST_CASE("a live body is sent as it is generated, and its connection can be used again")
{
    Fixture server;
    Client listener{server};
    CHECK(listener.send(get("/live")));
    CHECK(until(listener, "\r\n\r\n").find("Transfer-Encoding: chunked\r\n") != std::string::npos);
    Client speaker{server};
    speaker.exchange(post("/say", "one"));
    CHECK(until(listener, "one;\r\n") == "4\r\none;\r\n");
    speaker.exchange(post("/say", "two"));
    CHECK(until(listener, "two;\r\n") == "4\r\ntwo;\r\n");
    speaker.exchange(post("/say", "end"));
    CHECK(until(listener, "0\r\n\r\n") == "0\r\n\r\n");
    CHECK(listener.exchange(get("/next")).body == "GET /next ");
    CHECK(listener.exchange("HEAD /live HTTP/1.1\r\nHost: x\r\n\r\n", BodySent::no).status == 200);
    CHECK(listener.exchange(get("/next")).body == "GET /next ");
}

TEST_CASE("a silent live body sends signs of life, and no time limit ends it")
{
    Fixture server{{.idle = 5ms, .request = 5ms, .write = 1h, .silence = 2ms}};
    Client listener;
    listener.connect_and_send(server, get("/live"));
    std::string received;
    for (int i = 0; i < 20; ++i)
        received += until(listener, "6\r\nstill;\r\n");
    CHECK(received.find("0\r\n\r\n") == std::string::npos);
}

TEST_CASE("an HTTP/1.0 client gets a live body unchunked, to the end of the connection")
{
    Fixture server;
    Client listener{server};
    CHECK(listener.send("GET /live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    until(listener, "\r\n\r\n");
    Client speaker{server};
    speaker.exchange(post("/say", "one"));
    speaker.exchange(post("/say", "end"));
    CHECK(all_of(listener) == "one;");
}

TEST_CASE("a live body that fails is not ended like a complete one")
{
    Fixture server;
    Client listener{server};
    CHECK(listener.send(get("/live")));
    until(listener, "\r\n\r\n");
    Client{server}.exchange(post("/say", "break"));
    CHECK(all_of(listener).empty());
    CHECK(server.next_report() == "cannot produce the rest of an answer: nothing more to say");
}

TEST_CASE("a live body ends when the client leaves or the server stops")
{
    Fixture server{{.stop = 1h}};
    {
        Client gone{server};
        CHECK(gone.send(get("/live")));
        until(gone, "\r\n\r\n");
    }
    server.wait_for_connections(0);
    Client listener{server};
    CHECK(listener.send(get("/live")));
    until(listener, "\r\n\r\n");
    server.stop();
    CHECK(all_of(listener) == "0\r\n\r\n");
    server.join();
}

TEST_CASE("a connection above the limit gets no live body")
{
    Fixture server{{.connections = 1, .idle_before_closing = 1h, .reserved = 1}};
    Client first{server};
    CHECK(first.send(get("/live")));
    until(first, "\r\n\r\n");
    Client second{server};
    CHECK(second.exchange(get("/first/live")).status == 503);
    CHECK(second.ends_in_silence());
}

TEST_CASE("a stopping server sends delayed and slow answers at once")
{
    for (const char* lines : {"X-Delay: 3600000\r\n", "X-Rate: 1\r\n"}) {
        CAPTURE(lines);
        Fixture server{{.stop = 1h}};
        Client client{server};
        CHECK(client.send(get("/late", lines)));
        server.wait_for_handled(1);
        server.stop();
        CHECK(client.receive().value().body == "GET /late ");
        CHECK(client.ends_in_silence());
        server.join();
    }
}

TEST_CASE("stop answers waiting requests, and stop_now closes their connections")
{
    for (const bool at_once : {false, true}) {
        CAPTURE(at_once);
        Fixture server;
        Client client{server};
        CHECK(client.send(get("/wait", "X-Wait: 3600000\r\n")));
        server.wait_for_waits(1);
        at_once ? server.stop_now() : server.stop();
        server.join();
        if (at_once)
            CHECK(client.drain() == 0);
        else
            CHECK(client.receive().value().body == "GET /wait ");
    }
}

TEST_CASE("requests that have arrived together get the answers that are held back together, each its own")
{
    Fixture server;
    std::vector<Client> clients;
    for (int i = 0; i < 5; ++i) {
        clients.emplace_back(server);
        CHECK(clients.back().exchange(get("/")).status == 200);
    }
    // While the server's thread is busy, so that it finds all of them at the same time.
    server.on_server([&](Server&) {
        for (std::size_t i = 0; i < clients.size(); ++i)
            CHECK(clients[i].send(post("/later", std::to_string(i), i == 3 ? "X-Delay: 10\r\n" : "")));
    });
    for (std::size_t i = 0; i < clients.size(); ++i)
        CHECK(clients[i].receive().value().body == "POST /later " + std::to_string(i));
    CHECK(clients[0].exchange(get("/later")).body == "GET /later ");

    Client dropped{server};
    CHECK(dropped.send(get("/later", "X-Drop: 1\r\n")));
    CHECK(dropped.drain() == 0);
    server.stop_now();
    server.join();
    CHECK(server.service.released == std::vector<std::size_t>{5, 1, 1});
}

TEST_CASE("a held answer is sent when the server stops, and one of a closed connection does no harm")
{
    Fixture server;
    Client gone{server};
    Client client{server};
    CHECK(gone.exchange(get("/")).status == 200);
    CHECK(client.exchange(get("/")).status == 200);
    server.on_server([&](Server& of) {
        CHECK(gone.send(get("/later")));
        gone.close_with_reset();
        CHECK(client.send(get("/later")));
        of.stop();
    });
    CHECK(client.receive().value().body == "GET /later ");
    server.join();
}

} // namespace cvm::http::test
