#include "server/base/text.hpp"

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
    CHECK(one_line("a\xC2\x9B"
                   "b\xE2\x80\xAE"
                   "c\xC2\xA0\xE4\xBD\xA0") == "a?b?c\xC2\xA0\xE4\xBD\xA0");
    CHECK(indented("a\n2026-01-01T00:00:00Z error b\r") == "    a\n    2026-01-01T00:00:00Z error b?");
}

TEST_CASE("blanks at both ends are trimmed and none within")
{
    CHECK(trimmed(" \t a b\r\n") == "a b");
    CHECK(trimmed(" \n").empty());
    CHECK(trimmed("").empty());
}

TEST_CASE("only ASCII letters are lowered") { CHECK(ascii_lower("Host-\xC3\x84Z9") == "host-\xC3\x84z9"); }

TEST_CASE("secrets are recognised by the last part of their name")
{
    for (const char* name : {"Password", "LoginSettings.Password", "Token", "token", "UserData", "SecretKey",
                             "UserData.0", "Login_Settings_Password", "X-TC-Token", "A.Token.0.1"})
        CHECK_MESSAGE(names_secret(name), name);
    for (const char* name : {"InstanceIds.0", "ClientToken", "NextToken", "Password.0x", "KeyIds", "SecretId", "", "0",
                             "Password.A.0", "X-TC-TraceId"})
        CHECK_FALSE_MESSAGE(names_secret(name), name);
}

TEST_CASE("a pattern fits a text where each star stands for any text")
{
    struct Case {
        std::string_view pattern;
        std::string_view text;
        bool fits;
    };
    const Case cases[] = {
        {"", "a", false},
        {"a", "", false},
        {"a", "b", false},
        {"a", "aa", false},
        {"aa", "a", false},
        {"*a", "ab", false},
        {"a*", "ba", false},
        {"*a*", "bcd", false},
        {"a*b", "abc", false},
        {"a*b", "cab", false},
        {"a*a", "a", false},
        {"*ab*ab*", "ab", false},
        {"a**b", "a", false},
        {"cvm:RenewInstances", "cvm:RenewInstance", false},
        {"cvm:RenewInstances", "cvm:renewinstances", false},
        {"cvm:RenewInstances", " cvm:RenewInstances", false},
        {"cvm:Describe*", "cvm:RenewInstances", false},
        {"billing:*", "cvm:RenewInstances", false},
        {"cvm:*Disk", "cvm:RenewDisks", false},
        {"name/cvm:*", "cvm:RenewInstances", false},
        {"cvm:Renew?nstances", "cvm:RenewInstances", false}, // nothing but the star is special
        {"cvm.RenewInstances", "cvm:RenewInstances", false},
        {"", "", true},
        {"*", "", true},
        {"***", "", true},
        {"*", "cvm:RenewInstances", true},
        {"**", "a", true},
        {"a", "a", true},
        {"a*", "a", true},
        {"*a", "a", true},
        {"*a*", "a", true},
        {"a*a", "aa", true},
        {"a*b", "ab", true},
        {"a*b", "abab", true},
        {"a*b*c", "aXbXbYc", true},
        {"*ab", "aab", true},
        {"*aab", "aaaab", true},
        {"*ab*ab*", "xabyabz", true},
        {"*", "*", true},
        {"a*c", "a*c", true},
        {"cvm:*", "cvm:RenewInstances", true},
        {"*:RenewInstances", "cvm:RenewInstances", true},
        {"cvm:Describe*", "cvm:DescribeInstances", true},
        {"cvm:*Renew*", "cvm:InquiryPriceRenewInstances", true},
        {"cvm:RenewInstances", "cvm:RenewInstances", true},
        {"\xe4\xba*", "\xe4\xba\xba", true}, // bytes, whatever they mean
    };
    for (const Case& c : cases) {
        CAPTURE(c.pattern);
        CAPTURE(c.text);
        CHECK(glob_match(c.pattern, c.text) == c.fits);
    }
}

TEST_CASE("many stars and a long text are matched quickly")
{
    // Trying every way to divide the text among the stars would take longer than anybody lives.
    const std::string text(10'000, 'a');
    std::string pattern;
    for (int i = 0; i < 1'000; ++i)
        pattern += "a*";
    CHECK(glob_match(pattern, text));
    CHECK_FALSE(glob_match(pattern + "b", text));
    CHECK(glob_match(pattern + "b", text + "b"));
    CHECK_FALSE(glob_match("b" + pattern, text));
    CHECK(glob_match(std::string(1'000'000, '*'), text));
    CHECK_FALSE(glob_match(std::string(1'000'000, '*') + "b", text));
}
