#include "server/api/action.hpp"
#include "server/api/disk_growth.hpp"
#include "server/api/price_json.hpp"

#include <boost/json.hpp>

#include <iterator>

namespace cvm::api::inquiry_price_resize_instance_disks {

namespace {

// The hourly price of the disk with its new size: the difference of the instance's price with and without the disk.
state::Cents hour_of_disk(const state::PriceTable& prices, const DiskGrowth& growth)
{
    state::Instance without = growth.change.after;
    without.disks.erase(without.disks.begin() + static_cast<std::ptrdiff_t>(growth.disk));
    return state::hourly_price(prices, growth.change.after) - state::hourly_price(prices, without);
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto growth = read_disk_growth(context, params);
    if (!growth)
        return growth.error();
    const state::PriceTable& prices = context.catalog.prices;
    boost::json::object price;
    if (state::pays_by_hour(growth->change.after.charge_type)) {
        price["InstancePrice"] = hourly_item(prices, hour_of_disk(prices, *growth));
        price["BandwidthPrice"] = hourly_item(prices, {});
    } else {
        price["InstancePrice"] = prepaid_item(cost_of(context, growth->change).to_pay);
        price["BandwidthPrice"] = prepaid_item({});
    }
    boost::json::object answer;
    answer["Price"] = std::move(price);
    return answer;
}

} // namespace

extern const Action action{
    .name = "InquiryPriceResizeInstanceDisks",
    .fields = disk_growth_fields,
    .handle = handle,
};

} // namespace cvm::api::inquiry_price_resize_instance_disks
