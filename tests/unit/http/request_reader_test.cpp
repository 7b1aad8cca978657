// From bytes to a request or a refusal, without sockets. tests/http/framing_test.cpp tests what a client sees of it.
#include "server/http/request_reader.hpp"

#include "server/http/http2.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using namespace cvm::http;
using State = RequestReader::State;

namespace {

constexpr std::size_t whole = std::string_view::npos;
constexpr std::size_t header_limit = 1024;

const std::string host = "Host: test\r\n";
const std::string chunked = "Transfer-Encoding: chunked\r\n";

// Provides body limits and records for which requests they were queried.
class BodyLimits final : public Service {
public:
    static constexpr std::uint64_t ordinary = 1000;
    static constexpr std::uint64_t upload = 3000;

    Reply handle(const Request&, const Arrival&) noexcept override { return {}; }
    Response refuse(Refusal, const RequestHeader&) noexcept override { return {}; }
    bool has_priority(const RequestHeader&) const noexcept override { return false; }

    std::uint64_t body_limit(const RequestHeader& header) const noexcept override
    {
        asked.emplace_back(header.target());
        return header.target() == "/upload" ? upload : ordinary;
    }

    mutable std::vector<std::string> asked;
};

std::string_view name_of(Refusal reason)
{
    switch (reason) {
    case Refusal::malformed:
        return "malformed";
    case Refusal::http2:
        return "http2";
    case Refusal::tls:
        return "tls";
    case Refusal::target_too_long:
        return "target too long";
    case Refusal::header_too_large:
        return "header too large";
    case Refusal::body_too_large:
        return "body too large";
    case Refusal::timeout:
        return "timeout";
    case Refusal::too_many_connections:
        return "too many connections";
    }
    return "unknown";
}

// Passes `bytes` to the reader, at most `piece` of them at once, until it has a request or refuses. Returns the bytes
// that were not passed.
std::string_view feed(RequestReader& reader, std::string_view bytes, std::size_t piece = whole)
{
    while (!bytes.empty() && (reader.state() == State::idle || reader.state() == State::partial)) {
        const auto space = reader.space();
        const std::size_t size = std::min({bytes.size(), space.size(), piece});
        std::memcpy(space.data(), bytes.data(), size);
        reader.received(size);
        bytes.remove_prefix(size);
    }
    return bytes;
}

// "idle", "partial", "<method> <target> <body>" or "refused: <reason>".
std::string outcome(const RequestReader& reader)
{
    switch (reader.state()) {
    case State::idle:
        return "idle";
    case State::partial:
        return "partial";
    case State::complete:
        return std::string{reader.request().method_string()} + " " + std::string{reader.request().target()} + " " +
               reader.request().body();
    case State::refused:
        return "refused: " + std::string{name_of(reader.refusal())};
    }
    return "unknown";
}

// The outcome of the first request in `bytes`.
std::string outcome_of(std::string_view bytes, std::size_t piece = whole, std::size_t limit = header_limit)
{
    const BodyLimits service;
    RequestReader reader{service, limit};
    feed(reader, bytes, piece);
    return outcome(reader);
}

// The outcome of each request in `bytes`, one per line; the last line is the state after them.
std::string outcomes_of(std::string_view bytes, std::size_t piece = whole)
{
    const BodyLimits service;
    RequestReader reader{service, header_limit};
    bytes = feed(reader, bytes, piece);
    std::string outcomes = outcome(reader);
    while (reader.state() == State::complete) {
        reader.next();
        bytes = feed(reader, bytes, piece);
        outcomes += "\n" + outcome(reader);
    }
    return outcomes;
}

std::string get(std::string_view target, std::string_view fields = {})
{
    return "GET " + std::string{target} + " HTTP/1.1\r\n" + host + std::string{fields} + "\r\n";
}

// The header of a POST; `fields` are whole lines and say where the body ends.
std::string post(std::string_view fields, std::string_view target = "/")
{
    return "POST " + std::string{target} + " HTTP/1.1\r\n" + host + std::string{fields} + "\r\n";
}

std::string length(std::size_t bytes) { return "Content-Length: " + std::to_string(bytes) + "\r\n"; }

struct Case {
    std::string_view what;
    std::string bytes;
};

// Checks that the outcome is the same, however the bytes are split.
void check_outcomes(std::span<const Case> cases, std::string_view expected)
{
    for (const Case& c : cases) {
        for (const std::size_t piece : {whole, std::size_t{1}, std::size_t{7}}) {
            CAPTURE(c.what);
            CAPTURE(piece);
            CHECK(outcome_of(c.bytes, piece) == expected);
        }
    }
}

} // namespace

