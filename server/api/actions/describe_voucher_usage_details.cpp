#include "server/api/action.hpp"
#include "server/api/bills.hpp"
#include "server/api/vouchers.hpp"
#include "state/rules/order.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api::describe_voucher_usage_details {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    voucher_limit_field,
    voucher_page_field,
    Field{.name = "VoucherId", .type = Type::string, .required = true},
    Field{.name = "Operator", .type = Type::string},
};

json::object to_json(const Context& context, const state::VoucherUse& use)
{
    const auto deal = context.store.find_deal(context.call.account.uin, use.order_id);
    const std::string product = deal ? std::string{state::product_of(deal->resource_id)} : "";
    const std::string plain = product.substr(product.find('_') + 1);
    const std::string zh = deal ? product_name_of(product, Language::chinese) : "";
    const std::string en = deal ? product_name_of(product, Language::english) : "";
    json::object details{{"ProductName", zh},
                         {"SubProductName", zh},
                         {"ProductCode", plain},
                         {"SubProductCode", product},
                         {"BillingItemCode", deal ? "v_" + plain : ""},
                         {"SubBillingItemCode", deal ? "sv_" + plain + "_prepay" : ""},
                         {"ProductEnName", en},
                         {"SubProductEnName", en},
                         {"CalcUnit", std::to_string(deal ? deal->months : 0)},
                         {"Action", deal ? deal->action : ""}};
    return {{"UsedAmount", micro(use.amount)},
            {"UsedTime", state::format_beijing_time(use.at)},
            {"UsageDetails", json::array{std::move(details)}},
            {"PayMode", "prepay"},
            {"VoucherId", use.voucher_id},
            {"PayScene", "common"},
            {"SeqId", use.order_id}};
}

Result<Answer> handle(const Context& context, const Params& params)
{
    std::vector<state::VoucherUse> uses;
    if (context.call.account.vouchers > 0)
        uses = context.store.list_voucher_uses(context.call.account.uin, params.string("VoucherId").value());
    std::erase_if(uses, [&](const state::VoucherUse& use) { return use.at < two_years_before(context.call.now); });
    state::Cents used;
    for (const state::VoucherUse& use : uses)
        used += use.amount;
    json::array records;
    for (const state::VoucherUse& use : page_of(uses, params))
        records.push_back(to_json(context, use));
    return json::object{
        {"TotalCount", uses.size()}, {"TotalUsedAmount", micro(used)}, {"UsageRecords", std::move(records)}};
}

} // namespace

extern const Action action{
    .name = "DescribeVoucherUsageDetails",
    .product = "billing",
    .version = "2018-07-09",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_voucher_usage_details
