#include "server/api/bills.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::describe_bill_summary_by_product {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 3> pay_types{"consume", "refund", "adjustment"};

constexpr std::array fields{
    Field{.name = "BeginTime", .type = Type::string, .required = true},
    Field{.name = "EndTime", .type = Type::string, .required = true},
    Field{.name = "PayerUin", .type = Type::string},
    Field{.name = "PayType", .type = Type::string, .words = pay_types},
};

// There are no adjustments here.
std::string_view pay_type_of(const state::BillEntry& entry)
{
    const bool back = entry.action == state::BillAction::refund || entry.action == state::BillAction::to_hourly;
    return pay_types.at(back ? 1 : 0);
}

Result<Answer> handle(const Context& context, const Params& params)
{
    if (auto refused = refuse_other_payer(context, params))
        return *refused;
    const auto month = read_summary_month(params);
    if (!month)
        return month.error();
    std::vector<Billed> bill;
    const auto pay_type = params.string("PayType");
    state::BillSum whole;
    for (state::BillEntry& entry : list_bill(context, *month)) {
        if (pay_type && *pay_type != pay_type_of(entry))
            continue;
        whole.add(entry);
        bill.push_back({std::move(entry)}); // the resource is not needed for the product
    }
    json::object total;
    add_sum(total, whole);
    const auto names_of = [&](const Billed& billed) {
        const BillName product = product_name(context, billed.entry.resource_id);
        return json::object{{"BusinessCode", product.code}, {"BusinessCodeName", product.name}};
    };
    return json::object{
        {"Ready", 1}, {"SummaryTotal", std::move(total)}, {"SummaryOverview", summary(bill, names_of, *month)}};
}

} // namespace

extern const Action action{
    .name = "DescribeBillSummaryByProduct",
    .product = "billing",
    .version = "2018-07-09",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_bill_summary_by_product
