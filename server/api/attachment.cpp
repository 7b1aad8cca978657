#include "server/api/attachment.hpp"

#include "server/api/instance_checks.hpp"
#include "server/api/persist.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cvm::api {

std::optional<Error> refuse_attachment(const Context& context, const state::Instance& instance, std::size_t more)
{
    if (auto refusal = refuse_by_state(context.action, std::span{&instance, 1}))
        return refusal;
    if (instance.state == state::InstanceState::shutdown)
        return error(Errc::invalid_instance_not_supported, instance.id);
    if (busy(instance))
        return error(Errc::resource_busy, instance.id);
    const auto there = std::ranges::count(instance.disks, state::DiskUsage::data, &state::Disk::usage);
    if (static_cast<std::size_t>(there) + more > max_data_disks)
        return error(Errc::limit_exceeded_instance_attached_disk, instance.id);
    return std::nullopt;
}

void attach(const Context& context, state::Instance instance, std::span<const state::PlacedDisk> disks,
            bool delete_with_instance)
{
    for (const state::PlacedDisk& placed : disks) {
        context.store.erase_disk(context.call.account.uin, placed.disk.id);
        instance.disks.push_back(placed.disk);
        if (delete_with_instance && state::pays_by_hour(placed.disk.charge_type))
            instance.disks.back().delete_with_instance = true;
    }
    save(context, std::move(instance));
}

void detach(const Context& context, const state::PlacedDisk& placed)
{
    auto instance = context.store.find_instance(context.call.account.uin, placed.instance_id).value();
    std::erase_if(instance.disks, [&](const state::Disk& disk) { return disk.id == placed.disk.id; });
    const state::PlacedDisk loose = state::detached_disk(placed.disk, instance);
    save(context, std::move(instance));
    save(context, loose);
}

} // namespace cvm::api
