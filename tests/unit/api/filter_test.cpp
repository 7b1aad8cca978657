#include "server/api/filter.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <array>
#include <string>

namespace json = boost::json;

using namespace cvm;
using api::Filter;
using api::TextFilter;

namespace {

struct Book {
    std::string title;
    std::vector<std::string> authors;
};

constexpr std::array<TextFilter<Book>, 5> table{{
    {"title", [](const Book& b) { return std::vector{b.title}; }},
    {"title-part", [](const Book& b) { return std::vector{b.title}; }, true},
    {"author", [](const Book& b) { return b.authors; }},
    {"tag:",
     [](const Book&) {
         return std::vector<std::string>{"red", "green"};
     }},
    {.name = "key:",
     .words = nullptr,
     .words_of_key =
         [](const Book& b, std::string_view key) {
             return key == "author" ? b.authors : std::vector{"of " + std::string{key}};
         }},
}};

std::string checked(const std::vector<Filter>& filters, std::size_t max_values = 3)
{
    const auto problem = api::check_filters<Book>(table, filters, max_values);
    return problem ? std::string{code_of(problem->code)} + ": " + message(*problem, Language::english) : "good";
}

bool passes(const std::vector<Filter>& filters, const Book& book = {"Walden", {"Thoreau", "Emerson"}})
{
    return api::passes<Book>(book, table, filters);
}

std::string unknown(const std::string& name) { return "InvalidFilter: The filter `" + name + "` is not valid."; }

std::string too_many(const std::string& name, int limit)
{
    return "InvalidFilterValue.LimitExceeded: The filter `" + name + "` holds more values than the limit of `" +
           std::to_string(limit) + "`.";
}

} // namespace

