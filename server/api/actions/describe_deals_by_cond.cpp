#include "server/api/action.hpp"
#include "server/api/orders.hpp"
#include "server/api/price_json.hpp"
#include "state/rules/order.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace cvm::api::describe_deals_by_cond {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "StartTime", .type = Type::string, .required = true},
    Field{.name = "EndTime", .type = Type::string, .required = true},
    Field{.name = "Limit", .type = Type::integer, .required = true, .min = 1, .max = 1000},
    Field{.name = "Offset", .type = Type::integer, .min = 0}, // a page number, counted from 0
    Field{.name = "Status", .type = Type::integer},
    Field{.name = "StatusSet", .type = Type::integers},
    Field{.name = "OrderId", .type = Type::string},
    Field{.name = "BigDealId", .type = Type::string},
    Field{.name = "ResourceId", .type = Type::string},
};

// According to the page, ResourceId is omitted for a larger Limit.
constexpr std::int64_t max_with_resources = 200;

json::object to_json(const state::Deal& deal, const std::string& uin, bool with_resource)
{
    const std::string_view product = state::product_of(deal.resource_id);
    const std::string_view product_name = product_name_of_orders(deal.resource_id);
    // For a resource that is no longer known, only the product is given.
    const std::string sub_product = !deal.sub_product.empty() ? deal.sub_product : "s" + std::string{product};
    return {{"OrderId", deal.order_id},
            {"Status", static_cast<std::int64_t>(deal.status)},
            {"Payer", uin},
            {"CreateTime", state::format_beijing_time(deal.created_at)},
            {"Creator", uin},
            {"RealTotalCost", deal.total.value},
            {"VoucherDecline", deal.voucher.value},
            {"ProjectId", 0},
            {"GoodsCategoryId", 0},
            {"ProductInfo", json::array{}},
            {"TimeSpan", deal.months},
            {"TimeUnit", "m"},
            {"Currency", "CNY"},
            {"Policy", percent({deal.original, deal.total})},
            {"Price", deal.months > 0 ? deal.original.value / deal.months : deal.original.value},
            {"TotalCost", deal.original.value},
            {"ProductCode", product},
            {"SubProductCode", sub_product},
            {"BigDealId", deal.big_deal_id},
            {"Formula", ""},
            {"RefReturnDeals", ""},
            {"PayMode", "prePay"},
            {"Action", deal.action},
            {"ProductName", product_name},
            {"SubProductName", product_name},
            {"ResourceId", with_resource ? json::value(json::array{json::string{deal.resource_id}}) : json::value()},
            {"ZoneCode", deal.zone}};
}

Result<Answer> handle(const Context& context, const Params& params)
{
    state::DealQuery query;
    for (const auto& [name, time] : {std::pair{"StartTime", &query.from}, std::pair{"EndTime", &query.until}}) {
        const std::string text = params.string(name).value();
        const auto read = state::parse_beijing_time(text);
        if (!read)
            return error(Errc::invalid_parameter_value, text, name);
        *time = *read;
    }
    query.statuses = params.integers("StatusSet");
    if (query.statuses.empty())
        query.statuses.push_back(
            params.integer("Status").value_or(static_cast<std::int64_t>(state::DealStatus::shipped)));
    query.order_id = params.string("OrderId");
    query.big_deal_id = params.string("BigDealId");
    query.resource_id = params.string("ResourceId");

    const auto limit = params.integer("Limit").value();
    // Newest first (assumed). A page whose first order would exceed the range of int64 is empty.
    const auto page = std::min(params.integer("Offset").value_or(0), std::numeric_limits<std::int64_t>::max() / limit);
    const auto [total, found] = context.store.select_deals(context.call.account.uin, query, {page * limit, limit});
    json::array deals;
    for (const state::Deal& deal : found)
        deals.push_back(to_json(deal, context.call.account.uin, limit <= max_with_resources));
    return json::object{{"Deals", std::move(deals)}, {"TotalCount", total}};
}

} // namespace

extern const Action action{
    .name = "DescribeDealsByCond",
    .product = "billing",
    .version = "2018-07-09",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_deals_by_cond
