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

std::string kept_params(const json::object& params)
{
    json::value shown = params;
    mask_secrets(shown);
    std::string text = json::serialize(shown);
    return text.size() <= max_params ? text : std::string{};
}

} // namespace cvm::calls