TEST_CASE("a filter that is not in the table is refused by its name")
{
    struct Case {
        std::string name;
        std::string expected;
    };
    const Case cases[] = {
        {"", unknown("")},
        {"colour", unknown("colour")},
        {"Title", unknown("Title")},
        {" title", unknown(" title")},
        {"title ", unknown("title ")},
        {"titl", unknown("titl")},
        {"title:", unknown("title:")},
        {"tag", unknown("tag")},
        {"tag:", unknown("tag:")}, // a prefix without a name
        {"Tag:a", unknown("Tag:a")},
        {":a", unknown(":a")},
        {"title", "good"},
        {"title-part", "good"},
        {"author", "good"},
        {"tag:a", "good"},
        {"tag::", "good"},
        {"tag:\xe4\xba\xba", "good"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(checked({{c.name, {"v"}}}) == c.expected);
    }
}

TEST_CASE("the part of a name after the colon selects the words that are compared")
{
    CHECK(passes({{"key:author", {"Emerson"}}}));
    CHECK_FALSE(passes({{"key:author", {"of author"}}}));
    CHECK(passes({{"key:key:", {"of key:"}}}));
    CHECK_FALSE(passes({{"key:title", {"Emerson"}}}));
    CHECK(checked({{"key:", {"a"}}}) == unknown("key:"));
}

TEST_CASE("the maximum number of values is accepted and one more is refused")
{
    CHECK(checked({{"title", {"a", "b", "c", "d"}}}) == too_many("title", 3));
    CHECK(checked({{"tag:a", {"a", "b"}}}, 1) == too_many("tag:a", 1));
    CHECK(checked({{"title", {"a", "a", "a", "a"}}}) == too_many("title", 3)); // duplicates count
    CHECK(checked({{"title", {"a", "b", "c"}}}) == "good");
    CHECK(checked({{"title", {}}}, 0) == "good");
    CHECK(checked({}) == "good");
}

TEST_CASE("of several bad filters the first is reported")
{
    const Filter good{"title", {"a"}};
    const Filter long_one{"author", {"a", "b", "c", "d"}};
    CHECK(checked({good, {"x", {"a"}}, {"y", {"a"}}}) == unknown("x"));
    CHECK(checked({good, long_one, {"y", {"a"}}}) == too_many("author", 3));
    CHECK(checked({{"y", {"a", "b", "c", "d"}}, long_one}) == unknown("y"));
    CHECK(checked({good, good}) == "good");
}

TEST_CASE("a filter matches if one of its values is among the words")
{
    struct Case {
        std::string_view what;
        Filter filter;
        bool passes;
    };
    const Case cases[] = {
        {"another word", {"title", {"Emma"}}, false},
        {"the beginning of the word", {"title", {"Wald"}}, false},
        {"the end of the word", {"title", {"den"}}, false},
        {"more than the word", {"title", {"Walden2"}}, false},
        {"another case", {"title", {"walden"}}, false},
        {"blanks around it", {"title", {" Walden "}}, false},
        {"nothing", {"title", {""}}, false},
        {"no values", {"title", {}}, false},
        {"the word", {"title", {"Walden"}}, true},
        {"one of two values", {"title", {"Emma", "Walden"}}, true},
        {"the first of two words", {"author", {"Thoreau"}}, true},
        {"the second of two words", {"author", {"Emerson"}}, true},
        {"both at once are no word", {"author", {"Thoreau, Emerson"}}, false},
        {"a part where parts do not count", {"author", {"Emer"}}, false},
        {"the beginning where parts count", {"title-part", {"Wald"}}, true},
        {"the end where parts count", {"title-part", {"den"}}, true},
        {"the middle where parts count", {"title-part", {"ald"}}, true},
        {"the whole where parts count", {"title-part", {"Walden"}}, true},
        {"more than the whole where parts count", {"title-part", {"Walden2"}}, false},
        {"another case where parts count", {"title-part", {"wald"}}, false},
        {"no part", {"title-part", {"dn", "Emma"}}, false},
        {"nothing is a part of everything", {"title-part", {""}}, true},
        {"of a name that begins like one of the table", {"tag:a", {"green"}}, true},
        {"another word of such a name", {"tag:a", {"blue"}}, false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(passes({c.filter}) == c.passes);
    }
    CHECK_FALSE(passes({{"author", {""}}}, {"Beowulf", {}})); // no words at all
}

TEST_CASE("only what passes every filter is selected")
{
    const Filter right{"title", {"Walden"}};
    const Filter right_too{"author", {"Emerson"}};
    const Filter wrong{"tag:a", {"blue"}};
    CHECK(passes({}));
    CHECK(passes({right, right_too}));
    CHECK_FALSE(passes({right, wrong}));
    CHECK_FALSE(passes({wrong, right}));
    CHECK_FALSE(passes({right, right_too, wrong}));
    // The same name twice means two filters.
    CHECK(passes({{"author", {"Emerson"}}, {"author", {"Thoreau"}}}));
    CHECK_FALSE(passes({{"title", {"Walden"}}, {"title", {"Emma"}}}));
}

TEST_CASE("filters are read in the order of the request")
{
    const json::object values =
        json::parse(R"({"Filters":[{"Name":"b","Values":["2","1"]},{"Name":"a","Values":["3"]}]})").as_object();
    const auto filters = api::read_filters(api::Params{values});
    REQUIRE(filters.size() == 2);
    CHECK(filters[0].name == "b");
    CHECK(filters[0].values == std::vector<std::string>{"2", "1"});
    CHECK(filters[1].name == "a");
    CHECK(filters[1].values == std::vector<std::string>{"3"});
    const json::object none;
    CHECK(api::read_filters(api::Params{none}).empty());
}

TEST_CASE("the table of filters has no more than ten and each has a name and values")
{
    const auto decoded = [](const std::string& given) {
        const std::array fields{api::filters_field};
        const auto result = api::decode(fields, json::parse(given).as_object(), api::Source::json);
        return result ? "good" : std::string{code_of(result.error().code)};
    };
    const auto some = [](int count) {
        std::string list;
        for (int i = 0; i < count; ++i)
            list += std::string{i == 0 ? "" : ","} + R"({"Name":"title","Values":["a"]})";
        return R"({"Filters":[)" + list + "]}";
    };
    CHECK(decoded(some(0)) == "InvalidParameterValue");
    CHECK(decoded(some(11)) == "InvalidParameterValue.LimitExceeded");
    CHECK(decoded(some(10)) == "good");
    CHECK(decoded(R"({"Filters":[{"Name":"title"}]})") == "MissingParameter");
    CHECK(decoded(R"({"Filters":[{"Values":["a"]}]})") == "MissingParameter");
    CHECK(decoded(R"({"Filters":[{"Name":"title","Values":[]}]})") == "InvalidParameterValue");
}
