#include "server/wire/raw_request.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cvm;
using wire::parse_raw_request;

namespace {

std::string field(const http::Request& request, std::string_view name)
{
    const auto at = request.find(name);
    return at == request.end() ? "none" : std::string{at->value().data(), at->value().size()};
}

std::string problem(std::string_view text)
{
    const auto request = parse_raw_request(text);
    if (request.has_value())
        return "";
    CHECK(request.error().code == Errc::invalid_parameter);
    return message(request.error(), Language::english);
}

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

} // namespace

TEST_CASE("a raw request is read with either line end and the arrows of curl")
{
    const std::string_view texts[] = {
        "POST /?a=b HTTP/1.1\nHost: h:1\nX-TC-Action:\tDescribe \nEmpty:\n\n{\"a\":1}",
        "POST /?a=b HTTP/1.1\r\nHost: h:1\r\nX-TC-Action: Describe\r\nEmpty:\r\n\r\n{\"a\":1}",
        "\n\r\nPOST /?a=b HTTP/1.1\r\nHost: h:1\nX-TC-Action: Describe\r\nEmpty: \n\r\n{\"a\":1}",
        "> POST /?a=b HTTP/1.1\n> Host: h:1\n> X-TC-Action: Describe\n> Empty:\n>\n{\"a\":1}",
        "> POST /?a=b HTTP/1.1\r\n> Host: h:1\r\n> X-TC-Action: Describe\r\n> Empty:\r\n> \r\n{\"a\":1}",
    };
    for (const std::string_view text : texts) {
        CAPTURE(text);
        const auto request = parse_raw_request(text);
        REQUIRE(request.has_value());
        CHECK(request->method() == boost::beast::http::verb::post);
        CHECK(request->target() == "/?a=b");
        CHECK(request->version() == 11);
        CHECK(field(*request, "host") == "h:1");
        CHECK(field(*request, "x-tc-action") == "Describe");
        CHECK(field(*request, "empty") == "");
        CHECK(request->body() == "{\"a\":1}");
    }
}

TEST_CASE("the body of a raw request ends where Content-Length says")
{
    struct Case {
        std::string head;
        std::string rest;
        std::string expected;
    };
    const Case cases[] = {
        {"Content-Length: 2\n", "{}", "{}"},
        {"Content-Length: 2\n", "{}\n", "{}"},
        {"Content-Length: 2\n", "{}\r\n\n", "{}"},
        {"Content-Length: 3\n", "{}\n\n", "{}\n"},
        {"Content-Length: 0\n", "\n", ""},
        {"", "{}", "{}"},
        {"", "{}\n", "{}\n"},
        {"", "", ""},
        {"", "a\n\nb\r\n", "a\n\nb\r\n"},
        {"content-length:2\n", "{}", "{}"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.head);
        CAPTURE(c.rest);
        const auto request = parse_raw_request("POST / HTTP/1.1\nHost: h\n" + c.head + "\n" + c.rest);
        REQUIRE(request.has_value());
        CHECK(request->body() == c.expected);
    }
    const auto head_only = parse_raw_request("GET /?a=1 HTTP/1.0\nHost: h");
    REQUIRE(head_only.has_value());
    CHECK(head_only->version() == 10);
    CHECK(head_only->body().empty());
}

