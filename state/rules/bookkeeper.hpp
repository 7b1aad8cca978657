#pragma once

#include "state/model/account.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cvm::state {

// Keeps an account's money while a call is answered or time passes: the only way in which a balance changes. What it
// did is in its members, to be saved together. Amounts must not be negative.
class Bookkeeper {
public:
    // Everything that follows happens at `now` for this cause: a RequestId or the name of an event.
    Bookkeeper(Account account, Instant now, Cause cause, std::string_view cause_id);

    // From here on at another time and for another reason; orders of before are not paid together with those to come.
    void begin_entry(Instant now, Cause cause, std::string_view cause_id);

    // Pays an order and places it. False if the money does not suffice; then nothing has happened.
    bool buy(Deal order);

    // Pays an order that is there already. False if the money does not suffice.
    bool pay_for(const Deal& order);

    // Places an order that says what is given back, and gives it.
    void give_back(Deal order);

    // Sets aside what an hour costs. False if the money does not suffice.
    bool freeze(std::string_view resource_id, Cents amount);
    void thaw(std::string_view resource_id, Cents amount);

    // Takes the price of a used time, into debt without limit where the money does not suffice. All of a resource's
    // charges of one day (UTC+8) make one line for each part of the balance that they came from.
    void charge(std::string_view resource_id, Cents amount, std::chrono::seconds used);

    // Money from outside into a part of the balance, after what is owed.
    void deposit(Cents Balance::*part, Cents amount);

    Account account;
    std::vector<Deal> orders;
    std::vector<LedgerLine> lines;

private:
    void post(const Balance& after, Book outside, std::string_view resource_id, std::string_view order_id);
    void place(Deal& order);

    Instant now_;
    Cause cause_;
    std::string cause_id_;
    std::string big_deal_id_; // of the orders that are placed now; empty: the next one begins it
    std::map<std::pair<std::string, Book>, std::size_t> usage_; // where the latest charges of a resource are in lines
};

} // namespace cvm::state
