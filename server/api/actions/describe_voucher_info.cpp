#include "server/api/action.hpp"
#include "server/api/bills.hpp"
#include "server/api/vouchers.hpp"
#include "state/rules/voucher.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>

namespace cvm::api::describe_voucher_info {

namespace json = boost::json;

namespace {

// The page spells two of them with a prefix that is left over from a space.
constexpr std::array<std::string_view, 7> statuses{"unUsed", "used",      "xa0used", "delivered",
                                                   "cancel", "xa0cancel", "overdue"};
constexpr std::array<std::string_view, 3> sort_fields{"BeginTime", "EndTime", "CreateTime"};
constexpr std::array<std::string_view, 2> sort_orders{"desc", "asc"};
constexpr std::array<std::string_view, 5> voucher_pay_modes{"postPay", "prePay", "riPay", "", "*"};
constexpr std::array<std::string_view, 2> main_types{"has_price", "no_price"};
constexpr std::array<std::string_view, 2> sub_types{"discount", "deduct"};

constexpr std::array fields{
    voucher_limit_field,
    voucher_page_field,
    Field{.name = "Status", .type = Type::string, .words = statuses},
    Field{.name = "VoucherId", .type = Type::string},
    Field{.name = "CodeId", .type = Type::string},
    Field{.name = "ProductCode", .type = Type::string},
    Field{.name = "ActivityId", .type = Type::string},
    Field{.name = "VoucherName", .type = Type::string},
    Field{.name = "TimeFrom", .type = Type::string},
    Field{.name = "TimeTo", .type = Type::string},
    Field{.name = "SortField", .type = Type::string, .words = sort_fields},
    Field{.name = "SortOrder", .type = Type::string, .words = sort_orders},
    Field{.name = "PayMode", .type = Type::string, .words = voucher_pay_modes},
    Field{.name = "PayScene", .type = Type::string},
    Field{.name = "Operator", .type = Type::string},
    Field{.name = "VoucherMainType", .type = Type::string, .words = main_types},
    Field{.name = "VoucherSubType", .type = Type::string, .words = sub_types},
    Field{.name = "StartTimeFrom", .type = Type::string},
    Field{.name = "StartTimeTo", .type = Type::string},
    Field{.name = "EndTimeFrom", .type = Type::string},
    Field{.name = "EndTimeTo", .type = Type::string},
    Field{.name = "CreateTimeFrom", .type = Type::string},
    Field{.name = "CreateTimeTo", .type = Type::string},
    Field{.name = "Lang", .type = Type::string},
};

// A time of a voucher, limited by two parameters.
struct Span {
    state::Instant state::Voucher::*member;
    std::string_view from;
    std::string_view to;
};
constexpr std::array spans{Span{&state::Voucher::created_at, "TimeFrom", "TimeTo"},
                           Span{&state::Voucher::begins_at, "StartTimeFrom", "StartTimeTo"},
                           Span{&state::Voucher::ends_at, "EndTimeFrom", "EndTimeTo"},
                           Span{&state::Voucher::created_at, "CreateTimeFrom", "CreateTimeTo"}};

// Reads a day, "2026-11-01", or a time. A day means its first second or, if it is the end of a span, its last second.
std::optional<state::Instant> read_time(const std::string& text, bool end)
{
    if (const auto time = state::parse_beijing_time(text))
        return time;
    return state::parse_beijing_time(text + (end ? " 23:59:59" : " 00:00:00"));
}

// Removes the vouchers that are outside the spans.
std::optional<Error> keep_spans(const Params& params, std::vector<state::Voucher>& vouchers)
{
    for (const Span& span : spans)
        for (const std::string_view name : {span.from, span.to}) {
            const auto text = params.string(name);
            if (!text)
                continue;
            const bool end = name == span.to;
            const auto time = read_time(*text, end);
            if (!time)
                return error(Errc::invalid_parameter_value, *text, name);
            std::erase_if(vouchers, [&](const state::Voucher& voucher) {
                return end ? voucher.*span.member > *time : voucher.*span.member < *time;
            });
        }
    return std::nullopt;
}

bool chosen(const Params& params, const state::Voucher& voucher, state::Instant now)
{
    const auto is = [&](std::string_view name, std::string_view value) {
        const auto given = params.string(name);
        return !given || given->empty() || *given == "*" || *given == value;
    };
    std::string status = params.string("Status").value_or("");
    if (status.starts_with("xa0"))
        status.erase(0, 3);
    const auto product = params.string("ProductCode").value_or("");
    return (status.empty() || status == name(state::status_of(voucher, now))) && is("VoucherId", voucher.id) &&
           is("CodeId", voucher.code_id) && is("ActivityId", voucher.activity_id) && is("VoucherName", voucher.name) &&
           is("PayMode", voucher.pay_mode) && is("PayScene", voucher.pay_scene) &&
           is("VoucherMainType", voucher.main_type) && is("VoucherSubType", voucher.sub_type) &&
           (product.empty() || voucher.products.empty() || std::ranges::count(voucher.products, product) > 0);
}

void sort(const Params& params, std::vector<state::Voucher>& vouchers)
{
    const auto field = params.string("SortField");
    if (!field)
        return;
    const auto member = *field == "BeginTime" ? &state::Voucher::begins_at
                        : *field == "EndTime" ? &state::Voucher::ends_at
                                              : &state::Voucher::created_at;
    if (params.string("SortOrder") == "asc")
        std::ranges::stable_sort(vouchers, {}, member);
    else
        std::ranges::stable_sort(vouchers, std::ranges::greater{}, member);
}

std::string goods(const state::Voucher& voucher, Language language)
{
    if (voucher.products.empty())
        return language == Language::chinese ? "全产品通用" : "All products";
    std::string names;
    for (const std::string& product : voucher.products)
        names += (names.empty() ? "" : ",") + product_name_of(product, language);
    return names;
}

json::object to_json(const Context& context, const state::Voucher& voucher, Language language)
{
    return {{"OwnerUin", context.call.account.uin},
            {"Status", name(state::status_of(voucher, context.call.now))},
            {"NominalValue", micro(voucher.nominal)},
            {"Balance", micro(voucher.left())},
            {"VoucherId", voucher.id},
            {"PayMode", voucher.pay_mode},
            {"PayScene", voucher.pay_scene},
            {"BeginTime", state::format_beijing_time(voucher.begins_at)},
            {"EndTime", state::format_beijing_time(voucher.ends_at)},
            {"ApplicableProducts", {{"GoodsName", goods(voucher, language)}, {"PayMode", voucher.pay_mode}}},
            {"ExcludedProducts", json::array{}},
            {"PolicyRemark", voucher.remark},
            {"CreateTime", state::format_beijing_time(voucher.created_at)}};
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const state::Instant now = context.call.now;
    std::vector<state::Voucher> vouchers;
    if (context.call.account.vouchers > 0)
        vouchers = context.store.list_vouchers(context.call.account.uin);
    if (auto refused = keep_spans(params, vouchers))
        return *refused;
    std::erase_if(vouchers, [&](const state::Voucher& voucher) {
        return voucher.created_at < two_years_before(now) || !chosen(params, voucher, now);
    });
    sort(params, vouchers);
    state::Cents left;
    for (const state::Voucher& voucher : vouchers)
        left += voucher.left();
    const auto lang = params.string("Lang").value_or("zh");
    const Language language = lang == "zh" || lang.empty() ? Language::chinese : Language::english;
    json::array list;
    for (const state::Voucher& voucher : page_of(vouchers, params))
        list.push_back(to_json(context, voucher, language));
    return json::object{{"TotalCount", vouchers.size()},
                        {"TotalBalance", micro(left)},
                        {"VoucherInfos", std::move(list)},
                        {"Unit", "micro"}};
}

} // namespace

extern const Action action{
    .name = "DescribeVoucherInfo",
    .product = "billing",
    .version = "2018-07-09",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_voucher_info
