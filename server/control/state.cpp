#include "server/control/control.hpp"

#include "server/api/catch_up.hpp"
#include "server/control/fresh_account.hpp"

#include <boost/json.hpp>

namespace cvm::control {

namespace json = boost::json;

namespace {

constexpr auto origin = "the request";

// An account that was made while the server ran can be made anew after an import, too.
void keep_origin(Parts& parts, std::vector<state::AccountState>& accounts)
{
    for (state::AccountState& fresh : accounts)
        if (const auto before = parts.store.find_account(fresh.account.uin)) {
            fresh.account.made_from = before->made_from;
            fresh.account.made_with = before->made_with;
        }
}

// One account takes the place of the one with the same Uin; the others stay as they are.
void replace_one(Parts& parts, const std::string& uin, std::vector<state::AccountState> accounts)
{
    if (accounts.size() != 1 || accounts.front().account.uin != uin)
        throw Problem{400, "with ?account= the document must hold just that account, " + uin};
    state::AccountState& fresh = accounts.front();
    fresh.account.is_default = parts.store.find_account(uin).value().is_default;
    parts.store.erase_account(uin);
    for (const state::Credential& credential : fresh.credentials)
        if (parts.store.find_credential(credential.secret_id))
            throw Problem{409, "the SecretId `" + credential.secret_id + "` belongs to another account"};
    parts.store.insert_account(fresh);
}

} // namespace

Answer get_state(Parts& parts, const Request& request)
{
    std::vector<state::AccountState> accounts;
    if (request.query.contains("account")) {
        accounts.push_back(parts.store.dump_account(current_account_of(parts, request).uin).value());
    } else {
        for (const std::string& uin : parts.store.account_uins()) {
            const state::Account account = parts.store.find_account(uin).value();
            api::catch_up(parts.store, parts.catalog, account, account.clock.now(parts.wall.now()));
            accounts.push_back(parts.store.dump_account(uin).value());
        }
    }
    return {200, to_document(accounts)};
}

Answer put_state(Parts& parts, const Request& request)
{
    auto accounts = to_accounts(read_document(request.body, origin), origin, parts.wall.now());
    const std::size_t count = accounts.size();
    keep_origin(parts, accounts);
    if (request.query.contains("account")) {
        state::Transaction transaction{parts.store};
        replace_one(parts, account_of(parts, request).uin, std::move(accounts));
        transaction.commit();
    } else {
        const auto before = parts.store.account_uins();
        replace_all(parts.store, accounts);
        for (const std::string& uin : before)
            if (!parts.store.find_account(uin))
                forget(parts, uin);
    }
    return {200, json::object{{"accounts", count}}};
}

} // namespace cvm::control
