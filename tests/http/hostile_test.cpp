// Requests as sent by attackers, over a real socket: tests/http/hostile/cases.json; README.md there describes the
// format.
#include "server/base/text.hpp"
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <set>
#include <sstream>

namespace cvm::http::test {

namespace {

constexpr std::string_view follower = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

// Would change the state if the server took it for a request.
constexpr std::string_view smuggled = "POST /_emulator/ledger HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\n\r\n"
                                      R"({"deposit":1})";

constexpr std::string_view token = "open sesame";

std::string_view view(const json::string& s) { return {s.data(), s.size()}; }

std::string member(const json::object& o, std::string_view name, std::string_view otherwise = {})
{
    const auto* found = o.if_contains(name);
    return std::string{found != nullptr ? view(found->as_string()) : otherwise};
}

// JSON contains characters; a character up to U+00FF represents a byte.
std::string bytes_of(std::string_view text)
{
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto unit = static_cast<unsigned char>(text[i]);
        if (unit < 0x80) {
            bytes += text[i];
            continue;
        }
        REQUIRE(unit <= 0xC3);
        bytes += static_cast<char>(unit << 6U | (static_cast<unsigned char>(text[++i]) & 0x3FU));
    }
    return bytes;
}

std::string replaced(std::string text, std::string_view word, std::string_view by)
{
    for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += by.size())
        text.replace(at, word.size(), by);
    return text;
}

// A text, or a list of texts and of {"text", "times"} objects.
std::string read_bytes(const json::value& value)
{
    if (value.is_string())
        return replaced(bytes_of(view(value.get_string())), "{smuggled}", smuggled);
    std::string bytes;
    if (const auto* repeated = value.if_object()) {
        const std::string piece = read_bytes(repeated->at("text"));
        for (auto left = repeated->at("times").as_int64(); left > 0; --left)
            bytes += piece;
        return bytes;
    }
    for (const json::value& piece : value.as_array())
        bytes += read_bytes(piece);
    return bytes;
}

std::string signed_request(const Served& served, const json::object& o)
{
    Call call{.action = member(o, "action", "DescribeInstances"),
              .content_type = member(o, "type", "application/json")};
    call.body = read_bytes(o.at("body"));
    std::string text = served.text_of(std::move(call));
    text.insert(text.find("\r\n\r\n") + 2, o.contains("fields") ? read_bytes(o.at("fields")) : "");
    return text;
}

// "200|400 api InvalidParameter|OK": the permitted statuses, the form, and the permitted codes.
struct Expected {
    std::vector<std::string> statuses;
    std::string form;
    std::vector<std::string> codes;
};

std::vector<std::string> split(std::string_view text, char by)
{
    std::vector<std::string> parts;
    std::istringstream in{std::string{text}};
    for (std::string part; std::getline(in, part, by);)
        parts.push_back(part);
    return parts;
}

Expected read_expected(std::string_view text)
{
    const auto words = split(text, ' ');
    REQUIRE(words.size() >= 2);
    return {split(words[0], '|'), words[1], words.size() > 2 ? split(words[2], '|') : std::vector<std::string>{}};
}

bool is_one_of(const std::vector<std::string>& list, std::string_view word)
{
    return std::ranges::find(list, word) != list.end();
}

std::string error_code(const json::object& response)
{
    const auto* error = response.if_contains("Error");
    return error == nullptr ? "OK" : std::string{view(error->at("Code").as_string())};
}

void check_body(const Answer& answer, const Expected& expected)
{
    CAPTURE(answer.body.substr(0, 1000));
    if (expected.form == "head" || expected.form == "empty") {
        CHECK(answer.body == "");
        return;
    }
    REQUIRE(answer.field("Content-Type") == "application/json");
    CHECK(cvm::valid_utf8(answer.body) == answer.body);
    boost::system::error_code ec;
    const json::value body = json::parse(answer.body, ec);
    REQUIRE_FALSE(ec);
    REQUIRE(body.is_object());
    const json::object& o = body.get_object();
    if (expected.form == "api") {
        CHECK(o.size() == 1);
        CHECK(o.at("Response").as_object().contains("RequestId"));
        const std::string code = error_code(o.at("Response").as_object());
        CAPTURE(code);
        CHECK(is_one_of(expected.codes, code));
    } else if (expected.form == "numeric") {
        CHECK(is_one_of(expected.codes, member(o, "codeDesc")));
    } else if (expected.form == "refusal") {
        CHECK(o.size() == 1);
        CHECK(!member(o, "error").empty());
    } else if (expected.form == "health") {
        CHECK(member(o, "status") == "ok");
    } else {
        CHECK(expected.form == "json");
    }
}

