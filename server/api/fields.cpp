#include "server/api/fields.hpp"

#include "server/base/text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace cvm::api {

namespace json = boost::json;

namespace {

// The first problem of each rank. A lower rank is reported first.
struct Problems {
    enum Rank { shape, missing, value };

    void add(Rank rank, Error problem)
    {
        auto& slot = first[rank];
        if (!slot)
            slot = std::move(problem);
    }

    std::array<std::optional<Error>, 3> first;
};

// How parameters are converted.
struct Reading {
    Source source;
    Unknown unknown;
    const json::storage_ptr& memory; // for the values
};

// The path of a value, such as "Filters.1.Values". Formatted only for an error.
struct Path {
    const Path* parent = nullptr;       // nullptr: the root
    std::string_view name{};            // if it is a member
    std::optional<std::size_t> index{}; // if it is a list item

    Path member(std::string_view of) const { return {this, of, std::nullopt}; }
    Path item(std::size_t of) const { return {this, {}, of}; }

    std::string text() const
    {
        if (parent == nullptr)
            return {};
        const std::string above = parent->text();
        return (above.empty() ? "" : above + ".") + (index ? std::to_string(*index) : std::string{name});
    }
};

// The API's name of a single value's type; empty for lists and objects.
std::string_view type_name(Type type)
{
    switch (type) {
    case Type::string:
        return "string";
    case Type::integer:
        return "int64";
    case Type::unsigned_integer:
        return "uint64";
    case Type::boolean:
        return "bool";
    case Type::object:
    case Type::strings:
    case Type::integers:
    case Type::objects:
        return {};
    }
    throw std::logic_error{"Type out of range"};
}

// The message names the type if a single value is required (observed for `InstanceIds.0`, ProbiusOfficial/TCL#2), but
// not if a list (observed for `InstanceIds`, a recording of StopInstances, 2022) or an object (assumed) is required.
Error wrong_type(const Path& where, Type wanted)
{
    const std::string_view name = type_name(wanted);
    return name.empty() ? error(Errc::invalid_parameter_list_type, where.text())
                        : error(Errc::invalid_parameter_value_type, where.text(), name);
}

std::optional<std::int64_t> to_integer(const json::value& v)
{
    if (const auto* i = v.if_int64())
        return *i;
    // A text that holds a number is accepted as a number: an example of the vendor sends Period as text
    // (fixtures/catalog/actions/RenewDisk.json).
    if (const auto* text = v.if_string()) {
        std::int64_t number = 0;
        const auto [end, ec] = std::from_chars(text->data(), text->data() + text->size(), number);
        if (ec == std::errc{} && end == text->data() + text->size() && !text->empty())
            return number;
    }
    return std::nullopt;
}

std::optional<bool> to_boolean(const json::value& v, Source source)
{
    if (const auto* b = v.if_bool())
        return *b;
    // In query strings tencentcloud-sdk-python sends True, and cloudmux sends TRUE.
    if (source == Source::form && v.is_string()) {
        const std::string text = ascii_lower(v.get_string());
        if (text == "true")
            return true;
        if (text == "false")
            return false;
    }
    return std::nullopt;
}

json::object convert_object(std::span<const Field> fields, const json::object& given, Reading reading, const Path& path,
                            Problems& problems);

Type element_type(Type list)
{
    return list == Type::strings ? Type::string : list == Type::integers ? Type::integer : Type::object;
}

// The value in its declared type, or nullopt after recording a problem.
std::optional<json::value> convert(const Field& field, const json::value& v, Reading reading, const Path& path,
                                   Problems& problems)
{
    const auto wrong = [&](const Path& where, Type wanted) {
        problems.add(Problems::shape, wrong_type(where, wanted));
        return std::nullopt;
    };
    switch (field.type) {
    case Type::string:
        if (!v.is_string())
            return wrong(path, Type::string);
        return json::value(v, reading.memory);
    case Type::integer:
    case Type::unsigned_integer: {
        const auto number = to_integer(v);
        if (!number || (field.type == Type::unsigned_integer && *number < 0))
            return wrong(path, field.type);
        return json::value(*number);
    }
    case Type::boolean: {
        const auto flag = to_boolean(v, reading.source);
        if (!flag)
            return wrong(path, Type::boolean);
        return json::value(*flag);
    }
    case Type::object:
        if (!v.is_object())
            return wrong(path, Type::object);
        return convert_object(field.members, v.get_object(), reading, path, problems);
    case Type::strings:
    case Type::integers:
    case Type::objects: {
        if (!v.is_array())
            return wrong(path, field.type);
        json::array items(reading.memory);
        items.reserve(v.get_array().size());
        std::size_t index = 0;
        for (const json::value& item : v.get_array()) {
            const Path at = path.item(index++);
            const Field element{.name = {}, .type = element_type(field.type), .members = field.members};
            auto converted = convert(element, item, reading, at, problems);
            if (!converted)
                return std::nullopt;
            items.push_back(*std::move(converted));
        }
        return json::value(std::move(items));
    }
    }
    throw std::logic_error{"Type out of range"};
}

void check_value(const Field& field, const json::value& v, const Path& path, Problems& problems)
{
    const auto refuse = [&](std::string value) {
        problems.add(Problems::value, error(Errc::invalid_parameter_value, std::move(value), path.text()));
    };
    if (const auto* number = v.if_int64(); number != nullptr && (*number < field.min || *number > field.max))
        refuse(std::to_string(*number));
    if (const auto* text = v.if_string(); text != nullptr && !field.words.empty() &&
                                          std::ranges::find(field.words, std::string_view{*text}) == field.words.end())
        refuse(std::string{*text});
    if (const auto* items = v.if_array(); items != nullptr) {
        if (field.type != Type::objects)
            for (std::size_t i = 0; i < items->size(); ++i)
                check_value(field, (*items)[i], path.item(i), problems);
        // Observed for Filters (terraform-provider-tencentcloud issue 2501), assumed for the other lists.
        if (items->empty())
            refuse("[]");
        if (items->size() > field.max_items)
            problems.add(Problems::value, error(Errc::invalid_parameter_value_limit_exceeded, path.text(),
                                                std::to_string(items->size()), std::to_string(field.max_items)));
    }
}

json::object convert_object(std::span<const Field> fields, const json::object& given, Reading reading, const Path& path,
                            Problems& problems)
{
    json::object converted(reading.memory);
    for (const auto& [key, value] : given) {
        const auto field = std::ranges::find(fields, std::string_view{key}, &Field::name);
        if (field == fields.end()) {
            if (reading.unknown == Unknown::refused)
                problems.add(Problems::shape, error(Errc::unknown_parameter, path.member(key).text()));
        } else if (!value.is_null()) {
            if (auto in_type = convert(*field, value, reading, path.member(key), problems))
                converted.emplace(key, *std::move(in_type));
        }
    }
    return converted;
}

// Records missing parameters and invalid values, in the order of the declaration.
void check_object(std::span<const Field> fields, const json::object& converted, const Path& path, Problems& problems)
{
    for (const Field& field : fields) {
        const json::value* value = converted.if_contains(field.name);
        const Path at = path.member(field.name);
        if (value == nullptr) {
            if (field.required)
                problems.add(Problems::missing, error(Errc::missing_parameter, at.text()));
            continue;
        }
        check_value(field, *value, at, problems);
        if (field.type == Type::object)
            check_object(field.members, value->get_object(), at, problems);
        if (field.type == Type::objects)
            for (std::size_t i = 0; i < value->get_array().size(); ++i)
                check_object(field.members, value->get_array()[i].get_object(), at.item(i), problems);
    }
}

} // namespace

