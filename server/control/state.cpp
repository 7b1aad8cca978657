#include "server/control/control.hpp"

#include "server/control/account_lookup.hpp"
#include "server/control/call_memory.hpp"

#include <boost/json.hpp>

namespace cvm::control {

namespace json = boost::json;

namespace {

constexpr auto origin = "the request";

// An account that was made while the server ran can be made anew after an import, too.
void keep_origin(state::Store& store, std::vector<state::AccountState>& accounts)
{
    for (state::AccountState& fresh : accounts)
        if (const auto before = store.find_account(fresh.account.uin)) {
            fresh.account.made_from = before->made_from;
            fresh.account.made_with = before->made_with;
        }
}

// One account takes the place of the one with the same Uin; the others stay as they are.
void replace_one(state::Store& store, const std::string& uin, std::vector<state::AccountState> accounts)
{
    if (accounts.size() != 1 || accounts.front().account.uin != uin)
        throw Problem{400, "with ?account= the document must hold just that account, " + uin};
    state::AccountState& fresh = accounts.front();
    fresh.account.is_default = store.find_account(uin).value().is_default;
    store.erase_account(uin);
    for (const state::Credential& credential : fresh.credentials)
        if (store.find_credential(credential.secret_id))
            throw Problem{409, "the SecretId `" + credential.secret_id + "` belongs to another account"};
    store.insert_account(fresh);
}

} // namespace

Answer get_state(const Accounts& accounts, const Request& request)
{
    DocumentText document;
    const auto add = [&](const std::string& uin) { document.add(accounts.store.dump_account(uin).value()); };
    if (request.query.contains("account")) {
        add(accounts.current(request).uin);
    } else {
        for (const std::string& uin : accounts.store.account_uins()) {
            accounts.caught_up(accounts.store.find_account(uin).value());
            add(uin);
        }
    }
    return Answer{.text = document.finish()};
}

Answer put_state(state::Store& store, const CallMemory& memory, const state::WallClock& wall, const Request& request)
{
    auto accounts = to_accounts(read_document(request.body, origin), origin, wall.now());
    const std::size_t count = accounts.size();
    keep_origin(store, accounts);
    if (request.query.contains("account")) {
        state::Transaction transaction{store};
        replace_one(store, account_of(store, request).uin, std::move(accounts));
        transaction.commit();
    } else {
        const auto before = store.account_uins();
        replace_all(store, accounts);
        for (const std::string& uin : before)
            if (!store.find_account(uin))
                memory.forget(uin);
    }
    return {200, json::object{{"accounts", count}}};
}

} // namespace cvm::control
