#include "server/calls/call.hpp"

#include "server/text.hpp"

#include <boost/json.hpp>

#include <algorithm>

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

} // namespace

std::optional<std::string> kept_params(const json::object& params)
{
    json::value shown = params;
    mask_secrets(shown);
    std::string text = valid_utf8(json::serialize(shown));
    boost::system::error_code ec;
    json::parse(text, ec);
    if (ec || text.size() > max_params)
        return std::nullopt;
    return text;
}

bool holds_secret(const json::value& params)
{
    if (const auto* o = params.if_object())
        return std::ranges::any_of(*o, [](const auto& member) {
            return names_secret({member.key().data(), member.key().size()}) || holds_secret(member.value());
        });
    const auto* a = params.if_array();
    return a != nullptr && std::ranges::any_of(*a, holds_secret);
}

} // namespace cvm::calls
