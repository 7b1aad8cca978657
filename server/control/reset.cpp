#include "server/auth/nonces.hpp"
#include "server/calls/faults.hpp"
#include "server/calls/journal.hpp"
#include "server/control/control.hpp"
#include "server/control/fresh_account.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace cvm::control {

namespace json = boost::json;

namespace {

state::AccountState fixture_account(Services& services, const std::string& uin)
{
    const auto& seed = services.fixtures.accounts(services.wall.now());
    const auto fresh = std::ranges::find_if(seed, [&](const state::AccountState& a) { return a.account.uin == uin; });
    if (fresh == seed.end())
        throw Problem{409, "the account " + uin + " is not in the fixtures; a reset without ?account= removes it"};
    return *fresh;
}

// One that was made while the server ran keeps the key pair that it was made with.
state::AccountState made_account(Services& services, const state::Account& account)
{
    const auto credential = services.store.find_credential(account.made_with);
    if (!credential || credential->uin != account.uin)
        throw Problem{409, "the account " + account.uin + " has lost the key pair that it was made with, " +
                               account.made_with + "; DELETE it and make another"};
    return fresh_account(services, account, *credential);
}

} // namespace

Answer post_reset(Services& services, const Request& request)
{
    if (!body_of(request).empty())
        throw Problem{400, "a reset takes no members; name an account with ?account="};
    if (!request.query.contains("account")) {
        const auto& seed = services.fixtures.accounts(services.wall.now());
        replace_all(services.store, seed);
        services.journal.clear_all();
        services.faults.clear();
        services.nonces.clear();
        return {200, json::object{{"accounts", seed.size()}}};
    }

    state::Transaction transaction{services.store};
    const state::Account account = account_of(services, request);
    const state::AccountState fresh =
        account.made_from.empty() ? fixture_account(services, account.uin) : made_account(services, account);
    services.store.erase_account(account.uin);
    for (const state::Credential& credential : fresh.credentials)
        if (services.store.find_credential(credential.secret_id))
            throw Problem{409,
                          "the SecretId `" + credential.secret_id + "` of the fixtures belongs to another account now"};
    services.store.insert_account(fresh);
    transaction.commit();
    forget(services, account.uin);
    for (const state::Credential& credential : fresh.credentials)
        services.nonces.forget(credential.secret_id);
    return {200, json::object{{"accounts", 1}}};
}

} // namespace cvm::control
