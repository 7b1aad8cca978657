#include "server/api/actions/actions.hpp"
#include "server/api/instance_checks.hpp"

#include <array>

namespace cvm::api {

namespace {

constexpr std::array fields{
    required_instance_ids,
};

Result<boost::json::object> handle(const Context& context, const Params& params)
{
    // The page lists a code for stopped instances too; they are the ones that can be started (facts: actions 2.3).
    auto instances = load_workable(context, params.strings("InstanceIds"), state::InstanceState::stopped);
    if (!instances)
        return instances.error();

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
    .handle = handle,
};

} // namespace cvm::api
