#include "server/api/bills.hpp"

#include "server/api/places.hpp"
#include "state/rules/order.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>

namespace cvm::api {

namespace json = boost::json;

namespace {

const Names& words(std::string_view of)
{
    static const std::map<std::string_view, Names> all{
        {"p_cvm", {"Cloud Virtual Machine (CVM)", "云服务器 CVM"}},
        {"p_cbs", {"Cloud Block Storage (CBS)", "云硬盘 CBS"}},
        {"p_lighthouse", {"Tencent Cloud Lighthouse", "轻量应用服务器"}},
        {"prePay", {"Monthly Subscription", "包年包月"}},
        {"postPay", {"Pay-As-You-Go resources", "按量计费"}},
        {"prepay_purchase", {"Purchase", "包年包月新购"}},
        {"prepay_renew", {"Renewal", "包年包月续费"}},
        {"prepay_modify", {"Modify", "包年包月配置变更"}},
        {"prepay_return", {"Refund", "包年包月退款"}},
        {"pre_to_post", {"Monthly Subscription to Pay-As-You-Go", "包年包月转按量"}},
        {"postpay_deduct_h", {"Hourly settlement", "按量计费小时结"}},
        {"other", {"Other", "其他"}},
        {"default project", {"Default Project", "默认项目"}}};
    return all.at(of);
}

std::string in_words(const Context& context, std::string_view of)
{
    return in_language(words(of), context.call.language);
}

// The numeric region ids of billing: 1, 4 and 8 are documented by examples, the others are assumed.
constexpr std::array<std::pair<std::string_view, std::string_view>, 18> region_ids{{{"ap-guangzhou", "1"},
                                                                                    {"ap-shanghai", "4"},
                                                                                    {"ap-hongkong", "5"},
                                                                                    {"ap-shanghai-fsi", "7"},
                                                                                    {"ap-beijing", "8"},
                                                                                    {"ap-singapore", "9"},
                                                                                    {"ap-shenzhen-fsi", "11"},
                                                                                    {"na-siliconvalley", "15"},
                                                                                    {"ap-chengdu", "16"},
                                                                                    {"eu-frankfurt", "17"},
                                                                                    {"ap-seoul", "18"},
                                                                                    {"ap-chongqing", "19"},
                                                                                    {"na-ashburn", "22"},
                                                                                    {"ap-bangkok", "23"},
                                                                                    {"ap-tokyo", "25"},
                                                                                    {"ap-nanjing", "33"},
                                                                                    {"ap-jakarta", "72"},
                                                                                    {"sa-saopaulo", "74"}}};

std::string with_wide_brackets(std::string text)
{
    for (const auto& [narrow, wide] : {std::pair{"(", "（"}, std::pair{")", "）"}})
        if (const auto at = text.find(narrow); at != std::string::npos)
            text.replace(at, 1, wide);
    return text;
}

bool chosen(const Context& context, const Params& params, const state::BillEntry& entry)
{
    const auto is = [&](std::string_view name, std::string_view value) {
        const auto given = params.string(name);
        return !given || given->empty() || *given == value;
    };
    return is("PayMode", pay_mode_name(context, entry.prepaid).code) && is("ResourceId", entry.resource_id) &&
           is("ActionType", words(name(entry.action)).zh) && is("BusinessCode", state::product_of(entry.resource_id));
}

bool chosen(const Params& params, const Billed& billed)
{
    if (const auto project = params.integer("ProjectId"); project && *project != billed.project_id)
        return false;
    const auto key = params.string("TagKey");
    if (!key || key->empty())
        return true;
    const auto tag = std::ranges::find(billed.tags, *key, &state::KeyValue::key);
    return tag != billed.tags.end() && tag->value == params.string("TagValue").value_or(tag->value);
}

} // namespace

Result<state::BillMonth> read_summary_month(const Params& params)
{
    std::optional<state::BillMonth> month;
    for (const std::string_view name : {"BeginTime", "EndTime"}) {
        const std::string text = params.string(name).value();
        const auto read = state::parse_bill_month(text);
        if (!read || (month && *month != *read))
            return error(Errc::invalid_parameter_value, text, name);
        month = read;
    }
    return *month;
}

Result<state::BillMonth> read_detail_month(const Context& context, const Params& params)
{
    std::optional<state::BillMonth> month;
    std::string_view of = "Month";
    std::string given = params.string(of).value_or("");
    if (params.has("BeginTime") || params.has("EndTime")) {
        for (const std::string_view name : {"BeginTime", "EndTime"}) {
            const auto text = params.string(name);
            if (!text)
                return error(Errc::missing_parameter, name);
            const auto time = state::parse_beijing_time(*text);
            const auto read = time ? std::optional{state::bill_month_of(*time)} : std::nullopt;
            if (!read || (month && *month != *read))
                return error(Errc::invalid_parameter_value, *text, name);
            month = read;
            of = name;
            given = *text;
        }
    } else if (params.has("Month")) {
        month = state::parse_bill_month(given);
    } else {
        return error(Errc::missing_parameter, of);
    }
    const auto back = month ? state::months_between(*month, state::bill_month_of(context.call.now)) : std::int64_t{-1};
    if (back < 0 || back > max_months_back)
        return error(Errc::invalid_parameter_value, given, of);
    return *month;
}

std::optional<Error> refuse_other_payer(const Context& context, const Params& params)
{
    const auto payer = params.string("PayerUin");
    if (payer && *payer != context.call.account.uin)
        return error(Errc::invalid_parameter_value, *payer, "PayerUin");
    return std::nullopt;
}

std::vector<state::BillEntry> list_bill(const Context& context, const state::BillMonth& month)
{
    const std::string& uin = context.call.account.uin;
    const auto lines = context.store.list_payments(uin, month.begins, month.ends);
    return state::bill_of(lines, [&](const std::string& id) { return context.store.find_deal(uin, id); });
}

Billed described(const Context& context, state::BillEntry entry)
{
    const std::string& uin = context.call.account.uin;
    Billed billed{.entry = std::move(entry)};
    billed.sub_product = billed.entry.sub_product;
    billed.zone = billed.entry.zone;
    const auto keep_sub_product = [&](const auto& resource) {
        if (billed.sub_product.empty())
            billed.sub_product = state::sub_product(resource);
    };
    if (const auto instance = context.store.view_instance(uin, billed.entry.resource_id)) {
        billed.name = instance->name;
        billed.zone = instance->zone;
        billed.project_id = instance->project_id;
        billed.tags = instance->attributes.tags;
        keep_sub_product(*instance);
    } else if (const auto placed = context.store.find_disk(uin, billed.entry.resource_id)) {
        billed.name = placed->disk.name;
        billed.zone = placed->zone;
        billed.project_id = placed->project_id;
        billed.tags = placed->disk.tags;
        keep_sub_product(placed->disk);
    }
    billed.region = region_of_zone(billed.zone);
    return billed;
}

std::vector<Billed> select_bill(const Context& context, const Params& params, const state::BillMonth& month)
{
    std::vector<Billed> found;
    for (state::BillEntry& entry : list_bill(context, month)) {
        if (!chosen(context, params, entry))
            continue;
        Billed billed = described(context, std::move(entry));
        if (chosen(params, billed))
            found.push_back(std::move(billed));
    }
    return found;
}

std::string product_name_of(const std::string& product, Language language)
{
    return product == "p_cvm" || product == "p_cbs" || product == "p_lighthouse" ? in_language(words(product), language)
                                                                                 : product;
}

BillName product_name(const Context& context, std::string_view resource_id)
{
    const std::string_view code = state::product_of(resource_id);
    return {std::string{code}, in_words(context, code)};
}

BillName pay_mode_name(const Context& context, bool prepaid)
{
    const std::string_view code = pay_modes.at(prepaid ? 0 : 1);
    return {std::string{code}, in_words(context, code)};
}

BillName action_name(const Context& context, state::BillAction action)
{
    const std::string_view code = name(action);
    return {std::string{code}, in_words(context, code)};
}

BillName region_name(const Context& context, std::string_view region)
{
    const auto id = std::ranges::find(region_ids, region, [](const auto& known) { return known.first; });
    const auto& names = context.catalog.region_names;
    const auto shown =
        std::ranges::find(names, region, [](const auto& known) -> std::string_view { return known.first; });
    if (shown == names.end())
        return {"0", in_words(context, "other")};
    std::string text = in_language(shown->second, context.call.language);
    return {std::string{id == region_ids.end() ? "0" : id->second},
            context.call.language == Language::chinese ? with_wide_brackets(std::move(text)) : text};
}

std::string zone_name(const Context& context, std::string_view zone)
{
    const Zone* known = context.catalog.find_zone(zone);
    return known != nullptr ? in_language(known->names, context.call.language) : in_words(context, "other");
}

std::string project_name(const Context& context, std::int64_t project_id)
{
    return project_id == 0 ? in_words(context, "default project") : std::to_string(project_id);
}

json::array tags_json(const Billed& billed)
{
    json::array tags;
    for (const state::KeyValue& tag : billed.tags)
        tags.push_back({{"TagKey", tag.key}, {"TagValue", tag.value}});
    return tags;
}

std::string tag_value(const Billed& billed, std::string_view key)
{
    const auto tag = std::ranges::find(billed.tags, key, &state::KeyValue::key);
    return tag == billed.tags.end() ? "" : tag->value;
}

std::string bill_amount(state::Cents amount)
{
    constexpr std::uint64_t cents = 100;
    const bool negative = amount.value < 0;
    const std::uint64_t value =
        negative ? 0 - static_cast<std::uint64_t>(amount.value) : static_cast<std::uint64_t>(amount.value);
    const std::string rest = std::to_string(value % cents);
    return (negative ? "-" : "") + std::to_string(value / cents) + (rest.size() == 1 ? ".0" : ".") + rest + "000000";
}

std::string bill_discount(const state::BillEntry& entry)
{
    constexpr std::int64_t one = 10'000;
    const std::int64_t ratio = state::ratio(entry.paid.total(), entry.original);
    return ratio <= 0 || ratio >= one ? "1" : "0." + std::to_string(one + ratio).substr(1) + "0000";
}

std::string bill_reduce_type(const Context& context, const state::BillEntry& entry)
{
    if (bill_discount(entry) == "1")
        return "";
    return context.call.language == Language::chinese ? "折扣" : "Discount";
}

void add_sum(json::object& into, const state::BillSum& sum)
{
    into["RealTotalCost"] = bill_amount(sum.paid.total());
    into["TotalCost"] = bill_amount(sum.original);
    into["CashPayAmount"] = bill_amount(sum.paid.cash);
    into["IncentivePayAmount"] = bill_amount(sum.paid.incentive);
    into["VoucherPayAmount"] = bill_amount(sum.paid.voucher);
    into["TransferPayAmount"] = bill_amount(sum.paid.transfer);
}

void add_sum(json::object& into, const state::BillSum& sum, const state::BillSum& whole)
{
    add_sum(into, sum);
    std::string ratio = bill_amount({state::ratio(sum.paid.total(), whole.paid.total())});
    ratio.resize(ratio.size() - 6);
    into["RealTotalCostRatio"] = ratio;
}

json::array summary(const std::vector<Billed>& bill, const std::function<json::object(const Billed&)>& names_of,
                    const std::optional<state::BillMonth>& month)
{
    std::vector<BillRow> rows;
    std::map<std::string, std::size_t> known;
    state::BillSum whole;
    for (const Billed& billed : bill) {
        json::object names = names_of(billed);
        const auto [at, fresh] = known.try_emplace(json::serialize(names), rows.size());
        if (fresh)
            rows.push_back({std::move(names), {}});
        rows[at->second].sum.add(billed.entry);
        whole.add(billed.entry);
    }
    std::ranges::stable_sort(rows, std::ranges::greater{}, [](const BillRow& row) { return row.sum.paid.total(); });
    json::array list;
    for (BillRow& row : rows) {
        add_sum(row.names, row.sum, whole);
        if (month)
            row.names["BillMonth"] = state::format_bill_month(*month);
        list.push_back(std::move(row.names));
    }
    return list;
}

Result<Answer> answer_summary(const Context& context, const Params& params,
                              const std::function<json::object(const Billed&)>& names_of)
{
    if (auto refused = refuse_other_payer(context, params))
        return *refused;
    const auto month = read_summary_month(params);
    if (!month)
        return month.error();
    return json::object{{"Ready", 1},
                        {"SummaryOverview", summary(select_bill(context, params, *month), names_of, *month)}};
}

} // namespace cvm::api
