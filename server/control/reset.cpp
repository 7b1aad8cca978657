#include "server/control/control.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace cvm::control {

namespace json = boost::json;

Answer post_reset(Parts& parts, const Request& request)
{
    if (!body_of(request).empty())
        throw Problem{400, "a reset takes no members; name an account with ?account="};
    const auto seed = parts.fixtures.accounts(parts.wall.now());
    if (!request.query.contains("account")) {
        replace_all(parts.store, seed);
        return {200, json::object{{"accounts", seed.size()}}};
    }

    state::Transaction transaction{parts.store};
    const std::string uin = account_of(parts, request).uin;
    const auto fresh = std::ranges::find_if(seed, [&](const state::AccountState& a) { return a.account.uin == uin; });
    if (fresh == seed.end())
        throw Problem{409, "the account " + uin + " is not in the fixtures; a reset without ?account= removes it"};
    parts.store.erase_account(uin);
    for (const state::Credential& credential : fresh->credentials)
        if (parts.store.find_credential(credential.secret_id))
            throw Problem{409,
                          "the SecretId `" + credential.secret_id + "` of the fixtures belongs to another account now"};
    parts.store.insert_account(*fresh);
    transaction.commit();
    return {200, json::object{{"accounts", 1}}};
}

} // namespace cvm::control
