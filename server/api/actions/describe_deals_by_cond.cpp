#include "server/api/action.hpp"
#include "server/api/page.hpp"
#include "server/api/price_json.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "StartTime", .type = Type::string, .required = true},
    Field{.name = "EndTime", .type = Type::string, .required = true},
    Field{.name = "Limit", .type = Type::integer, .required = true, .min = 1, .max = 1000},
    Field{.name = "Offset", .type = Type::integer, .min = 0}, // the number of a page, from 0
    Field{.name = "Status", .type = Type::integer},
    Field{.name = "StatusSet", .type = Type::integers},
    Field{.name = "OrderId", .type = Type::string},
    Field{.name = "BigDealId", .type = Type::string},
    Field{.name = "ResourceId", .type = Type::string},
};

// Above this Limit the page answers no ResourceId.
constexpr std::int64_t max_with_resources = 200;

json::object to_json(const state::Deal& deal, const std::string& uin, bool with_resource)
{
    const bool disk = deal.resource_id.starts_with("disk-");
    // Of a resource that is not known any more, the product alone.
    const std::string sub_product = !deal.sub_product.empty() ? deal.sub_product : disk ? "sp_cbs" : "sp_cvm";
    return {{"OrderId", deal.order_id},
            {"Status", static_cast<std::int64_t>(deal.status)},
            {"Payer", uin},
            {"CreateTime", state::format_beijing_time(deal.created_at)},
            {"Creator", uin},
            {"RealTotalCost", deal.total.value},
            {"VoucherDecline", 0},
            {"ProjectId", 0},
            {"GoodsCategoryId", 0},
            {"ProductInfo", json::array{}},
            {"TimeSpan", deal.months},
            {"TimeUnit", "m"},
            {"Currency", "CNY"},
            {"Policy", percent({deal.original, deal.total})},
            {"Price", deal.months > 0 ? deal.original.value / deal.months : deal.original.value},
            {"TotalCost", deal.original.value},
            {"ProductCode", disk ? "p_cbs" : "p_cvm"},
            {"SubProductCode", sub_product},
            {"BigDealId", deal.big_deal_id},
            {"Formula", ""},
            {"RefReturnDeals", ""},
            {"PayMode", "prePay"},
            {"Action", deal.action},
            {"ProductName", disk ? "云硬盘" : "云服务器 CVM"},
            {"SubProductName", disk ? "云硬盘" : "云服务器 CVM"},
            {"ResourceId", with_resource ? json::value(json::array{json::string{deal.resource_id}}) : json::value()},
            {"ZoneCode", deal.zone}};
}

Result<Answer> handle(const Context& context, const Params& params)
{
    std::array<state::Instant, 2> span;
    std::size_t at = 0;
    for (const std::string_view name : {"StartTime", "EndTime"}) {
        const std::string text = params.string(name).value();
        const auto time = state::parse_beijing_time(text);
        if (!time)
            return error(Errc::invalid_parameter_value, text, name);
        span.at(at++) = *time;
    }
    auto statuses = params.integers("StatusSet");
    if (statuses.empty())
        statuses.push_back(params.integer("Status").value_or(static_cast<std::int64_t>(state::DealStatus::shipped)));

    const auto is = [&](std::string_view name, const std::string& value) {
        return params.string(name).value_or(value) == value;
    };
    std::vector<state::Deal> found;
    std::ranges::copy_if(context.store.list_deals(context.call.account.uin), std::back_inserter(found),
                         [&](const state::Deal& deal) {
                             return deal.created_at >= span[0] && deal.created_at <= span[1] &&
                                    std::ranges::count(statuses, static_cast<std::int64_t>(deal.status)) > 0 &&
                                    is("OrderId", deal.order_id) && is("BigDealId", deal.big_deal_id) &&
                                    is("ResourceId", deal.resource_id);
                         });
    std::ranges::reverse(found); // newest first (assumed)

    const auto limit = params.integer("Limit").value();
    const auto total = std::ssize(found);
    const auto page = std::min(params.integer("Offset").value_or(0), total); // no page beyond that number has orders
    const auto [begin, end] = window(total, page * limit, limit);
    json::array deals;
    for (auto index = begin; index < end; ++index)
        deals.push_back(
            to_json(found[static_cast<std::size_t>(index)], context.call.account.uin, limit <= max_with_resources));
    return json::object{{"Deals", std::move(deals)}, {"TotalCount", total}};
}

} // namespace

extern const Action describe_deals_by_cond{
    .name = "DescribeDealsByCond",
    .product = "billing",
    .version = "2018-07-09",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api
