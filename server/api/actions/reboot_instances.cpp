#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/persist.hpp"

#include <array>
#include <utility>

namespace cvm::api::reboot_instances {

namespace {

constexpr std::array fields{
    required_instance_ids,
    Field{.name = "ForceReboot", .type = Type::boolean},
    stop_type_field,
};

Result<Answer> handle(const Context& context, const Params& params)
{
    if (params.has("ForceReboot") && params.has("StopType"))
        return error(Errc::invalid_parameter_combination, "ForceReboot", "StopType");
    auto instances = load_workable(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();

    for (state::Instance& instance : *instances) {
        begin_operation(context, instance, {state::InstanceState::rebooting, state::InstanceState::running});
        save(context, std::move(instance));
    }
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "RebootInstances",
    .writes = true,
    .legacy = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::reboot_instances
