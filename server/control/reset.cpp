#include "server/auth/nonces.hpp"
#include "server/control/account_lookup.hpp"
#include "server/control/call_memory.hpp"
#include "server/control/control.hpp"
#include "server/control/fresh_account.hpp"

#include <boost/json.hpp>

#include <optional>

namespace cvm::control {

namespace json = boost::json;

namespace {

// An account created at run time keeps the key pair with which it was created.
state::AccountState made_account(state::Store& store, const FreshAccounts& fresh, const state::Account& account)
{
    const auto credential = store.find_credential(account.made_with);
    if (!credential || credential->uin != account.uin)
        throw Problem{409, "the account " + account.uin + " has lost the key pair that it was made with, " +
                               account.made_with + "; DELETE it and create another"};
    return fresh.make(account, *credential);
}

} // namespace

Answer post_reset(state::Store& store, const FreshAccounts& fresh, const CallMemory& memory, auth::Nonces& nonces,
                  const Request& request)
{
    if (!body_of(request).empty())
        throw Problem{400, "a reset takes no members; name an account with ?account="};
    if (!request.query.contains("account")) {
        const std::size_t count = replace_all(store, fresh.fixtures, fresh.wall.now());
        memory.clear();
        nonces.clear();
        return {200, json::object{{"accounts", count}}};
    }

    state::Transaction transaction{store};
    const state::Account account = account_of(store, request);
    std::optional<state::AccountState> made;
    if (!account.made_from.empty())
        made = made_account(store, fresh, account);
    const state::AccountState& anew = made ? *made : fresh.of_fixtures(account.uin);
    for (const state::Credential& credential : anew.credentials)
        if (const auto known = store.find_credential(credential.secret_id); known && known->uin != account.uin)
            throw Problem{409,
                          "the SecretId `" + credential.secret_id + "` of the fixtures belongs to another account now"};
    store.replace_account(anew);
    transaction.commit();
    memory.forget(account.uin);
    for (const state::Credential& credential : anew.credentials)
        nonces.forget(credential.secret_id);
    return {200, json::object{{"accounts", 1}}};
}

} // namespace cvm::control
