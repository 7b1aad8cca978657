#include "server/api/renewable.hpp"

#include "server/api/orders.hpp"
#include "state/rules/order.hpp"

namespace cvm::api {

std::vector<Renewable> list_renewables(const Context& context)
{
    const state::Lifecycle& lifecycle = context.catalog.lifecycle_of(context.call.account);
    std::vector<Renewable> all;
    for (const state::Instance& instance : context.store.list_expiring_instances(context.call.account.uin))
        all.push_back({.id = instance.id,
                       .product = std::string{state::product_of(instance.id)},
                       .sub_product = state::sub_product(instance),
                       .product_name = std::string{product_name_of_orders(instance.id)},
                       .region = instance.region,
                       .name = instance.name,
                       .project_id = instance.project_id,
                       .isolated = instance.state == state::InstanceState::shutdown,
                       .renew_flag = instance.renew_flag.value(),
                       .expires_at = instance.expires_at.value(),
                       .renew_months = instance.renew_months});
    for (const state::PlacedDisk& placed : context.store.list_disks(context.call.account.uin)) {
        const state::Disk& disk = placed.disk;
        if (!state::renewable_alone(disk))
            continue;
        all.push_back({.id = disk.id,
                       .product = std::string{state::product_of(disk.id)},
                       .sub_product = state::sub_product(disk),
                       .product_name = std::string{product_name_of_orders(disk.id)},
                       .region = placed.region,
                       .name = disk.name,
                       .project_id = placed.project_id,
                       .isolated = state::in_recycle_bin(placed, lifecycle.of(disk), context.call.now),
                       .renew_flag = disk.renew_flag.value_or(state::RenewFlag::notify_and_manual_renew),
                       .expires_at = disk.expires_at.value(),
                       .renew_months = disk.renew_months});
    }
    return all;
}

} // namespace cvm::api
