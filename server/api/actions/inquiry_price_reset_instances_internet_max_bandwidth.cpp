#include "server/api/action.hpp"
#include "server/api/bandwidth_change.hpp"
#include "server/api/price_json.hpp"

#include <boost/json.hpp>

namespace cvm::api::inquiry_price_reset_instances_internet_max_bandwidth {

namespace {

// All instances of a batch have the same charge type, and bandwidth with a price is changed for one instance at a time.
Result<boost::json::object> price_of(const Context& context, const InstanceChange& change)
{
    const state::PriceTable& prices = context.catalog.prices;
    const std::string& charged = change.after.internet_charge_type;
    if (charged == "TRAFFIC_POSTPAID_BY_HOUR")
        return traffic_item(prices);
    if (charged == "BANDWIDTH_POSTPAID_BY_HOUR")
        return hourly_item(prices, state::hourly_bandwidth_price(prices, change.after));
    return item_of(context, change);
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto changes = read_bandwidth_changes(context, params);
    if (!changes)
        return changes.error();
    auto item = price_of(context, changes->front());
    if (!item)
        return item.error();
    boost::json::object answer;
    answer["Price"] = boost::json::object{{"BandwidthPrice", *std::move(item)}};
    return answer;
}

} // namespace

extern const Action action{
    .name = "InquiryPriceResetInstancesInternetMaxBandwidth",
    .fields = bandwidth_change_fields,
    .handle = handle,
};

} // namespace cvm::api::inquiry_price_reset_instances_internet_max_bandwidth
