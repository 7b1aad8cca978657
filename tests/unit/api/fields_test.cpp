#include "server/api/fields.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <array>
#include <string>

namespace json = boost::json;

using namespace cvm;
using api::Field;
using api::Source;
using api::Type;

namespace {

constexpr std::array<std::string_view, 2> colours{"RED", "GREEN"};

constexpr std::array box_fields{
    Field{.name = "Name", .type = Type::string, .required = true},
    Field{.name = "Count", .type = Type::integer, .min = 1, .max = 10},
    Field{.name = "Names", .type = Type::strings, .max_items = 2},
};

constexpr std::array fields{
    Field{.name = "Text", .type = Type::string},
    Field{.name = "Colour", .type = Type::string, .words = colours},
    Field{.name = "Number", .type = Type::integer},
    Field{.name = "Limited", .type = Type::integer, .min = 1, .max = 100},
    Field{.name = "Flag", .type = Type::boolean},
    Field{.name = "Box", .type = Type::object, .members = box_fields},
    Field{.name = "Names", .type = Type::strings, .max_items = 3},
    Field{.name = "Boxes", .type = Type::objects, .members = box_fields, .max_items = 2},
};

// The result of decode(): the values as compact JSON, or the error as "code: text".
std::string decoded(std::span<const Field> declared, std::string_view given, Source source = Source::json)
{
    const auto result = api::decode(declared, json::parse(given).as_object(), source);
    if (result)
        return json::serialize(*result);
    return std::string{code_of(result.error().code)} + ": " + message(result.error(), Language::english);
}

// For lists and objects the message names no type.
std::string wrong_type(const std::string& path, const std::string& type = {})
{
    return "InvalidParameter: The value type of parameter `" + path + "` is not valid" +
           (type.empty() ? "." : ", input type should be `" + type + "`");
}

std::string unknown(const std::string& path)
{
    return "UnknownParameter: The parameter `" + path + "` is not recognized.";
}

std::string missing(const std::string& path)
{
    return "MissingParameter: The request is missing a required parameter `" + path + "`.";
}

std::string bad_value(const std::string& value, const std::string& path)
{
    return "InvalidParameterValue: The value `" + value + "` specified in the parameter `" + path + "` is not valid.";
}

std::string too_many(const std::string& path, int count, int limit)
{
    return "InvalidParameterValue.LimitExceeded: The parameter `" + path + "` holds `" + std::to_string(count) +
           "` values, more than the limit of `" + std::to_string(limit) + "`.";
}

struct Row {
    std::string given;
    std::string expected;
};

} // namespace

