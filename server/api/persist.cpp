#include "server/api/persist.hpp"

#include "state/rules/lifecycle.hpp"
#include "state/rules/operations.hpp"
#include "state/store/account_repository.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace cvm::api {

void save(const Context& context, state::Instance instance)
{
    const std::string& uin = context.call.account.uin;
    const state::Lifecycle& lifecycle = context.catalog.lifecycle_of(context.call.account);
    if (!state::gone(instance)) {
        state::schedule(instance, lifecycle, context.call.now);
        context.store.share_instance(uin, std::make_shared<const state::Instance>(std::move(instance)));
        return;
    }
    context.store.erase_instance(uin, instance.id);
    state::close_unpaid(context.store, uin, instance.id);
    for (const state::PlacedDisk& disk : state::disks_left(instance))
        context.store.save_disk(uin, state::scheduled(disk, lifecycle, context.call.now));
}

void save(const Context& context, const state::PlacedDisk& placed)
{
    const std::string& uin = context.call.account.uin;
    auto instance = context.store.find_instance(uin, placed.instance_id);
    if (!instance) {
        context.store.save_disk(
            uin, state::scheduled(placed, context.catalog.lifecycle_of(context.call.account), context.call.now));
        return;
    }
    *std::ranges::find(instance->disks, placed.disk.id, &state::Disk::id) = placed.disk;
    save(context, *std::move(instance));
}

} // namespace cvm::api
