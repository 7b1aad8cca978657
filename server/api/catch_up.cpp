#include "server/api/catch_up.hpp"

#include "state/store/account_repository.hpp"

namespace cvm::api {

state::SimulationResult simulate(state::Store& store, const Catalog& catalog, const state::Account& account,
                                 const state::AdvanceOptions& options, std::int64_t work)
{
    const state::Lifecycle& lifecycle = catalog.lifecycle_of(account);
    return state::simulate(state::load_due(store, account, options.until, lifecycle), lifecycle, catalog.prices,
                           options, work);
}

bool catch_up(state::Store& store, const Catalog& catalog, const state::Account& account, state::Instant now)
{
    const auto arrears = state::due_of(account, catalog.lifecycle_of(account));
    if (!store.has_due(account.uin, now) && !(arrears && *arrears <= now))
        return false;
    state::Transaction transaction{store};
    // Read again inside the transaction: another server on the same file may have changed it.
    const auto current = store.find_account(account.uin);
    if (!current)
        return false;
    state::save(store, simulate(store, catalog, *current, {.until = now}));
    transaction.commit();
    return true;
}

void resume_after_payment(const Context& context)
{
    if (context.call.account.arrears.stage == state::ArrearsStage::none)
        return;
    const state::Account account = context.store.find_account(context.call.account.uin).value();
    state::save(context.store, simulate(context.store, context.catalog, account, {.until = context.call.now}));
}

} // namespace cvm::api
