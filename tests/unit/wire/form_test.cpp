#include "server/wire/form.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

using namespace cvm;
using namespace cvm::wire;
namespace json = boost::json;

namespace {

std::string repeated(std::string_view text, int times)
{
    std::string out;
    for (int i = 0; i < times; ++i)
        out += text;
    return out;
}

// The refusal of a form as a tree; the code OK if it is accepted.
std::string refusal(const Form& form)
{
    const auto tree = to_tree(form);
    return tree.has_error() ? std::string{code_of(tree.error().code)} : "OK";
}

} // namespace

TEST_CASE("a form piece without an equals sign is refused with the observed text")
{
    for (const std::string_view text :
         {"a", "a&b=1", "b=1&a", "b=1&a&c=2", R"({"test":1})", " ", "%3D", "Action=x&%3D1"}) {
        CAPTURE(text);
        const auto form = parse_form(text);
        REQUIRE(form.has_error());
        CHECK(form.error() == error(Errc::invalid_parameter_form_syntax));
        CHECK(message(form.error(), Language::english) == "Url key and value should be splited by `=`.");
    }
}

TEST_CASE("a broken percent escape is refused and named")
{
    for (const std::string_view piece :
         {"a=%", "a=%2", "a=%2g", "a=%g2", "a=%%20", "a=1%", "a=%+2", "a=% 2", "%=1", "%2=1", "%zz=1", "a=%E6%9C%A"}) {
        CAPTURE(piece);
        const auto form = parse_form(std::string{"x=1&"} + std::string{piece} + "&y=2");
        REQUIRE(form.has_error());
        CHECK(code_of(form.error().code) == "InvalidParameter");
        CHECK(message(form.error(), Language::english).find("`" + std::string{piece} + "`") != std::string::npos);
    }
}

