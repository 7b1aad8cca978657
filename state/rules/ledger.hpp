#pragma once

#include "state/model/account.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

// Double-entry bookkeeping: every change of an account's money is a line that takes an amount from one book and puts
// it into another, so that the books of an account always add up to nothing.

namespace cvm::state {

// For each book the sum of what lines put into it minus what they took out of it.
using Books = std::map<Book, Cents>;

Books add_up(std::span<const LedgerLine> lines);

// The balance of an account with these books; its credit is no money and stays 0.
Balance balance_of(const Books& books);

// The lines that turn `before` into `after`, one for each part that changed: frozen against the book `reserve`, every
// other part against the book `outside`. Time, cause and ids are those of `like`.
std::vector<LedgerLine> lines_between(const Balance& before, const Balance& after, Book outside,
                                      const LedgerLine& like);

// The lines that bring the books of an account to its balance: an opening if there are no lines yet, else an
// adjustment. None if they agree.
std::vector<LedgerLine> closing_the_gap(std::span<const LedgerLine> lines, const Balance& balance, Instant now);

} // namespace cvm::state
