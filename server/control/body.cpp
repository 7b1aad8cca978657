#include "server/control/body.hpp"

#include "server/control/control.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace cvm::control {

namespace json = boost::json;

namespace {

std::string quoted(std::string_view name) { return "`" + std::string{name} + "`"; }

} // namespace

void expect_members(const json::object& body, std::initializer_list<std::string_view> known)
{
    for (const auto& member : body) {
        if (std::ranges::find(known, std::string_view{member.key()}) != known.end())
            continue;
        std::string list;
        for (const std::string_view name : known)
            list += (list.empty() ? "" : name == *(known.end() - 1) ? " and " : ", ") + std::string{name};
        throw Problem{400, "unknown member " + quoted(member.key()) + "; there " +
                               (known.size() == 1 ? "is " : "are ") + list};
    }
}

std::string text(const json::value& value, std::string_view name)
{
    if (!value.is_string())
        throw Problem{400, quoted(name) + " must be a string"};
    return std::string{value.get_string()};
}

bool flag(const json::value& value, std::string_view name)
{
    if (!value.is_bool())
        throw Problem{400, quoted(name) + " must be true or false"};
    return value.get_bool();
}

std::int64_t integer(const json::value& value, std::string_view name, std::int64_t min, std::int64_t max)
{
    if (!value.is_int64() || value.get_int64() < min || value.get_int64() > max)
        throw Problem{400,
                      quoted(name) + " must be a whole number, " + std::to_string(min) + " to " + std::to_string(max)};
    return value.get_int64();
}

std::int64_t number_of(const Request& request, std::string_view name, std::int64_t usual, std::int64_t max)
{
    const auto at = request.query.find(name);
    if (at == request.query.end())
        return usual;
    std::int64_t number = 0;
    const std::string& text = at->second;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (ec != std::errc{} || end != text.data() + text.size() || number < 0 || number > max)
        throw Problem{400, "`" + std::string{name} + "` must be a whole number, 0 to " + std::to_string(max)};
    return number;
}

const json::object& object(const json::value& value, std::string_view name)
{
    if (!value.is_object())
        throw Problem{400, quoted(name) + " must be an object"};
    return value.get_object();
}

state::Instant after(state::Instant from, const json::value& duration, std::string_view name)
{
    const auto parsed = state::parse_duration(text(duration, name));
    try {
        if (parsed && state::add(from, *parsed) > from)
            return state::add(from, *parsed);
    } catch (const std::out_of_range&) {
        throw Problem{400, quoted(name) + " leads past the year 9999"};
    }
    throw Problem{400, quoted(name) + " must be an ISO 8601 duration above zero, such as PT10M"};
}

} // namespace cvm::control
