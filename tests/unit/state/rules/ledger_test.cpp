#include "state/rules/ledger.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace cvm::state;
using namespace std::chrono_literals;

namespace {

const Instant now = std::chrono::sys_days{2026y / 3 / 31};

Balance some_balance(std::mt19937_64& random)
{
    std::uniform_int_distribution<std::int64_t> amount{0, 3};
    const auto next = [&] { return Cents{amount(random) * 100}; };
    return {next(), next(), next(), next(), next(), {}};
}

} // namespace

TEST_CASE("ledger lines lead from any balance to any other and sum to zero")
{
    std::mt19937_64 random{7};
    for (int i = 0; i < 2000; ++i) {
        const Balance before = some_balance(random);
        const Balance after = some_balance(random);
        std::vector<LedgerLine> lines = reconciling_lines({}, before, now);
        const auto change = lines_between(before, after, Book::vendor, {.at = now});
        lines.insert(lines.end(), change.begin(), change.end());
        const Books books = add_up(lines);
        CHECK(balance_of(books) == after);
        Cents sum;
        for (const auto& [book, amount] : books)
            sum += amount;
        CHECK(sum == Cents{});
        for (const LedgerLine& line : lines)
            CHECK(line.amount > Cents{});
    }
}

TEST_CASE("an account opens with its balance and later gaps are adjustments")
{
    const Balance first{{100}, {}, {5}, {7}, {3}, {50}};
    const auto opening = reconciling_lines({}, first, now);
    const auto line = [](Cause cause, Instant at, Book from, Book to, std::int64_t amount) {
        return LedgerLine{.at = at, .cause = cause, .from = from, .to = to, .amount = {amount}};
    };
    CHECK(opening == std::vector{line(Cause::opening, now, Book::outside, Book::present, 5),
                                 line(Cause::opening, now, Book::outside, Book::cash, 100),
                                 line(Cause::opening, now, Book::owed, Book::outside, 3),
                                 line(Cause::opening, now, Book::reserve, Book::frozen, 7)});
    CHECK(reconciling_lines(opening, first, now).empty());
    Balance other = first;
    other.cash = {60};
    other.credit = {};
    CHECK(reconciling_lines(opening, other, now + 1h) ==
          std::vector{line(Cause::adjustment, now + 1h, Book::cash, Book::outside, 40)});
}
