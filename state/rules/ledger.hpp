#pragma once

#include "state/model/account.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

// Double-entry bookkeeping: every change of an account's money is a line that moves an amount from one book to another,
// so that the books of an account always sum to zero.

namespace cvm::state {

// For each book, what lines moved into it minus what they moved out of it.
using Books = std::map<Book, Cents>;

Books add_up(std::span<const LedgerLine> lines);

// The balance of an account with these books. Its credit stays 0, since credit is not money.
Balance balance_of(const Books& books);

// The lines that turn `before` into `after`, one for each part that changed: frozen against the book `reserve`, every
// other part against the book `outside`. Time, cause and ids are those of `like`.
std::vector<LedgerLine> lines_between(const Balance& before, const Balance& after, Book outside,
                                      const LedgerLine& like);

// The lines that make the books of an account agree with its balance: an opening if there are no lines yet, else an
// adjustment. None if they already agree.
std::vector<LedgerLine> reconciling_lines(std::span<const LedgerLine> lines, const Balance& balance, Instant now);

} // namespace cvm::state
