#pragma once

#include "server/api/action.hpp"
#include "state/rules/bill.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Bills of billing 2018-07-09: DescribeBillDetail, DescribeBillResourceSummary and DescribeBillSummaryBy...

namespace cvm::api {

// Values as on the vendor's pages.
inline constexpr std::array<std::string_view, 2> pay_modes{"prePay", "postPay"};
inline constexpr std::array<std::string_view, 2> period_types{"byUsedTime", "byPayTime"};
inline constexpr std::array<std::string_view, 28> action_type_names{
    "包年包月新购",     "包年包月续费",     "包年包月配置变更", "包年包月退款",    "按量计费扣费", "线下项目扣费",
    "线下产品扣费",     "调账扣费",         "调账补偿",         "按量计费小时结",  "按量计费日结", "按量计费月结",
    "竞价实例小时结",   "线下项目调账补偿", "线下产品调账补偿", "优惠扣费",        "优惠补偿",     "按量计费迁入资源",
    "按量计费迁出资源", "包年包月迁入资源", "包年包月迁出资源", "预付费用",        "小时费用",     "预留实例退款",
    "按量计费冲正",     "包年包月转按量",   "保底扣款",         "节省计划小时费用"};

// How many months before the current one have details, where the page says 18 months.
inline constexpr std::int64_t max_months_back = 17;

// A bill entry with the current data of its resource. For a resource that no longer exists, region and zone are those
// of its order; the other members are empty and the project is the default one (assumed).
struct Billed {
    state::BillEntry entry;
    std::string name{};
    std::string sub_product{}; // of the order or, for hourly use, of the resource; empty: unknown
    std::string region{};
    std::string zone{};
    std::int64_t project_id = 0;
    std::vector<state::KeyValue> tags{};
};

// A code and a display name in a bill.
struct BillName {
    std::string code;
    std::string name;
};

// The month of BeginTime and EndTime of the summaries, "2026-11". InvalidParameterValue for another format and if the
// two are in different months.
Result<state::BillMonth> read_summary_month(const Params& params);

// The month of DescribeBillDetail, from Month or from BeginTime and EndTime ("2026-11-01 00:00:00"). It must be one of
// the last 18 months; MissingParameter if neither is given.
Result<state::BillMonth> read_detail_month(const Context& context, const Params& params);

// Refuses a PayerUin other than the account's own.
std::optional<Error> refuse_other_payer(const Context& context, const Params& params);

std::vector<state::BillEntry> list_bill(const Context& context, const state::BillMonth& month);

Billed described(const Context& context, state::BillEntry entry);

// The bill of a month, filtered by those of PayMode, ResourceId, ActionType, BusinessCode, ProjectId, TagKey and
// TagValue that the page has.
std::vector<Billed> select_bill(const Context& context, const Params& params, const state::BillMonth& month);

// The display name for a product code; the code itself if it is unknown.
std::string product_name_of(const std::string& product, Language language);

BillName product_name(const Context& context, std::string_view resource_id);
BillName pay_mode_name(const Context& context, bool prepaid);
BillName action_name(const Context& context, state::BillAction action);
// Code 0 for an unknown region, as in the example.
BillName region_name(const Context& context, std::string_view region);
std::string zone_name(const Context& context, std::string_view zone);
std::string project_name(const Context& context, std::int64_t project_id);
boost::json::array tags_json(const Billed& billed);
std::string tag_value(const Billed& billed, std::string_view key); // empty without the tag

// An amount in the format of bills: in main units with eight decimals.
std::string bill_amount(state::Cents amount);

// "1" if the full list price is paid or the list price is unknown, else the fraction that is paid, with eight decimals.
std::string bill_discount(const state::BillEntry& entry);
std::string bill_reduce_type(const Context& context, const state::BillEntry& entry); // empty without a discount

// Adds the members that all sums have: RealTotalCost, TotalCost and the four PayAmounts, and RealTotalCostRatio if the
// whole sum is given.
void add_sum(boost::json::object& into, const state::BillSum& sum);
void add_sum(boost::json::object& into, const state::BillSum& sum, const state::BillSum& whole);

// A row of a summary.
struct BillRow {
    boost::json::object names;
    state::BillSum sum;
};

// The sums of the entries grouped by `names_of`, the largest first, as in the examples; with BillMonth if it is given.
boost::json::array summary(const std::vector<Billed>& bill,
                           const std::function<boost::json::object(const Billed&)>& names_of,
                           const std::optional<state::BillMonth>& month);

// Answers the summaries by product, project and region: checks the parameters, reads the bill, and returns Ready and
// SummaryOverview.
Result<Answer> answer_summary(const Context& context, const Params& params,
                              const std::function<boost::json::object(const Billed&)>& names_of);

} // namespace cvm::api
