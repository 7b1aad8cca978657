#include "server/control/control.hpp"

#include "server/api/catch_up.hpp"
#include "server/control/fresh_account.hpp"

#include <boost/json.hpp>

namespace cvm::control {

namespace json = boost::json;

namespace {

constexpr auto origin = "the request";

// An account that was made while the server ran can be made anew after an import, too.
void keep_origin(Services& services, std::vector<state::AccountState>& accounts)
{
    for (state::AccountState& fresh : accounts)
        if (const auto before = services.store.find_account(fresh.account.uin)) {
            fresh.account.made_from = before->made_from;
            fresh.account.made_with = before->made_with;
        }
}

// One account takes the place of the one with the same Uin; the others stay as they are.
void replace_one(Services& services, const std::string& uin, std::vector<state::AccountState> accounts)
{
    if (accounts.size() != 1 || accounts.front().account.uin != uin)
        throw Problem{400, "with ?account= the document must hold just that account, " + uin};
    state::AccountState& fresh = accounts.front();
    fresh.account.is_default = services.store.find_account(uin).value().is_default;
    services.store.erase_account(uin);
    for (const state::Credential& credential : fresh.credentials)
        if (services.store.find_credential(credential.secret_id))
            throw Problem{409, "the SecretId `" + credential.secret_id + "` belongs to another account"};
    services.store.insert_account(fresh);
}

} // namespace

Answer get_state(Services& services, const Request& request)
{
    std::vector<state::AccountState> accounts;
    if (request.query.contains("account")) {
        accounts.push_back(services.store.dump_account(current_account_of(services, request).uin).value());
    } else {
        for (const std::string& uin : services.store.account_uins()) {
            const state::Account account = services.store.find_account(uin).value();
            api::catch_up(services.store, services.catalog, account, account.clock.now(services.wall.now()));
            accounts.push_back(services.store.dump_account(uin).value());
        }
    }
    return {200, to_document(accounts)};
}

Answer put_state(Services& services, const Request& request)
{
    auto accounts = to_accounts(read_document(request.body, origin), origin, services.wall.now());
    const std::size_t count = accounts.size();
    keep_origin(services, accounts);
    if (request.query.contains("account")) {
        state::Transaction transaction{services.store};
        replace_one(services, account_of(services, request).uin, std::move(accounts));
        transaction.commit();
    } else {
        const auto before = services.store.account_uins();
        replace_all(services.store, accounts);
        for (const std::string& uin : before)
            if (!services.store.find_account(uin))
                forget(services, uin);
    }
    return {200, json::object{{"accounts", count}}};
}

} // namespace cvm::control
