#include "server/api/action.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::describe_account_balance {

namespace {

constexpr std::array fields{
    Field{.name = "TempCredit", .type = Type::boolean},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const state::Balance& b = context.call.account.balance;
    // Amounts are in cents; the page declares most of them as float, and a whole float is written like an integer here.
    boost::json::object answer{
        {"Balance", b.real().value},
        {"Uin", std::stoull(context.call.account.uin)},
        {"RealBalance", b.real().value},
        {"CashAccountBalance", b.cash.value},
        {"IncomeIntoAccountBalance", b.income.value},
        {"PresentAccountBalance", b.present.value},
        {"FreezeAmount", b.frozen.value},
        {"OweAmount", b.owed.value},
        {"IsAllowArrears", b.credit > state::Cents{0}},
        {"IsCreditLimited", b.credit > state::Cents{0}},
        {"CreditAmount", b.credit.value},
        {"CreditBalance", b.with_credit().value},
        {"RealCreditBalance", b.available().value},
    };
    if (params.boolean("TempCredit").value_or(false)) {
        answer["TempCredit"] = 0;
        answer["TempAmountInfoList"] = boost::json::array{};
    }
    return answer;
}

} // namespace

extern const Action action{
    .name = "DescribeAccountBalance",
    .product = "billing",
    .version = "2018-07-09",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_account_balance