TEST_CASE("a raw request that cannot be read is refused with what is wrong")
{
    struct Case {
        std::string text;
        std::string_view expected;
    };
    const std::string post = "POST / HTTP/1.1\n";
    const Case cases[] = {
        {"", "is empty"},
        {"\r\n\n", "is empty"},
        {"POST", "line 1: a request line is"},
        {"POST /", "line 1: a request line is"},
        {"\nPOST / HTTP/2", "line 2: the request line must end with HTTP/1.1"},

        {"POST  HTTP/1.1", "the target is empty"},
        {"POST /a b HTTP/1.1", "contains a space"},
        {"PO(ST / HTTP/1.1", "the method is not a word"},
        {" / HTTP/1.1", "a request line is"},
        {post + "Host", "line 2: a header is"},
        {post + "{\"a\":1}", "line 2: the header name"},
        {post + "Ho st: h", "line 2: the header name"},
        {post + ": h", "line 2: the header name"},
        {post + "Host: h\n more", "line 3: a header must not continue"},
        {post + "Host: h\x01", "line 2: a control character"},
        {post + "Host: h\rX: y\n\n", "line 2: a control character"},
        {std::string("POST /\0 HTTP/1.1", 16), "line 1: a control character"},
        {post + "Transfer-Encoding: chunked\n\n2\n{}\n0\n\n", "a chunked body"},
        {post + "Content-Length: 5\n\n{}", "the body has 2 bytes, but Content-Length says 5"},
        {post + "Content-Length: 1\n\n{}", "the body has 2 bytes, but Content-Length says 1"},
        {post + "Content-Length: -1\n\n{}", "Content-Length is not a number"},
        {post + "Content-Length: 99999999999999999999\n\n{}", "Content-Length is not a number"},
        {post + "Content-Length: 18446744073709551615\n\n{}", "Content-Length says 18446744073709551615"},
        {post + "Content-Length: 2\nContent-Length: 3\n\n{}", "more than one Content-Length"},
        {post + "A: " + std::string(70'000, 'a') + "\n\n", "more than 65536 bytes"},
        {"POST /" + std::string(70'000, 'a') + " HTTP/1.1\n\n", "more than 65536 bytes"},
        {post + std::string(70'000, 'a') + ":\n\n", "more than 65536 bytes"},
        {std::string(70'000, 'a'), "more than 65536 bytes"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text.substr(0, 100));
        CAPTURE(problem(c.text));
        CHECK(holds(problem(c.text), c.expected));
    }
    std::string many = post;
    for (int i = 0; i < 257; ++i)
        many += "A: b\n";
    CHECK(holds(problem(many), "more than 256 headers"));
}

TEST_CASE("the error for a raw request repeats nothing of it")
{
    for (const std::string text : {"POST / hunter2", "POST / HTTP/1.1\nhunter2", "POST / HTTP/1.1\nhunter2 : x",
                                   "POST / HTTP/1.1\nContent-Length: hunter2\n\n"}) {
        CAPTURE(text);
        CHECK_FALSE(problem(text).empty());
        CHECK_FALSE(holds(problem(text), "hunter2"));
    }
}

TEST_CASE("a truncated raw request is refused unless the truncation cannot be detected")
{
    struct Stretch {
        std::string text;
        std::string_view problem; // for a truncated text that ends within or after `text`; empty if it is read
        std::string_view body;
    };
    const Stretch stretches[] = {
        {"> POST /?a ", "line 1: a request line is", ""},
        {"HTTP/1.", "line 1: the request line must end with HTTP/1.1", ""},
        {"1\r\n> ", "", ""},
        {"Host", "line 2: a header is", ""},
        {": h\r\n> ", "", ""},
        {"Content-Length", "line 3: a header is", ""},
        {": ", "Content-Length is not a number", ""},
        {"2\r\n>\r\n{", "but Content-Length says 2; was it truncated", ""},
        {"}\r\n", "", "{}"},
    };
    std::string beginning;
    for (const Stretch& stretch : stretches)
        for (const char c : stretch.text) {
            beginning += c;
            CAPTURE(beginning);
            const auto request = parse_raw_request(beginning);
            REQUIRE(request.has_value() == stretch.problem.empty());
            CHECK(holds(problem(beginning), stretch.problem));
            if (request.has_value()) {
                CHECK(request->target() == "/?a");
                CHECK(request->body() == stretch.body);
            }
        }
}

TEST_CASE("a raw request with a changed byte is refused, or is parsed as it stands")
{
    const std::string text = "> POST /?a HTTP/1.1\r\n> Host: h\r\n> Content-Length: 2\r\n>\r\n{}\r\n";
    for (std::size_t i = 0; i < text.size(); ++i)
        for (const char c : {'\0', '\n', '\r', ' ', ':', '>', '\xFF'}) {
            std::string changed = text;
            changed[i] = c;
            CAPTURE(i);
            CAPTURE(static_cast<int>(c));
            const auto request = parse_raw_request(changed);
            CHECK(request.has_value() == problem(changed).empty());
            if (request.has_value()) {
                CHECK(holds(changed, request->body()));
                CHECK(holds(changed, std::string{request->target()}));
                CHECK(holds(changed, field(*request, "host") == "none" ? "" : field(*request, "host")));
            }
        }
}
