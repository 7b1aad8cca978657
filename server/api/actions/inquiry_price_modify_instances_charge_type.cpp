#include "server/api/actions/actions.hpp"
#include "server/api/charge_type_change.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/price_json.hpp"
#include "state/refund.hpp"

namespace cvm::api {

namespace {

constexpr auto fields = charge_type_fields(100);

Result<boost::json::object> handle(const Context& context, const Params& params)
{
    const auto change = read_change(context, params);
    if (!change)
        return change.error();
    const auto instances = load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();
    if (auto refusal = refuse_change(*instances, *change))
        return *refusal;

    const state::PriceTable& table = context.catalog.prices;
    ChangePrice sum;
    state::Cents hour;
    state::Cents back;
    for (const state::Instance& instance : *instances) {
        const ChangePrice price = price_of_change(table, instance, *change);
        sum.instance = sum.instance + price.instance;
        sum.bandwidth = sum.bandwidth + price.bandwidth;
        hour += state::hourly_price(table, instance);
        if (change->ahead())
            continue;
        const auto refund = state::refund(context.store.list_deals(context.account.uin), instance.id, context.now);
        if (refund.deals.empty())
            return error(Errc::failed_operation_inquiry_refund_price_failed, instance.id);
        back += refund.total;
    }
    boost::json::object price;
    if (change->ahead()) {
        price["InstancePrice"] = short_item(sum.instance);
        if (sum.bandwidth != state::Price{})
            price["BandwidthPrice"] = short_item(sum.bandwidth);
    } else {
        // What is given back stands as a price below zero, next to that of an hour (assumed).
        boost::json::object item = hourly_item(table, hour);
        item["OriginalPrice"] = item["DiscountPrice"] = -main_units(back);
        price["InstancePrice"] = std::move(item);
    }
    boost::json::object answer;
    answer["Price"] = std::move(price);
    return answer;
}

} // namespace

const Action inquiry_price_modify_instances_charge_type{
    .name = "InquiryPriceModifyInstancesChargeType",
    .product = "cvm",
    .version = "2017-03-12",
    .region = Region::required,
    .writes = false,
    .legacy = false,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api
