#include "state/rules/ledger.hpp"

namespace cvm::state {

namespace {

// A part of the balance and its book.
struct Part {
    Cents Balance::*amount;
    Book book;
    bool lessens; // the book has the opposite sign: a debt
    bool within;  // moves against the book `reserve`
};

constexpr std::array balance_parts{
    Part{&Balance::present, Book::present, false, false}, Part{&Balance::income, Book::income, false, false},
    Part{&Balance::cash, Book::cash, false, false},       Part{&Balance::owed, Book::owed, true, false},
    Part{&Balance::frozen, Book::frozen, false, true},
};

} // namespace

Books add_up(std::span<const LedgerLine> lines)
{
    Books books;
    for (const LedgerLine& line : lines) {
        books[line.from] -= line.amount;
        books[line.to] += line.amount;
    }
    return books;
}

Balance balance_of(const Books& books)
{
    Balance balance{};
    for (const Part& part : balance_parts)
        if (const auto at = books.find(part.book); at != books.end())
            balance.*part.amount = part.lessens ? Cents{} - at->second : at->second;
    return balance;
}

std::vector<LedgerLine> lines_between(const Balance& before, const Balance& after, Book outside, const LedgerLine& like)
{
    std::vector<LedgerLine> lines;
    for (const Part& part : balance_parts) {
        const Cents gain =
            part.lessens ? before.*part.amount - after.*part.amount : after.*part.amount - before.*part.amount;
        if (gain == Cents{})
            continue;
        const Book other = part.within ? Book::reserve : outside;
        LedgerLine line = like;
        line.from = gain > Cents{} ? other : part.book;
        line.to = gain > Cents{} ? part.book : other;
        line.amount = gain > Cents{} ? gain : Cents{} - gain;
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<LedgerLine> reconciling_lines(std::span<const LedgerLine> lines, const Balance& balance, Instant now)
{
    Balance told = balance_of(add_up(lines));
    told.credit = balance.credit;
    return lines_between(told, balance, Book::outside,
                         {.at = now, .cause = lines.empty() ? Cause::opening : Cause::adjustment});
}

} // namespace cvm::state