// --- refused ---

TEST_CASE("the request reader refuses a start line that is not HTTP/1.x")
{
    const Case cases[] = {
        {"TLS", "\x16\x03\x01\x02\x00\x01\xfc\x03\x03"},
        {"HTTP/0.9", "GET /\r\n\r\n"},
        {"HTTP/1.2", "GET / HTTP/1.2\r\n" + host + "\r\n"},
        {"HTTP/2.0", "GET / HTTP/2.0\r\n" + host + "\r\n"},
        {"version in lower case", "GET / http/1.1\r\n" + host + "\r\n"},
        {"no method", "/ HTTP/1.1\r\n" + host + "\r\n"},
        {"space before the method", " GET / HTTP/1.1\r\n" + host + "\r\n"},
        {"no target", "GET  HTTP/1.1\r\n" + host + "\r\n"},
        {"two spaces before the version", "GET /  HTTP/1.1\r\n" + host + "\r\n"},
        {"space after the version", "GET / HTTP/1.1 \r\n" + host + "\r\n"},
        {"space in the target", "GET /a b HTTP/1.1\r\n" + host + "\r\n"},
        {"tab in the target", "GET /a\tb HTTP/1.1\r\n" + host + "\r\n"},
        {"line feed in the target", "GET /a\nb HTTP/1.1\r\n" + host + "\r\n"},
        {"NUL in the target", std::string{"GET /a\0b HTTP/1.1\r\n", 19} + host + "\r\n"},
        {"NUL in the method", std::string{"G\0T / HTTP/1.1\r\n", 16} + host + "\r\n"},
        {"start line ends in LF alone", "GET / HTTP/1.1\n" + host + "\r\n"},
    };
    check_outcomes(cases, "refused: malformed");
}

TEST_CASE("the request reader refuses malformed header fields")
{
    const Case cases[] = {
        {"no name", get("/", ": x\r\n")},
        {"no colon", get("/", "X-A\r\n")},
        {"space in the name", get("/", "X A: a\r\n")},
        {"space before the colon", get("/", "X-A : a\r\n")},
        {"tab before the colon", get("/", "X-A\t: a\r\n")},
        {"space before the first field", "GET / HTTP/1.1\r\n " + host + "\r\n"},
        {"NUL in a name", get("/", std::string{"X\0A: a\r\n", 8})},
        {"NUL in a value", get("/", std::string{"X-A: a\0b\r\n", 10})},
        {"LF alone in a value", get("/", "X-A: a\nX-B: b\r\n")},
        {"LF alone ends the header", get("/", "X-A: a\n\nGET /smuggled HTTP/1.1\r\n")},
        {"CR alone in a value", get("/", "X-A: a\rX-B: b\r\n")},
        {"folded with a space", get("/", "X-A: a\r\n b\r\n")},
        {"folded with a tab", get("/", "X-A: a\r\n\tb\r\n")},
        {"a length that hides in a fold", post("X-A: a\r\n Content-Length: 5\r\n") + "hello"},
    };
    check_outcomes(cases, "refused: malformed");
}

TEST_CASE("the request reader refuses HTTP/1.1 without Host, and two of them in any version")
{
    const Case cases[] = {
        {"none", "GET / HTTP/1.1\r\n\r\n"},
        {"two", get("/", "Host: other\r\n")},
        {"the same twice", get("/", host)},
        {"two in HTTP/1.0", "GET / HTTP/1.0\r\n" + host + host + "\r\n"},
    };
    check_outcomes(cases, "refused: malformed");
}

TEST_CASE("the request reader accepts exactly the valid values of Host")
{
    for (const char* none : {"a b", "a/b", "a?b", "a#b", "a@b", "a\\b", "a\"b", "a<b", "a\xE4", "a:b", "a:80:80",
                             "[::1", "[", "[::1]80", "[::1]:x", "[::1/]", "a:-1"}) {
        CAPTURE(none);
        CHECK(outcome_of("GET / HTTP/1.1\r\nHost: " + std::string{none} + "\r\n\r\n") == "refused: malformed");
        CHECK(outcome_of("GET / HTTP/1.0\r\nHost: " + std::string{none} + "\r\n\r\n") == "refused: malformed");
    }
    for (const char* host :
         {"", "a", "a.b-c_d~1:80", "A%20b", "a!$&'()*+,;=b", "a:", ":80", "[::1]", "[fe80::1%25eth0]:8213",
          "[::ffff:127.0.0.1]:80", "127.0.0.1:99999", "http://127.0.0.1:8213", "http://127.0.0.1:8213/"}) {
        CAPTURE(host);
        CHECK(outcome_of("GET / HTTP/1.1\r\nHost: " + std::string{host} + "\r\n\r\n") == "GET / ");
    }
}