// Checks the common form of answers, and that there are no other fields: those could come from the request.
void check_head(const Answer& answer, std::string_view form)
{
    static const std::set<std::string> known{"Server",
                                             "Date",
                                             "Content-Type",
                                             "Content-Length",
                                             "Connection",
                                             "Allow",
                                             "Vary",
                                             "Access-Control-Allow-Origin",
                                             "Access-Control-Allow-Methods",
                                             "Access-Control-Allow-Headers",
                                             "X-TC-TraceId",
                                             "X-Emulator-Fault",
                                             "X-Emulator-Signature-Debug"};
    std::set<std::string> seen;
    for (const auto& [name, value] : answer.fields) {
        CAPTURE(name);
        CHECK(known.contains(name));
        CHECK(seen.insert(name).second);
        CHECK(std::ranges::none_of(
            value, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }));
    }
    if (answer.status == 204 || form == "tunnel")
        CHECK(answer.field("Content-Length") == "");
    else if (form != "head")
        CHECK(answer.field("Content-Length") == std::to_string(answer.body.size()));
    if (answer.status == 405)
        CHECK(answer.field("Allow") != "");
}

void check_case(const Served& served, const json::object& c, bool piecemeal)
{
    const std::string request =
        c.contains("signed") ? signed_request(served, c.at("signed").as_object()) : read_bytes(c.at("send"));
    const std::string then = member(c, "then");
    Client client{served.port()};
    if (piecemeal) {
        client.no_delay();
        for (const char& byte : request)
            client.send({&byte, 1});
    } else {
        client.send(then == "cut" ? request : request + std::string{follower});
    }
    if (then == "cut")
        client.shutdown_send();
    else if (piecemeal)
        client.send(follower);

    std::string connection = "close";
    const json::array& answers = c.at("answers").as_array();
    for (const json::value& text : answers) {
        CAPTURE(text.as_string().c_str());
        const Expected expected = read_expected(view(text.as_string()));
        if (expected.form == "http2") {
            while (client.receive_more()) {
            }
            CHECK(client.take_received().starts_with(std::string{"\0\0\0\4\0\0\0\0\0", 9})); // SETTINGS
            return;
        }
        const bool without_body = expected.form == "head";
        auto answer = client.receive(without_body ? BodySent::no : BodySent::yes);
        if (answer && answer->status == 100 && request.find("100-continue") != std::string::npos)
            answer = client.receive(); // allowed, and left out where the body has come already
        REQUIRE(answer);
        CAPTURE(answer->status);
        CHECK(is_one_of(expected.statuses, std::to_string(answer->status)));
        check_head(*answer, expected.form);
        if (expected.form == "tunnel") {
            connection = "keep-alive";
            continue;
        }
        check_body(*answer, expected);
        connection = answer->field("Connection");
        if (const auto* echoed = c.if_contains("echoed"))
            for (const auto& [name, value] : echoed->as_object())
                CHECK(answer->field(std::string{name}) == bytes_of(view(value.as_string())));
        if (&text != &answers.back())
            CHECK(connection == "keep-alive");
    }
    if (then == "served") {
        CHECK(connection == "keep-alive");
        const auto next = client.receive();
        REQUIRE(next);
        CHECK(next->status == 200);
        check_body(*next, {.statuses = {}, .form = "health", .codes = {}});
    } else {
        REQUIRE((then == "closed" || then == "cut"));
        CHECK(connection == "close");
        CHECK(client.ends_in_silence());
    }
}

json::array read_cases()
{
    const std::string path = std::string{CVM_SOURCE_DIR} + "/tests/http/hostile/cases.json";
    std::ifstream in{path};
    REQUIRE(in.is_open());
    return json::parse(in).at("cases").as_array();
}

// The named cases: all of them, or those for a server with a token.
void check_cases(const Served& served, bool guarded, bool piecemeal)
{
    constexpr std::size_t longest_in_pieces = 1000; // longer ones would take long without testing anything else
    std::set<std::string> names;
    std::size_t checked = 0;
    for (const json::value& value : read_cases()) {
        const json::object& c = value.as_object();
        const std::string name = member(c, "case");
        CAPTURE(name);
        CHECK(names.insert(name).second);
        CHECK(member(c, "why") != "");
        const bool is_guarded = c.contains("guarded");
        if (is_guarded != guarded)
            continue;
        if (piecemeal && c.contains("send") && read_bytes(c.at("send")).size() > longest_in_pieces)
            continue;
        if (piecemeal && c.contains("signed") && read_bytes(c.at("signed").at("body")).size() > longest_in_pieces)
            continue;
        check_case(served, c, piecemeal);
        ++checked;
    }
    CHECK(checked > 0);
}

} // namespace

TEST_CASE("hostile requests are answered as they may be, and change nothing")
{
    const Served served{{.hosts = {}, .origins = {"*"}}};
    const json::value before = served.control("GET", "/_emulator/state");
    SUBCASE("sent at once") { check_cases(served, false, false); }
    SUBCASE("sent byte by byte") { check_cases(served, false, true); }
    CHECK(served.control("GET", "/_emulator/state") == before);
    CHECK(served.control("GET", "/_emulator/invariants").at("ok").as_bool());
    // The request hidden in many of them would have changed the state.
    CHECK(Client{served.port()}.exchange(smuggled).status == 200);
    CHECK(served.control("GET", "/_emulator/state") != before);
}

TEST_CASE("no path and no header bypasses the token")
{
    const Served served{{}, std::string{token}};
    SUBCASE("sent at once") { check_cases(served, true, false); }
    SUBCASE("sent byte by byte") { check_cases(served, true, true); }
}

} // namespace cvm::http::test
