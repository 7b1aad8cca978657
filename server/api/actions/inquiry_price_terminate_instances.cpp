#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/price_json.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::inquiry_price_terminate_instances {

namespace {

constexpr std::array fields{required_instance_ids};

// An instance that is paid by the hour or was already returned gives no refund.
state::Cents back_for(const Context& context, const state::Instance& instance)
{
    if (!state::pays_ahead(instance.charge_type) || instance.state == state::InstanceState::shutdown)
        return {};
    return remaining_refund(context, instance.id, instance.expires_at.value()).total;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto instances = load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();
    if (auto refusal = refuse_mixed_pricing(*instances))
        return *refusal;
    if (auto refusal = refuse_by_state(context.action, *instances))
        return *refusal;

    boost::json::array refunds;
    for (const state::Instance& instance : *instances) {
        const state::Cents back = back_for(context, instance);
        refunds.push_back({{"InstanceId", instance.id},
                           {"Refunds", main_units(back)},
                           {"PriceDetail", "退款：" + exact(back) + "元，现金券：0元"}});
    }
    return boost::json::object{{"InstanceRefundsSet", std::move(refunds)}};
}

} // namespace

extern const Action action{
    .name = "InquiryPriceTerminateInstances",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::inquiry_price_terminate_instances
