#include "server/api/action.hpp"
#include "server/api/price_json.hpp"
#include "server/api/purchase.hpp"

namespace cvm::api::inquiry_price_run_instances {

namespace {

constexpr auto fields = purchase_fields(true);

boost::json::object bandwidth_item(const state::PriceTable& prices, const Purchase& purchase,
                                   const PurchasePrice& price)
{
    if (purchase.draft.internet_charge_type == "TRAFFIC_POSTPAID_BY_HOUR")
        return traffic_item(prices);
    if (purchase.draft.internet_charge_type == "BANDWIDTH_POSTPAID_BY_HOUR")
        return hourly_item(prices, state::hourly_bandwidth_price(prices, purchase.draft) * purchase.count);
    return prepaid_item(price.bandwidth);
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto purchase = read_purchase(context, params);
    if (!purchase)
        return purchase.error();

    const state::PriceTable& table = context.catalog.prices;
    const PurchasePrice price = price_of(table, *purchase);
    boost::json::object both;
    both["InstancePrice"] = purchase->period.count() > 0
                                ? prepaid_item(price.instances)
                                : hourly_item(table, state::hourly_price(table, purchase->draft) * purchase->count);
    both["BandwidthPrice"] = bandwidth_item(table, *purchase, price);
    boost::json::object answer;
    answer["Price"] = std::move(both);
    return answer;
}

} // namespace

extern const Action action{
    .name = "InquiryPriceRunInstances",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::inquiry_price_run_instances
