#include "server/api/asked_error.hpp"

#include "server/api/permission.hpp"
#include "server/base/text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>

namespace cvm::api {

namespace json = boost::json;

namespace {

using Text = std::optional<std::string>;

constexpr std::string_view length_suffix = ".length";

// A value as text; for a list or an object, its first value.
Text text_of(const json::value& v)
{
    if (const auto* s = v.if_string())
        return std::string{*s};
    if (const auto* a = v.if_array())
        return a->empty() ? Text{} : text_of(a->front());
    if (const auto* o = v.if_object())
        return o->empty() ? Text{} : text_of(o->begin()->value());
    return v.is_null() ? Text{} : Text{json::serialize(v)};
}

bool is_called(std::string_view member, std::string_view name)
{
    return member == name || (member.size() == name.size() + 1 && member.starts_with(name) && member.ends_with('s'));
}

// The first value of a parameter with this name or its plural; a parameter closer to the root comes first.
Text find(const json::value& v, std::string_view name)
{
    if (const auto* o = v.if_object()) {
        for (const auto& [key, member] : *o)
            if (is_called(key, name))
                if (auto text = text_of(member))
                    return text;
        for (const auto& [key, member] : *o)
            if (auto text = find(member, name))
                return text;
    } else if (const auto* a = v.if_array()) {
        for (const json::value& item : *a)
            if (auto text = find(item, name))
                return text;
    }
    return std::nullopt;
}

// --- placeholders that are not parameters -----------------------------------

Text given(std::string_view text) { return text.empty() ? Text{} : Text{std::string{text}}; }

const json::array* first_list(const CallFacts& facts)
{
    for (const auto& [name, value] : facts.params)
        if (const auto* list = value.if_array())
            return list;
    return nullptr;
}

// The field with this number among the given parameters or, if none is given, among those of the action.
const Field* first_field(const CallFacts& facts, std::size_t number = 0)
{
    if (facts.definition == nullptr)
        return nullptr;
    const auto fields = facts.definition->fields;
    std::size_t met = 0;
    for (const auto& [name, value] : facts.params) {
        const auto field = std::ranges::find(fields, std::string_view{name}, &Field::name);
        if (field != fields.end() && met++ == number)
            return &*field;
    }
    return number < fields.size() ? &fields[number] : nullptr;
}

Text name_of(const Field* field) { return field != nullptr ? Text{std::string{field->name}} : Text{}; }

Text required(const CallFacts& facts)
{
    if (facts.definition != nullptr)
        for (const Field& field : facts.definition->fields)
            if (field.required)
                return std::string{field.name};
    return name_of(first_field(facts));
}

Text limit(const CallFacts& facts)
{
    constexpr auto none = std::numeric_limits<std::size_t>::max();
    if (facts.definition != nullptr)
        for (const Field& field : facts.definition->fields)
            if (field.max_items != none)
                return std::to_string(field.max_items);
    return std::nullopt;
}

Text list(const CallFacts& facts)
{
    for (const auto& [name, value] : facts.params)
        if (value.is_array())
            return std::string{name};
    return std::nullopt;
}

Text count(const CallFacts& facts)
{
    const json::array* items = first_list(facts);
    return items != nullptr ? Text{std::to_string(items->size())} : Text{};
}

Text instance_ids(const CallFacts& facts)
{
    const auto* ids = facts.params.if_contains("InstanceIds");
    if (ids == nullptr || !ids->is_array())
        return std::nullopt;
    std::string joined;
    for (const json::value& id : ids->get_array())
        joined += (joined.empty() ? "" : ", ") + text_of(id).value_or("");
    return given(joined);
}

Text resource_id(const CallFacts& facts)
{
    for (const std::string_view name : {"InstanceId", "DiskId", "OrderId", "ResourceId"})
        if (auto id = find(facts.params, name))
            return id;
    return std::nullopt;
}

Text value(const CallFacts& facts)
{
    const Field* field = first_field(facts);
    const auto* given_value = field != nullptr ? facts.params.if_contains(field->name) : nullptr;
    return given_value != nullptr ? text_of(*given_value) : std::nullopt;
}

Text calls_in_a_second(const CallFacts& facts, int more)
{
    const DocumentedCodes* page = documented_codes(facts.action, facts.version);
    return page != nullptr ? Text{std::to_string(page->rate_limit + more)} : Text{};
}

Text operation(const CallFacts& facts) { return std::string{facts.product} + ":" + std::string{facts.action}; }

Text authorization(const CallFacts& facts)
{
    return "[request id:" + std::string{facts.request_id} + "]you are not authorized to perform operation (" +
           operation(facts).value() + ")\nresource (*) has no permission\n";
}

// A placeholder with its own source, which is not the parameter of its name.
struct Own {
    std::string_view place;
    Text (*text)(const CallFacts&);
};

constexpr std::array own{
    Own{"InstanceIds", instance_ids},
    Own{"Region", [](const CallFacts& f) { return given(f.region); }},
    Own{"action", [](const CallFacts& f) { return given(f.action); }},
    Own{"authorization", authorization},
    Own{"calls", [](const CallFacts& f) { return calls_in_a_second(f, 1); }},
    Own{"count", count},
    Own{"limit", limit},
    Own{"list", list},
    Own{"operation", operation},
    Own{"other", [](const CallFacts& f) { return name_of(first_field(f, 1)); }},
    Own{"parameter", [](const CallFacts& f) { return name_of(first_field(f)); }},
    Own{"product", [](const CallFacts& f) { return given(f.product); }},
    Own{"rate_limit", [](const CallFacts& f) { return calls_in_a_second(f, 0); }},
    Own{"request_id", [](const CallFacts& f) { return given(f.request_id); }},
    Own{"required", required},
    Own{"resource", [](const CallFacts& f) { return Text{resource_of(f.product, f.region, f.uin)}; }},
    Own{"resource_id", resource_id},
    Own{"uin", [](const CallFacts& f) { return given(f.uin); }},
    Own{"unknown", [](const CallFacts& f) { return name_of(first_field(f)); }},
    Own{"value", value},
    Own{"version", [](const CallFacts& f) { return given(f.version); }},
};

std::string filled(std::string_view place, const CallFacts& facts)
{
    Text text;
    if (const auto at = std::ranges::find(own, place, &Own::place); at != own.end())
        text = at->text(facts);
    else if (place.ends_with(length_suffix)) {
        if (const auto value = find(facts.params, place.substr(0, place.size() - length_suffix.size())))
            text = std::to_string(characters(*value));
    } else
        text = find(facts.params, place);
    return text ? *std::move(text) : std::string{example_of_place(place)};
}

} // namespace

CallFacts facts_of(const Context& context, const json::object& params)
{
    const Action* action = find_action(context.action.name, context.action.version);
    return {.product = action != nullptr ? action->product : std::string_view{},
            .action = context.action.name,
            .version = context.action.version,
            .region = context.call.region,
            .request_id = context.call.request_id,
            .uin = context.call.account.uin,
            .params = params,
            .definition = action};
}

Error asked_error(Errc code, const CallFacts& facts)
{
    Error asked{code, {}};
    for (const std::string_view place : entry(code).places)
        if (!place.empty())
            asked.args.push_back(filled(place, facts));
    return asked;
}

} // namespace cvm::api
