#include "server/api/bills.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::describe_bill_summary_by_pay_mode {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "BeginTime", .type = Type::string, .required = true},
    Field{.name = "EndTime", .type = Type::string, .required = true},
    Field{.name = "PayerUin", .type = Type::string},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    if (auto refused = refuse_other_payer(context, params))
        return *refused;
    const auto month = read_summary_month(params);
    if (!month)
        return month.error();
    std::vector<Billed> bill;
    for (state::BillEntry& entry : list_bill(context, *month))
        bill.push_back({std::move(entry)}); // the resource is not needed for the pay mode
    json::array modes = summary(
        bill,
        [&](const Billed& billed) {
            const BillName mode = pay_mode_name(context, billed.entry.prepaid);
            return json::object{{"PayMode", mode.code}, {"PayModeName", mode.name}};
        },
        std::nullopt);
    for (json::value& mode : modes) {
        std::vector<Billed> of_mode;
        for (const Billed& billed : bill)
            if (pay_mode_name(context, billed.entry.prepaid).code == mode.at("PayMode").as_string())
                of_mode.push_back(billed);
        mode.as_object()["Detail"] = summary(
            of_mode,
            [&](const Billed& billed) {
                const BillName action = action_name(context, billed.entry.action);
                return json::object{{"ActionType", action.code}, {"ActionTypeName", action.name}};
            },
            *month);
    }
    return json::object{{"Ready", 1}, {"SummaryOverview", std::move(modes)}};
}

} // namespace

extern const Action action{
    .name = "DescribeBillSummaryByPayMode",
    .product = "billing",
    .version = "2018-07-09",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_bill_summary_by_pay_mode