TEST_CASE("a JSON value of another type than the declared one is refused by its path")
{
    const Row rows[] = {
        {R"({"Text":1})", wrong_type("Text", "string")},
        {R"({"Text":true})", wrong_type("Text", "string")},
        {R"({"Text":["a"]})", wrong_type("Text", "string")},
        {R"({"Text":{}})", wrong_type("Text", "string")},
        {R"({"Number":1.5})", wrong_type("Number", "int64")},
        {R"({"Number":1e2})", wrong_type("Number", "int64")},
        {R"({"Number":true})", wrong_type("Number", "int64")},
        {R"({"Number":[1]})", wrong_type("Number", "int64")},
        {R"({"Number":{}})", wrong_type("Number", "int64")},
        {R"({"Number":9223372036854775808})", wrong_type("Number", "int64")},
        {R"({"Number":""})", wrong_type("Number", "int64")},
        {R"({"Number":"x"})", wrong_type("Number", "int64")},
        {R"({"Number":"5x"})", wrong_type("Number", "int64")},
        {R"({"Number":" 5"})", wrong_type("Number", "int64")},
        {R"({"Number":"+5"})", wrong_type("Number", "int64")},
        {R"({"Number":"1.0"})", wrong_type("Number", "int64")},
        {R"({"Number":"0x10"})", wrong_type("Number", "int64")},
        {R"({"Number":"9223372036854775808"})", wrong_type("Number", "int64")},
        {R"({"Flag":"true"})", wrong_type("Flag", "bool")},
        {R"({"Flag":1})", wrong_type("Flag", "bool")},
        {R"({"Flag":[]})", wrong_type("Flag", "bool")},
        {R"({"Box":"x"})", wrong_type("Box")},
        {R"({"Box":[]})", wrong_type("Box")},
        {R"({"Box":{"Name":1}})", wrong_type("Box.Name", "string")},
        {R"({"Box":{"Name":"n","Count":"x"}})", wrong_type("Box.Count", "int64")},
        {R"({"Names":"a"})", wrong_type("Names")},
        {R"({"Names":{"0":"a"}})", wrong_type("Names")},
        {R"({"Names":["a",1]})", wrong_type("Names.1", "string")},
        {R"({"Names":[null]})", wrong_type("Names.0", "string")},
        {R"({"Boxes":{}})", wrong_type("Boxes")},
        {R"({"Boxes":["a"]})", wrong_type("Boxes.0")},
        {R"({"Boxes":[null]})", wrong_type("Boxes.0")},
        {R"({"Boxes":[{"Name":"n"},{"Name":"n","Count":[]}]})", wrong_type("Boxes.1.Count", "int64")},
        {R"({"Boxes":[{"Name":"n","Names":["a",2]}]})", wrong_type("Boxes.0.Names.1", "string")},
    };
    for (const Row& row : rows) {
        CAPTURE(row.given);
        CHECK(decoded(fields, row.given) == row.expected);
    }
}

TEST_CASE("a JSON value of the declared type is accepted")
{
    const Row rows[] = {
        {R"({})", R"({})"},
        {R"({"Text":""})", R"({"Text":""})"},
        {R"({"Text":"12"})", R"({"Text":"12"})"},
        {R"({"Number":0})", R"({"Number":0})"},
        {R"({"Number":-9223372036854775808})", R"({"Number":-9223372036854775808})"},
        {R"({"Number":"12"})", R"({"Number":12})"},
        {R"({"Number":"-12"})", R"({"Number":-12})"},
        {R"({"Number":"007"})", R"({"Number":7})"},
        {R"({"Flag":true})", R"({"Flag":true})"},
        {R"({"Flag":false})", R"({"Flag":false})"},
        {R"({"Box":{"Name":"n","Count":"3"}})", R"({"Box":{"Name":"n","Count":3}})"},
        {R"({"Names":["a","b"]})", R"({"Names":["a","b"]})"},
        {R"({"Names":[""]})", R"({"Names":[""]})"},
        {R"({"Boxes":[{"Name":"n"},{"Name":"m","Names":["a"]}]})",
         R"({"Boxes":[{"Name":"n"},{"Name":"m","Names":["a"]}]})"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.given);
        CHECK(decoded(fields, row.given) == row.expected);
    }
}

TEST_CASE("a form value is text and becomes the declared type or is refused")
{
    const Row rows[] = {
        {R"({"Number":""})", wrong_type("Number", "int64")},
        {R"({"Number":"1.5"})", wrong_type("Number", "int64")},
        {R"({"Flag":""})", wrong_type("Flag", "bool")},
        {R"({"Flag":"1"})", wrong_type("Flag", "bool")},
        {R"({"Flag":"yes"})", wrong_type("Flag", "bool")},
        {R"({"Flag":"true "})", wrong_type("Flag", "bool")},
        {R"({"Text":["a"]})", wrong_type("Text", "string")},
        {R"({"Box":"x"})", wrong_type("Box")},
        {R"({"Names":"a"})", wrong_type("Names")},
        {R"({"Names":[["a"]]})", wrong_type("Names.0", "string")},
        {R"({"Boxes":["a"]})", wrong_type("Boxes.0")},
        {R"({"Text":"true"})", R"({"Text":"true"})"},
        {R"({"Number":"12"})", R"({"Number":12})"},
        {R"({"Flag":"true"})", R"({"Flag":true})"},
        {R"({"Flag":"True"})", R"({"Flag":true})"},
        {R"({"Flag":"TRUE"})", R"({"Flag":true})"},
        {R"({"Flag":"false"})", R"({"Flag":false})"},
        {R"({"Flag":"False"})", R"({"Flag":false})"},
        {R"({"Names":["1","2"]})", R"({"Names":["1","2"]})"},
        {R"({"Box":{"Name":"n","Count":"3"}})", R"({"Box":{"Name":"n","Count":3}})"},
        {R"({"Boxes":[{"Name":"n"}]})", R"({"Boxes":[{"Name":"n"}]})"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.given);
        CHECK(decoded(fields, row.given, Source::form) == row.expected);
    }
}

