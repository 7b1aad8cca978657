#pragma once

#include "state/model/account.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

// Double-entry bookkeeping: every change of an account's money is a line that takes an amount from one book and puts
// it into another, so that the books of an account always add up to nothing.

namespace cvm::state {

// What the books say together: for each the sum of what went in less what went out.
using Books = std::map<Book, Cents>;

Books add_up(std::span<const LedgerLine> lines);

// The same as a balance; the credit is no money and stays 0.
Balance balance_of(const Books& books);

// The lines that lead from one balance to another: each part that changed against its counterpart. Money comes from or
// goes to `outside`; what is frozen moves within the account.
std::vector<LedgerLine> lines_between(const Balance& before, const Balance& after, Book outside,
                                      const LedgerLine& like);

// The lines that bring the books of an account to its balance: its opening if there are no lines yet, else an
// adjustment. None if they agree.
std::vector<LedgerLine> closing_the_gap(std::span<const LedgerLine> lines, const Balance& balance, Instant now);

} // namespace cvm::state
