// Parameters that a page of the catalogue lists as without effect are known and accepted, and change neither the answer
// nor the state.

#include "server/api/action.hpp"
#include "server/base/answer_text.hpp"
#include "tests/support/emulator.hpp"
#include "tests/support/golden.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

using namespace cvm;
namespace json = boost::json;

namespace {

// A valid value.
json::value sample(const api::Field& field)
{
    const auto members = [&] {
        json::object o;
        for (const api::Field& member : field.members)
            if (member.required)
                o[member.name] = sample(member);
        return o;
    };
    if (field.name == "DiskSize")
        return 50;
    if (field.name == "VpcId" || field.name == "SubnetId")
        return "DEFAULT";
    switch (field.type) {
    case api::Type::string:
        return field.words.empty() ? json::value("x") : json::value(field.words.front());
    case api::Type::integer:
    case api::Type::unsigned_integer:
        return std::max<std::int64_t>(1, field.min);
    case api::Type::boolean:
        return true;
    case api::Type::object:
        return members();
    case api::Type::strings:
        return json::array{"x"};
    case api::Type::integers:
        return json::array{1};
    case api::Type::objects:
        return json::array{members()};
    }
    return nullptr;
}

// The field at the path of a parameter. `place` is the object that has the member; it is created if it is missing.
struct Found {
    const api::Field* field = nullptr;
    json::object* place = nullptr;
};

Found find(std::span<const api::Field> fields, std::string_view path, json::object& params)
{
    const auto dot = path.find('.');
    const auto at = std::ranges::find(fields, path.substr(0, dot), &api::Field::name);
    if (at == fields.end())
        return {};
    if (dot == std::string_view::npos)
        return {&*at, &params};
    json::value& parent = params[at->name];
    if (parent.is_null())
        parent = sample(*at);
    json::object& place = parent.is_array() ? parent.get_array().at(0).as_object() : parent.as_object();
    return find(at->members, path.substr(dot + 1), place);
}

// The first successful case of an action.
json::object succeeding(const api::Action& action)
{
    for (const test::Golden& golden : test::golden_cases()) {
        const json::object& request = golden.content.at("request").as_object();
        if (golden.action == action.name && test::call_of(request).version == action.version && golden.code().empty() &&
            golden.way() == "natural" && test::dialect_of(golden) == wire::Dialect::tc3)
            return request;
    }
    FAIL("no case succeeds");
    return {};
}

// The answer to a call and the state after it.
std::string outcome(json::object request, const json::object& params)
{
    test::Emulator emulator;
    request["params"] = params;
    const std::string answer = emulator.call(test::call_of(request));
    return answer + json::serialize(emulator.state());
}

} // namespace

TEST_CASE("parameters that are listed as without effect have none")
{
    std::size_t tried = 0;
    for (const api::Action* action : api::all_actions()) {
        CAPTURE(action->name);
        const AnswerPage& page = *answer_page(action->name, action->version);
        if (page.without_effect.empty())
            continue;
        const json::object request = succeeding(*action);
        for (const std::string_view path : page.without_effect) {
            CAPTURE(path);
            json::object without = request.at("params").as_object();
            for (const std::string_view other : page.without_effect)
                without.erase(other);
            if (path.starts_with("ActionTimer."))
                without["ActionTimer"] = json::object{{"ActionTime", "2026-04-01T00:00:00Z"}};
            json::object with = without;
            const Found found = find(action->fields, path, with);
            REQUIRE(found.field != nullptr);
            json::object bare = with;
            (*found.place)[found.field->name] = sample(*found.field);
            const std::string plain = outcome(request, bare);
            CHECK(plain.find("\"Error\"") == std::string::npos);
            CHECK(outcome(request, with) == plain);
            ++tried;
        }
    }
    CHECK(tried > 30);
}