TEST_CASE("an unknown parameter is refused by its path even if it is null")
{
    const Row rows[] = {
        {R"({"Nope":1})", unknown("Nope")},
        {R"({"Nope":null})", unknown("Nope")},
        {R"({"text":"a"})", unknown("text")},
        {R"({"":"a"})", unknown("")},
        {R"({"Box":{"Name":"n","Nope":1}})", unknown("Box.Nope")},
        {R"({"Boxes":[{"Name":"n"},{"Nope":1}]})", unknown("Boxes.1.Nope")},
    };
    for (const Row& row : rows) {
        CAPTURE(row.given);
        CHECK(decoded(fields, row.given) == row.expected);
        CHECK(decoded(fields, row.given, Source::form) == row.expected);
    }
}

TEST_CASE("null counts as not given")
{
    constexpr std::array required{
        Field{.name = "Text", .type = Type::string, .required = true},
        Field{.name = "Box", .type = Type::object, .members = box_fields},
        Field{.name = "Names", .type = Type::strings},
    };
    const Row rows[] = {
        {R"({})", missing("Text")},
        {R"({"Text":null})", missing("Text")},
        {R"({"Text":"a","Box":{}})", missing("Box.Name")},
        {R"({"Text":"a","Box":{"Name":null}})", missing("Box.Name")},
        {R"({"Text":"a","Box":null,"Names":null})", R"({"Text":"a"})"},
        {R"({"Text":"a","Box":{"Name":"n","Count":null}})", R"({"Text":"a","Box":{"Name":"n"}})"},
        {R"({"Text":""})", R"({"Text":""})"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.given);
        CHECK(decoded(required, row.given) == row.expected);
    }
}

TEST_CASE("a value outside its limits or words is refused with the value")
{
    const Row rows[] = {
        {R"({"Limited":0})", bad_value("0", "Limited")},
        {R"({"Limited":101})", bad_value("101", "Limited")},
        {R"({"Limited":"-1"})", bad_value("-1", "Limited")},
        {R"({"Limited":1})", R"({"Limited":1})"},
        {R"({"Limited":100})", R"({"Limited":100})"},
        {R"({"Colour":""})", bad_value("", "Colour")},
        {R"({"Colour":"red"})", bad_value("red", "Colour")},
        {R"({"Colour":"BLUE"})", bad_value("BLUE", "Colour")},
        {R"({"Colour":"GREEN"})", R"({"Colour":"GREEN"})"},
        {R"({"Names":[]})", bad_value("[]", "Names")},
        {R"({"Boxes":[]})", bad_value("[]", "Boxes")},
        {R"({"Box":{"Name":"n","Count":11}})", bad_value("11", "Box.Count")},
        {R"({"Box":{"Name":"n","Names":[]}})", bad_value("[]", "Box.Names")},
        {R"({"Boxes":[{"Name":"n"},{"Name":"m","Count":0}]})", bad_value("0", "Boxes.1.Count")},
    };
    for (const Row& row : rows) {
        CAPTURE(row.given);
        CHECK(decoded(fields, row.given) == row.expected);
    }
}

