#include "state/rules/invariants.hpp"

#include "state/rules/bill.hpp"
#include "state/rules/ledger.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace cvm::state {

namespace {

using Problems = std::vector<std::string>;

std::string text(Cents amount) { return std::to_string(amount.value); }

constexpr std::array<std::pair<std::string_view, Cents Balance::*>, 5> parts{{{"cash", &Balance::cash},
                                                                              {"income", &Balance::income},
                                                                              {"present", &Balance::present},
                                                                              {"owed", &Balance::owed},
                                                                              {"frozen", &Balance::frozen}}};

Problems ledger_equals_balance(const AccountState& state)
{
    Problems problems;
    const Balance told = balance_of(add_up(state.ledger));
    for (const auto& [name, part] : parts)
        if (told.*part != state.account.balance.*part)
            problems.push_back(std::string{name} + " is " + text(state.account.balance.*part) + ", the ledger says " +
                               text(told.*part));
    return problems;
}

Problems nothing_is_negative(const AccountState& state)
{
    Problems problems;
    for (const auto& [name, part] : parts)
        if (state.account.balance.*part < Cents{})
            problems.push_back(std::string{name} + " is " + text(state.account.balance.*part));
    for (const LedgerLine& line : state.ledger)
        if (line.amount < Cents{})
            problems.push_back("a line of " + format_instant(line.at) + " moves " + text(line.amount));
    return problems;
}

Problems debt_keeps_to_the_credit(const AccountState& state)
{
    const Cents left = state.account.balance.with_credit();
    if (left < Cents{} && state.account.arrears.stage == ArrearsStage::none)
        return {"the account owes " + text(Cents{} - left) + " more than its credit allows and is not in arrears"};
    const ArrearsStage stage = state.account.arrears.stage;
    if (left >= Cents{} && stage != ArrearsStage::none && stage != ArrearsStage::cleared)
        return {"the account is " + std::string{name(stage)} + " although it owes no more than its credit allows"};
    return {};
}

Problems frozen_covers_the_hours(const AccountState& state)
{
    Cents hours;
    for (const Instance& instance : state.instances)
        hours += instance.frozen;
    if (hours > state.account.balance.frozen)
        return {"instances have " + text(hours) + " set aside, the account " + text(state.account.balance.frozen)};
    return {};
}

// The money that the ledger moved to or from the vendor, by order.
std::map<std::string, Cents> paid_by_order(const AccountState& state)
{
    std::map<std::string, Cents> paid;
    for (const LedgerLine& line : state.ledger)
        if (!line.order_id.empty())
            paid[line.order_id] += line.to == Book::vendor ? line.amount : Cents{} - line.amount;
    return paid;
}

Problems orders_equal_the_ledger(const AccountState& state)
{
    Problems problems;
    auto paid = paid_by_order(state);
    for (const Deal& deal : state.deals) {
        const auto at = paid.find(deal.order_id);
        if (at == paid.end())
            continue;
        // A refund is an order of its own, whose total comes back.
        if (at->second != deal.total && at->second != Cents{} - deal.total)
            problems.push_back("the order " + deal.order_id + " costs " + text(deal.total) + ", the ledger says " +
                               text(at->second));
        paid.erase(at);
    }
    for (const auto& [order, amount] : paid)
        problems.push_back("the ledger has " + text(amount) + " for the order " + order + ", which does not exist");
    return problems;
}

struct Period {
    Instant begins;
    Instant ends;
    std::string order_id;
};

// The paid periods of each resource, in the order of time.
std::map<std::string, std::vector<Period>> paid_periods(const AccountState& state)
{
    const auto paid = paid_by_order(state);
    std::map<std::string, std::vector<Period>> periods;
    for (const Deal& deal : state.deals) {
        const bool months = deal.months > 0 && (deal.action == "purchase" || deal.action == "renew");
        if (months && deal.status == DealStatus::shipped && paid.contains(deal.order_id))
            periods[deal.resource_id].push_back(
                {deal.begins_at, add_months(deal.begins_at, std::chrono::months{deal.months}), deal.order_id});
    }
    for (auto& [id, list] : periods)
        std::ranges::sort(list, {}, [](const Period& period) { return std::pair{period.begins, period.ends}; });
    return periods;
}

bool is_instance(std::string_view id) { return id.starts_with("ins-") || id.starts_with("lhins-"); }

Problems no_period_is_paid_twice(const AccountState& state)
{
    Problems problems;
    for (const auto& [id, periods] : paid_periods(state)) {
        if (!is_instance(id)) // a disk pays for whole months to reach the expiry of its instance (assumed)
            continue;
        for (std::size_t i = 1; i < periods.size(); ++i)
            if (periods[i].begins < periods[i - 1].ends)
                problems.push_back(id + " has paid until " + format_instant(periods[i - 1].ends) + " by the order " +
                                   periods[i - 1].order_id + ", and from " + format_instant(periods[i].begins) +
                                   " by " + periods[i].order_id);
    }
    return problems;
}

Problems expiry_is_paid_for(const AccountState& state)
{
    Problems problems;
    const auto periods = paid_periods(state);
    for (const Instance& instance : state.instances) {
        const auto at = periods.find(instance.id);
        // A returned instance expires at the time of the return.
        if (at == periods.end() || !instance.expires_at || instance.isolated_source == IsolatedSource::manmade)
            continue;
        const Instant ends = at->second.back().ends;
        if (ends != *instance.expires_at)
            problems.push_back(instance.id + " expires at " + format_instant(*instance.expires_at) +
                               " and has paid until " + format_instant(ends));
    }
    return problems;
}

// The net amount that lines moved to the vendor.
Cents paid_to_vendor(std::span<const LedgerLine> lines)
{
    Cents paid;
    for (const LedgerLine& line : lines) {
        if (line.to == Book::vendor)
            paid += line.amount;
        if (line.from == Book::vendor)
            paid -= line.amount;
    }
    return paid;
}

Problems bills_equal_the_ledger(const AccountState& state)
{
    std::map<std::string_view, const Deal*> deals;
    for (const Deal& deal : state.deals)
        deals.emplace(deal.order_id, &deal);
    const auto find_deal = [&](const std::string& id) {
        const auto at = deals.find(id);
        return at == deals.end() ? std::nullopt : std::optional{*at->second};
    };
    std::map<Instant, std::vector<LedgerLine>> months;
    for (const LedgerLine& line : state.ledger)
        months[bill_month_of(line.at).begins].push_back(line);
    Problems problems;
    for (const auto& [begins, lines] : months) {
        const Cents moved = paid_to_vendor(lines);
        const auto entries = bill_of(lines, find_deal);
        const Cents billed = sum_of(entries).paid.total();
        if (billed != moved)
            problems.push_back("the bill of " + format_bill_month(bill_month_of(begins)) + " is " + text(billed) +
                               ", the ledger says " + text(moved));
    }
    return problems;
}

Problems vouchers_equal_the_ledger(const AccountState& state)
{
    Problems problems;
    std::map<std::string, Cents> uses;
    std::map<std::string, Cents> by_order;
    for (const VoucherUse& use : state.voucher_uses) {
        uses[use.voucher_id] += use.amount;
        by_order[use.order_id] += use.amount;
    }
    for (const Voucher& voucher : state.vouchers)
        if (voucher.left() < Cents{} || voucher.used != uses[voucher.id])
            problems.push_back("the voucher " + voucher.id + " of " + text(voucher.nominal) + " says that " +
                               text(voucher.used) + " are used, its uses say " + text(uses[voucher.id]));
    std::map<std::string, Cents> in_ledger;
    for (const LedgerLine& line : state.ledger)
        if (line.from == Book::voucher)
            in_ledger[line.order_id] += line.amount;
    for (const auto& [order, amount] : in_ledger)
        if (by_order[order] != amount)
            problems.push_back("vouchers paid " + text(by_order[order]) + " of the order " + order +
                               ", the ledger says " + text(amount));
    for (const Deal& deal : state.deals)
        if (const auto at = in_ledger.find(deal.order_id); at != in_ledger.end() && at->second != deal.voucher)
            problems.push_back("the order " + deal.order_id + " says that vouchers paid " + text(deal.voucher) +
                               ", the ledger says " + text(at->second));
    return problems;
}

} // namespace

std::vector<Check> check(const AccountState& state)
{
    return {{"ledger_equals_balance", ledger_equals_balance(state)},
            {"nothing_is_negative", nothing_is_negative(state)},
            {"debt_keeps_to_the_credit", debt_keeps_to_the_credit(state)},
            {"frozen_covers_the_hours", frozen_covers_the_hours(state)},
            {"orders_equal_the_ledger", orders_equal_the_ledger(state)},
            {"no_period_is_paid_twice", no_period_is_paid_twice(state)},
            {"expiry_is_paid_for", expiry_is_paid_for(state)},
            {"bills_equal_the_ledger", bills_equal_the_ledger(state)},
            {"vouchers_equal_the_ledger", vouchers_equal_the_ledger(state)}};
}

} // namespace cvm::state
