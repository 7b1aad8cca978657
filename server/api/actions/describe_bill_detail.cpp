#include "server/api/bills.hpp"
#include "server/api/page.hpp"
#include "state/rules/order.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api::describe_bill_detail {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "Offset", .type = Type::unsigned_integer, .required = true},
    Field{.name = "Limit", .type = Type::unsigned_integer, .required = true, .min = 1, .max = 300},
    Field{.name = "PeriodType", .type = Type::string, .words = period_types},
    Field{.name = "Month", .type = Type::string},
    Field{.name = "BeginTime", .type = Type::string},
    Field{.name = "EndTime", .type = Type::string},
    Field{.name = "NeedRecordNum", .type = Type::integer, .min = 0, .max = 1},
    Field{.name = "ProductCode", .type = Type::string},
    Field{.name = "PayMode", .type = Type::string, .words = pay_modes},
    Field{.name = "ResourceId", .type = Type::string},
    Field{.name = "ActionType", .type = Type::string, .words = action_type_names},
    Field{.name = "ProjectId", .type = Type::integer},
    Field{.name = "BusinessCode", .type = Type::string},
    Field{.name = "Context", .type = Type::string},
    Field{.name = "PayerUin", .type = Type::string},
};

// Regions whose RegionType is that of mainland China; an unknown region counts as one of them.
constexpr std::array<std::string_view, 9> mainland_regions{
    "",           "ap-guangzhou", "ap-shenzhen-fsi", "ap-shanghai", "ap-shanghai-fsi",
    "ap-nanjing", "ap-beijing",   "ap-chengdu",      "ap-chongqing"};

// In the style of v_cvm_compute in the page's example.
std::string component_code(const state::BillEntry& entry)
{
    const std::string_view product = state::product_of(entry.resource_id);
    return "v_" + std::string{product.substr(product.find('_') + 1)};
}

// The paid amount as a single component: how the vendor divides a price among parts is not documented.
json::object component(const Context& context, const Billed& billed)
{
    const state::BillEntry& entry = billed.entry;
    const BillName product = product_name(context, entry.resource_id);
    constexpr std::int64_t seconds_of_an_hour = 3600;
    const std::string span = std::to_string(entry.prepaid ? entry.months : entry.used.count() / seconds_of_an_hour);
    const std::string nothing = bill_amount({});
    const bool chinese = context.call.language == Language::chinese;
    return {{"ComponentCodeName", product.name},
            {"ItemCodeName", product.name},
            {"SinglePrice", bill_amount(entry.original)},
            {"SpecifiedPrice", bill_amount(entry.original)},
            {"PriceUnit", chinese ? "元" : "CNY"},
            {"UsedAmount", "1"},
            {"UsedAmountUnit", chinese ? "个" : "piece"},
            {"RealTotalMeasure", "1"},
            {"DeductedMeasure", "0"},
            {"TimeSpan", span},
            {"TimeUnitName", entry.prepaid ? (chinese ? "月" : "month") : (chinese ? "小时" : "hour")},
            {"Cost", bill_amount(entry.original)},
            {"Discount", bill_discount(entry)},
            {"ReduceType", bill_reduce_type(context, entry)},
            {"RealCost", bill_amount(entry.paid.total())},
            {"VoucherPayAmount", bill_amount(entry.paid.voucher)},
            {"CashPayAmount", bill_amount(entry.paid.cash)},
            {"IncentivePayAmount", bill_amount(entry.paid.incentive)},
            {"TransferPayAmount", bill_amount(entry.paid.transfer)},
            {"ItemCode", "s" + component_code(entry)},
            {"ComponentCode", component_code(entry)},
            {"ContractPrice", bill_amount(entry.paid.total())},
            {"InstanceType", ""},
            {"RiTimeSpan", nothing},
            {"OriginalCostWithRI", nothing},
            {"SPDeductionRate", nothing},
            {"SPDeduction", nothing},
            {"OriginalCostWithSP", nothing},
            {"BlendedDiscount", bill_discount(entry)},
            {"ComponentConfig", json::array{}}};
}

json::object to_json(const Context& context, const Billed& billed)
{
    const state::BillEntry& entry = billed.entry;
    const std::string& uin = context.call.account.uin;
    const BillName product = product_name(context, entry.resource_id);
    const BillName region = region_name(context, billed.region);
    const BillName action = action_name(context, entry.action);
    const std::string day = state::format_beijing_time(entry.paid_at).substr(0, 10) + " 00:00:00";
    // Hourly use has no order; its bill is identified by the resource and the day.
    const std::string bill = !entry.order_id.empty() ? entry.order_id : day.substr(0, 10) + "_" + entry.resource_id;
    const bool domestic = std::ranges::count(mainland_regions, billed.region) > 0;
    const bool chinese = context.call.language == Language::chinese;
    return {{"BusinessCodeName", product.name},
            {"ProductCodeName", product.name},
            {"PayModeName", pay_mode_name(context, entry.prepaid).name},
            {"ProjectName", project_name(context, billed.project_id)},
            {"RegionName", region.name},
            {"ZoneName", zone_name(context, billed.zone)},
            {"ResourceId", entry.resource_id},
            {"ResourceName", billed.name},
            {"ActionTypeName", action.name},
            {"OrderId", entry.order_id},
            {"BillId", bill},
            {"PayTime", state::format_beijing_time(entry.paid_at)},
            {"FeeBeginTime", state::format_beijing_time(entry.begins)},
            {"FeeEndTime", state::format_beijing_time(entry.ends)},
            {"ComponentSet", json::array{component(context, billed)}},
            {"PayerUin", uin},
            {"OwnerUin", uin},
            {"OperateUin", uin},
            {"Tags", tags_json(billed)},
            {"BusinessCode", product.code},
            {"ProductCode", billed.sub_product},
            {"ActionType", action.code},
            {"RegionId", region.code},
            {"ProjectId", billed.project_id},
            {"PriceInfo", json::array{}},
            {"AssociatedOrder", json::object{}},
            {"Formula", ""},
            {"FormulaUrl", ""},
            {"BillDay", day},
            {"BillMonth", day.substr(0, 8) + "01 00:00:00"},
            {"Id", bill},
            {"RegionType", domestic ? "domestic" : "international"},
            {"RegionTypeName", chinese ? (domestic ? "国内" : "国际") : (domestic ? "Domestic" : "International")},
            {"ReserveDetail", ""},
            {"DiscountObject", ""},
            {"DiscountType", ""},
            {"DiscountContent", ""},
            {"ExtendField", ""}};
}

Result<Answer> handle(const Context& context, const Params& params)
{
    if (auto refused = refuse_other_payer(context, params))
        return *refused;
    const auto month = read_detail_month(context, params);
    if (!month)
        return month.error();
    const std::vector<Billed> bill = select_bill(context, params, *month);
    const auto [begin, end] =
        window(std::ssize(bill), params.integer("Offset").value(), params.integer("Limit").value());
    json::array details;
    for (std::int64_t i = begin; i < end; ++i)
        details.push_back(to_json(context, bill[static_cast<std::size_t>(i)]));
    // On the real service Context makes the next page faster; here all pages are equally fast.
    return json::object{{"DetailSet", std::move(details)},
                        {"Total", params.integer("NeedRecordNum") == 1 ? bill.size() : 0},
                        {"Context", state::format_bill_month(*month) + "_" + std::to_string(end)}};
}

} // namespace

extern const Action action{
    .name = "DescribeBillDetail",
    .product = "billing",
    .version = "2018-07-09",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_bill_detail
