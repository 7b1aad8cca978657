#pragma once

#include "state/model/account.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cvm::state {

// Books the money of one account while a call is answered or time passes; nothing else changes a balance. The public
// members hold the resulting account and the new orders and ledger lines, which must be saved together. Amounts must
// not be negative.
class Bookkeeper {
public:
    // Begins the first entry: everything booked from now on has this time and cause. `cause_id` is a RequestId or the
    // name of an event.
    Bookkeeper(Account account, Instant now, Cause cause, std::string_view cause_id);

    // Begins another entry, with its own time and cause. Its orders get another BigDealId.
    void begin_entry(Instant now, Cause cause, std::string_view cause_id);

    // Places an order and pays it, from vouchers first. False, with nothing changed, if the available balance does not
    // suffice for the rest.
    bool buy(Deal order);

    // Pays an order that was placed before and sets in it what vouchers paid. False, with nothing changed, if the
    // available balance does not suffice.
    bool pay_for(Deal& order);

    // Whether buy() would pay an order for `action` on the resource now.
    bool can_pay(std::string_view action, std::string_view resource_id, Cents total, Instant now) const;

    // Places a refund order and refunds its total: first against the debt, the rest to the cash (assumed).
    void give_back(Deal order);

    // Freezes the price of an hour of a resource. False, with nothing changed, if the available balance does not
    // suffice.
    bool freeze(std::string_view resource_id, Cents amount);

    // Replaces the amount `frozen` for the resource by `amount`. False, with nothing changed, if `amount` is larger and
    // the available balance does not suffice.
    bool freeze_instead(std::string_view resource_id, Cents frozen, Cents amount);

    // Unfreezes `amount`, or all that is frozen if that is less.
    void thaw(std::string_view resource_id, Cents amount);

    // Charges for the time that a resource was used. What the balance does not cover becomes debt, beyond the credit if
    // need be. All charges of a resource on one day (UTC+8) share one line for each part of the balance that paid them.
    void charge(std::string_view resource_id, Cents amount, std::chrono::seconds used);

    // Deposits money from outside: pays the debt first and adds the rest to `part` of the balance.
    void deposit(Cents Balance::*part, Cents amount);

    // Returns the account as it is now, with the orders, ledger lines and uses of vouchers since the last call, and
    // clears these here. The vouchers stay.
    Bookkeeper take();

    Account account;
    std::vector<Deal> orders;
    std::vector<LedgerLine> lines;
    std::vector<Voucher> vouchers{};        // that may pay orders; empty to buy without vouchers
    std::vector<VoucherUse> voucher_uses{}; // new ones

private:
    void post(const Balance& after, Book outside, std::string_view resource_id, std::string_view order_id);
    void place(Deal& order);
    std::optional<Balance> after_paying(Deal& order, std::vector<VoucherUse>& uses) const;
    void post_payment(const Deal& order, const Balance& after, std::vector<VoucherUse> uses);

    Instant now_;
    Cause cause_;
    std::string cause_id_;
    std::string big_deal_id_; // of the orders of this entry; empty until the first is placed
    std::map<std::pair<std::string, Book>, std::size_t> usage_; // resource and book: index of its last charge in lines
};

} // namespace cvm::state
