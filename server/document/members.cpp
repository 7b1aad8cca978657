#include "server/document/members.hpp"

#include <stdexcept>

namespace cvm::members {

namespace json = boost::json;

using state::Instant;

const json::value* find_non_null(const json::object& o, std::string_view name)
{
    const json::value* v = o.if_contains(name);
    return v != nullptr && !v->is_null() ? v : nullptr;
}

std::string text(const json::object& o, std::string_view name, std::string_view otherwise)
{
    const json::value* v = find_non_null(o, name);
    return std::string{v != nullptr ? std::string_view{v->as_string()} : otherwise};
}

std::int64_t integer(const json::object& o, std::string_view name, std::int64_t otherwise)
{
    const json::value* v = find_non_null(o, name);
    return v != nullptr ? v->to_number<std::int64_t>() : otherwise;
}

bool boolean(const json::object& o, std::string_view name, bool otherwise)
{
    const json::value* v = find_non_null(o, name);
    return v != nullptr ? v->as_bool() : otherwise;
}

const json::object& object(const json::object& o, std::string_view name)
{
    static const json::object none;
    const json::value* v = find_non_null(o, name);
    return v != nullptr ? v->as_object() : none;
}

const json::array& list(const json::object& o, std::string_view name)
{
    static const json::array none;
    const json::value* v = find_non_null(o, name);
    return v != nullptr ? v->as_array() : none;
}

std::vector<std::string> texts(const json::object& o, std::string_view name)
{
    std::vector<std::string> found;
    for (const json::value& v : list(o, name))
        found.emplace_back(v.as_string());
    return found;
}

Instant time_of(std::string_view spelled, const JsonPath& place, Instant now)
{
    try {
        if (const auto instant = state::parse_instant(spelled))
            return *instant;
        if (const auto duration = state::parse_duration(spelled))
            return state::add(now, *duration);
    } catch (const std::out_of_range&) {
        place.fail("'" + std::string{spelled} + "' is outside the years 1 to 9999");
    }
    place.fail("'" + std::string{spelled} +
               "' is neither an instant such as 2026-12-01T00:00:00Z nor a duration such as +P30D");
}

std::optional<Instant> maybe_time(const json::object& o, std::string_view name, const JsonPath& place, Instant now)
{
    const json::value* v = find_non_null(o, name);
    return v != nullptr ? std::optional{time_of(v->as_string(), place.member(name), now)} : std::nullopt;
}

Instant time_or(const json::object& o, std::string_view name, std::string_view otherwise, const JsonPath& place,
                Instant now)
{
    const json::value* v = find_non_null(o, name);
    return time_of(v != nullptr ? std::string_view{v->as_string()} : otherwise, place.member(name), now);
}

} // namespace cvm::members
