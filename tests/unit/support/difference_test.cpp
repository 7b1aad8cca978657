#include "tests/support/difference.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace cvm;
namespace json = boost::json;

namespace {

std::string places(std::string_view expected, std::string_view actual)
{
    std::string text;
    for (const auto& one : test::differences(json::parse(expected), json::parse(actual)))
        text += test::line_of(one) + "\n";
    return text;
}

} // namespace

TEST_CASE("two JSON values differ at the places that a pointer names")
{
    CHECK(places(R"({"a":[1,{"b":2}]})", R"({"a":[1,{"b":2}]})") == "");
    CHECK(places(R"({"a":1,"b":2})", R"({"b":2,"a":1})") == "");
    CHECK(places(R"({"a":[1,{"b":"x"}]})", R"({"a":[1,{"b":"y"}]})") == "/a/1/b: expected \"x\", got \"y\"\n");
    CHECK(places(R"({"a":1})", R"({"b":2})") == "/a: expected 1, got nothing\n/b: expected nothing, got 2\n");
    CHECK(places("[1,2]", "[1]") == "/1: expected 2, got nothing\n");
    CHECK(places("[]", "[null]") == "/0: expected nothing, got null\n");
    CHECK(places(R"({"a/b~":1})", R"({"a/b~":[]})") == "/a~1b~0: expected 1, got []\n");
    CHECK(places("1", "2") == "all of it: expected 1, got 2\n");
}

TEST_CASE("a difference fits into a line and shows what differs")
{
    const std::string same(500, 'x');
    const auto line = [&](const std::string& expected, const std::string& actual) {
        return test::line_of({.path = "/" + same, .expected = json::string(expected), .actual = json::string(actual)});
    };
    const std::string middle = line(same + "1" + same, same + "2" + same);
    CAPTURE(middle);
    CHECK(test::columns(middle) <= test::max_columns);
    CHECK(middle.find("x1x") != std::string::npos);
    CHECK(middle.find("x2x") != std::string::npos);
    const std::string one_long = line("short", same);
    CAPTURE(one_long);
    CHECK(test::columns(one_long) <= test::max_columns);
    CHECK(one_long.find("\"short\"") != std::string::npos);
}

TEST_CASE("of many lines the first are shown, and the number of the others")
{
    using Lines = std::vector<std::string>;
    CHECK((test::first_lines({"a", "b"}, 2) == Lines{"a", "b"}));
    CHECK((test::first_lines({"a", "b", "c", "d"}, 2, "  ") == Lines{"a", "b", "  ... 2 more"}));
}

TEST_CASE("JSON texts differ by a place, or else by the first byte")
{
    CHECK(test::json_text_difference(R"({"a":1})", R"({"a":1})") == "");
    CHECK(test::json_text_difference(R"({"a":1})", R"({"a":2})") == "/a: expected 2, got 1");
    CHECK(test::json_text_difference(R"({"a": 1})", R"({"a":1})") ==
          "the same JSON in another order or with other white space, from byte 5: expected `{\"a\":1}`, got `{\"a\": "
          "1}`");
    CHECK(test::json_text_difference("no\nJSON", "no JSON") == "from byte 2: expected `no JSON`, got `no\\nJSON`");
}

TEST_CASE("sets, maps and lists differ by what only one of them holds, or in their order")
{
    using Set = std::set<std::string>;
    CHECK(test::difference(Set{"a"}, Set{"a"}) == "");
    CHECK(test::difference(Set{"a", "b"}, Set{"b", "c"}) == R"(only in the first: "a"; only in the second: "c")");
    CHECK(test::difference(Set{"a"}, Set{}) == R"(only in the first: "a")");
    using Map = std::map<std::string, int>;
    CHECK(test::difference(Map{{"a", 1}}, Map{{"a", 2}}) == R"(only in the first: "a": 1; only in the second: "a": 2)");
    using List = std::vector<int>;
    CHECK(test::difference(List{1, 1, 2}, List{1, 2}) == "only in the first: 1");
    CHECK(test::difference(List{1, 2, 3}, List{1, 3, 2}) == "another order from entry 1: 2 and 3");
    List many(1000);
    CHECK(test::columns(test::difference(many, List{})) <= 120);
    CHECK(test::difference(many, List{}).ends_with("... 990 more"));
}

namespace {

struct Point {
    int x = 0;
    std::optional<std::string> name{};
    std::vector<int> list{};
    friend bool operator==(const Point&, const Point&) = default;
};

} // namespace

TEST_CASE("structs differ by the numbers of their fields")
{
    const Point plain;
    const Point named{.x = 1, .name = "a", .list = {1}};
    CHECK(test::difference(plain, plain) == "");
    CHECK(test::difference(plain, named) == "\n.0: 0 and 1\n.1: none and \"a\"\n.2: [] and [1]");
    CHECK(test::difference(std::vector{plain, plain}, std::vector{plain, Point{.x = 2}}) == "[1].0: 0 and 2");
    CHECK(test::difference(std::vector<Point>{}, std::vector{named}) == R"(only in the second: {1, "a", [1]})");
    CHECK(test::difference(std::optional<Point>{}, named) == R"(all of it: none and {1, "a", [1]})");
    CHECK(test::difference(std::optional{plain}, plain) == "");
}
