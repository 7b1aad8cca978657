// The lifetime of a connection and how it ends. See framing_test.cpp for requests and answers.
#include "server/http/listener.hpp"
#include "tests/support/http/http_fixture.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <doctest/doctest.h>

#include <sys/resource.h>
#include <unistd.h>

namespace cvm::http::test {

namespace {

using namespace std::chrono_literals;

// The beginning of a request; the answer 100 shows that the server has received it.
const std::string held_request =
    "POST /held HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";

} // namespace

TEST_CASE("a header that does not get complete in time is refused")
{
    Fixture server{{.request = 50ms}};
    for (const std::string bytes : {"G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: test\r\nX-A: "}) {
        CAPTURE(bytes);
        Client client{server};
        const Answer answer = client.exchange(bytes);
        CHECK(answer.status == 408);
        CHECK(answer.body.starts_with("refused "));
        CHECK(answer.field("Connection") == "close");
        CHECK(client.ends_in_silence());
    }
}

TEST_CASE("a body that does not get complete in time is refused")
{
    Fixture server{{.request = 50ms}};
    for (const std::string bytes :
         {"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhell",
          "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"}) {
        CAPTURE(bytes);
        Client client{server};
        CHECK(client.exchange(bytes).status == 408);
        CHECK(client.ends_in_silence());
    }
    Client client{server};
    CHECK(client.exchange(held_request).status == 100);
    CHECK(client.exchange("hell").status == 408);
}

TEST_CASE("a client that goes on sending after it was too slow is not reset")
{
    Fixture server{{.request = 50ms, .linger = 1h}};
    Client client{server};
    CHECK(client.exchange("POST / HTTP/1.1\r\n").status == 408);
    CHECK(client.send(std::string(5'000'000, 'a')));
    CHECK(client.ends_in_silence());
}

TEST_CASE("the rest of a pipelined request has its time limit, too")
{
    Fixture server{{.request = 50ms}};
    Client client{server};
    CHECK(client.exchange(get("/1") + "GET /2 HT").status == 200);
    CHECK(client.exchange("").status == 408);
    CHECK(client.ends_in_silence());
}

TEST_CASE("an idle connection is closed in silence")
{
    Fixture server{{.idle = 50ms}};
    Client silent{server};
    CHECK(silent.ends_in_silence());
    Client after_a_request;
    after_a_request.connect_and_send(server, get("/"));
    CHECK(after_a_request.exchange("").field("Connection") == "keep-alive");
    CHECK(after_a_request.ends_in_silence());
    Client empty_lines;
    empty_lines.connect_and_send(server, "\r\n\r\n");
    CHECK(empty_lines.ends_in_silence());
    server.stop();
    server.join();
    CHECK(server.service.refused.empty());
}

TEST_CASE("the limits are independent, whichever is the shorter")
{
    // Held far longer than the idle limit; the answer shows that the idle limit does not apply.
    Fixture server{{.idle = 20ms, .request = 200ms}};
    Client client;
    client.connect_and_send(server, "GET /slow HTTP/1.1\r\n");
    CHECK(client.exchange("").status == 408);
}

TEST_CASE("a client that does not read its answer is disconnected")
{
    Fixture server{{.write = 50ms}};
    Client client{server};
    client.send(get("/large", "X-Size: 64000000\r\n"));
    CHECK(client.receive_more());
    server.wait_for_connections(0);
    CHECK(client.drain() < 64'000'000);
}

TEST_CASE("a large answer arrives whole")
{
    Fixture server;
    Client client{server};
    const Answer answer = client.exchange(get("/large", "X-Size: 20000000\r\n"));
    CHECK(answer.body == std::string(20'000'000, 'x'));
    CHECK(client.exchange(get("/next")).body == "GET /next ");
}

TEST_CASE("connections over the cap are refused with an answer")
{
    Fixture server{{.connections = 2}};
    Client first{server};
    Client second{server};
    CHECK(first.exchange(get("/1")).status == 200);
    CHECK(second.exchange(get("/2")).status == 200);

    Client third{server};
    const Answer answer = third.exchange(get("/3"));
    CHECK(answer.status == 503);
    CHECK(answer.field("Connection") == "close");
    CHECK(answer.body == "refused /3");
    CHECK(third.ends_in_silence());

    CHECK(first.exchange(get("/4")).body == "GET /4 ");
    CHECK(first.exchange(get("/5", "Connection: close\r\n")).status == 200);
    CHECK(first.ends_in_silence());
    first.close();
    third.close();
    server.wait_for_connections(1);
    Client fourth{server};
    CHECK(fourth.exchange(get("/6")).body == "GET /6 ");
    Client fifth{server};
    CHECK(fifth.exchange(get("/7")).status == 503);
    CHECK(server.reports().empty());
}

TEST_CASE("over the cap, one request with priority is served")
{
    Fixture server{{.connections = 0}};
    Client client{server};
    const Answer answer = client.exchange(get("/first"));
    CHECK(answer.body == "GET /first ");
    CHECK(answer.field("Connection") == "close");
    CHECK(client.ends_in_silence());
    Client malformed{server};
    CHECK(malformed.exchange("GET /first\r\n\r\n").status == 400);
}

TEST_CASE("over the cap, the connection that has been idle the longest makes room")
{
    Fixture server{{.connections = 3, .idle_before_closing = 0ms}};
    Client working{server};
    working.send(get("/wait", "X-Wait: 60000\r\n"));
    server.wait_for_waits(1);
    Client first{server};
    CHECK(first.exchange(get("/1")).status == 200);
    Client second{server};
    CHECK(second.exchange(get("/2")).status == 200);

    Client third{server};
    CHECK(third.exchange(get("/3")).body == "GET /3 ");
    CHECK(first.ends_in_silence());
    CHECK(second.exchange(get("/4")).body == "GET /4 ");
    Client fourth{server};
    CHECK(fourth.exchange(get("/5")).body == "GET /5 ");
    CHECK(third.ends_in_silence());
    CHECK(second.exchange(get("/change")).status == 200);
    CHECK(working.receive()->status == 200);
}

TEST_CASE("a connection that was idle for a moment only keeps its place")
{
    Fixture server{{.connections = 1, .idle_before_closing = patience}};
    Client first{server};
    CHECK(first.exchange(get("/1")).status == 200);
    Client second{server};
    CHECK(second.exchange(get("/2")).status == 503);
    CHECK(first.exchange(get("/3")).body == "GET /3 ");
}

TEST_CASE("over the cap, a connection without a request is closed soon")
{
    Fixture server{{.connections = 0, .reserved_idle = 20ms}};
    Client client{server};
    CHECK(client.ends_in_silence());
}

TEST_CASE("over the cap, a client that does not end its request keeps no other from what has priority")
{
    Fixture server{{.linger = patience, .connections = 0, .reserved = 2, .reserved_idle = patience}};
    Client silent{server};
    Client slow{server};
    slow.send("GET /first HTTP/1.1\r\n");
    Client first{server};
    CHECK(first.exchange(get("/first")).body == "GET /first ");
    CHECK(silent.ends_in_silence());
    Client second{server};
    CHECK(second.exchange(get("/first")).body == "GET /first ");
    CHECK(slow.ends_in_silence());
}

TEST_CASE("connections over the cap and over what is reserved are dropped")
{
    Fixture server{{.linger = patience, .connections = 0, .reserved = 1}};
    Client told{server};
    CHECK(told.exchange(get("/")).status == 503);
    Client dropped{server};
    CHECK(!dropped.receive());
    told.close();
    server.wait_for_connections(0);
    Client told_again{server};
    CHECK(told_again.exchange(get("/")).status == 503);
}

TEST_CASE("two requests go over one connection")
{
    Fixture server;
    Client client{server};
    const Answer first = client.exchange(post("/1", "one"));
    CHECK(first.body == "POST /1 one");
    CHECK(first.field("Connection") == "keep-alive");
    CHECK(client.exchange(get("/2")).body == "GET /2 ");
}

TEST_CASE("pipelined requests are answered in order")
{
    Fixture server;
    Client client{server};
    CHECK(client.exchange(get("/1") + post("/2", "two") + get("/3")).body == "GET /1 ");
    CHECK(client.exchange("").body == "POST /2 two");
    CHECK(client.exchange("").body == "GET /3 ");
    CHECK(client.exchange(get("/4")).body == "GET /4 ");
}

TEST_CASE("a thousand pipelined requests are answered in order")
{
    Fixture server;
    Client client{server};
    std::string requests;
    for (int i = 0; i < 1000; ++i)
        requests += post("/" + std::to_string(i), std::string(100, 'a'));
    client.send(requests);
    for (int i = 0; i < 1000; ++i) {
        const auto answer = client.receive();
        REQUIRE(answer);
        REQUIRE(answer->body.starts_with("POST /" + std::to_string(i) + " a"));
    }
}

TEST_CASE("Connection: close is honoured")
{
    Fixture server;
    for (const std::string value : {"close", "Close", "x, close"}) {
        CAPTURE(value);
        Client client{server};
        const Answer answer = client.exchange(get("/1", "Connection: " + value + "\r\n") + get("/2"));
        CHECK(answer.body == "GET /1 ");
        CHECK(answer.field("Connection") == "close");
        CHECK(client.ends_in_silence());
    }
}

TEST_CASE("HTTP/1.0 is closed unless the client asks to keep it")
{
    Fixture server;
    Client client{server};
    const Answer kept = client.exchange("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(kept.body == "GET /1 ");
    CHECK(kept.field("Connection") == "keep-alive");
    const Answer closed = client.exchange("GET /2 HTTP/1.0\r\nHost: test\r\n\r\n");
    CHECK(closed.body == "GET /2 ");
    CHECK(closed.field("Connection") == "close");
    CHECK(client.ends_in_silence());
}

TEST_CASE("a client that has shut down its sending side gets its answers")
{
    Fixture server;
    Client client{server};
    client.send(get("/1") + get("/2"));
    client.shutdown_send();
    CHECK(client.exchange("").body == "GET /1 ");
    CHECK(client.exchange("").body == "GET /2 ");
    CHECK(client.ends_in_silence());
}

TEST_CASE("a client that goes away in the middle leaves the server alive")
{
    Fixture server;
    for (const std::string bytes : {"GET / HT", "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhe",
                                    "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe"}) {
        CAPTURE(bytes);
        Client half_closed{server};
        half_closed.send(bytes);
        half_closed.shutdown_send();
        CHECK(half_closed.ends_in_silence());
        Client closed{server};
        closed.send(bytes);
        closed.close();
        Client reset{server};
        reset.send(bytes);
        reset.close_with_reset();
    }
    Client does_not_wait{server};
    does_not_wait.send(get("/large", "X-Size: 20000000\r\n"));
    does_not_wait.close_with_reset();

    Client client{server};
    CHECK(client.exchange(get("/alive")).body == "GET /alive ");
    client.close();
    server.stop();
    server.join();
    CHECK(server.service.refused.empty());
    CHECK(server.reports().empty());
}

TEST_CASE("a graceful stop")
{
    SUBCASE("closes idle connections and finishes requests that are held")
    {
        Fixture server{{.stop = patience}};
        Client idle{server};
        CHECK(idle.exchange(get("/")).status == 200);
        Client held{server};
        CHECK(held.exchange(held_request).status == 100);

        server.stop();
        CHECK(idle.ends_in_silence());
        const Answer answer = held.exchange("hello");
        CHECK(answer.body == "POST /held hello");
        CHECK(answer.field("Connection") == "close");
        CHECK(held.ends_in_silence());
        held.close();
        server.join();
    }
    SUBCASE("serves a request that has arrived but has not been read yet")
    {
        Fixture server{{.stop = patience}};
        Client client{server};
        CHECK(client.exchange(get("/1")).status == 200);
        server.on_server([&](Server& listener) {
            client.send(get("/2"));
            listener.stop();
        });
        const auto answer = client.receive();
        REQUIRE(answer);
        CHECK(answer->body == "GET /2 ");
        CHECK(answer->field("Connection") == "close");
        client.close();
        server.join();
    }
    SUBCASE("accepts no more")
    {
        Fixture server;
        Client held{server};
        CHECK(held.exchange(held_request).status == 100);
        server.stop();
        CHECK(!Client{}.try_connect(server));
    }
    SUBCASE("closes what remains after its time")
    {
        Fixture server{{.stop = 50ms}};
        Client held{server};
        CHECK(held.exchange(held_request).status == 100);
        server.stop();
        CHECK(!held.receive());
        server.join();
        CHECK(server.service.handled.empty());
        CHECK(server.service.refused.empty());
    }
    SUBCASE("ends at once without connections")
    {
        Fixture server{{.stop = 1h}};
        server.stop();
        server.join();
    }
    SUBCASE("may be asked for twice")
    {
        Fixture server;
        server.on_server([](Server& listener) {
            listener.stop();
            listener.stop();
        });
        server.join();
    }
}

TEST_CASE("stop_now closes everything at once")
{
    Fixture server;
    Client idle{server};
    CHECK(idle.exchange(get("/")).status == 200);
    Client held{server};
    CHECK(held.exchange(held_request).status == 100);
    Client reads_nothing{server};
    reads_nothing.send(get("/large", "X-Size: 64000000\r\n"));

    SUBCASE("by itself") {}
    SUBCASE("after stop") { server.stop(); }
    server.stop_now();
    CHECK(!held.receive());
    CHECK(idle.drain() == 0);
    server.join();
    CHECK(server.reports().empty());
}

TEST_CASE("connections are counted until they end")
{
    Fixture server;
    Client client{server};
    CHECK(client.exchange(get("/")).status == 200);
    server.wait_for_connections(1);
    client.close();
    server.wait_for_connections(0);
}

TEST_CASE("connections are counted by what became of them")
{
    SUBCASE("one that is refused")
    {
        Fixture server{{.connections = 1, .idle_before_closing = patience, .reserved = 0}};
        Client first{server};
        CHECK(first.exchange(get("/")).status == 200);
        Client second{server};
        CHECK(!second.receive());
        const Connections counts = server.counts();
        CHECK(counts.open == 1);
        CHECK(counts.accepted == 2);
        CHECK(counts.refused == 1);
        CHECK(counts.evicted == 0);
        first.close();
        server.wait_for_connections(0);
        CHECK(server.counts().open == 0);
    }
    SUBCASE("one that makes room, and one that is told that there is none")
    {
        Fixture server{{.connections = 1, .idle_before_closing = std::chrono::milliseconds{0}}};
        Client first{server};
        CHECK(first.exchange(get("/")).status == 200);
        Client second{server};
        CHECK(second.exchange(get("/")).status == 200);
        CHECK(server.counts().evicted == 1);
        second.send(get("/wait", "X-Wait: 60000\r\n"));
        server.wait_for_waits(1);
        Client third{server};
        CHECK(third.exchange(get("/")).status == 503);
        const Connections counts = server.counts();
        CHECK(counts.accepted == 3);
        CHECK(counts.refused == 0); // but counted by the service, as a request
        CHECK(counts.evicted == 1);
    }
}

TEST_CASE("a server that cannot listen says where")
{
    Fixture taken;
    boost::asio::io_context io;
    EchoService service;
    Server server{io, service, {}, [](Importance, std::string_view) {}};
    SUBCASE("port in use")
    {
        const std::string place = "127.0.0.1:" + std::to_string(taken.port());
        CHECK_THROWS_WITH_AS(server.listen("127.0.0.1", taken.port()), doctest::Contains(place.c_str()),
                             boost::system::system_error);
    }
    SUBCASE("not an address of this machine")
    {
        CHECK_THROWS_AS(server.listen("192.0.2.1", 0), boost::system::system_error);
    }
    io.run();
}

TEST_CASE("localhost is listened on with IPv4")
{
    boost::asio::io_context io;
    EchoService service;
    Server server{io, service, {}, [](Importance, std::string_view) {}};
    const auto endpoint = server.listen("localhost", 0);
    CHECK(endpoint.address().to_string() == "127.0.0.1");
    CHECK(endpoint.port() != 0);
    server.stop();
    io.run();
}

TEST_CASE("running out of descriptors is reported and the server recovers")
{
    Fixture server;
    Client client;
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);

    // The next descriptor would be the first one over the limit.
    const int next = ::dup(STDERR_FILENO);
    REQUIRE(next > 0);
    ::close(next);
    rlimit exhausted = before;
    exhausted.rlim_cur = static_cast<rlim_t>(next);
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &exhausted) == 0);
    client.connect(server);
    const std::string report = server.next_report();
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);

    CHECK(report == "accept: Too many open files; trying again");
    CHECK(client.exchange(get("/after")).body == "GET /after ");
}

TEST_CASE("two thousand connections leave no descriptor behind")
{
    Fixture server;
    const std::size_t before = open_descriptors();
    for (int i = 0; i < 2000; ++i) {
        Client client{server};
        REQUIRE(client.exchange(get("/", i % 2 == 0 ? "Connection: close\r\n" : "")).status == 200);
    }
    server.stop();
    server.join();
    CHECK(open_descriptors() <= before);
    CHECK(server.service.handled.size() == 2000);
}

TEST_CASE("a connection that waits to be accepted when the server stops is served")
{
    Fixture server;
    std::optional<Client> waiting;
    std::optional<Client> silent;
    server.on_server([&](Server& running) {
        // The server's thread is busy here, so that it cannot accept the new connections.
        waiting.emplace(server);
        silent.emplace(server);
        running.stop();
    });
    const Answer answer = waiting->exchange(get("/late"));
    CHECK(answer.body == "GET /late ");
    CHECK(answer.field("Connection") == "close");
    CHECK(waiting->ends_in_silence());
    CHECK(silent->ends_in_silence());
    server.join();
}

} // namespace cvm::http::test
