#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/price_json.hpp"
#include "server/api/renewal_request.hpp"

#include <array>

namespace cvm::api::inquiry_price_renew_instances {

namespace {

constexpr std::array fields{
    required_instance_ids,
    Field{.name = "InstanceChargePrepaid", .type = Type::object, .required = true, .members = prepaid_fields},
    Field{.name = "DryRun", .type = Type::boolean},
    Field{.name = "RenewPortableDataDisk", .type = Type::boolean},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const Params prepaid = params.object("InstanceChargePrepaid").value();
    const auto instances = load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();
    if (auto refusal = refuse_charge_types(*instances, Errc::invalid_instance_not_supported))
        return *refusal;
    if (auto refusal = refuse_by_state(context.action, *instances))
        return *refusal;
    const auto terms = renewal_terms(prepaid, params);
    if (auto refusal = refuse_period(terms.period.count(), *instances, context.call.legacy))
        return *refusal;

    state::Price compute;
    state::Price bandwidth;
    for (const state::Instance& instance : *instances) {
        const state::RenewalPrice price = state::renewal_price(context.catalog.prices, instance, terms);
        compute = compute + price.with_disks();
        bandwidth = bandwidth + price.bandwidth;
    }
    boost::json::object price{{"InstancePrice", short_item(compute)}};
    if (bandwidth != state::Price{})
        price["BandwidthPrice"] = short_item(bandwidth);
    boost::json::object answer;
    answer["Price"] = std::move(price);
    return answer;
}

} // namespace

extern const Action action{
    .name = "InquiryPriceRenewInstances",
    .legacy = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::inquiry_price_renew_instances
