#include "server/control/fresh_account.hpp"

#include "server/api/resource_name.hpp"
#include "server/control/control.hpp"

#include <algorithm>

namespace cvm::control {

const std::vector<state::AccountState>& FreshAccounts::all() const { return fixtures.accounts(wall.now()); }

const state::AccountState& FreshAccounts::of_fixtures(const std::string& uin) const
{
    const auto& seed = all();
    const auto fresh = std::ranges::find_if(seed, [&](const state::AccountState& a) { return a.account.uin == uin; });
    if (fresh == seed.end())
        throw Problem{409, "the account " + uin + " is not in the fixtures; a reset without ?account= removes it"};
    return *fresh;
}

state::AccountState FreshAccounts::make(const state::Account& made, const state::Credential& credential) const
{
    auto fresh = fixtures.model(made.made_from, wall.now());
    if (!fresh)
        throw Problem{400, "there is no fixture `" + made.made_from +
                               "`; give default, empty, a Uin or SecretId of the fixtures, or the name of a fixture "
                               "file without .json"};
    for (state::ResourceTags& tagged : fresh->tags)
        tagged.resource = api::with_account(tagged.resource, fresh->account.uin, made.uin);
    for (state::Image& image : fresh->additions.images)
        if (image.creator == fresh->account.uin)
            image.creator = made.uin;
    fresh->account.additions = state::digest_of(fresh->additions);
    for (state::Instance& instance : fresh->instances)
        if (instance.attributes.operator_uin == fresh->account.uin)
            instance.attributes.operator_uin = made.uin;
    fresh->account.uin = made.uin;
    fresh->account.is_default = false;
    fresh->account.made_from = made.made_from;
    fresh->account.made_with = made.made_with;
    fresh->credentials = {credential};
    return *std::move(fresh);
}

} // namespace cvm::control
