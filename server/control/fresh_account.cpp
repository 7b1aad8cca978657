#include "server/control/fresh_account.hpp"

#include "server/calls/faults.hpp"
#include "server/calls/journal.hpp"

namespace cvm::control {

state::AccountState fresh_account(Parts& parts, const state::Account& made, const state::Credential& credential)
{
    auto fresh = parts.fixtures.model(made.made_from, parts.wall.now());
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

void forget(Parts& parts, std::string_view uin)
{
    parts.journal.forget(uin);
    parts.faults.erase(uin);
}

} // namespace cvm::control
