#include "server/api/action.hpp"
#include "server/api/attachment.hpp"
#include "server/api/disk_checks.hpp"
#include "server/api/instance_checks.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::detach_disks {

namespace {

constexpr std::array fields{
    Field{.name = "DiskIds", .type = Type::strings, .required = true, .max_items = 10},
    Field{.name = "InstanceId", .type = Type::string},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto disks = load_disks(context, params.strings("DiskIds"), "DiskIds");
    if (!disks)
        return disks.error();
    if (auto refusal = refuse_disks_of_instances(*disks))
        return *refusal;
    for (const state::PlacedDisk& placed : *disks)
        if (placed.instance_id.empty() || placed.disk.released)
            return error(Errc::invalid_disk_not_supported, placed.disk.id);
    if (const auto id = params.string("InstanceId")) {
        if (const auto instance = load_instance_of_disks(context, *id); !instance)
            return instance.error();
        for (const state::PlacedDisk& placed : *disks)
            if (placed.instance_id != *id)
                return error(Errc::invalid_parameter_value, *id, "InstanceId");
    }
    if (auto refusal = refuse_busy_disks(context, *disks, Errc::resource_busy))
        return *refusal;
    for (const state::PlacedDisk& placed : *disks)
        detach(context, placed);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "DetachDisks",
    .product = "cbs",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::detach_disks
