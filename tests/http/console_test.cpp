// The console's page and files, as a browser fetches them.
#include "server/control/console.hpp"
#include "server/control/control.hpp"
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

namespace cvm::http::test {

namespace {

using control::ConsoleMode;

std::string source_of(std::string_view name)
{
    std::ifstream in{CVM_SOURCE_DIR "/server/control/console/" + std::string{name}, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

// A style sheet without the blanks and semicolons that it does not need.
std::string without_needless(std::string css)
{
    css = std::regex_replace(css, std::regex{"([:;,{]) "}, "$1");
    css = std::regex_replace(css, std::regex{" \\{"}, "{");
    return std::regex_replace(css, std::regex{";\\}"}, "}");
}

// Whether `served` equals the source of a file line by line, except for indentation, comments and empty lines.
bool is_shortened(const std::string& served, const std::string& source)
{
    std::istringstream lines{source};
    std::istringstream rest{served};
    std::string kept;
    std::getline(rest, kept);
    for (std::string line; std::getline(lines, line);) {
        line.erase(0, line.find_first_not_of(' '));
        const std::string after = !kept.empty() && line.starts_with(kept) ? line.substr(kept.size()) : line;
        if (after != line && (after.empty() || after.find_first_not_of(' ') == after.find("// "))) {
            kept.clear();
            std::getline(rest, kept);
        } else if (!line.empty() && !line.starts_with("//") && !line.starts_with("/*")) {
            return false;
        }
    }
    return kept.empty() && rest.eof();
}

std::string host(const Served& served) { return "Host: " + served.host() + "\r\n"; }

Answer ask(const Served& served, std::string_view target, std::string_view fields = "", std::string_view method = "GET")
{
    return Client{served.port()}.exchange(std::string{method} + " " + std::string{target} + " HTTP/1.1\r\n" +
                                              host(served) + std::string{fields} + "\r\n",
                                          method == "HEAD" ? BodySent::no : BodySent::yes);
}

} // namespace

TEST_CASE("the console's page is served, compressed for clients that accept it")
{
    Served served;
    for (const char* target : {"/_emulator/", "/_emulator/console/", "/_emulator/console/index.html"}) {
        CAPTURE(target);
        const Answer plain = ask(served, target);
        CHECK(plain.status == 200);
        CHECK(is_shortened(plain.body, source_of("index.html")));
        CHECK(plain.field("Content-Type") == "text/html; charset=utf-8");
        CHECK(plain.field("Content-Encoding").empty());
        const Answer packed = ask(served, target, "Accept-Encoding: gzip, deflate, br\r\n");
        CHECK(packed.status == 200);
        CHECK(packed.field("Content-Encoding") == "gzip");
        CHECK(control::unpacked(packed.body) == plain.body);
        for (const Answer& answer : {plain, packed}) {
            CHECK(answer.field("Cache-Control") == "no-cache");
            CHECK(answer.field("Vary") == "Accept-Encoding");
            CHECK(answer.field("X-Content-Type-Options") == "nosniff");
            CHECK(answer.field("Referrer-Policy") == "no-referrer");
            CHECK(answer.field("Content-Security-Policy") ==
                  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
                  "font-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        }
    }
    for (const control::PackedFile& file : control::console_files()) {
        CAPTURE(file.name);
        const std::string source = source_of(file.name);
        CHECK(is_shortened(ask(served, "/_emulator/console/" + std::string{file.name}).body,
                           file.name.ends_with(".css") ? without_needless(source) : source));
    }
}

TEST_CASE("a browser that has the page need not fetch it again")
{
    Served served;
    const Answer first = ask(served, "/_emulator/");
    const std::string tag = first.field("ETag");
    CHECK(tag.starts_with("W/\""));
    for (const std::string& known : {tag, "\"other\", " + tag, tag.substr(2), std::string{"*"}}) {
        CAPTURE(known);
        const Answer answer = ask(served, "/_emulator/", "If-None-Match: " + known + "\r\n");
        CHECK(answer.status == 304);
        CHECK(answer.body.empty());
        CHECK(answer.field("ETag") == tag);
    }
    for (const std::string_view other : {"\"other\"", "W/\"\"", "x"})
        CHECK(ask(served, "/_emulator/", "If-None-Match: " + std::string{other} + "\r\n").status == 200);
}

TEST_CASE("HEAD tells the length of the page, and a path without its slash leads to it")
{
    Served served;
    const Answer head = ask(served, "/_emulator/", "", "HEAD");
    CHECK(head.status == 200);
    CHECK(head.field("Content-Length") == std::to_string(ask(served, "/_emulator/").body.size()));
    for (const std::string path : {"/_emulator", "/_emulator/console"}) {
        const Answer answer = ask(served, path);
        CHECK(answer.status == 308);
        CHECK(answer.field("Location") == path + "/");
    }
}

TEST_CASE("what the console does not have is not found, and nothing else is done to it")
{
    Served served;
    for (const char* name : {"none.js", "../openapi.json", "console/", "index.html/", "%69ndex.html"}) {
        CAPTURE(name);
        const Answer answer = ask(served, "/_emulator/console/" + std::string{name});
        CHECK(answer.status == 404);
        CHECK(text(json::parse(answer.body).at("error")).find("/_emulator/") != std::string::npos);
    }
    const Answer post = ask(served, "/_emulator/", "Content-Length: 0\r\n", "POST");
    CHECK(post.status == 405);
    CHECK(post.field("Allow") == "GET");
}

TEST_CASE("the page needs no token and may be linked to, but for a foreign host there is none")
{
    Served served{{}, "open sesame"};
    CHECK(ask(served, "/_emulator/").status == 200);
    CHECK(ask(served, "/_emulator/clock").status == 401);
    CHECK(ask(served, "/_emulator/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n").status == 200);
    const Answer foreign = Client{served.port()}.exchange("GET /_emulator/ HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    CHECK(foreign.status == 403);
}

TEST_CASE("without a console there is no page, but a hint how to get it, and the control API stays")
{
    Served served{{}, {}, ConsoleMode::off};
    for (const char* path : {"/_emulator/", "/_emulator", "/_emulator/console/", "/_emulator/console/index.html"}) {
        const Answer answer = ask(served, path);
        CHECK(answer.status == 404);
        CHECK(answer.body.find("--console") != std::string::npos);
    }
    CHECK(ask(served, "/_emulator/clock").status == 200);
    CHECK(ask(Served{{}, {}, ConsoleMode::read_only}, "/_emulator/").status == 200);
}

TEST_CASE("with a console that is read-only a browser may look, and only look")
{
    Served served{{}, {}, ConsoleMode::read_only};
    const auto status = [&](const control::Route& route, const std::string& fields) {
        return Client{served.port()}
            .exchange(std::string{route.method} + " " + std::string{route.path} + " HTTP/1.1\r\n" + host(served) +
                      fields + (route.method == "GET" ? "\r\n" : "Content-Length: 16\r\n\r\n{\"timeout_ms\":0}"))
            .status;
    };
    const std::string own = "Origin: http://" + served.host() + "\r\n";
    std::size_t refused = 0;
    for (const control::Route& route : control::routes()) {
        if (route.path.ends_with("/events")) // its answer does not end
            continue;
        CAPTURE(route.path);
        CAPTURE(route.method);
        for (const std::string& fields : {own, std::string{"Sec-Fetch-Site: same-origin\r\n"}}) {
            const bool changes = status(route, fields) == 403;
            CHECK(changes == (route.effect != control::Effect::looks));
            refused += changes;
        }
        CHECK(status(route, "") != 403);
    }
    CHECK(refused > 20);

    const auto clock = [&](std::string_view change, std::string_view fields) {
        return Client{served.port()}.exchange(served.control_text("POST", "/_emulator/clock", change, fields)).status;
    };
    CHECK(clock(R"({"advance":"P1D","dry_run":true})", own) == 200);
    CHECK(clock(R"({"advance":"P1D","dry_run":false})", own) == 403);
    CHECK(clock(R"({"advance":"P1D"})", own) == 403);
    CHECK(clock("{", own) == 400);
    CHECK(clock(R"({"advance":"P1D"})", "") == 200);

    Served open;
    CHECK(Client{open.port()}
              .exchange(open.control_text("POST", "/_emulator/reset", "", "Origin: http://" + open.host() + "\r\n"))
              .status == 200);
}

} // namespace cvm::http::test
