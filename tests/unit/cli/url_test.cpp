#include "server/cli/given.hpp"
#include "server/cli/shell.hpp"
#include "server/cli/url.hpp"

#include <doctest/doctest.h>

using namespace cvm::cli;

TEST_CASE("an address of an emulator is read and shown")
{
    struct Case {
        std::string text;
        Url url;
        std::string shown;
    };
    const Case cases[] = {
        {"http://127.0.0.1:8213", {"127.0.0.1", 8213}, "http://127.0.0.1:8213"},
        {"http://127.0.0.1:8213/", {"127.0.0.1", 8213}, "http://127.0.0.1:8213"},
        {"HTTP://emulator", {"emulator", 80}, "http://emulator"},
        {"http://my_host-1.example:80", {"my_host-1.example", 80}, "http://my_host-1.example"},
        {"http://[::1]:65535", {"::1", 65535}, "http://[::1]:65535"},
        {"http://[::1]/", {"::1", 80}, "http://[::1]"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(parse_url(c.text) == c.url);
        CHECK(to_text(parse_url(c.text)) == c.shown);
    }
}

TEST_CASE("any other address is refused with the reason")
{
    const std::pair<std::string, std::string> cases[] = {
        {"", "does not begin with http://"},
        {"127.0.0.1:8213", "does not begin with http://"},
        {"https://127.0.0.1:8213", "is https"},
        {"http://", "has no host"},
        {"http://:8213", "has no host"},
        {"http://[]:1", "has no host"},
        {"http://h:", "has no port from 1 to 65535"},
        {"http://h:0", "has no port from 1 to 65535"},
        {"http://h:65536", "has no port from 1 to 65535"},
        {"http://h:80x", "has no port from 1 to 65535"},
        {"http://h:+80", "has no port from 1 to 65535"},
        {"http://h/path", "has a path"},
        {"http://h?x=1", "has a path"},
        {"http://u:p@h:1", "has a user name"},
        {"http://[::1", "has no closing bracket"},
        {"http://[::1]x", "has something after its host"},
        {"http://[name]", "has a host that is neither a name nor an address"},
        {"http://a b", "has a host that is neither a name nor an address"},
        {"http://a\r\nb", "has a host that is neither a name nor an address"},
    };
    for (const auto& [text, why] : cases) {
        const std::string shown_text{text};
        CAPTURE(shown_text);
        std::string told;
        try {
            parse_url(text);
        } catch (const UsageError& e) {
            told = e.what();
        }
        CAPTURE(told);
        CHECK(told.find(" " + why) != std::string::npos);
        CHECK(told.find("; give one such as --url http://127.0.0.1:8213") != std::string::npos);
        CHECK(told.find('\n') == std::string::npos);
    }
}

TEST_CASE("the default address follows the environment of a server")
{
    CHECK(default_url({}) == "http://127.0.0.1:8213");
    CHECK(default_url({{"CVM_EMULATOR_PORT", "9000"}}) == "http://127.0.0.1:9000");
    CHECK(default_url({{"CVM_EMULATOR_PORT", "0"}, {"CVM_EMULATOR_HOST", "0.0.0.0"}}) == "http://127.0.0.1:8213");
    CHECK(default_url({{"CVM_EMULATOR_HOST", "::"}}) == "http://[::1]:8213");
    CHECK(default_url({{"CVM_EMULATOR_HOST", "10.0.0.1"}}) == "http://10.0.0.1:8213");
    CHECK(default_url({{"CVM_EMULATOR_PORT", "9000"}, {"CVM_EMULATOR_URL", "http://e"}}) == "http://e");
}

TEST_CASE("a target has those parameters that are given, escaped")
{
    CHECK(with_query("/p", {}) == "/p");
    CHECK(with_query("/p", {{"a", ""}, {"b", "x y/\xC3\xA9&="}, {"c", "1-._~"}}) ==
          "/p?b=x%20y%2F%C3%A9%26%3D&c=1-._~");
}

TEST_CASE("a word is quoted for a shell when it must be")
{
    CHECK(shell_quoted("AKID-1_2.3/4:5") == "AKID-1_2.3/4:5");
    CHECK(shell_quoted("") == "''");
    CHECK(shell_quoted("a b") == "'a b'");
    CHECK(shell_quoted("$(x)`y`\"z\"!") == "'$(x)`y`\"z\"!'");
    CHECK(shell_quoted("it's") == R"('it'\''s')");
    CHECK(shell_quoted("a\\b") == R"('a'\\'b')");
    CHECK(shell_quoted("~") == "'~'");
    CHECK(shell_quoted("a\nb") == "'a\nb'");
}

TEST_CASE("the environment is read without what is empty")
{
    const char* const variables[] = {"A=1", "B=", "C", "D=x=y", nullptr};
    const Environment environment = read_environment(variables);
    CHECK(environment == Environment{{"A", "1"}, {"D", "x=y"}});
    CHECK(variable(environment, "B").empty());
}
