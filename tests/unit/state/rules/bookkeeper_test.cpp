#include "state/rules/bookkeeper.hpp"

#include "state/rules/ledger.hpp"

#include <doctest/doctest.h>

using namespace cvm::state;
using namespace std::chrono_literals;

namespace {

const Instant now = std::chrono::sys_days{2026y / 3 / 31} + 20h; // the first of April in Beijing

Account with(Balance balance)
{
    Account account;
    account.uin = "100000000001";
    account.balance = balance;
    return account;
}

Balance money(std::int64_t cash, std::int64_t income = 0, std::int64_t present = 0)
{
    return {.cash = {cash}, .income = {income}, .present = {present}, .frozen = {}, .owed = {}, .credit = {}};
}

LedgerLine line(Book from, Book to, std::int64_t amount, std::string order, std::string resource)
{
    return {.at = now,
            .cause = Cause::request,
            .cause_id = "r-1",
            .order_id = std::move(order),
            .resource_id = std::move(resource),
            .from = from,
            .to = to,
            .amount = {amount}};
}

Bookkeeper books_of(Balance balance) { return {with(balance), now, Cause::request, "r-1"}; }

} // namespace

TEST_CASE("an order that is bought is placed and leaves a line for each part of the balance that paid")
{
    Bookkeeper books = books_of(money(100, 20, 5));
    CHECK(books.buy({.action = "renew", .resource_id = "ins-aaaaaaaa", .months = 3, .total = Cents{30}}));
    CHECK(books.account.balance == money(95));
    const std::string id = "20260401710000000000001";
    CHECK(books.orders ==
          std::vector{Deal{id, id, DealStatus::shipped, "renew", "ins-aaaaaaaa", 3, Cents{30}, now, now}});
    CHECK(books.lines == std::vector{line(Book::present, Book::vendor, 5, id, "ins-aaaaaaaa"),
                                     line(Book::income, Book::vendor, 20, id, "ins-aaaaaaaa"),
                                     line(Book::cash, Book::vendor, 5, id, "ins-aaaaaaaa")});
}

TEST_CASE("an order that cannot be paid changes nothing")
{
    Bookkeeper books = books_of(money(29));
    CHECK_FALSE(books.buy({.action = "renew", .total = Cents{30}}));
    Deal waits{.order_id = "waits", .total = Cents{30}};
    CHECK_FALSE(books.pay_for(waits));
    CHECK_FALSE(books.freeze("ins-aaaaaaaa", Cents{30}));
    CHECK(books.account == with(money(29)));
    CHECK(books.orders.empty());
    CHECK(books.lines.empty());
}

TEST_CASE("orders of one cause share the id of the first, those of the next do not")
{
    Bookkeeper books = books_of(money(100));
    for (int i = 0; i < 2; ++i)
        CHECK(books.buy({.action = "renew", .total = Cents{1}}));
    books.begin_entry(now + 1h, Cause::event, "renewed");
    CHECK(books.buy({.action = "renew", .total = Cents{1}, .begins_at = now + 48h}));
    REQUIRE(books.orders.size() == 3);
    CHECK(books.orders[1].big_deal_id == books.orders[0].order_id);
    CHECK(books.orders[2].big_deal_id == books.orders[2].order_id);
    CHECK(books.orders[2].created_at == now + 1h);
    CHECK(books.orders[2].begins_at == now + 48h);
    CHECK(books.lines.back().at == now + 1h);
    CHECK(books.lines.back().cause == Cause::event);
    CHECK(books.lines.back().cause_id == "renewed");
}

TEST_CASE("an order that waits is paid under its own id")
{
    Bookkeeper books = books_of(money(100));
    Deal waits{.order_id = "waits", .resource_id = "disk-bbbbbbbb", .total = Cents{30}};
    CHECK(books.pay_for(waits));
    CHECK(books.lines == std::vector{line(Book::cash, Book::vendor, 30, "waits", "disk-bbbbbbbb")});
    CHECK(books.orders.empty());
}

TEST_CASE("a refund goes to the debt first and then to the cash, by an order")
{
    Bookkeeper books = books_of({.cash = {1}, .income = {}, .present = {}, .frozen = {}, .owed = {10}, .credit = {10}});
    books.give_back({.status = DealStatus::refunded, .action = "refund", .resource_id = "ins-aaaaaaaa", .total = {25}});
    REQUIRE(books.orders.size() == 1);
    const std::string& id = books.orders[0].order_id;
    CHECK(books.lines == std::vector{line(Book::vendor, Book::cash, 15, id, "ins-aaaaaaaa"),
                                     line(Book::vendor, Book::owed, 10, id, "ins-aaaaaaaa")});
    CHECK(books.account.balance.cash == Cents{16});
    CHECK(books.account.balance.owed == Cents{});
}

