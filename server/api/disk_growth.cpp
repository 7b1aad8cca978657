#include "server/api/disk_growth.hpp"

#include "server/api/instance_checks.hpp"

#include <algorithm>
#include <utility>

namespace cvm::api {

namespace {

// The step and the maximum size of a data disk, in GiB (the pages of the two actions and of RunInstances).
constexpr std::int64_t growth_step = 10;
constexpr std::int64_t max_data_disk = 32000;

// According to the page, a running instance must be stopped by force or resized online; a stopped one cannot be resized
// online (assumed).
std::optional<state::InstanceState> state_to_resize_in(const Params& params)
{
    const bool online = params.boolean("ResizeOnline").value_or(false);
    if (online || params.boolean("ForceStop").value_or(false))
        return state::InstanceState::running;
    return std::nullopt;
}

std::optional<Error> refuse_state(const Context& context, std::span<const state::Instance> instances,
                                  const Params& params)
{
    const bool stopped = instances.front().state == state::InstanceState::stopped;
    const auto works_in = stopped && !params.boolean("ResizeOnline").value_or(false)
                              ? std::optional{state::InstanceState::stopped}
                              : state_to_resize_in(params);
    if (auto refusal = refuse_by_state(context.action, instances, works_in))
        return refusal;
    if (documented(context.action, Errc::operation_denied_instance_operation_in_progress))
        return refuse_by_operation(context.action, instances);
    return std::nullopt;
}

// `type`: the type of the disk; empty if the disk does not exist.
Error bad_disk(const ActionName& action, const std::string& instance_id, const std::string& type, const std::string& id)
{
    if (documented(action, Errc::unsupported_operation_invalid_data_disk))
        return error(Errc::unsupported_operation_invalid_data_disk, instance_id);
    return type.empty() ? error(Errc::invalid_parameter_value, id, "DataDisks.0.DiskId")
                        : error(Errc::unsupported_operation_invalid_disk, type);
}

// The data disk with this id or, without an id, the only data disk that is not elastic.
Result<std::size_t> find_data_disk(const ActionName& action, const state::Instance& instance,
                                   const std::optional<std::string>& id)
{
    const auto fits = [&](const state::Disk& disk) {
        return disk.usage == state::DiskUsage::data && (id ? disk.id == *id : !disk.portable);
    };
    const auto at = std::ranges::find_if(instance.disks, fits);
    if (at == instance.disks.end())
        return bad_disk(action, instance.id, {}, id.value_or(""));
    if (std::find_if(at + 1, instance.disks.end(), fits) != instance.disks.end())
        return error(Errc::missing_parameter, "DataDisks.0.DiskId");
    if (at->portable || at->type.starts_with("LOCAL_"))
        return bad_disk(action, instance.id, at->type, at->id);
    return static_cast<std::size_t>(at - instance.disks.begin());
}

Result<std::size_t> find_system_disk(const std::vector<state::Disk>& disks, const std::optional<std::string>& id)
{
    const state::Disk& disk = disks.front();
    if (id && *id != disk.id)
        return error(Errc::invalid_parameter_value, *id, "SystemDisk.DiskId");
    if (disk.type.starts_with("LOCAL_"))
        return error(Errc::invalid_parameter_value, disk.type, "SystemDisk.DiskType");
    return 0;
}

} // namespace

Result<DiskGrowth> read_disk_growth(const Context& context, const Params& params)
{
    const auto system = params.object("SystemDisk");
    const auto data = params.objects("DataDisks");
    if (!system && data.empty())
        return error(Errc::missing_parameter_at_least_one);
    if (system && !data.empty())
        return error(Errc::invalid_parameter_value, "SystemDisk", "DataDisks");
    const std::string path = system ? "SystemDisk" : "DataDisks.0";
    const Params& given = system ? *system : data.front();

    auto instances = load_instances(context, std::array{params.string("InstanceId").value()});
    if (!instances)
        return instances.error();
    if (instances->front().charge_type == state::ChargeType::cdhpaid)
        return error(Errc::invalid_instance_not_supported, instances->front().id);
    if (auto refusal = refuse_state(context, *instances, params))
        return *std::move(refusal);

    InstanceChange change{instances->front(), std::move(instances->front())};
    const auto disk = system ? find_system_disk(change.before.disks, given.string("DiskId"))
                             : find_data_disk(context.action, change.before, given.string("DiskId"));
    if (!disk)
        return disk.error();
    const auto size = given.integer("DiskSize");
    if (!size)
        return error(Errc::missing_parameter, path + ".DiskSize");
    std::int64_t& old_size = change.after.disks[*disk].size_gib;
    const std::int64_t most = system ? max_system_disk : max_data_disk;
    if (*size <= old_size || *size > most || (!system && (*size - old_size) % growth_step != 0))
        return error(Errc::invalid_parameter_value, std::to_string(*size), path + ".DiskSize");
    old_size = *size;
    return DiskGrowth{std::move(change), *disk};
}

} // namespace cvm::api
