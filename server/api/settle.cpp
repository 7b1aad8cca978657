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
    for (const state::Disk& disk : instance.disks)
        if (disk.portable && !disk.delete_with_instance)
            store.save_disk(uin, {.disk = disk,
                                  .instance_id = {},
                                  .region = instance.region,
                                  .zone = instance.zone,
                                  .project_id = instance.project_id,
                                  .created_at = instance.created_at});
}

} // namespace cvm::api
