#include "server/control/control.hpp"

#include "server/api/action.hpp"
#include "server/base/answer_text.hpp"
#include "server/base/error.hpp"

#include <boost/json.hpp>

#include <limits>
#include <stdexcept>

namespace cvm::control {

namespace json = boost::json;

namespace {

std::string_view name_of(api::Type type)
{
    switch (type) {
    case api::Type::string:
        return "string";
    case api::Type::integer:
        return "integer";
    case api::Type::unsigned_integer:
        return "unsigned integer";
    case api::Type::boolean:
        return "boolean";
    case api::Type::object:
        return "object";
    case api::Type::strings:
        return "array of string";
    case api::Type::integers:
        return "array of integer";
    case api::Type::objects:
        return "array of object";
    }
    throw std::logic_error{"Type out of range"};
}

json::array parameters(std::span<const api::Field> fields)
{
    json::array list;
    for (const api::Field& field : fields) {
        json::object o{{"name", field.name}, {"type", name_of(field.type)}, {"required", field.required}};
        if (field.min != std::numeric_limits<std::int64_t>::min())
            o["min"] = field.min;
        if (field.max != std::numeric_limits<std::int64_t>::max())
            o["max"] = field.max;
        if (field.max_items != std::numeric_limits<std::size_t>::max())
            o["max_items"] = field.max_items;
        if (!field.words.empty())
            o["values"] = json::array(field.words.begin(), field.words.end());
        if (!field.members.empty())
            o["members"] = parameters(field.members);
        list.push_back(std::move(o));
    }
    return list;
}

std::string_view evidence(bool observed) { return observed ? "observed" : "assumed"; }

json::array codes(const api::Action& action)
{
    json::array list;
    const DocumentedCodes* documented = documented_codes(action.name, action.version);
    for (std::size_t i = 0; documented != nullptr && i < documented->codes.size(); ++i) {
        const auto code = find_code(documented->codes[i]).value();
        list.push_back(json::object{{"code", documented->codes[i]},
                                    {"reached", documented->reached[i]},
                                    {"text", evidence(entry(code).en_observed)},
                                    {"text_zh", evidence(entry(code).zh_observed)}});
    }
    return list;
}

json::object answer(const AnswerPage& page)
{
    json::array unlike;
    for (const UnlikeRecording& one : page.unlike_recording)
        unlike.push_back(json::object{{"member", one.member}, {"why", one.why}});
    json::object o{{"members", page.evidence}, {"text", page.text_evidence}};
    if (!page.recorded.empty())
        o["recorded"] = page.recorded;
    o["unlike_recording"] = std::move(unlike);
    return o;
}

std::int64_t calls_per_second(const api::Action& action)
{
    const DocumentedCodes* documented = documented_codes(action.name, action.version);
    return documented != nullptr ? documented->rate_limit : 0;
}

} // namespace

Answer get_coverage()
{
    json::array actions;
    for (const api::Action* action : api::all_actions()) {
        const AnswerPage& page = *answer_page(action->name, action->version);
        actions.push_back(
            json::object{{"action", action->name},
                         {"product", action->product},
                         {"version", action->version},
                         {"legacy", action->legacy},
                         {"source", page.source},
                         {"calls_per_second", calls_per_second(*action)},
                         {"rate_limit", page.rate_limit_evidence},
                         {"parameters", parameters(action->fields)},
                         {"without_effect", json::array(page.without_effect.begin(), page.without_effect.end())},
                         {"codes", codes(*action)},
                         {"answer", answer(page)},
                         {"assumptions", json::array(page.assumptions.begin(), page.assumptions.end())}});
    }
    return {200, json::object{{"actions", std::move(actions)}}};
}

} // namespace cvm::control
