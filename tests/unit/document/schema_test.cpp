#include "server/document/schema.hpp"

#include "server/base/embedded.hpp"
#include "tests/support/json_schema.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <functional>
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

namespace json = boost::json;

using namespace cvm;

namespace {

json::value schema() { return json::parse(embedded_file("fixtures/state.schema.json")); }

// A value that the schema allows, with all known members.
json::value example_of(const json::value& schema, const json::value& whole)
{
    const json::object& words = schema.as_object();
    if (const auto* reference = words.if_contains("$ref")) {
        const std::string_view path = reference->as_string();
        return example_of(whole.at("definitions").at(path.substr(path.rfind('/') + 1)), whole);
    }
    if (const auto* list = words.if_contains("enum"))
        return list->as_array().front();
    if (const auto* list = words.if_contains("anyOf"))
        return example_of(list->as_array().front(), whole);
    const json::value& given = words.at("type");
    const std::string_view type = given.is_array() ? given.as_array().front().as_string() : given.as_string();
    if (type == "object") {
        json::object made;
        for (const auto& [name, member] : words.at("properties").as_object())
            made[name] = example_of(member, whole);
        return made;
    }
    if (type == "array")
        return json::array{example_of(words.at("items"), whole)};
    if (type == "null")
        return nullptr;
    if (type == "boolean")
        return true;
    if (type == "integer" || type == "number") {
        const auto* minimum = words.if_contains("minimum");
        return minimum != nullptr ? *minimum : json::value(0);
    }
    if (const auto* pattern = words.if_contains("pattern")) {
        const std::regex regex{pattern->as_string().c_str()};
        for (const char* text :
             {"1", "2026-12-01T00:00:00Z", "+P1D", "P1D", "ins-aaaaaaaa", "disk-aaaaaaaa", "img-aaaaaaaa",
              "snap-aaaaaaaa", "host-aaaaaaaa", "vpc-aaaaaaaa", "subnet-aaaaaaaa", "sg-aaaaaaaa", "10.0.0.0/16",
              "10.0.0.2", "ap-guangzhou-3", "S5.SMALL1", "qcs::cam::uin/1:uin/2"})
            if (std::regex_search(text, regex))
                return json::string(text);
        FAIL("no example for " << pattern->as_string().c_str());
    }
    return "text";
}

// Calls `visit` for every value inside a document.
void walk(json::value& at, const std::function<void(json::value&)>& visit)
{
    if (auto* o = at.if_object())
        for (auto& member : *o)
            walk(member.value(), visit);
    else if (auto* a = at.if_array())
        for (json::value& item : *a)
            walk(item, visit);
    visit(at);
}

} // namespace

TEST_CASE("A good document is allowed, with every member that the schema knows")
{
    const Schema quick{schema()};
    const json::value document = example_of(schema(), schema());
    CHECK(test::misfit(document, schema()) == "");
    CHECK(quick.allows(document));
    CHECK(quick.allows(json::parse(embedded_file("fixtures/default.json"))));
    const json::value example = example_of(schema().at("definitions").at("instance"), schema());
    CHECK(quick.allows(example, "instance"));
    CHECK_FALSE(quick.allows(example, "account"));
}

TEST_CASE(
    "What is allowed is what valijson allows, whatever is changed in a document, and each refusal has its problem")
{
    const Schema quick{schema()};
    json::value document = example_of(schema(), schema());
    const std::string many(300, 'x');
    const json::array others{nullptr,
                             true,
                             0,
                             -1,
                             1,
                             2,
                             1'000'000'000'000'000'001,
                             1.5,
                             "",
                             "x",
                             "\n",
                             many,
                             "ins-aaaaaaaA",
                             "ins-aaaaaaaa\n",
                             "+P1Dx",
                             "2026-12-01",
                             "0-0",
                             "\xE4\xB8\xAD",
                             json::array{},
                             json::object{},
                             json::array(7, json::value("x")),
                             json::array(101, json::value("x")),
                             ~std::uint64_t{0}};
    int refused = 0;
    const json::value whole = schema();
    const auto compare = [&] {
        const bool good = quick.allows(document);
        CHECK_MESSAGE(good == test::misfit(document, whole).empty(), json::serialize(document));
        CHECK(quick.first_problem(document).has_value() == !good);
        refused += good ? 0 : 1;
    };
    int place = 0;
    walk(document, [&](json::value& at) {
        const json::value before = at;
        // Each place gets other replacement values than the previous one, so that the test is fast.
        for (std::size_t i = static_cast<std::size_t>(++place) % 20; i < others.size(); i += 20) {
            at = others[i];
            compare();
        }
        at = before;
        if (auto* o = at.if_object()) {
            (*o)["Unknown"] = 1;
            compare();
            at = before;
            for (const char* name : {"Uin", "accounts", "InstanceId", "SecretKey", "DiskId", "Key", "OrderId"})
                if (o->erase(name) > 0) {
                    compare();
                    at = before;
                }
        }
    });
    CHECK(refused > 100);
}