TEST_CASE("a list longer than its limit is refused with both numbers")
{
    const Row rows[] = {
        {R"({"Names":["a","b","c","d"]})", too_many("Names", 4, 3)},
        {R"({"Names":["a","b","c"]})", R"({"Names":["a","b","c"]})"},
        {R"({"Boxes":[{"Name":"a"},{"Name":"b"},{"Name":"c"}]})", too_many("Boxes", 3, 2)},
        {R"({"Boxes":[{"Name":"a"},{"Name":"b"}]})", R"({"Boxes":[{"Name":"a"},{"Name":"b"}]})"},
        {R"({"Box":{"Name":"n","Names":["a","b","c"]}})", too_many("Box.Names", 3, 2)},
    };
    for (const Row& row : rows) {
        CAPTURE(row.given);
        CHECK(decoded(fields, row.given) == row.expected);
    }
}

TEST_CASE("of several problems the first in rank is reported")
{
    constexpr std::array declared{
        Field{.name = "First", .type = Type::string, .required = true, .words = colours},
        Field{.name = "Second", .type = Type::integer, .required = true, .min = 1},
        Field{.name = "Box", .type = Type::object, .members = box_fields},
        Field{.name = "Last", .type = Type::strings, .required = true, .max_items = 1},
    };
    struct Case {
        std::string what;
        std::string given;
        std::string expected;
    };
    const Case cases[] = {
        {"shapes in the order of the request", R"({"Last":"x","First":1,"Second":[]})", wrong_type("Last")},
        {"an unknown one before a wrong type", R"({"Nope":1,"First":1})", unknown("Nope")},
        {"a wrong type before an unknown one", R"({"First":1,"Nope":1})", wrong_type("First", "string")},
        {"a nested shape in its place", R"({"Box":{"Nope":1},"First":1})", unknown("Box.Nope")},
        {"a shape before a missing one", R"({"Last":"x"})", wrong_type("Last")},
        {"a shape before a bad value", R"({"First":"BLUE","Second":0,"Last":[1]})", wrong_type("Last.0", "string")},
        {"missing in the order of declaration", R"({})", missing("First")},
        {"the second is missing", R"({"Last":["a"],"First":"RED"})", missing("Second")},
        {"the last is missing", R"({"Second":1,"First":"RED"})", missing("Last")},
        {"missing before a bad value", R"({"First":"BLUE","Second":0})", missing("Last")},
        {"a nested one is missing", R"({"First":"BLUE","Second":0,"Box":{},"Last":[]})", missing("Box.Name")},
        {"values in the order of declaration", R"({"Last":[],"Second":0,"First":"BLUE"})", bad_value("BLUE", "First")},
        {"the second value", R"({"Last":[],"Second":0,"First":"RED"})", bad_value("0", "Second")},
        {"a limit is a value like any other", R"({"Last":["a","b"],"Second":1,"First":"RED"})", too_many("Last", 2, 1)},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(decoded(declared, c.given) == c.expected);
    }
}

TEST_CASE("a problem inside an object is reported in the order of the object's declaration")
{
    constexpr std::array declared{
        Field{.name = "First", .type = Type::string, .required = true},
        Field{.name = "Second", .type = Type::integer, .min = 1},
        Field{.name = "Box", .type = Type::object, .members = box_fields},
        Field{.name = "Last", .type = Type::integer, .required = true, .min = 1},
    };
    struct Case {
        std::string what;
        std::string given;
        std::string expected;
    };
    const Case cases[] = {
        {"missing before the object", R"({"Box":{}})", missing("First")},
        {"missing behind the object", R"({"First":"a","Box":{}})", missing("Box.Name")},
        {"a value before the object", R"({"Box":{"Name":"n","Count":0},"First":"a","Second":0,"Last":1})",
         bad_value("0", "Second")},
        {"a value behind the object", R"({"Last":0,"Box":{"Name":"n","Count":11},"First":"a"})",
         bad_value("11", "Box.Count")},
        {"members by their own order", R"({"First":"a","Box":{"Names":[],"Count":0,"Name":"n"},"Last":1})",
         bad_value("0", "Box.Count")},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(decoded(declared, c.given) == c.expected);
    }
}

