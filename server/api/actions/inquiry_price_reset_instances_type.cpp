#include "server/api/action.hpp"
#include "server/api/price_json.hpp"
#include "server/api/type_change.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::inquiry_price_reset_instances_type {

namespace {

constexpr std::array fields{one_instance_id, new_type_field};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto change = read_type_change(context, params);
    if (!change)
        return change.error();
    const state::PriceTable& prices = context.catalog.prices;
    Result<boost::json::object> item =
        state::pays_by_hour(change->after.charge_type)
            ? Result<boost::json::object>{hourly_item(prices, state::hourly_price(prices, change->after))}
            : item_of(context, *change);
    if (!item)
        return item.error();
    boost::json::object answer;
    answer["Price"] = boost::json::object{{"InstancePrice", *std::move(item)}};
    return answer;
}

} // namespace

extern const Action action{
    .name = "InquiryPriceResetInstancesType",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::inquiry_price_reset_instances_type
