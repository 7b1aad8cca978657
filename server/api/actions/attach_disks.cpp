#include "server/api/action.hpp"
#include "server/api/attachment.hpp"
#include "server/api/disk_checks.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::attach_disks {

namespace {

constexpr std::array<std::string_view, 2> attach_modes{"PF", "VF"};

constexpr std::array fields{
    Field{.name = "InstanceId", .type = Type::string, .required = true},
    Field{.name = "DiskIds", .type = Type::strings, .required = true, .max_items = 10},
    Field{.name = "DeleteWithInstance", .type = Type::boolean},
    Field{.name = "AttachMode", .type = Type::string, .words = attach_modes},
};

std::optional<Error> refuse(const Context& context, const state::Instance& instance,
                            std::span<const state::PlacedDisk> disks)
{
    if (auto refusal = refuse_disks_of_instances(disks))
        return refusal;
    for (const state::PlacedDisk& placed : disks)
        if (!placed.instance_id.empty())
            return error(Errc::resource_unavailable_attached, placed.disk.id);
    if (auto refusal = refuse_recycled_disks(context, disks))
        return refusal;
    for (const state::PlacedDisk& placed : disks)
        if (placed.zone != instance.zone)
            return error(Errc::resource_unavailable_zone_not_match, placed.disk.id, instance.id);
    return refuse_attachment(context, instance, disks.size());
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto instance = load_instance_of_disks(context, params.string("InstanceId").value());
    if (!instance)
        return instance.error();
    const auto disks = load_disks(context, params.strings("DiskIds"), "DiskIds");
    if (!disks)
        return disks.error();
    if (auto refusal = refuse(context, *instance, *disks))
        return *refusal;
    attach(context, *instance, *disks, params.boolean("DeleteWithInstance").value_or(false));
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "AttachDisks",
    .product = "cbs",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::attach_disks