TEST_CASE("what is frozen moves within the account")
{
    Bookkeeper books = books_of(money(100));
    CHECK(books.freeze("ins-aaaaaaaa", Cents{40}));
    books.thaw("ins-aaaaaaaa", Cents{40});
    books.thaw("ins-aaaaaaaa", Cents{40});
    CHECK(books.lines == std::vector{line(Book::reserve, Book::frozen, 40, "", "ins-aaaaaaaa"),
                                     line(Book::frozen, Book::reserve, 40, "", "ins-aaaaaaaa")});
    CHECK(books.account == with(money(100)));
}

TEST_CASE("hours of a day are one line for each part of the balance")
{
    Bookkeeper books = books_of(money(25, 10));
    for (int hour = 0; hour < 3; ++hour) {
        books.begin_entry(now + hour * 1h, Cause::event, "hour_charged");
        books.charge("ins-aaaaaaaa", Cents{10}, 1h);
        books.charge("ins-bbbbbbbb", Cents{}, 1h);
    }
    books.begin_entry(now + 20h, Cause::event, "hour_charged"); // the next day in Beijing
    books.charge("ins-aaaaaaaa", Cents{5}, 30min);
    const auto used = [](Instant at, Book from, std::int64_t amount, std::chrono::seconds time) {
        return LedgerLine{.at = at,
                          .cause = Cause::usage,
                          .resource_id = "ins-aaaaaaaa",
                          .from = from,
                          .to = Book::vendor,
                          .amount = {amount},
                          .used = time};
    };
    CHECK(books.lines == std::vector{used(now, Book::income, 10, 1h), used(now + 1h, Book::cash, 20, 2h),
                                     used(now + 20h, Book::cash, 5, 30min)});
}

TEST_CASE("the time of usage paid from several parts of the balance counts once")
{
    Bookkeeper books = books_of(money(5, 3));
    books.charge("ins-aaaaaaaa", Cents{10}, 1h);
    REQUIRE(books.lines.size() == 3);
    CHECK(books.lines[0].used + books.lines[1].used + books.lines[2].used == 1h);
}

TEST_CASE("charges go into debt without limit, and past the credit into arrears")
{
    Bookkeeper books = books_of({.cash = {5}, .income = {}, .present = {}, .frozen = {}, .owed = {}, .credit = {10}});
    books.charge("ins-aaaaaaaa", Cents{15}, 1h);
    CHECK(books.account.balance.owed == Cents{10});
    CHECK(books.account.arrears == Arrears{});
    books.begin_entry(now + 1h, Cause::event, "hour_charged");
    books.charge("ins-aaaaaaaa", Cents{1}, 1h);
    CHECK(books.account.arrears == Arrears{ArrearsStage::owing, now + 1h});
    books.begin_entry(now + 2h, Cause::event, "hour_charged");
    books.charge("ins-aaaaaaaa", Cents{1}, 1h);
    CHECK(books.account.arrears == Arrears{ArrearsStage::owing, now + 1h});
    CHECK(books.account.balance.owed == Cents{12});
}

TEST_CASE("a deposit pays the debt first and clears arrears, so that suspended instances are restored")
{
    struct Row {
        ArrearsStage before;
        std::int64_t deposit;
        Arrears after;
    };
    const Instant began = now - 24h;
    const Row rows[] = {
        {ArrearsStage::owing, 9, {ArrearsStage::owing, began}},
        {ArrearsStage::owing, 10, {}},
        {ArrearsStage::suspended, 9, {ArrearsStage::suspended, began}},
        {ArrearsStage::suspended, 10, {ArrearsStage::cleared, now}},
        {ArrearsStage::suspended, 15, {ArrearsStage::cleared, now}},
        {ArrearsStage::released, 9, {ArrearsStage::released, began}},
        {ArrearsStage::released, 10, {}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.deposit);
        Account account = with({.cash = {}, .income = {}, .present = {}, .frozen = {}, .owed = {10}, .credit = {}});
        account.arrears = {row.before, began};
        Bookkeeper books{account, now, Cause::deposit, ""};
        books.deposit(&Balance::present, Cents{row.deposit});
        CHECK(books.account.arrears == row.after);
        CHECK(books.account.balance.present == Cents{std::max<std::int64_t>(row.deposit - 10, 0)});
        CHECK(books.account.balance.owed == Cents{std::max<std::int64_t>(10 - row.deposit, 0)});
        for (const LedgerLine& made : books.lines)
            CHECK(made.from == Book::outside);
    }
}
