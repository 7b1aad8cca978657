#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/persist.hpp"
#include "server/api/renewal_request.hpp"

#include <array>
#include <utility>

namespace cvm::api::modify_instances_renew_flag {

namespace {

constexpr std::array fields{
    required_instance_ids,
    required_renew_flag_field,
};

std::optional<Error> refuse_charge_types(std::span<const state::Instance> instances, state::RenewFlag flag)
{
    for (const state::Instance& instance : instances) {
        if (!state::pays_ahead(instance.charge_type))
            return error(Errc::unsupported_operation_instance_charge_type, instance.id);
        if (instance.charge_type == state::ChargeType::underwrite && flag != state::RenewFlag::notify_and_auto_renew)
            return error(Errc::unsupported_operation_underwriting_instance_type_only_support_auto_renew, instance.id);
    }
    return std::nullopt;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto flag = state::parse<state::RenewFlag>(params.string("RenewFlag").value()).value();

    auto instances = load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();
    if (auto refusal = refuse_charge_types(*instances, flag))
        return *refusal;
    if (auto refusal = refuse_by_state(context.action, *instances))
        return *refusal;
    if (auto refusal = refuse_by_operation(context.action, *instances))
        return *refusal;

    for (state::Instance& instance : *instances) {
        instance.renew_flag = flag;
        begin_operation(context, instance);
        save(context, std::move(instance));
    }
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ModifyInstancesRenewFlag",
    .writes = true,
    .legacy = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::modify_instances_renew_flag
