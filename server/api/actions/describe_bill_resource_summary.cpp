#include "server/api/bills.hpp"
#include "server/api/page.hpp"

#include <boost/json.hpp>

#include <array>
#include <map>
#include <tuple>

namespace cvm::api::describe_bill_resource_summary {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "Offset", .type = Type::unsigned_integer, .required = true},
    Field{.name = "Limit", .type = Type::unsigned_integer, .required = true, .min = 1, .max = 1000},
    Field{.name = "Month", .type = Type::string, .required = true},
    Field{.name = "PeriodType", .type = Type::string, .words = period_types},
    Field{.name = "NeedRecordNum", .type = Type::integer, .min = 0, .max = 1},
    Field{.name = "ActionType", .type = Type::string, .words = action_type_names},
    Field{.name = "ResourceId", .type = Type::string},
    Field{.name = "PayMode", .type = Type::string, .words = pay_modes},
    Field{.name = "BusinessCode", .type = Type::string},
    Field{.name = "PayerUin", .type = Type::string},
    Field{.name = "TagKey", .type = Type::string},
    Field{.name = "TagValue", .type = Type::string},
};

json::object to_json(const Context& context, const Billed& billed, const std::string& month)
{
    const state::BillEntry& entry = billed.entry;
    const std::string& uin = context.call.account.uin;
    const BillName product = product_name(context, entry.resource_id);
    const BillName region = region_name(context, billed.region);
    return {{"BusinessCodeName", product.name},
            {"ProductCodeName", product.name},
            {"PayModeName", pay_mode_name(context, entry.prepaid).name},
            {"ProjectName", project_name(context, billed.project_id)},
            {"RegionName", region.name},
            {"ZoneName", zone_name(context, billed.zone)},
            {"ResourceId", entry.resource_id},
            {"ResourceName", billed.name},
            {"ActionTypeName", action_name(context, entry.action).name},
            {"OrderId", entry.order_id},
            {"PayTime", state::format_beijing_time(entry.paid_at)},
            {"FeeBeginTime", state::format_beijing_time(entry.begins)},
            {"FeeEndTime", state::format_beijing_time(entry.ends)},
            {"ConfigDesc", ""},
            {"ExtendField1", ""},
            {"ExtendField2", ""},
            {"TotalCost", bill_amount(entry.original)},
            {"Discount", bill_discount(entry)},
            {"ReduceType", bill_reduce_type(context, entry)},
            {"RealTotalCost", bill_amount(entry.paid.total())},
            {"VoucherPayAmount", bill_amount(entry.paid.voucher)},
            {"CashPayAmount", bill_amount(entry.paid.cash)},
            {"IncentivePayAmount", bill_amount(entry.paid.incentive)},
            {"TransferPayAmount", bill_amount(entry.paid.transfer)},
            {"ExtendField3", ""},
            {"ExtendField4", ""},
            {"ExtendField5", ""},
            {"Tags", tags_json(billed)},
            {"PayerUin", uin},
            {"OwnerUin", uin},
            {"OperateUin", uin},
            {"BusinessCode", product.code},
            {"ProductCode", billed.sub_product},
            {"RegionId", std::stoll(region.code)},
            {"InstanceType", ""},
            {"OriginalCostWithRI", bill_amount({})},
            {"SPDeduction", bill_amount({})},
            {"OriginalCostWithSP", bill_amount({})},
            {"BillMonth", month}};
}

// Merges the days of an hourly resource into one entry; each order stays a separate entry.
std::vector<Billed> by_resource(std::vector<Billed> bill)
{
    std::vector<Billed> merged;
    std::map<std::tuple<std::string, std::string, state::BillAction>, std::size_t> known;
    for (Billed& billed : bill) {
        const state::BillEntry& entry = billed.entry;
        const auto [at, fresh] = known.try_emplace({entry.resource_id, entry.order_id, entry.action}, merged.size());
        if (fresh) {
            merged.push_back(std::move(billed));
            continue;
        }
        state::BillEntry& into = merged[at->second].entry;
        into.paid += entry.paid;
        into.original += entry.original;
        into.used += entry.used;
        into.paid_at = std::max(into.paid_at, entry.paid_at);
        into.begins = std::min(into.begins, entry.begins);
        into.ends = std::max(into.ends, entry.ends);
    }
    return merged;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    if (auto refused = refuse_other_payer(context, params))
        return *refused;
    const std::string given = params.string("Month").value();
    const auto month = state::parse_bill_month(given);
    if (!month)
        return error(Errc::invalid_parameter_value, given, "Month");
    if (month->begins > context.call.now)
        return error(Errc::failed_operation_summary_data_not_ready);
    const std::vector<Billed> resources = by_resource(select_bill(context, params, *month));
    const auto [begin, end] =
        window(std::ssize(resources), params.integer("Offset").value(), params.integer("Limit").value());
    const std::string name = state::format_bill_month(*month);
    json::array list;
    for (std::int64_t i = begin; i < end; ++i)
        list.push_back(to_json(context, resources[static_cast<std::size_t>(i)], name));
    json::object answer{{"ResourceSummarySet", std::move(list)}};
    answer["Total"] = params.integer("NeedRecordNum") == 1 ? json::value(resources.size()) : json::value();
    return answer;
}

} // namespace

extern const Action action{
    .name = "DescribeBillResourceSummary",
    .product = "billing",
    .version = "2018-07-09",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_bill_resource_summary
