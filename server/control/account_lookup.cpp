#include "server/control/account_lookup.hpp"

#include "server/api/catch_up.hpp"

namespace cvm::control {

state::Account account_of(state::Store& store, const Request& request)
{
    const auto at = request.query.find("account");
    if (at == request.query.end()) {
        auto account = store.default_account();
        if (!account)
            throw Problem{404, "there is no default account; name one with ?account="};
        return *std::move(account);
    }
    const std::string& name = at->second;
    auto account = store.find_account(name);
    if (!account)
        if (const auto credential = store.find_credential(name))
            account = store.find_account(credential->uin);
    if (!account)
        throw Problem{404, "no account has the Uin or SecretId `" + name + "`"};
    return *std::move(account);
}

std::string uin_of_calls(state::Store& store, const Request& request)
{
    const auto at = request.query.find("account");
    return at != request.query.end() && at->second == nobody ? std::string{} : account_of(store, request).uin;
}

state::Account Accounts::caught_up(const state::Account& account) const
{
    api::catch_up(store, *catalog_of(account), account, account.clock.now(wall.now()));
    return store.find_account(account.uin).value();
}

state::Account Accounts::current(const Request& request) const { return caught_up(account_of(store, request)); }

} // namespace cvm::control
