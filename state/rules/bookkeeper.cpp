#include "state/rules/bookkeeper.hpp"

#include "state/rules/ledger.hpp"
#include "state/rules/payment.hpp"
#include "state/rules/voucher.hpp"

#include <algorithm>
#include <utility>

namespace cvm::state {

namespace {

std::chrono::sys_days day_of(Instant instant)
{
    return std::chrono::floor<std::chrono::days>(instant + beijing_offset);
}

} // namespace

Bookkeeper::Bookkeeper(Account given, Instant now, Cause cause, std::string_view cause_id)
    : account{std::move(given)}, now_{now}, cause_{cause}, cause_id_{cause_id}
{
}

void Bookkeeper::begin_entry(Instant now, Cause cause, std::string_view cause_id)
{
    now_ = now;
    cause_ = cause;
    cause_id_ = cause_id;
    big_deal_id_.clear();
}

Bookkeeper Bookkeeper::take()
{
    Bookkeeper taken{account, now_, cause_, cause_id_};
    taken.orders = std::exchange(orders, {});
    taken.lines = std::exchange(lines, {});
    taken.voucher_uses = std::exchange(voucher_uses, {});
    usage_.clear();
    return taken;
}

bool Bookkeeper::buy(Deal order)
{
    std::vector<VoucherUse> uses;
    const auto after = after_paying(order, uses);
    if (!after)
        return false;
    place(order);
    post_payment(order, *after, std::move(uses));
    orders.push_back(std::move(order));
    return true;
}

bool Bookkeeper::pay_for(Deal& order)
{
    std::vector<VoucherUse> uses;
    const auto after = after_paying(order, uses);
    if (after)
        post_payment(order, *after, std::move(uses));
    return after.has_value();
}

bool Bookkeeper::can_pay(std::string_view action, std::string_view resource_id, Cents total, Instant now) const
{
    Cents rest = total;
    if (!vouchers.empty())
        for (const VoucherUse& use : vouchers_for(
                 vouchers, {.action = std::string{action}, .resource_id = std::string{resource_id}, .total = total},
                 now))
            rest -= use.amount;
    return rest <= account.balance.available();
}

void Bookkeeper::give_back(Deal order)
{
    place(order);
    post(state::give_back(account.balance, order.total), Book::vendor, order.resource_id, order.order_id);
    orders.push_back(std::move(order));
}

bool Bookkeeper::freeze(std::string_view resource_id, Cents amount)
{
    const auto after = state::freeze(account.balance, amount);
    if (after)
        post(*after, Book::vendor, resource_id, {});
    return after.has_value();
}

bool Bookkeeper::freeze_instead(std::string_view resource_id, Cents frozen, Cents amount)
{
    if (amount > frozen)
        return freeze(resource_id, amount - frozen);
    if (amount < frozen)
        thaw(resource_id, frozen - amount);
    return true;
}

void Bookkeeper::thaw(std::string_view resource_id, Cents amount)
{
    post(state::thaw(account.balance, amount), Book::vendor, resource_id, {});
}

void Bookkeeper::charge(std::string_view resource_id, Cents amount, std::chrono::seconds used)
{
    const Balance after = state::charge(account.balance, amount);
    for (LedgerLine& line :
         lines_between(account.balance, after, Book::vendor,
                       {.at = now_, .cause = Cause::usage, .resource_id = std::string{resource_id}})) {
        line.used = std::exchange(used, {}); // only in the first line, if several parts of the balance pay
        const auto [at, fresh] = usage_.try_emplace({line.resource_id, line.from}, lines.size());
        if (!fresh && day_of(lines[at->second].at) == day_of(now_)) {
            lines[at->second].amount += line.amount;
            lines[at->second].used += line.used;
        } else {
            at->second = lines.size();
            lines.push_back(line);
        }
    }
    account.balance = after;
    const ArrearsStage stage = account.arrears.stage;
    if ((stage == ArrearsStage::none || stage == ArrearsStage::released) && account.balance.with_credit() < Cents{})
        account.arrears = {ArrearsStage::owing, now_};
}

void Bookkeeper::deposit(Cents Balance::*part, Cents amount)
{
    Balance after = account.balance;
    const Cents debt = std::min(amount, after.owed);
    after.owed -= debt;
    after.*part += amount - debt;
    post(after, Book::outside, {}, {});
}

std::optional<Balance> Bookkeeper::after_paying(Deal& order, std::vector<VoucherUse>& uses) const
{
    uses = vouchers_for(vouchers, order, now_);
    Cents by_vouchers;
    for (const VoucherUse& use : uses)
        by_vouchers += use.amount;
    const auto after = pay(account.balance, order.total - by_vouchers);
    if (after)
        order.voucher = by_vouchers;
    return after;
}

void Bookkeeper::post_payment(const Deal& order, const Balance& after, std::vector<VoucherUse> uses)
{
    if (order.voucher > Cents{})
        lines.push_back({.at = now_,
                         .cause = cause_,
                         .cause_id = cause_id_,
                         .order_id = order.order_id,
                         .resource_id = order.resource_id,
                         .from = Book::voucher,
                         .to = Book::vendor,
                         .amount = order.voucher});
    for (VoucherUse& use : uses) {
        std::ranges::find(vouchers, use.voucher_id, &Voucher::id)->used += use.amount;
        use.order_id = order.order_id;
        voucher_uses.push_back(std::move(use));
    }
    post(after, Book::vendor, order.resource_id, order.order_id);
}

void Bookkeeper::place(Deal& order)
{
    complete_order(account, now_, order);
    if (big_deal_id_.empty())
        big_deal_id_ = order.order_id;
    order.big_deal_id = big_deal_id_;
}

void Bookkeeper::post(const Balance& after, Book outside, std::string_view resource_id, std::string_view order_id)
{
    for (LedgerLine& line : lines_between(account.balance, after, outside,
                                          {.at = now_,
                                          .cause = cause_,
                                          .cause_id = cause_id_,
                                          .order_id = std::string{order_id},
                                          .resource_id = std::string{resource_id}}))
        lines.push_back(std::move(line));
    account.balance = after;
    if (account.balance.with_credit() < Cents{} || account.arrears.stage == ArrearsStage::cleared)
        return;
    if (account.arrears.stage == ArrearsStage::suspended)
        account.arrears = {ArrearsStage::cleared, now_};
    else
        account.arrears = {};
}

} // namespace cvm::state
