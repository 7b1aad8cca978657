#include "state/rules/payment.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace cvm::state {

namespace {

void refuse_negative(Cents amount)
{
    if (amount < Cents{0})
        throw std::invalid_argument{"a payment of a negative amount"};
}

} // namespace

std::optional<Balance> pay(Balance balance, Cents amount)
{
    refuse_negative(amount);
    if (balance.available() < amount)
        return std::nullopt;
    return charge(balance, amount);
}

Balance charge(Balance balance, Cents amount)
{
    refuse_negative(amount);
    for (Cents* pocket : {&balance.present, &balance.income, &balance.cash}) {
        const Cents taken = std::clamp(amount, Cents{0}, std::max(*pocket, Cents{0}));
        *pocket -= taken;
        amount -= taken;
    }
    balance.owed = std::min(balance.owed + amount, max_money);
    return balance;
}

std::optional<Balance> freeze(Balance balance, Cents amount)
{
    refuse_negative(amount);
    if (balance.available() < amount || balance.frozen + amount > max_money)
        return std::nullopt;
    balance.frozen += amount;
    return balance;
}

Balance thaw(Balance balance, Cents amount)
{
    refuse_negative(amount);
    balance.frozen -= std::min(amount, balance.frozen);
    return balance;
}

Balance give_back(Balance balance, Cents amount)
{
    refuse_negative(amount);
    const Cents debt = std::min(amount, balance.owed);
    balance.owed -= debt;
    balance.cash += amount - debt;
    if (balance.cash > max_money)
        throw std::overflow_error{"the account cannot hold more than " + std::to_string(max_money.value) + " cents"};
    return balance;
}

} // namespace cvm::state
