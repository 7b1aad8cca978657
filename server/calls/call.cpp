#include "server/calls/call.hpp"

#include "server/base/text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>

namespace cvm::calls {

namespace json = boost::json;

namespace {

void mask_secrets(json::value& value)
{
    if (auto* o = value.if_object()) {
        for (auto& [name, member] : *o) {
            if (names_secret({name.data(), name.size()}))
                member = masked;
            else
                mask_secrets(member);
        }
    } else if (auto* a = value.if_array()) {
        std::ranges::for_each(*a, mask_secrets);
    }
}

// JSON cannot represent infinity, although the parser reads 1e400 as infinity.
bool is_finite(const json::value& value);

// Not passed as a json::value, which would copy it.
bool is_finite(const json::object& members)
{
    return std::ranges::all_of(members, [](const auto& member) { return is_finite(member.value()); });
}

bool is_finite(const json::value& value)
{
    if (const auto* o = value.if_object())
        return is_finite(*o);
    if (const auto* a = value.if_array())
        return std::ranges::all_of(*a, [](const json::value& item) { return is_finite(item); });
    return !value.is_double() || std::isfinite(value.get_double());
}

bool holds_secret(const json::object& members)
{
    return std::ranges::any_of(members, [](const auto& member) {
        return names_secret({member.key().data(), member.key().size()}) || calls::holds_secret(member.value());
    });
}

} // namespace

std::optional<std::string> kept_params(const json::object& params)
{
    if (!is_finite(params))
        return std::nullopt;
    std::string text;
    if (holds_secret(params)) {
        json::value shown = params;
        mask_secrets(shown);
        text = valid_utf8(json::serialize(shown));
    } else {
        text = valid_utf8(json::serialize(params));
    }
    return text.size() <= max_params ? std::optional{std::move(text)} : std::nullopt;
}

bool holds_secret(const json::value& params)
{
    if (const auto* o = params.if_object())
        return holds_secret(*o);
    const auto* a = params.if_array();
    return a != nullptr && std::ranges::any_of(*a, [](const json::value& item) { return holds_secret(item); });
}

} // namespace cvm::calls
