#include "server/api/lighthouse.hpp"
#include "server/api/persist.hpp"

#include <utility>

namespace cvm::api::lighthouse_modify_instances_renew_flag {

namespace {

constexpr std::array fields{
    required_instance_ids,
    required_renew_flag_field,
};

constexpr std::array works_in{state::InstanceState::running, state::InstanceState::stopped};

Result<Answer> handle(const Context& context, const Params& params)
{
    auto instances = lighthouse::load_workable(context, params, works_in);
    if (!instances)
        return instances.error();
    for (state::Instance& instance : *instances) {
        instance.renew_flag = state::parse<state::RenewFlag>(params.string("RenewFlag").value());
        begin_operation(context, instance);
        save(context, std::move(instance));
    }
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ModifyInstancesRenewFlag",
    .product = "lighthouse",
    .version = "2020-03-24",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::lighthouse_modify_instances_renew_flag
