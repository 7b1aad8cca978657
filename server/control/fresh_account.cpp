#include "server/control/fresh_account.hpp"

#include "server/calls/faults.hpp"
#include "server/calls/journal.hpp"

namespace cvm::control {

state::AccountState fresh_account(Services& services, const state::Account& made, const state::Credential& credential)
{
    auto fresh = services.fixtures.model(made.made_from, services.wall.now());
    if (!fresh)
        throw Problem{400, "there is no fixture `" + made.made_from +
                               "`; take default, empty, a Uin or SecretId of the fixtures, or the name of a fixture "
                               "file without .json"};
    fresh->account.uin = made.uin;
    fresh->account.is_default = false;
    fresh->account.made_from = made.made_from;
    fresh->account.made_with = made.made_with;
    fresh->credentials = {credential};
    return *std::move(fresh);
}

void forget(Services& services, std::string_view uin)
{
    services.journal.forget(uin);
    services.faults.erase(uin);
}

} // namespace cvm::control
