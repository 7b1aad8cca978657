#include "server/api/lighthouse.hpp"

namespace cvm::api::lighthouse_start_instances {

namespace {

constexpr std::array fields{
    required_instance_ids,
};

Result<Answer> handle(const Context& context, const Params& params)
{
    return lighthouse::operate(context, params, state::InstanceState::stopped,
                               {state::InstanceState::starting, state::InstanceState::running});
}

} // namespace

extern const Action action{
    .name = "StartInstances",
    .product = "lighthouse",
    .version = "2020-03-24",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::lighthouse_start_instances
