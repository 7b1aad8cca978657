#include "server/api/actions/actions.hpp"
#include "server/api/instance_checks.hpp"

#include <array>

namespace cvm::api {

namespace {

constexpr std::array fields{
    Field{.name = "InstanceIds", .type = Type::strings, .required = true, .max_items = 100},
};

Result<boost::json::object> handle(const Context& context, const Params& params)
{
    auto instances = load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();
    // The page lists a code for stopped instances too; they are the ones that can be started (facts: actions 2.3).
    if (auto refusal = refuse_by_state(context, *instances, state::InstanceState::stopped))
        return *refusal;
    if (auto refusal = refuse_by_operation(context, *instances))
        return *refusal;

    for (state::Instance& instance : *instances) {
        instance.stop_charging_mode = state::StopChargingMode::not_applicable;
        begin_operation(context, instance, {state::InstanceState::starting, state::InstanceState::running});
        context.store.save_instance(context.account.uin, instance);
    }
    return boost::json::object{};
}

} // namespace

const Action start_instances{
    .name = "StartInstances",
    .product = "cvm",
    .version = "2017-03-12",
    .region = Region::required,
    .writes = true,
    .legacy = false,
    .fields = fields,
    .legacy_fields = {},
    .handle = handle,
};

} // namespace cvm::api