TEST_CASE("a parameter that was not given is empty")
{
    const json::object none;
    const api::Params params{none};
    CHECK_FALSE(params.has("Text"));
    CHECK(params.string("Text") == std::nullopt);
    CHECK(params.integer("Number") == std::nullopt);
    CHECK(params.boolean("Flag") == std::nullopt);
    CHECK_FALSE(params.object("Box").has_value());
    CHECK(params.strings("Names").empty());
    CHECK(params.objects("Boxes").empty());
}

TEST_CASE("a decoded parameter reads as its declared type and as no other")
{
    const json::object values = json::parse(R"({"Text":"t","Number":7,"Flag":false,"Box":{"Name":"n"},
        "Names":["a","b"],"Boxes":[{"Name":"x"},{"Name":"y"}]})")
                                    .as_object();
    const api::Params params{values};
    CHECK_THROWS(params.integer("Text"));
    CHECK_THROWS(params.boolean("Number"));
    CHECK_THROWS(params.string("Flag"));
    CHECK_THROWS(params.strings("Box"));
    CHECK_THROWS(params.object("Names"));
    CHECK_THROWS(params.strings("Boxes"));

    CHECK(params.has("Text"));
    CHECK(params.string("Text") == "t");
    CHECK(params.integer("Number") == 7);
    CHECK(params.boolean("Flag") == false);
    CHECK(params.object("Box").value().string("Name") == "n");
    CHECK(params.strings("Names") == std::vector<std::string>{"a", "b"});
    const auto boxes = params.objects("Boxes");
    REQUIRE(boxes.size() == 2);
    CHECK(boxes[0].string("Name") == "x");
    CHECK(boxes[1].string("Name") == "y");
}

TEST_CASE("an element of a list of numbers is converted or refused by its path")
{
    constexpr std::array declared{
        Field{.name = "Numbers", .type = Type::integers, .min = 1, .max = 60, .max_items = 3},
        Field{.name = "Any", .type = Type::integers},
    };
    const Row rows[] = {
        {R"({"Numbers":1})", wrong_type("Numbers")},
        {R"({"Numbers":"1"})", wrong_type("Numbers")},
        {R"({"Numbers":{"0":1}})", wrong_type("Numbers")},
        {R"({"Numbers":["x",1]})", wrong_type("Numbers.0", "int64")},
        {R"({"Numbers":[1,"x",2]})", wrong_type("Numbers.1", "int64")},
        {R"({"Numbers":[1,2,1.5]})", wrong_type("Numbers.2", "int64")},
        {R"({"Numbers":[1,null]})", wrong_type("Numbers.1", "int64")},
        {R"({"Numbers":[1,[2]]})", wrong_type("Numbers.1", "int64")},
        {R"({"Numbers":[1,{}]})", wrong_type("Numbers.1", "int64")},
        {R"({"Numbers":[1,true]})", wrong_type("Numbers.1", "int64")},
        {R"({"Numbers":[1,""]})", wrong_type("Numbers.1", "int64")},
        {R"({"Numbers":[9223372036854775808]})", wrong_type("Numbers.0", "int64")},
        {R"({"Numbers":[0,"x"]})", wrong_type("Numbers.1", "int64")}, // a type before a value
        {R"({"Numbers":[]})", bad_value("[]", "Numbers")},
        {R"({"Numbers":[1,2,3,4]})", too_many("Numbers", 4, 3)},
        {R"({"Numbers":[1,2,3,61]})", bad_value("61", "Numbers.3")},
        {R"({"Numbers":[0]})", bad_value("0", "Numbers.0")},
        {R"({"Numbers":[1,61,62]})", bad_value("61", "Numbers.1")},
        {R"({"Numbers":[1,"-1"]})", bad_value("-1", "Numbers.1")},
        {R"({"Numbers":[1,60,1]})", R"({"Numbers":[1,60,1]})"},
        {R"({"Numbers":["12","007"]})", R"({"Numbers":[12,7]})"},
        {R"({"Numbers":null})", R"({})"},
        {R"({"Any":[-9223372036854775808,9223372036854775807]})",
         R"({"Any":[-9223372036854775808,9223372036854775807]})"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.given);
        CHECK(decoded(declared, row.given) == row.expected);
    }
    CHECK(decoded(declared, R"({"Numbers":["1","2"]})", Source::form) == R"({"Numbers":[1,2]})");
    CHECK(decoded(declared, R"({"Numbers":["1",""]})", Source::form) == wrong_type("Numbers.1", "int64"));
}

