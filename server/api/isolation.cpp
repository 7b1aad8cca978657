#include "server/api/isolation.hpp"

#include "server/api/instance_checks.hpp"
#include "server/api/orders.hpp"

#include <algorithm>

namespace cvm::api {

void isolate(const Context& context, state::Bookkeeper& books, state::Instance& instance)
{
    refund_orders(context.store, books, context.call.now, instance.id, instance.expires_at.value(), "refund");
    instance.expires_at = std::min(instance.expires_at.value(), context.call.now);
    instance.isolated_source = state::IsolatedSource::manmade;
    begin_operation(context, instance, {instance.state, state::InstanceState::shutdown});
}

void release_disks(const Context& context, state::Bookkeeper& books, state::Instance& instance)
{
    for (state::Disk& disk : instance.disks) {
        if (!state::renewable_alone(disk) || disk.released)
            continue;
        refund_orders(context.store, books, context.call.now, disk.id, disk.expires_at.value(), "refund");
        disk.expires_at = std::min(disk.expires_at.value(), context.call.now);
        disk.released = true;
    }
}

} // namespace cvm::api
