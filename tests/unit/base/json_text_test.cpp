#include "server/base/json_text.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

using cvm::json_text;

TEST_CASE("JSON text is compact and prices look like prices")
{
    struct Case {
        std::string_view given;
        std::string_view expected;
    };
    const Case cases[] = {
        {"null", "null"},
        {" [ true , false , [ ] , { } ] ", "[true,false,[],{}]"},
        {"{\"b\":1,\"a\":[1,2]}", "{\"b\":1,\"a\":[1,2]}"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"18446744073709551615", "18446744073709551615"},
        {"76.5", "76.5"},
        {"0.1", "0.1"},
        {"172.56", "172.56"},
        {"20.0", "20"},
        {R"("a\"\\\/\n\t\u0001\u4f60")", "\"a\\\"\\\\/\\n\\u0009\\u0001\xE4\xBD\xA0\""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.given);
        CHECK(json_text(boost::json::parse({c.given.data(), c.given.size()})) == c.expected);
    }
}

TEST_CASE("each product writes JSON in its own way")
{
    struct Case {
        std::string_view what;
        cvm::AnswerText text;
        std::string_view given;
        std::string_view expected;
    };
    const Case cases[] = {
        {"a blank after every colon and comma",
         {.white_space = true},
         R"({"a":[1,2],"b":{"c":"x:y,z"},"d":[],"e":{}})",
         R"({"a": [1, 2], "b": {"c": "x:y,z"}, "d": [], "e": {}})"},
        {"escapes", {.ascii = true}, R"({"名":"例/é\n"})", R"({"\u540d":"\u4f8b/\u00e9\n"})"},
        {"two units for what is beyond the first plane",
         {.ascii = true},
         "\"a\xF0\x9F\x98\x80z\"",
         R"("a\ud83d\ude00z")"},
        {"a slash", {.escaped_slash = true}, R"(["a/b","名"])", R"(["a\/b","名"])"},
        {"all of it",
         {.white_space = true, .ascii = true, .escaped_slash = true},
         R"(["/","é"])",
         R"(["\/", "\u00e9"])"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(json_text(boost::json::parse({c.given.data(), c.given.size()}), c.text) == c.expected);
    }
}

TEST_CASE("text that ends within a character is written to its end")
{
    CHECK(json_text(boost::json::value("a\xE4\xBD"), {.ascii = true}) == R"("a\u013d")");
    CHECK(json_text(boost::json::value("\xC3\"\n")) == "\"\xC3\\\"\\n\"");
}