TEST_CASE("The problem of a document is its first, and what it says does not grow with the document")
{
    const Schema schema{json::parse(R"({
        "type": "object", "required": ["a"], "additionalProperties": false,
        "properties": {
            "a": {"type": ["integer", "null"], "minimum": 1, "maximum": 3},
            "b": {"type": "string", "minLength": 1, "maxLength": 2, "pattern": "^[a-z]+$"},
            "c": {"enum": ["x", "y"]},
            "d": {"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "integer"}},
            "e": {"anyOf": [{"type": "string", "pattern": "^t$"}, {"type": "null"}]}
        }})")};
    const std::pair<const char*, const char*> rows[] = {
        {R"([])", ": [] has the wrong type"},
        {R"({})", ": the member 'a' is missing"},
        {R"({"a":"1"})", "a: \"1\" has the wrong type"},
        {R"({"a":0})", "a: 0 is too small; the minimum is 1"},
        {R"({"a":4})", "a: 4 is too large; the maximum is 3"},
        {R"({"a":1,"z":1,"y":1})", ": unknown member 'z'"},
        {R"({"a":1,"b":""})", "b: \"\" has fewer than 1 character"},
        {R"({"a":1,"b":"xyz"})", "b: \"xyz\" has more than 2 characters"},
        {R"({"a":1,"b":"1"})", "b: \"1\" is malformed"},
        {R"({"a":1,"c":"z"})", "c: \"z\" is not one of the words allowed here"},
        {R"({"a":1,"d":[]})", "d: [] has fewer than 1 element"},
        {R"({"a":1,"d":[1,2,3]})", "d: a list has more than 2 elements"},
        {R"({"a":1,"d":[1,"x"]})", "d[1]: \"x\" has the wrong type"},
        {R"({"a":1,"e":"s"})", "e: \"s\" is malformed"},
        {R"({"a":1,"e":1})", "e: 1 has the wrong type"},
        {R"({"b":"1","d":[{}]})", "b: \"1\" is malformed"},
    };
    for (const auto& [text, says] : rows) {
        const auto problem = schema.first_problem(json::parse(text));
        REQUIRE_MESSAGE(problem.has_value(), text);
        CHECK(problem->path + ": " + problem->what == says);
    }
    CHECK_FALSE(schema.first_problem(json::parse(R"({"a":null,"b":"ab","c":"y","d":[1],"e":null})")).has_value());
    const auto problem = schema.first_problem(json::object{{"a", std::string(10'000, 'x')}});
    REQUIRE(problem.has_value());
    CHECK(problem->what.size() < 100);
}

TEST_CASE("A pattern matches what the regular expression matches")
{
    const std::vector<std::string> texts{
        "",      "a",   "-", "a-1", "aa--12", "a-12345", "ap-guangzhou-3", "\n",    "x\ny", "A.b",  "A", "l",
        "ldisk", "+P1", "P", "[",   "]",      "a.b-1",   "\xFF-1",         "aaaaa", "aaa",  "2026", "\\"};
    for (const char* pattern :
         {"^[a-z0-9-]{1,40}-[0-9]{1,4}$", "^a{2,3}$", "^a{2,}$", "^a+$", "^a*-?1?$", "^[^\\n]+$", "^l?(disk)?$",
          "^(a|-)$", "^([+]P[0-9]|[0-9]{4})$", "^[A-Z]\\.[a-z]$", "^[ -~]{1,64}$", "^[\\]\\\\]$", "^$"}) {
        if (std::string_view{pattern}.find(")?") != std::string_view::npos) {
            CHECK_THROWS_AS(SchemaPattern{pattern}, std::invalid_argument);
            continue;
        }
        const std::regex regex{pattern};
        const SchemaPattern quick{pattern};
        for (const std::string& text : texts)
            CHECK_MESSAGE(quick.matches(text) == std::regex_search(text, regex), pattern << " and " << text);
    }
}

TEST_CASE("a schema with unsupported keywords is refused")
{
    for (const char* text :
         {R"({"oneOf":[]})", R"({"type":"decimal"})", R"({"pattern":"a"})", R"({"pattern":"^(a(b)|c)$"})",
          R"({"pattern":"^a.b$"})", R"({"pattern":"^\\d$"})", R"({"pattern":"^a{x}$"})", R"({"pattern":"^[a$"})",
          R"({"$ref":"#/definitions/none"})", R"({"$ref":"other.json"})", R"({"properties":{}})",
          R"({"properties":{},"additionalProperties":true})", R"({"additionalProperties":false})"})
        CHECK_THROWS_AS(Schema{json::parse(text)}, std::invalid_argument);
}
