// Which bytes are a request, which are refused, and the form of answers. See connection_test.cpp for connections.
#include "tests/support/difference.hpp"
#include "tests/support/http/http_fixture.hpp"

#include <doctest/doctest.h>

#include <time.h>

#include <ctime>

namespace cvm::http::test {

namespace {

using namespace std::chrono_literals;

const std::string host = "Host: test\r\n";

// The first answer to these bytes. After a refusal the connection must end properly.
Answer answer_to(std::string_view bytes, const Limits& limits = {})
{
    Fixture server{limits};
    Client client{server};
    const Answer answer = client.exchange(bytes);
    if (answer.status != 200) {
        CHECK(answer.field("Connection") == "close");
        CHECK(client.ends_in_silence());
    }
    client.close();
    server.stop();
    server.join();
    CHECK(server.service.handled.size() == (answer.status == 200 ? 1 : 0));
    CHECK(server.reports().empty());
    return answer;
}

} // namespace

TEST_CASE("what is not HTTP/1.x is refused as malformed")
{
    struct Case {
        std::string_view what;
        std::string bytes;
    };
    const Case cases[] = {
        {"no words", "\x17\x03\x01\x02\x00\x01\xfc\x03\x03"},
        {"HTTP/0.9", "GET /\r\n\r\n"},
        {"HTTP/1.2", "GET / HTTP/1.2\r\n" + host + "\r\n"},
        {"no target", "GET  HTTP/1.1\r\n" + host + "\r\n"},
        {"two spaces", "GET /  HTTP/1.1\r\n" + host + "\r\n"},
        {"space in the target", "GET /a b HTTP/1.1\r\n" + host + "\r\n"},
        {"line feed in the target", "GET /a\nb HTTP/1.1\r\n" + host + "\r\n"},
        {"space before the method", " GET / HTTP/1.1\r\n" + host + "\r\n"},
        {"field without a name", "GET / HTTP/1.1\r\n" + host + ": x\r\n\r\n"},
        {"field without a colon", "GET / HTTP/1.1\r\n" + host + "X-A\r\n\r\n"},
        {"NUL in a value", "GET / HTTP/1.1\r\n" + host + std::string{"X-A: a\0b\r\n\r\n", 12}},
        {"no Host", "GET / HTTP/1.1\r\n\r\n"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const Answer answer = answer_to(c.bytes);
        CHECK(answer.status == 400);
        CHECK(answer.body.starts_with("refused "));
    }
}

TEST_CASE("a request that another server could read differently is refused as malformed")
{
    struct Case {
        std::string_view what;
        std::string fields;
        std::string body;
    };
    const std::string chunked = "Transfer-Encoding: chunked\r\n";
    const std::string chunked_body = "5\r\nhello\r\n0\r\n\r\n";
    const Case cases[] = {
        {"length, then chunked", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", chunked_body},
        {"chunked, then length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", chunked_body},
        {"length, then an unknown encoding", "Content-Length: 5\r\nTransfer-Encoding: xchunked\r\n", "hello"},
        {"unknown encoding, then length", "Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n", "hello"},
        {"two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n", "hello!"},
        {"the same length twice", "Content-Length: 5\r\nContent-Length: 5\r\n", "hello"},
        {"a list of lengths", "Content-Length: 5, 5\r\n", "hello"},
        {"signed length", "Content-Length: +5\r\n", "hello"},
        {"negative length", "Content-Length: -5\r\n", "hello"},
        {"hexadecimal length", "Content-Length: 0x5\r\n", "hello"},
        {"empty length", "Content-Length: \r\n", "hello"},
        {"length over 64 bits", "Content-Length: 18446744073709551621\r\n", "hello"},
        {"identity", "Transfer-Encoding: identity\r\n", ""},
        {"unknown encoding", "Transfer-Encoding: xchunked\r\n", ""},
        {"empty encoding", "Transfer-Encoding:\r\n", ""},
        {"compressed and chunked", "Transfer-Encoding: gzip, chunked\r\n", chunked_body},
        {"chunked, but not last", "Transfer-Encoding: chunked, identity\r\n", chunked_body},
        {"chunked twice in a list", "Transfer-Encoding: chunked, chunked\r\n", chunked_body},
        {"chunked twice", chunked + chunked, chunked_body},
        {"identity, then chunked", "Transfer-Encoding: identity\r\n" + chunked, chunked_body},
        {"chunked, then identity", chunked + "Transfer-Encoding: identity\r\n", chunked_body},
        {"quoted chunked", "Transfer-Encoding: \"chunked\"\r\n", chunked_body},
        {"vertical tab before chunked", "Transfer-Encoding: \vchunked\r\n", chunked_body},
        {"space before the colon", "Transfer-Encoding : chunked\r\n", chunked_body},
        {"tab before the colon", "Content-Length\t: 5\r\n", "hello"},
        {"space before a field", " Content-Length: 5\r\n", "hello"},
        {"folded field", "X-A: a\r\n b\r\n", ""},
        {"field folded with a tab", "X-A: a\r\n\tb\r\n", ""},
        {"folded encoding", "Transfer-Encoding:\r\n chunked\r\n", chunked_body},
        {"field that hides in a fold", "X-A: a\r\n Content-Length: 5\r\n", "hello"},
        {"line feed alone", "X-A: a\nContent-Length: 5\r\n", "hello"},
        {"line feed alone ends the header", "X-A: a\n\nGET /smuggled HTTP/1.1\r\n", ""},
        {"carriage return alone", "X-A: a\rContent-Length: 5\r\n", "hello"},
        {"two Hosts", "Host: other\r\n", ""},
        {"chunk size with a sign", chunked, "+5\r\nhello\r\n0\r\n\r\n"},
        {"chunk size with 0x", chunked, "0x5\r\nhello\r\n0\r\n\r\n"},
        {"space before a chunk size", chunked, " 5\r\nhello\r\n0\r\n\r\n"},
        {"space after a chunk size", chunked, "5 \r\nhello\r\n0\r\n\r\n"},
        {"chunk size over 64 bits", chunked, "10000000000000005\r\nhello\r\n0\r\n\r\n"},
        {"no chunk size", chunked, "\r\nhello\r\n0\r\n\r\n"},
        {"chunk longer than its size", chunked, "5\r\nhello!\r\n0\r\n\r\n"},
        {"chunk line ends in LF alone", chunked, "5\nhello\r\n0\r\n\r\n"},
        {"chunk ends in LF alone", chunked, "5\r\nhello\n0\r\n\r\n"},
        {"LF in a chunk extension", chunked, "5;a\nb\r\nhello\r\n0\r\n\r\n"},
        {"LF in a quoted extension", chunked, "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n"},
        {"LF in the last extension", chunked, "0;a=\"\n\"\r\n\r\n"},
        {"LF in a trailer", chunked, "0\r\nX-A: a\nb\r\n\r\n"},
        {"length in a trailer", chunked, "0\r\nContent-Length: 5\r\n\r\n"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(answer_to("POST / HTTP/1.1\r\n" + host + c.fields + "\r\n" + c.body).status == 400);
    }
}

TEST_CASE("chunked in HTTP/1.0 is refused as malformed")
{
    CHECK(answer_to("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").status == 400);
}

TEST_CASE("nothing after a malformed request is served")
{
    Fixture server;
    Client client{server};
    const Answer answer = client.exchange("POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n" + get("/smuggled"));
    CHECK(answer.status == 400);
    CHECK(client.ends_in_silence());
    client.close();
    server.stop();
    server.join();
    CHECK(server.service.handled.empty());
}

TEST_CASE("a header over the limit is refused")
{
    struct Case {
        std::string_view what;
        std::string bytes;
        int status;
    };
    const Limits limits{.header_bytes = 1024};
    const std::string many(2000, 'a');
    const std::string half(700, 'a');
    const Case cases[] = {
        {"one long field", get("/", "X-A: " + many + "\r\n"), 431},
        {"one long target", get("/" + many), 414},
        {"a header that never ends", "GET / HTTP/1.1\r\nX-A: " + many, 431},
        {"a request line that never ends", "GET /" + many, 414},
        {"each part below, the sum above", get("/" + half, "X-A: " + half + "\r\n"), 431},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const Answer answer = answer_to(c.bytes, limits);
        CHECK(answer.status == c.status);
        CHECK(answer.body.starts_with("refused "));
    }
}

TEST_CASE("a header of exactly the limit is served, one byte more is refused")
{
    const std::string exact = get("/", "X-A: " + std::string(900, 'a') + "\r\n");
    CHECK(answer_to(exact, {.header_bytes = exact.size()}).status == 200);
    CHECK(answer_to(exact, {.header_bytes = exact.size() - 1}).status == 431);
}

TEST_CASE("a header of 60 KB in one target is served")
{
    const std::string target = "/?" + std::string(60'000, 'a');
    CHECK(answer_to(get(target)).body == "GET " + target + " ");
}

TEST_CASE("a length over the limit is refused without reading the body")
{
    const Answer answer = answer_to("POST /known HTTP/1.1\r\n" + host + "Content-Length: 1001\r\n\r\n");
    CHECK(answer.status == 413);
    CHECK(answer.body == "refused /known");
}

TEST_CASE("the body limit is the one for this header")
{
    CHECK(answer_to(post("/", std::string(1000, 'a'))).status == 200);
    CHECK(answer_to(post("/", std::string(1001, 'a'))).status == 413);
    CHECK(answer_to(post("/upload", std::string(1001, 'a'))).status == 200);
    const std::string large(upload_body_limit, 'a');
    CHECK(answer_to(post("/upload", large)).body == "POST /upload " + large);
}

TEST_CASE("the answer to a refused body arrives although the client sends all of it first")
{
    const std::string body(8'000'000, 'a');
    Fixture server;
    Client client{server};
    CHECK(client.send(post("/", body)));
    const auto answer = client.receive();
    REQUIRE(answer);
    CHECK(answer->status == 413);
    CHECK(client.ends_in_silence());
}

TEST_CASE("a refused client that sends without end is cut off")
{
    Fixture server{{.linger = 1h, .linger_bytes = 100'000}};
    Client client{server};
    client.send("POST / HTTP/1.1\r\n" + host + "Content-Length: 1000000000\r\n\r\n");
    const std::string part(100'000, 'a');
    int sent = 0;
    while (sent < 1000 && client.send(part))
        ++sent;
    CHECK(sent < 1000);
    server.stop();
    server.join();
}

TEST_CASE("a chunked body over the limit is refused as soon as a chunk says so")
{
    const std::string head = "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n";
    const std::string chunk = "190\r\n" + std::string(400, 'a') + "\r\n";
    CHECK(answer_to(head + "3e8\r\n" + std::string(1000, 'a') + "\r\n0\r\n\r\n").status == 200);
    CHECK(answer_to(head + "3e9\r\n").status == 413);
    CHECK(answer_to(head + "ffffffffffffffff\r\n").status == 413);
    CHECK(answer_to(head + chunk + chunk + "0\r\n\r\n").status == 200);
    CHECK(answer_to(head + chunk + chunk + "190\r\n").body == "refused /");
}

TEST_CASE("a chunk line or a trailer without end is refused")
{
    const std::string head = "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n";
    const std::string many(2000, 'a');
    CHECK(answer_to(head + "5;" + many, {.header_bytes = 1024}).status == 431);
    CHECK(answer_to(head + "0\r\nX-A: " + many, {.header_bytes = 1024}).status == 431);
}

TEST_CASE("a chunked body arrives whole, its extensions ignored")
{
    const Answer answer =
        answer_to("POST /c HTTP/1.1\r\n" + host +
                  "transfer-encoding: Chunked\r\n\r\n5;a=b;c=\"d e\"\r\nhello\r\n6;x\r\n world\r\n0\r\n\r\n");
    CHECK(answer.body == "POST /c hello world");
}

TEST_CASE("a trailer does not become a header field")
{
    const std::string head = "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n";
    const std::string body = "\r\n5\r\nhello\r\n0\r\nX-Extra: trailer\r\n\r\n";
    CHECK(answer_to(head + body).field("X-Extra") == "");
    CHECK(answer_to(head + "X-Extra: header\r\n" + body).field("X-Extra") == "header");
}

TEST_CASE("empty lines before a request are ignored")
{
    Fixture server;
    Client client{server};
    CHECK(client.exchange("\r\n\r\n" + get("/1")).body == "GET /1 ");
    client.send("\r");
    CHECK(client.exchange("\n" + get("/2")).body == "GET /2 ");
}

TEST_CASE("a request that comes byte by byte is the same request")
{
    const std::string requests[] = {
        post("/whole", "hello", "X-Extra: extra\r\n"),
        "POST /whole HTTP/1.1\r\n" + host +
            "X-Extra: extra\r\nTransfer-Encoding: chunked\r\n\r\n"
            "2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\nX-T: t\r\n\r\n",
    };
    for (const std::string& request : requests) {
        CAPTURE(request);
        Fixture server;
        Client client{server};
        // Each byte is a packet of its own, though the server may read some of them together.
        client.no_delay();
        for (const char& byte : request)
            client.send({&byte, 1});
        const auto answer = client.receive();
        REQUIRE(answer);
        CHECK(answer->body == "POST /whole hello");
        CHECK(answer->field("X-Extra") == "extra");
    }
}

TEST_CASE("an answer has its fields in this order")
{
    const Answer answer = answer_to(get("/", "X-Extra: extra\r\n"));
    CHECK(answer.status == 200);
    const std::vector<std::string> expected{"Server",     "Date",         "Content-Type", "Content-Length",
                                            "Connection", "X-Request-Id", "X-Extra"};
    CHECK(cvm::test::difference(answer.field_names(), expected) == "");
    CHECK(answer.field("Server") == "cvm-renewal-emulator");
    CHECK(answer.field("Content-Type") == "application/json");
    CHECK(answer.field("Content-Length") == std::to_string(answer.body.size()));
    CHECK(answer.field("Connection") == "keep-alive");
}

TEST_CASE("Date is the current second in the form of RFC 7231")
{
    const std::time_t before = std::time(nullptr);
    const std::string date = answer_to(get("/")).field("Date");
    const std::time_t after = std::time(nullptr);

    std::tm parsed{};
    const char* end = ::strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parsed);
    REQUIRE(end != nullptr);
    CHECK(*end == '\0');
    CHECK(date.size() == std::string_view{"Sun, 06 Nov 1994 08:49:37 GMT"}.size());
    const std::time_t sent = ::timegm(&parsed);
    CHECK(sent >= before);
    CHECK(sent <= after);
}

TEST_CASE("HEAD is answered with the length of the body and without the body")
{
    Fixture server;
    Client client{server};
    const Answer head = client.exchange("HEAD /1 HTTP/1.1\r\n" + host + "\r\n", BodySent::no);
    CHECK(head.status == 200);
    CHECK(head.field("Content-Length") == std::to_string(std::string_view{"HEAD /1 "}.size()));
    CHECK(client.exchange(get("/2")).body == "GET /2 ");
}

TEST_CASE("a refused HEAD is answered without a body, too")
{
    Fixture server;
    Client client{server};
    const Answer answer = client.exchange("HEAD / HTTP/1.1\r\n" + host + "Content-Length: 1001\r\n\r\n", BodySent::no);
    CHECK(answer.status == 413);
    CHECK(client.ends_in_silence());
}

TEST_CASE("204 has neither length nor body")
{
    Fixture server;
    Client client{server};
    const Answer answer = client.exchange(get("/empty"));
    CHECK(answer.status == 204);
    CHECK(std::ranges::count(answer.field_names(), "Content-Length") == 0);
    CHECK(client.exchange(get("/2")).body == "GET /2 ");
}

TEST_CASE("an absolute target arrives as it was sent")
{
    CHECK(answer_to(get("http://cvm.example.com/?a=b")).body == "GET http://cvm.example.com/?a=b ");
}

TEST_CASE("100-continue")
{
    const std::string head = "POST / HTTP/1.1\r\n" + host + "Expect: 100-Continue\r\n";
    Fixture server;
    Client client{server};

    SUBCASE("is refused at once when the length is over the limit")
    {
        const Answer answer = client.exchange(head + "Content-Length: 1001\r\n\r\n");
        CHECK(answer.status == 413);
        CHECK(client.ends_in_silence());
    }
    SUBCASE("is refused at once when the request is malformed")
    {
        const Answer answer = client.exchange(head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n");
        CHECK(answer.status == 400);
        CHECK(client.ends_in_silence());
    }
    SUBCASE("is said once and the body read")
    {
        const Answer go_on = client.exchange(head + "Content-Length: 10\r\n\r\n");
        CHECK(go_on.status == 100);
        CHECK(go_on.fields.empty());
        client.send("hello");
        CHECK(client.exchange("12345").body == "POST / hello12345");
    }
    SUBCASE("is said for a chunked body")
    {
        CHECK(client.exchange(head + "Transfer-Encoding: chunked\r\n\r\n").status == 100);
        CHECK(client.exchange("5\r\nhello\r\n0\r\n\r\n").body == "POST / hello");
    }
    // In the following, the answer to /1 shows that the server has received everything sent with it.
    SUBCASE("is not said when the body has begun to come")
    {
        CHECK(client.exchange(get("/1") + head + "Content-Length: 5\r\n\r\nhe").status == 200);
        CHECK(client.exchange("llo").status == 200);
    }
    SUBCASE("is not said when there is no body")
    {
        CHECK(client.exchange(head + "Content-Length: 0\r\n\r\n").status == 200);
        CHECK(client.exchange(head + "\r\n").status == 200);
    }
    SUBCASE("is not said to HTTP/1.0")
    {
        const std::string old = "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
        CHECK(client.exchange(get("/1") + old).status == 200);
        CHECK(client.exchange("hello").status == 200);
    }
    SUBCASE("is said after the answers to earlier requests")
    {
        CHECK(client.exchange(get("/1") + head + "Content-Length: 5\r\n\r\n").body == "GET /1 ");
        CHECK(client.exchange("").status == 100);
        CHECK(client.exchange("hello").body == "POST / hello");
    }
}

TEST_CASE("a client that begins with HTTP/2 is told in HTTP/2 to use HTTP/1.1")
{
    Fixture server;
    Client client{server};
    const std::string settings{"\0\0\0\4\0\0\0\0\0", 9};
    const std::string request{"\0\0\1\1\5\0\0\0\1\x82", 10}; // GET on stream 1
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings + request);
    while (client.receive_more()) {
    }
    const std::string got = client.take_received();
    const std::string body = "refused *";
    CHECK(got == settings + std::string{"\0\0\x18\1\4\0\0\0\1\x08\x03", 11} + "505" + "\x0f\x10\x10" +
                     "application/json" + std::string{"\0\0", 2} + static_cast<char>(body.size()) +
                     std::string{"\0\1\0\0\0\1", 6} + body + std::string{"\0\0\x08\7\0\0\0\0\0\0\0\0\1\0\0\0\x0d", 17});
    server.on_server([&](Server&) { CHECK(server.service.refused == std::vector{Refusal::http2}); });
}

} // namespace cvm::http::test
