#include "server/base/json_numbers.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <limits>

using namespace cvm;

namespace json = boost::json;

TEST_CASE("a number without a fraction is a whole number, up to 2^53")
{
    CHECK(whole_number(472.0) == 472);
    CHECK(whole_number(-0.0) == 0);
    CHECK(whole_number(-9007199254740992.0) == -9007199254740992);
    CHECK_FALSE(whole_number(9007199254740994.0).has_value());
    CHECK_FALSE(whole_number(0.5).has_value());
    CHECK_FALSE(whole_number(std::numeric_limits<double>::infinity()).has_value());
    CHECK_FALSE(whole_number(std::numeric_limits<double>::quiet_NaN()).has_value());
}

TEST_CASE("numbers are converted everywhere in a tree, and nothing else is changed")
{
    json::value tree = json::parse(R"({"a":472.0,"b":[1E2,{"c":-3.0}],"d":1.5,"e":"2.0","f":true,"g":1e300})");
    make_whole_numbers(tree);
    CHECK(tree == json::parse(R"({"a":472,"b":[100,{"c":-3}],"d":1.5,"e":"2.0","f":true,"g":1e300})"));
    CHECK(tree.at("a").is_int64());
    CHECK(tree.at("g").is_double());
}

TEST_CASE("one byte order mark is skipped at the beginning")
{
    CHECK(without_byte_order_mark("\xEF\xBB\xBF{}") == "{}");
    CHECK(without_byte_order_mark("\xEF\xBB\xBF\xEF\xBB\xBF") == "\xEF\xBB\xBF");
    CHECK(without_byte_order_mark("{\xEF\xBB\xBF}") == "{\xEF\xBB\xBF}");
    CHECK(without_byte_order_mark("\xEF\xBB") == "\xEF\xBB");
    CHECK(without_byte_order_mark("").empty());
}
