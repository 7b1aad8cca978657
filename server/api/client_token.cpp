#include "server/api/client_token.hpp"

#include <algorithm>

namespace cvm::api {

Result<std::optional<std::vector<std::string>>> made_before(const Context& context, const std::string& token,
                                                            std::string_view prefix, Errc of_another_action)
{
    std::optional<std::vector<std::string>> made;
    if (token.empty())
        return made;
    if (auto known = context.store.find_client_token(context.call.account.uin, token)) {
        if (!std::ranges::all_of(known->instance_ids, [&](const std::string& id) { return id.starts_with(prefix); }))
            return error(of_another_action, token, "ClientToken");
        made = std::move(known->instance_ids);
    }
    return made;
}

} // namespace cvm::api
