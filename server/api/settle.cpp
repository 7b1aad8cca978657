#include "server/api/settle.hpp"

#include "state/rules/operations.hpp"
#include "state/store/saving.hpp"

#include <algorithm>

namespace cvm::api {

state::SimulationResult simulate(state::Store& store, const Catalog& catalog, const state::Account& account,
                                 const state::AdvanceOptions& options)
{
    const state::Lifecycle& lifecycle = catalog.lifecycle_of(account);
    return state::simulate(state::load_due(store, account, options.until, lifecycle), lifecycle, catalog.prices,
                           options);
}

void settle(state::Store& store, const Catalog& catalog, const state::Account& account, state::Instant now)
{
    const auto due = [&](std::optional<state::Instant> at) { return at && *at <= now; };
    if (!due(store.next_due(account.uin)) && !due(state::due_of(account, catalog.lifecycle_of(account))))
        return;
    state::Transaction transaction{store};
    // Read anew inside the transaction: another server on the same file may have changed it.
    const auto current = store.find_account(account.uin);
    if (!current)
        return;
    state::save(store, simulate(store, catalog, *current, {.until = now}));
    transaction.commit();
}

void settle_debt(const Context& context)
{
    if (context.account.arrears.stage == state::ArrearsStage::none)
        return;
    const state::Account account = context.store.find_account(context.account.uin).value();
    state::save(context.store, simulate(context.store, context.catalog, account, {.until = context.now}));
}

void save(const Context& context, const state::Instance& instance)
{
    const std::string& uin = context.account.uin;
    const state::Lifecycle& lifecycle = context.catalog.lifecycle_of(context.account);
    if (!state::gone(instance)) {
        context.store.save_instance(uin, state::scheduled(instance, lifecycle, context.now));
        return;
    }
    context.store.erase_instance(uin, instance.id);
    state::close_unpaid(context.store, uin, instance.id);
    for (const state::PlacedDisk& disk : state::disks_left(instance))
        context.store.save_disk(uin, state::scheduled(disk, lifecycle, context.now));
}

void save(const Context& context, const state::PlacedDisk& placed)
{
    const std::string& uin = context.account.uin;
    auto instance = context.store.find_instance(uin, placed.instance_id);
    if (!instance) {
        context.store.save_disk(uin,
                                state::scheduled(placed, context.catalog.lifecycle_of(context.account), context.now));
        return;
    }
    *std::ranges::find(instance->disks, placed.disk.id, &state::Disk::id) = placed.disk;
    save(context, *instance);
}

} // namespace cvm::api