TEST_CASE("a form is read to the byte")
{
    struct Case {
        std::string_view what;
        std::string_view text;
        Form expected;
    };
    const Case cases[] = {
        {"nothing", "", {}},
        {"one", "a=1", {{"a", "1"}}},
        {"two", "a=1&b=2", {{"a", "1"}, {"b", "2"}}},
        {"empty value", "Region=", {{"Region", ""}}},
        {"empty name", "=1", {{"", "1"}}},
        {"nothing but the sign", "=", {{"", ""}}},
        {"empty pieces", "&&a=1&&&b=2&&", {{"a", "1"}, {"b", "2"}}},
        {"only separators", "&&&", {}},
        {"the last of a name counts", "a=1&b=2&a=3&a=", {{"a", ""}, {"b", "2"}}},
        {"a name encoded and plain is one name", "a=1&%61=2", {{"a", "2"}}},
        {"both spellings of a space", "a=%20+&+=x", {{"a", "  "}, {" ", "x"}}},
        {"hex in both cases", "a=%2f%2F%e6%9C%aa", {{"a", "//\xe6\x9c\xaa"}}},
        {"an escaped plus", "a=%2B", {{"a", "+"}}},
        {"an escape is decoded once", "a=%2520", {{"a", "%20"}}},
        {"more equals signs belong to the value", "a=b=c==", {{"a", "b=c=="}}},
        {"escaped separators belong to the text", "a%26b=1%262&c%3Dd=%3D", {{"a&b", "1&2"}, {"c=d", "="}}},
        {"an escape at the very end", "a=%41", {{"a", "A"}}},
        {"a signature",
         "Signature=EliP9YW3pW28FpsEdkXt%2f%2bWcGeI%3d",
         {{"Signature", "EliP9YW3pW28FpsEdkXt/+WcGeI="}}},
        {"a line break after it", "Signature=abc%3D%0A", {{"Signature", "abc=\n"}}},
        {"raw UTF-8", "a=\xe6\x9c\xaa", {{"a", "\xe6\x9c\xaa"}}},
        {"bytes that are no UTF-8", "a=%ff%C0", {{"a", "\xff\xc0"}}},
        {"a NUL", "a=%00b", {{"a", std::string("\0b", 2)}}},
        {"semicolon and question mark and hash", "a=1;b=2?c#d", {{"a", "1;b=2?c#d"}}},
        {"upper case before lower case", "b=1&B=2", {{"B", "2"}, {"b", "1"}}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const auto form = parse_form(c.text);
        REQUIRE(form.has_value());
        CHECK(*form == c.expected);
    }
}

TEST_CASE("a form is kept in the byte order that signatures require")
{
    const auto form = parse_form("b=1&InstanceIds.2=1&InstanceIds.12=1&a_b=1&a.b=1&A=1&InstanceIds.10=1&a=1&Z=1");
    REQUIRE(form.has_value());
    std::string names;
    for (const auto& [name, value] : *form)
        names += name + " ";
    CHECK(names == "A InstanceIds.10 InstanceIds.12 InstanceIds.2 Z a a.b a_b b ");
}

TEST_CASE("a name that is both a value and a parent is refused")
{
    const Form cases[] = {
        {{"a", "1"}, {"a.b", "2"}},
        {{"a", ""}, {"a.b", "2"}},
        {{"a", "1"}, {"a.b.c.d", "2"}},
        {{"a.b", "1"}, {"a.b.0", "2"}},
        {{"InstanceIds", "ins-1"}, {"InstanceIds.0", "ins-1"}},
        {{"a.0", "1"}, {"a.0.b", "2"}},
        {{"a", "1"}, {"a-b", "0"}, {"a.b", "2"}}, // though another name sorts between them
    };
    for (const Form& form : cases) {
        const std::string first = form.begin()->first;
        CAPTURE(first);
        CHECK(refusal(form) == "InvalidParameter");
    }
}

TEST_CASE("a name is nested 16 deep at most")
{
    CHECK(refusal({{"a" + repeated(".a", 16), "1"}}) == "InvalidParameter");
    CHECK(refusal({{"a" + repeated(".0", 100'000), "1"}}) == "InvalidParameter");
    CHECK(refusal({{repeated(".", 16), "1"}}) == "InvalidParameter");
    CHECK(refusal({{"a" + repeated(".a", 15), "1"}}) == "OK");
    CHECK(refusal({{repeated(".", 15), "1"}}) == "OK");
}

TEST_CASE("what is not UTF-8 is refused")
{
    CHECK(refusal({{"InstanceName", "\x80\x80"}}) == "InvalidParameter");
    CHECK(refusal({{"Instance\xFF", "a"}}) == "InvalidParameter");
    CHECK(refusal({{"InstanceName", "\xE6\xA1\xB6"}}) == "OK");
}

TEST_CASE("a form becomes the tree that its names spell")
{
    struct Case {
        std::string_view what;
        Form form;
        std::string_view expected;
    };
    const Case cases[] = {
        {"nothing", {}, R"({})"},
        {"plain", {{"Limit", "20"}}, R"({"Limit":"20"})"},
        {"every value stays text",
         {{"a", "true"}, {"b", "null"}, {"c", "-1.5"}, {"d", ""}},
         R"({"a":"true","b":"null","c":"-1.5","d":""})"},
        {"a list from 0", {{"InstanceIds.0", "x"}, {"InstanceIds.1", "y"}}, R"({"InstanceIds":["x","y"]})"},
        {"a list from 1", {{"InstanceIds.1", "x"}, {"InstanceIds.2", "y"}}, R"({"InstanceIds":["x","y"]})"},
        {"a list of one", {{"InstanceIds.0", "x"}}, R"({"InstanceIds":["x"]})"},
        {"a list with gaps", {{"a.3", "x"}, {"a.70", "y"}, {"a.18446744073709551615", "z"}}, R"({"a":["x","y","z"]})"},
        {"numbers order a list and not bytes",
         {{"a.10", "j"}, {"a.9", "i"}, {"a.100", "k"}, {"a.2", "b"}},
         R"({"a":["b","i","j","k"]})"},
        {"leading zeros", {{"a.010", "j"}, {"a.9", "i"}}, R"({"a":["i","j"]})"},
        {"an object",
         {{"InstanceChargePrepaid.Period", "1"}, {"InstanceChargePrepaid.RenewFlag", "x"}},
         R"({"InstanceChargePrepaid":{"Period":"1","RenewFlag":"x"}})"},
        {"a list of objects with lists",
         {{"Filters.0.Name", "zone"},
          {"Filters.0.Values.0", "a"},
          {"Filters.0.Values.1", "b"},
          {"Filters.1.Name", "n"}},
         R"({"Filters":[{"Name":"zone","Values":["a","b"]},{"Name":"n"}]})"},
        {"a list of lists", {{"a.0.0", "x"}, {"a.0.1", "y"}, {"a.1.0", "z"}}, R"({"a":[["x","y"],["z"]]})"},
        {"numbers beside words are an object", {{"a.0", "x"}, {"a.b", "y"}}, R"({"a":{"0":"x","b":"y"}})"},
        {"a negative number is a word", {{"a.-1", "x"}}, R"({"a":{"-1":"x"}})"},
        {"a number with a sign or blank is a word", {{"a.+1", "x"}, {"a. 1", "y"}}, R"({"a":{" 1":"y","+1":"x"}})"},
        {"a number that is too long is a word",
         {{"a.18446744073709551616", "x"}},
         R"({"a":{"18446744073709551616":"x"}})"},
        {"numbers at the top are names", {{"0", "x"}, {"1", "y"}}, R"({"0":"x","1":"y"})"},
        {"an empty name", {{"", "x"}}, R"({"":"x"})"},
        {"a dot at the end", {{"a.", "x"}}, R"({"a":{"":"x"}})"},
        {"a dot in front", {{".a", "x"}}, R"({"":{"a":"x"}})"},
        {"two dots", {{"a..b", "x"}}, R"({"a":{"":{"b":"x"}}})"},
        {"a name that only begins like another",
         {{"a", "1"}, {"ab", "2"}, {"a-b.c", "3"}},
         R"({"a":"1","a-b":{"c":"3"},"ab":"2"})"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const auto tree = to_tree(c.form);
        REQUIRE(tree.has_value());
        CHECK(json::serialize(*tree) == c.expected);
    }
}

TEST_CASE("everything but letters, digits and four signs is escaped")
{
    CHECK(wire::percent_encoded("azAZ09-._~") == "azAZ09-._~");
    CHECK(wire::percent_encoded(" +/\xE4\xBD\xA0") == "%20%2B%2F%E4%BD%A0");
    CHECK(wire::percent_encoded(" /\xff", true) == "%20%2f%ff");
    CHECK(wire::percent_encoded(" +", false, true) == "+%2B");
}

TEST_CASE("a list of a hundred ids keeps its order from either origin")
{
    for (const int origin : {0, 1}) {
        CAPTURE(origin);
        Form form;
        for (int i = 0; i < 100; ++i)
            form["InstanceIds." + std::to_string(i + origin)] = "ins-" + std::to_string(i);
        const auto tree = to_tree(form);
        REQUIRE(tree.has_value());
        const json::array& list = tree->at("InstanceIds").as_array();
        REQUIRE(list.size() == 100);
        for (std::size_t i = 0; i < 100; ++i)
            CHECK(list[i].as_string() == "ins-" + std::to_string(i));
    }
}