TEST_CASE("a word of a list that is not one of the words is refused by its path")
{
    static constexpr std::array inner{
        Field{.name = "Colours", .type = Type::strings, .words = colours},
        Field{.name = "Numbers", .type = Type::integers, .max = 5},
    };
    constexpr std::array declared{
        Field{.name = "Colours", .type = Type::strings, .words = colours, .max_items = 3},
        Field{.name = "Boxes", .type = Type::objects, .members = inner},
    };
    const Row rows[] = {
        {R"({"Colours":["BLUE"]})", bad_value("BLUE", "Colours.0")},
        {R"({"Colours":["RED","BLUE","PINK"]})", bad_value("BLUE", "Colours.1")},
        {R"({"Colours":["RED","GREEN","red"]})", bad_value("red", "Colours.2")},
        {R"({"Colours":["RED",""]})", bad_value("", "Colours.1")},
        {R"({"Colours":["RED","RED","RED","BLUE"]})", bad_value("BLUE", "Colours.3")},
        {R"({"Colours":["BLUE",1]})", wrong_type("Colours.1", "string")},
        {R"({"Boxes":[{},{"Colours":["RED","BLUE"]}]})", bad_value("BLUE", "Boxes.1.Colours.1")},
        {R"({"Boxes":[{},{"Numbers":[5,6]}]})", bad_value("6", "Boxes.1.Numbers.1")},
        {R"({"Boxes":[{},{"Numbers":[5,"x"]}]})", wrong_type("Boxes.1.Numbers.1", "int64")},
        {R"({"Colours":["RED","RED","RED","RED"]})", too_many("Colours", 4, 3)},
        {R"({"Colours":["GREEN","RED","GREEN"]})", R"({"Colours":["GREEN","RED","GREEN"]})"},
        {R"({"Boxes":[{"Colours":["RED"],"Numbers":[5]}]})", R"({"Boxes":[{"Colours":["RED"],"Numbers":[5]}]})"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.given);
        CHECK(decoded(declared, row.given) == row.expected);
    }
}

TEST_CASE("a decoded list of numbers reads as numbers and as no other list")
{
    const json::object values = json::parse(R"({"Numbers":[3,1,2],"Names":["a"]})").as_object();
    const api::Params params{values};
    CHECK_THROWS(params.strings("Numbers"));
    CHECK_THROWS(params.integers("Names"));
    CHECK_THROWS(params.integer("Numbers"));
    CHECK(params.integers("Numbers") == std::vector<std::int64_t>{3, 1, 2});
    CHECK(params.integers("Missing").empty());
}

TEST_CASE("undeclared parameters are ignored on request, at any depth")
{
    const auto result = api::decode(
        fields,
        json::parse(R"({"Colour ":"red","Text":"a","Box":{"Name":"b","Lid":1},"Boxes":[{"Name":"c","Lid":[]}]})")
            .as_object(),
        Source::form, api::Unknown::ignored);
    REQUIRE(result.has_value());
    CHECK(json::serialize(*result) == R"({"Text":"a","Box":{"Name":"b"},"Boxes":[{"Name":"c"}]})");
}
