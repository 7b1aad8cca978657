#include "server/text.hpp"

#include <doctest/doctest.h>

using namespace cvm;

TEST_CASE("printable text is valid UTF-8 and short")
{
    CHECK(printable("plain") == "plain");
    CHECK(printable("\xff") == "\xEF\xBF\xBD");
    CHECK(printable("\xE4\xBD\xA0") == "\xE4\xBD\xA0");
    CHECK(printable(std::string(1000, 'a')) == std::string(256, 'a') + "...");
}

TEST_CASE("no line of a request can look like a line of the log")
{
    CHECK(one_line("a\nb\rc\x1b[31m") == "a?b?c?[31m");
    CHECK(indented("a\n2026-01-01T00:00:00Z error b\r") == "    a\n    2026-01-01T00:00:00Z error b?");
}

TEST_CASE("blanks at both ends are trimmed and none within")
{
    CHECK(trimmed(" \t a b\r\n") == "a b");
    CHECK(trimmed(" \n").empty());
    CHECK(trimmed("").empty());
}

TEST_CASE("only ASCII letters are lowered") { CHECK(ascii_lower("Host-\xC3\x84Z9") == "host-\xC3\x84z9"); }

TEST_CASE("secrets are known by the last part of their name")
{
    for (const char* name : {"Password", "LoginSettings.Password", "Token", "token", "UserData", "SecretKey"})
        CHECK_MESSAGE(names_secret(name), name);
    for (const char* name : {"InstanceIds.0", "ClientToken", "NextToken", "Password.0x", "KeyIds", "SecretId", ""})
        CHECK_FALSE_MESSAGE(names_secret(name), name);
}
