#include "server/api/type_change.hpp"

#include "server/api/instance_checks.hpp"
#include "server/api/instance_settings.hpp"
#include "server/api/purchase_checks.hpp"

#include <algorithm>
#include <utility>

namespace cvm::api {

namespace {

// The system disk types of instances whose type can be changed, from the pages of the two actions.
constexpr std::array<std::string_view, 4> movable_system_disks{"CLOUD_BASIC", "CLOUD_PREMIUM", "CLOUD_SSD",
                                                               "CLOUD_BSSD"};

std::string family_of(const std::string& type) { return type.substr(0, type.find('.')); }

std::optional<Error> refuse_disks_of(const ActionName& action, const state::Instance& instance, bool other_family)
{
    for (const state::Disk& disk : instance.disks) {
        if (disk.usage == state::DiskUsage::system &&
            std::ranges::find(movable_system_disks, disk.type) == movable_system_disks.end())
            return error(documented(action, Errc::unsupported_operation_system_disk_type)
                             ? Errc::unsupported_operation_system_disk_type
                             : Errc::invalid_instance_not_supported,
                         instance.id);
        if (disk.usage == state::DiskUsage::data && other_family && disk.type.starts_with("LOCAL_"))
            return error(Errc::unsupported_operation_local_data_disk_change_instance_family, instance.id);
    }
    return std::nullopt;
}

// `old` is nullptr for a type that is not in the catalogue, such as a type from a fixture.
std::optional<Error> refuse_pair(const ActionName& action, const InstanceType* old, const state::Instance& instance,
                                 const InstanceType& type)
{
    if (type.name == instance.type)
        return error(Errc::invalid_parameter_value, type.name, "InstanceType");
    const bool other_family = type.family != family_of(instance.type);
    const bool from_arm = old != nullptr && old->architecture == "arm";
    if (from_arm && other_family)
        return error(Errc::unsupported_operation_unsupported_arm_change_instance_family, instance.id);
    if (type.architecture == "arm" && !from_arm)
        return error(Errc::unsupported_operation_unsupported_change_instance_family_to_arm, instance.id);
    if (other_family && (type.gpu > 0 || (old != nullptr && old->gpu > 0)))
        return error(Errc::unsupported_operation_heterogeneous_change_instance_family, instance.id);
    return refuse_disks_of(action, instance, other_family);
}

} // namespace

Result<InstanceChange> read_type_change(const Context& context, const Params& params)
{
    auto instances = load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();
    // According to the page, instances on dedicated hosts keep their type.
    if (instances->front().charge_type == state::ChargeType::cdhpaid)
        return error(Errc::invalid_instance_not_supported, instances->front().id);
    const bool force_stop = params.boolean("ForceStop").value_or(false);
    if (auto refusal = refuse_by_state(context.action, *instances,
                                       force_stop ? std::optional{state::InstanceState::running} : std::nullopt))
        return *std::move(refusal);
    if (documented(context.action, Errc::operation_denied_instance_operation_in_progress)) {
        if (auto refusal = refuse_by_operation(context.action, *instances))
            return *std::move(refusal);
    }

    InstanceChange change{instances->front(), std::move(instances->front())};
    const Zone* known = context.catalog.find_zone(change.before.zone);
    const auto type =
        choose_type(context.action, context.catalog, params.string("InstanceType").value(), change.before.charge_type,
                    known != nullptr ? *known : Zone{.name = change.before.zone});
    if (!type)
        return type.error();
    if (auto problem =
            refuse_pair(context.action, context.catalog.find_instance_type(change.before.type), change.before, *type))
        return *std::move(problem);
    change.after.type = type->name;
    change.after.cpu = type->cpu;
    change.after.memory_gib = type->memory_gib;
    change.after.attributes.gpu_info.reset();
    change.after.attributes.cpu_topology.reset(); // it described the cores of the old type
    apply_type(change.after.attributes, *type);
    return change;
}

} // namespace cvm::api
