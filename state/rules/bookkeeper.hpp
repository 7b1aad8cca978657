#pragma once

#include "state/model/account.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cvm::state {

// Books the money of one account while a call is answered or time passes; nothing else changes a balance. The account
// as it is afterwards, the orders placed and the ledger lines written are in the public members, to be saved together.
// Amounts must not be negative.
class Bookkeeper {
public:
    // Begins the first entry: everything booked from now on has this time and cause. `cause_id` is a RequestId or the
    // name of an event.
    Bookkeeper(Account account, Instant now, Cause cause, std::string_view cause_id);

    // Begins another entry, with a time and a cause of its own. Its orders get another BigDealId.
    void begin_entry(Instant now, Cause cause, std::string_view cause_id);

    // Pays an order and places it, from vouchers first. False, with nothing changed, if the available balance does not
    // suffice for the rest.
    bool buy(Deal order);

    // Pays an order that was placed before and tells in it what vouchers paid. False, with nothing changed, if the
    // available balance does not suffice.
    bool pay_for(Deal& order);

    // Whether buy() would pay the order now.
    bool can_pay(const Deal& order, Instant now) const;

    // Places a refund order and refunds its total: to the debt first, the rest to the cash (assumed).
    void give_back(Deal order);

    // Freezes the price of an hour of a resource. False, with nothing changed, if the available balance does not
    // suffice.
    bool freeze(std::string_view resource_id, Cents amount);

    // Freezes the price of an hour in place of what is frozen for the resource. False, with nothing changed, if it is
    // more and the available balance does not suffice.
    bool freeze_instead(std::string_view resource_id, Cents frozen, Cents amount);

    // Unfreezes `amount`, or all that is frozen if that is less.
    void thaw(std::string_view resource_id, Cents amount);

    // Charges the price of the time that a resource was used, into debt without limit where the balance does not
    // suffice. All charges of a resource on one day (UTC+8) are one line for each part of the balance that paid them.
    void charge(std::string_view resource_id, Cents amount, std::chrono::seconds used);

    // Deposits money from outside: pays the debt first and adds the rest to `part` of the balance.
    void deposit(Cents Balance::*part, Cents amount);

    // The account as it is, with the orders, ledger lines and uses of vouchers since the last call, which are gone
    // here. The vouchers stay.
    Bookkeeper take();

    Account account;
    std::vector<Deal> orders;
    std::vector<LedgerLine> lines;
    std::vector<Voucher> vouchers{};        // that may pay orders: who buys without vouchers gives none
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
