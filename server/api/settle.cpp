#include "server/api/settle.hpp"

#include "state/operations.hpp"

namespace cvm::api {

void settle(state::Store& store, std::string_view uin, state::Instant now)
{
    const auto due = store.due_instances(uin, now);
    if (due.empty())
        return;
    state::Transaction transaction{store};
    for (const state::Instance& instance : due)
        save_or_release(store, uin, state::settled(instance, now));
    transaction.commit();
}

void save_or_release(state::Store& store, std::string_view uin, const state::Instance& instance)
{
    if (!state::gone(instance)) {
        store.save_instance(uin, instance);
        return;
    }
    store.erase_instance(uin, instance.id);
    for (state::Disk disk : instance.disks) {
        if (disk.usage != state::DiskUsage::data || disk.delete_with_instance || disk.released)
            continue;
        if (!disk.portable) {
            // It followed the instance; from now on it is paid for alone (assumed).
            disk.portable = true;
            disk.expires_at = instance.expires_at;
            disk.renew_flag = instance.renew_flag;
        }
        store.save_disk(uin, {.disk = disk,
                              .instance_id = {},
                              .region = instance.region,
                              .zone = instance.zone,
                              .project_id = instance.project_id,
                              .created_at = instance.created_at});
    }
}

} // namespace cvm::api
