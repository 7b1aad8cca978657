#include "server/api/lighthouse.hpp"

namespace cvm::api::lighthouse_stop_instances {

namespace {

constexpr std::array fields{
    required_instance_ids,
    stop_type_field,
};

Result<Answer> handle(const Context& context, const Params& params)
{
    return lighthouse::operate(context, params, state::InstanceState::running,
                               {state::InstanceState::stopping, state::InstanceState::stopped});
}

} // namespace

extern const Action action{
    .name = "StopInstances",
    .product = "lighthouse",
    .version = "2020-03-24",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::lighthouse_stop_instances
