#include "state/rules/invariants.hpp"

#include "server/control/account_lookup.hpp"

#include <boost/json.hpp>

namespace cvm::control {

namespace json = boost::json;

Answer get_invariants(const Accounts& accounts, const Request& request)
{
    const std::string uin = accounts.current(request).uin;
    const auto account = accounts.store.dump_account(uin);
    if (!account)
        throw deleted_meanwhile(uin);
    json::array checks;
    bool ok = true;
    for (const state::Check& check : state::check(*account)) {
        ok = ok && check.problems.empty();
        checks.push_back(json::object{{"name", check.name},
                                      {"ok", check.problems.empty()},
                                      {"problems", json::array(check.problems.begin(), check.problems.end())}});
    }
    return {200, json::object{{"account", uin}, {"ok", ok}, {"checks", std::move(checks)}}};
}

} // namespace cvm::control