TEST_CASE("the request reader refuses a body whose end is ambiguous")
{
    const std::string body = "5\r\nhello\r\n0\r\n\r\n";
    const Case cases[] = {
        {"length, then chunked", post(length(5) + chunked) + body},
        {"chunked, then length", post(chunked + length(5)) + body},
        {"length, then an unknown encoding", post(length(5) + "Transfer-Encoding: xchunked\r\n") + "hello"},
        {"unknown encoding, then length", post("Transfer-Encoding: xchunked\r\n" + length(5)) + "hello"},
        {"two lengths", post(length(5) + length(6)) + "hello!"},
        {"the same length twice", post(length(5) + length(5)) + "hello"},
        {"list of lengths", post("Content-Length: 5, 5\r\n") + "hello"},
        {"length with a plus", post("Content-Length: +5\r\n") + "hello"},
        {"length with a minus", post("Content-Length: -5\r\n") + "hello"},
        {"length in hexadecimal", post("Content-Length: 0x5\r\n") + "hello"},
        {"length with a fraction", post("Content-Length: 5.0\r\n") + "hello"},
        {"empty length", post("Content-Length: \r\n") + "hello"},
        {"length over 64 bits", post("Content-Length: 18446744073709551621\r\n") + "hello"},
        {"identity", post("Transfer-Encoding: identity\r\n")},
        {"unknown encoding", post("Transfer-Encoding: xchunked\r\n")},
        {"empty encoding", post("Transfer-Encoding:\r\n")},
        {"compressed and chunked", post("Transfer-Encoding: gzip, chunked\r\n") + body},
        {"chunked, but not last", post("Transfer-Encoding: chunked, identity\r\n") + body},
        {"chunked twice in a list", post("Transfer-Encoding: chunked, chunked\r\n") + body},
        {"chunked twice", post(chunked + chunked) + body},
        {"identity, then chunked", post("Transfer-Encoding: identity\r\n" + chunked) + body},
        {"chunked, then identity", post(chunked + "Transfer-Encoding: identity\r\n") + body},
        {"chunked in quotes", post("Transfer-Encoding: \"chunked\"\r\n") + body},
        {"vertical tab before chunked", post("Transfer-Encoding: \vchunked\r\n") + body},
        {"space before the colon", post("Transfer-Encoding : chunked\r\n") + body},
        {"folded encoding", post("Transfer-Encoding:\r\n chunked\r\n") + body},
        {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\n" + chunked + "\r\n" + body},
    };
    check_outcomes(cases, "refused: malformed");
}

TEST_CASE("the request reader refuses malformed chunks and trailers")
{
    const Case cases[] = {
        {"size with a sign", "+5\r\nhello\r\n0\r\n\r\n"},
        {"size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"},
        {"space before the size", " 5\r\nhello\r\n0\r\n\r\n"},
        {"space after the size", "5 \r\nhello\r\n0\r\n\r\n"},
        {"size over 64 bits", "10000000000000005\r\nhello\r\n0\r\n\r\n"},
        {"no size", "\r\nhello\r\n0\r\n\r\n"},
        {"extension without a size", ";a\r\nhello\r\n0\r\n\r\n"},
        {"chunk longer than its size", "5\r\nhello!\r\n0\r\n\r\n"},
        {"chunk shorter than its size", "6\r\nhello\r\n0\r\n\r\n"},
        {"size line ends in LF alone", "5\nhello\r\n0\r\n\r\n"},
        {"chunk ends in LF alone", "5\r\nhello\n0\r\n\r\n"},
        {"LF in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n"},
        {"LF in a quoted extension", "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n"},
        {"LF in the last extension", "0;a=\"\n\"\r\n\r\n"},
        {"NUL in a quoted extension", std::string{"5;a=\"\0\"\r\nhello\r\n0\r\n\r\n", 22}},
        {"LF in a trailer", "0\r\nX-A: a\nb\r\n\r\n"},
        {"no colon in a trailer", "0\r\nX-A\r\n\r\n"},
        {"length in a trailer", "0\r\nContent-Length: 5\r\n\r\n"},
        {"encoding in a trailer", "0\r\nTransfer-Encoding: chunked\r\n\r\n"},
    };
    for (const Case& c : cases) {
        const Case request[] = {{c.what, post(chunked) + c.bytes}};
        check_outcomes(request, "refused: malformed");
    }
}

TEST_CASE("the request reader refuses a header over the limit, complete or not")
{
    const std::string many(2 * header_limit, 'a');
    const std::string half(header_limit * 2 / 3, 'a');
    const Case cases[] = {
        {"one long field", get("/", "X-A: " + many + "\r\n")},
        {"each part below, the sum above", get("/" + half, "X-A: " + half + "\r\n")},
        {"a field that never ends", "GET / HTTP/1.1\r\nX-A: " + many},
        {"a chunk line that never ends", post(chunked) + "5;" + many},
        {"a trailer that never ends", post(chunked) + "0\r\nX-A: " + many},
    };
    check_outcomes(cases, "refused: header too large");
    const Case targets[] = {
        {"one long target", get("/" + many)},
        {"a request line that never ends", "GET /" + many},
    };
    check_outcomes(targets, "refused: target too long");
}

TEST_CASE("the request reader refuses a field that is longer than Beast can hold")
{
    constexpr std::size_t limit = 64 * 1024;
    const std::string long_field = "X-A: " + std::string(70'000, 'a') + "\r\n";
    // Reads of just under 8 KB do not reach the limit before the field is complete.
    CHECK(outcome_of(get("/", long_field), 8191, limit) == "refused: header too large");
    for (const std::size_t piece : {whole, std::size_t{8191}})
        CHECK(outcome_of(post(chunked) + "0\r\n" + long_field + "\r\n", piece, limit) == "refused: header too large");
}

TEST_CASE("the request reader's header limit counts every byte of the header and nothing else")
{
    const std::string request = post(length(100)) + std::string(100, 'a');
    const std::size_t header = request.size() - 100;
    const std::string accepted = "POST / " + std::string(100, 'a');
    for (const std::size_t piece : {whole, std::size_t{1}}) {
        CAPTURE(piece);
        CHECK(outcome_of(request, piece, header - 1) == "refused: header too large");
        CHECK(outcome_of(request, piece, header) == accepted);
        CHECK(outcome_of("\r\n\r\n" + request, piece, header) == accepted);
    }
    // Each request has the whole limit for itself.
    const std::string large = get("/", "X-A: " + std::string(header_limit / 2, 'a') + "\r\n");
    CHECK(outcomes_of(large + large + large) == "GET / \nGET / \nGET / \nidle");
}

TEST_CASE("the request reader refuses a body over the limit as soon as its size is known")
{
    const std::string chunk = "190\r\n" + std::string(400, 'a') + "\r\n";
    const Case cases[] = {
        {"length, nothing of the body", post(length(1001))},
        {"largest length", post("Content-Length: 18446744073709551615\r\n")},
        {"length above the limit of an upload", post(length(3001), "/upload")},
        {"first chunk", post(chunked) + "3e9\r\n"},
        {"largest chunk", post(chunked) + "ffffffffffffffff\r\n"},
        {"sum of chunks", post(chunked) + chunk + chunk + "190\r\n"},
        {"sum of chunks of an upload", post(chunked, "/upload") + "bb8\r\n" + std::string(3000, 'a') + "\r\n1\r\n"},
    };
    check_outcomes(cases, "refused: body too large");
}

TEST_CASE(
    "the request reader tells the header of a body that is too large, and of other refusals method and target alone")
{
    struct Refused {
        std::string_view what;
        std::string bytes;
        std::string_view target;
        bool head;
    };
    const std::string long_target = "/" + std::string(2000, 'a');
    const Refused cases[] = {
        {"malformed start line", "HEAD /  HTTP/1.1\r\n", "/", false},
        {"malformed field", "HEAD /a HTTP/1.1\r\n" + host + "X A: a\r\n\r\n", "/a", false},
        {"ambiguous header", "HEAD /a HTTP/1.1\r\n" + host + "X-A: a\r\n b\r\n\r\n", "/a", true},
        {"no request", std::string{"\x16\x03\x01 /a \r\n"}, "", false},
        {"target too long", get("/" + std::string(2000, 'a')), long_target, false},
        {"query too large", "GET /a?" + std::string(2000, 'a'), "/a", false},
        {"malformed body", post(chunked) + "+5\r\n", "/", false},
        {"length too large", post(length(1001), "/a"), "/a", false},
        {"chunk too large", post(chunked, "/b") + "3e9\r\n", "/b", false},
        {"HEAD with a length too large", "HEAD /c HTTP/1.1\r\n" + host + length(1001) + "\r\n", "/c", true},
    };
    for (const Refused& c : cases) {
        CAPTURE(c.what);
        const BodyLimits service;
        RequestReader reader{service, header_limit};
        feed(reader, c.bytes);
        REQUIRE(reader.state() == State::refused);
        CHECK(std::string_view{reader.refused_header().target()} == c.target);
        CHECK((reader.refused_header().count("Host") > 0) == (reader.refusal() == Refusal::body_too_large));
        CHECK(reader.is_head() == c.head);
    }
}

TEST_CASE("the request reader can be told to refuse a request that takes too long")
{
    struct Case {
        std::string bytes;
        std::string_view method;
        std::string_view target;
    };
    const Case cases[] = {
        {"GET", "", ""},
        {"GET /half", "", ""},
        {"GET /known ", "GET", "/known"},
        {"GET /known?a=1", "GET", "/known"},
        {"GET /known HTTP/1.1\r\nHost: a\r\n", "GET", "/known"},
        {"GET http://a/known HTTP/1.1\r\n", "GET", "http://a/known"},
        {post(length(5), "/known") + "hell", "POST", "/known"},
    };
    for (const auto& [bytes, method, target] : cases) {
        CAPTURE(bytes);
        const BodyLimits service;
        RequestReader reader{service, header_limit};
        feed(reader, bytes);
        REQUIRE(outcome(reader) == "partial");
        reader.refuse(Refusal::timeout);
        CHECK(outcome(reader) == "refused: timeout");
        CHECK(std::string_view{reader.refused_header().method_string()} == method);
        CHECK(std::string_view{reader.refused_header().target()} == target);
    }
}

TEST_CASE("the request reader takes nothing after a refusal for a request")
{
    for (const std::size_t piece : {whole, std::size_t{1}}) {
        CAPTURE(piece);
        CHECK(outcomes_of(post("Transfer-Encoding: identity\r\n") + get("/smuggled"), piece) == "refused: malformed");
        CHECK(outcomes_of(get("/1") + post(length(1001)) + get("/smuggled"), piece) ==
              "GET /1 \nrefused: body too large");
    }
}

// --- unfinished ---

TEST_CASE("the request reader waits for the rest")
{
    const Case idle[] = {
        {"nothing", ""},
        {"half an empty line", "\r"},
        {"an empty line", "\r\n"},
        {"one empty line and a half", "\r\n\r"},
    };
    check_outcomes(idle, "idle");

    const Case partial[] = {
        {"one letter", "G"},
        {"a letter after an empty line", "\r\nG"},
        {"request line", "GET / HTTP/1.1\r\n"},
        {"half a field", "GET / HTTP/1.1\r\nHost: te"},
        {"all but the last byte of a header", get("/").substr(0, get("/").size() - 1)},
        {"header before a body", post(length(5))},
        {"all but the last byte of a body", post(length(5)) + "hell"},
        {"header before chunks", post(chunked)},
        {"half a chunk", post(chunked) + "5\r\nhe"},
        {"all chunks but the last", post(chunked) + "5\r\nhello\r\n"},
        {"half the last chunk", post(chunked) + "5\r\nhello\r\n0\r\n"},
        {"half a trailer", post(chunked) + "0\r\nX-T: t"},
        {"a trailer without the empty line", post(chunked) + "0\r\nX-T: t\r\n"},
    };
    check_outcomes(partial, "partial");
}

TEST_CASE("a request may be split anywhere")
{
    const std::string requests[] = {
        get("/"),
        post(length(5)) + "hello",
        post(chunked) + "2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\nX-T: t\r\n\r\n",
    };
    for (const std::string& request : requests) {
        CAPTURE(request);
        const std::string expected = outcome_of(request);
        for (std::size_t cut = 1; cut < request.size(); ++cut) {
            CAPTURE(cut);
            const BodyLimits service;
            RequestReader reader{service, header_limit};
            feed(reader, std::string_view{request}.substr(0, cut));
            CHECK(outcome(reader) == "partial");
            feed(reader, std::string_view{request}.substr(cut));
            CHECK(outcome(reader) == expected);
        }
    }
}

// --- complete ---

TEST_CASE("the request reader reads a request")
{
    struct Read {
        std::string_view what;
        std::string bytes;
        std::string_view expected;
    };
    const Read cases[] = {
        {"no body", get("/a?b=c"), "GET /a?b=c "},
        {"absolute target", get("http://cvm.example.com/?a=b"), "GET http://cvm.example.com/?a=b "},
        {"asterisk as target", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", "OPTIONS * "},
        {"method that nobody knows", "BREW / HTTP/1.1\r\n" + host + "\r\n", "BREW / "},
        {"empty lines before it", "\r\n\r\n" + get("/"), "GET / "},
        {"no Host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", "GET / "},
        {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / "},
        {"length", post(length(5)) + "hello", "POST / hello"},
        {"length of zero", post(length(0)), "POST / "},
        {"length with leading zeros", post("Content-Length: 005\r\n") + "hello", "POST / hello"},
        {"length in HTTP/1.0", "POST / HTTP/1.0\r\n" + length(5) + "\r\nhello", "POST / hello"},
        {"POST without a length", post(""), "POST / "},
        {"body with NUL and line ends", post(length(7)) + std::string{"a\0\r\n\r\nb", 7},
         std::string_view{"POST / a\0\r\n\r\nb", 14}},
        {"chunks", post(chunked) + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "POST / hello world"},
        {"chunked in another case", post("transfer-encoding: Chunked\r\n") + "5\r\nhello\r\n0\r\n\r\n", "POST / hello"},
        {"only the last chunk", post(chunked) + "0\r\n\r\n", "POST / "},
        {"size in hexadecimal with leading zeros", post(chunked) + "000A\r\nhellohello\r\n0\r\n\r\n",
         "POST / hellohello"},
        {"extensions", post(chunked) + "5;a=b;c=\"d e\"\r\nhello\r\n6;x\r\n world\r\n0;y\r\n\r\n",
         "POST / hello world"},
        {"trailer", post(chunked) + "5\r\nhello\r\n0\r\nX-T: t\r\nX-U: u\r\n\r\n", "POST / hello"},
    };
    for (const Read& c : cases) {
        for (const std::size_t piece : {whole, std::size_t{1}, std::size_t{7}}) {
            CAPTURE(c.what);
            CAPTURE(piece);
            CHECK(outcome_of(c.bytes, piece) == c.expected);
        }
    }
}

TEST_CASE("the request reader reads bodies of exactly the limit that the service sets for the header")
{
    struct Limited {
        std::string_view what;
        std::string bytes;
        std::string target;
        std::size_t size;
    };
    const auto chunk = [](std::string_view size, std::size_t bytes) {
        return std::string{size} + "\r\n" + std::string(bytes, 'a') + "\r\n0\r\n\r\n";
    };
    const Limited cases[] = {
        {"length", post(length(1000)) + std::string(1000, 'a'), "/", 1000},
        {"length of an upload", post(length(3000), "/upload") + std::string(3000, 'a'), "/upload", 3000},
        {"chunk", post(chunked) + chunk("3e8", 1000), "/", 1000},
        {"chunk of an upload", post(chunked, "/upload") + chunk("bb8", 3000), "/upload", 3000},
    };
    for (const Limited& c : cases) {
        for (const std::size_t piece : {whole, std::size_t{1}}) {
            CAPTURE(c.what);
            CAPTURE(piece);
            const BodyLimits service;
            RequestReader reader{service, header_limit};
            feed(reader, c.bytes, piece);
            REQUIRE(reader.state() == State::complete);
            CHECK(reader.request().body() == std::string(c.size, 'a'));
            CHECK(service.asked == std::vector{c.target});
        }
    }
    const BodyLimits service;
    RequestReader reader{service, header_limit};
    feed(reader, get("/"));
    REQUIRE(reader.state() == State::complete);
    CHECK(service.asked.empty()); // no body, no limit
}

TEST_CASE("a trailer does not become a header field")
{
    struct Trailer {
        std::string_view what;
        std::string field;
        std::string_view expected;
    };
    const Trailer cases[] = {
        {"not in the header", "", ""},
        {"in the header as well", "X-A: header\r\n", "header"},
    };
    for (const Trailer& c : cases) {
        CAPTURE(c.what);
        const BodyLimits service;
        RequestReader reader{service, header_limit};
        feed(reader, post(c.field + chunked) + "5\r\nhello\r\n0\r\nX-A: trailer\r\n\r\n");
        REQUIRE(outcome(reader) == "POST / hello");
        CHECK(std::string_view{reader.request()["X-A"]} == c.expected);
        CHECK(reader.request().count("X-A") == (c.field.empty() ? 0 : 1));
    }
}

TEST_CASE("the request reader keeps what follows a request for the next one")
{
    struct Sequence {
        std::string_view what;
        std::string bytes;
        std::string_view expected;
    };
    const std::string chunks = post(chunked, "/c") + "5\r\nhello\r\n0\r\nX-T: t\r\n\r\n";
    const Sequence cases[] = {
        {"garbage", get("/1") + "\x01", "GET /1 \nrefused: malformed"},
        {"a body without a length is the next request", post("") + "hello\r\n\r\n", "POST / \nrefused: malformed"},
        {"one byte more than the length", post(length(5)) + "hello!", "POST / hello\npartial"},
        {"empty line after a body", post(length(5)) + "hello\r\n", "POST / hello\nidle"},
        {"half the next one", get("/1") + "GET /2 HT", "GET /1 \npartial"},
        {"two", get("/1") + get("/2"), "GET /1 \nGET /2 \nidle"},
        {"two with an empty line between", get("/1") + "\r\n" + get("/2"), "GET /1 \nGET /2 \nidle"},
        {"every kind of body", post(length(3), "/1") + "one" + get("/2") + chunks + get("/3"),
         "POST /1 one\nGET /2 \nPOST /c hello\nGET /3 \nidle"},
    };
    for (const Sequence& c : cases) {
        for (const std::size_t piece : {whole, std::size_t{1}, std::size_t{7}}) {
            CAPTURE(c.what);
            CAPTURE(piece);
            // If read at once, all of it is in the buffer before the first request is taken out.
            CHECK(outcomes_of(c.bytes, piece) == c.expected);
        }
    }
}

TEST_CASE("a complete request stays until the next one is asked for")
{
    const BodyLimits service;
    RequestReader reader{service, header_limit};
    feed(reader, post(length(3), "/1") + "one" + post(length(3), "/2") + "two");
    CHECK(outcome(reader) == "POST /1 one");
    CHECK(outcome(reader) == "POST /1 one");
    reader.next();
    CHECK(outcome(reader) == "POST /2 two");
    reader.next();
    CHECK(outcome(reader) == "idle");
}

TEST_CASE("the request reader reads on after requests larger than the buffer that an idle connection keeps")
{
    const BodyLimits service;
    RequestReader reader{service, 64 * 1024};
    const std::string target = "/" + std::string(40'000, 'a');
    for (int i = 0; i < 3; ++i) {
        CAPTURE(i);
        feed(reader, get(target));
        REQUIRE(reader.state() == State::complete);
        CHECK(std::string_view{reader.request().target()} == target);
        reader.next();
        CHECK(reader.state() == State::idle);
    }
}

TEST_CASE("whether the client wants to keep the connection")
{
    struct KeepAlive {
        std::string_view what;
        std::string bytes;
        bool expected;
    };
    const KeepAlive cases[] = {
        {"HTTP/1.0", "GET / HTTP/1.0\r\n" + host + "\r\n", false},
        {"close", get("/", "Connection: close\r\n"), false},
        {"close in another case", get("/", "Connection: Close\r\n"), false},
        {"close in a list", get("/", "Connection: x, close\r\n"), false},
        {"close with a body", post("Connection: close\r\n" + length(5)) + "hello", false},
        {"HTTP/1.1", get("/"), true},
        {"HTTP/1.1 with chunks", post(chunked) + "0\r\n\r\n", true},
        {"HTTP/1.0 with keep-alive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
    };
    for (const KeepAlive& c : cases) {
        CAPTURE(c.what);
        const BodyLimits service;
        RequestReader reader{service, header_limit};
        feed(reader, c.bytes);
        REQUIRE(reader.state() == State::complete);
        CHECK(reader.keep_alive() == c.expected);
    }
}

TEST_CASE("whether the answer is one to HEAD")
{
    const BodyLimits service;
    RequestReader reader{service, header_limit};
    CHECK(!reader.is_head());
    feed(reader, "HEAD / HTTP/1.1\r\n" + host + "\r\n" + get("/"));
    CHECK(reader.is_head());
    reader.next();
    CHECK(!reader.is_head());
}

TEST_CASE("whether the client waits for 100 Continue")
{
    struct Expectation {
        std::string_view what;
        std::string bytes;
        bool expected;
    };
    const std::string expect = "Expect: 100-continue\r\n";
    const Expectation cases[] = {
        {"no Expect", post(length(5)), false},
        {"another Expect", post("Expect: 200-ok\r\n" + length(5)), false},
        {"header not complete", "POST / HTTP/1.1\r\n" + host + expect + length(5), false},
        {"HTTP/1.0", "POST / HTTP/1.0\r\n" + expect + length(5) + "\r\n", false},
        {"no body", post(expect), false},
        {"length of zero", post(expect + length(0)), false},
        {"body has begun to come", post(expect + length(5)) + "he", false},
        {"chunks have begun to come", post(expect + chunked) + "5", false},
        {"length over the limit", post(expect + length(1001)), false},
        {"malformed", post(expect + length(5) + chunked), false},
        {"length", post(expect + length(5)), true},
        {"another case", post("expect: 100-Continue\r\n" + length(5)), true},
        {"chunked", post(expect + chunked), true},
        {"after another request", get("/") + post(expect + length(5)), true},
    };
    for (const Expectation& c : cases) {
        CAPTURE(c.what);
        const BodyLimits service;
        RequestReader reader{service, header_limit};
        feed(reader, c.bytes);
        if (reader.state() == State::complete && c.expected)
            reader.next();
        CHECK(reader.take_expectation() == c.expected);
        CHECK(!reader.take_expectation()); // once
    }
}

TEST_CASE("an expectation ends with its request")
{
    for (const std::string& following : {std::string{}, get("/").substr(0, 20), post(length(5)), get("/")}) {
        CAPTURE(following);
        const BodyLimits service;
        RequestReader reader{service, header_limit};
        feed(reader, post("Expect: 100-continue\r\n" + length(5)));
        feed(reader, "hello" + following);
        REQUIRE(outcome(reader) == "POST / hello");
        reader.next();
        CHECK(!reader.take_expectation());
    }
}

TEST_CASE("what follows CONNECT is given back unparsed, and the next request may begin")
{
    for (const std::string& rest : {std::string{}, std::string{"\x16\x03\x01"}, get("/inside")}) {
        CAPTURE(rest);
        const BodyLimits service;
        RequestReader reader{service, header_limit};
        feed(reader, "CONNECT cvm.tencentcloudapi.com:443 HTTP/1.0\r\n\r\n" + rest);
        REQUIRE(outcome(reader) == "CONNECT cvm.tencentcloudapi.com:443 ");
        CHECK(reader.take_rest() == rest);
        CHECK(reader.state() == State::idle);
        feed(reader, get("/later"));
        CHECK(outcome(reader) == "GET /later ");
    }
}

TEST_CASE("HTTP/2 is refused when its first request has come, in whatever pieces")
{
    const std::string preface{http2_preface};
    const std::string settings{"\0\0\6\4\0\0\0\0\0\0\3\0\0\0\x64", 15};
    const std::string headers{"\0\0\1\1\5\0\0\0\3\x82", 10};
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, whole}) {
        CAPTURE(piece);
        const BodyLimits service;
        RequestReader reader{service, header_limit};
        feed(reader, preface + settings, piece);
        CHECK(reader.state() == State::partial);
        feed(reader, headers, piece);
        REQUIRE(reader.state() == State::refused);
        CHECK(reader.refusal() == Refusal::http2);
        CHECK(reader.http2_stream() == 3);
    }
    // A client that never asks for anything does not make the server wait endlessly.
    const BodyLimits service;
    RequestReader endless{service, header_limit};
    std::string frames = preface;
    while (frames.size() < 2 * header_limit)
        frames += settings;
    feed(endless, frames);
    CHECK(endless.refusal() == Refusal::http2);
    CHECK(endless.http2_stream() == 0);
}

TEST_CASE("what only begins like HTTP/2 is refused as malformed, in whatever pieces")
{
    const std::string headers{"\0\0\1\1\5\0\0\0\3\x82", 10};
    const Case cases[] = {
        {"another version", "PRI * HTTP/3.0\r\n\r\n"},
        {"more on the first line", "PRI * HTTP/2.0, please\r\n\r\n" + headers},
        {"another second part", "PRI * HTTP/2.0\r\n\r\nNO\r\n\r\n" + headers},
        {"the second part ends otherwise", "PRI * HTTP/2.0\r\n\r\nSM\r\n\n\n" + headers},
    };
    check_outcomes(cases, "refused: malformed");
}
