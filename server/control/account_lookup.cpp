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

Problem deleted_meanwhile(const std::string& uin) { return {404, "the account " + uin + " was just deleted"}; }

std::optional<state::Account> Accounts::caught_up(const std::string& uin) const
{
    const auto account = store.find_account(uin);
    if (!account)
        return std::nullopt;
    api::catch_up(store, *catalog_of(*account), *account, account->clock.now(wall.now()));
    return store.find_account(uin);
}

state::Account Accounts::current(const Request& request) const
{
    const std::string uin = account_of(store, request).uin;
    auto account = caught_up(uin);
    if (!account)
        throw deleted_meanwhile(uin);
    return *std::move(account);
}

} // namespace cvm::control