std::optional<std::string> Params::string(std::string_view name) const
{
    const json::value* v = values_->if_contains(name);
    return v != nullptr ? std::optional<std::string>{std::string{v->as_string()}} : std::nullopt;
}

std::optional<std::int64_t> Params::integer(std::string_view name) const
{
    const json::value* v = values_->if_contains(name);
    return v != nullptr ? std::optional{v->as_int64()} : std::nullopt;
}

std::optional<bool> Params::boolean(std::string_view name) const
{
    const json::value* v = values_->if_contains(name);
    return v != nullptr ? std::optional{v->as_bool()} : std::nullopt;
}

std::optional<Params> Params::object(std::string_view name) const
{
    const json::value* v = values_->if_contains(name);
    return v != nullptr ? std::optional{Params{v->as_object()}} : std::nullopt;
}

std::vector<std::string> Params::strings(std::string_view name) const
{
    std::vector<std::string> items;
    if (const json::value* v = values_->if_contains(name))
        for (const json::value& item : v->as_array())
            items.emplace_back(item.as_string());
    return items;
}

std::vector<std::int64_t> Params::integers(std::string_view name) const
{
    std::vector<std::int64_t> items;
    if (const json::value* v = values_->if_contains(name))
        for (const json::value& item : v->as_array())
            items.push_back(item.as_int64());
    return items;
}

std::vector<Params> Params::objects(std::string_view name) const
{
    std::vector<Params> items;
    if (const json::value* v = values_->if_contains(name))
        for (const json::value& item : v->as_array())
            items.emplace_back(item.as_object());
    return items;
}

Result<json::object> decode(std::span<const Field> fields, const json::object& given, Source source, Unknown unknown,
                            json::storage_ptr memory)
{
    Problems problems;
    json::object decoded = convert_object(fields, given, {source, unknown, memory}, {}, problems);
    check_object(fields, decoded, {}, problems);
    for (const auto& problem : problems.first)
        if (problem)
            return *problem;
    return decoded;
}

} // namespace cvm::api
