#include "server/wire/json_text.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

using cvm::wire::json_text;

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
