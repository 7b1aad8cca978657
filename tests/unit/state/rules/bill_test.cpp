#include "state/rules/bill.hpp"

#include <doctest/doctest.h>

using namespace cvm::state;
using namespace std::chrono_literals;

namespace {

const Instant noon = std::chrono::sys_days{2026y / 3 / 10} + 12h;

LedgerLine line(Book from, Book to, std::int64_t amount, std::string order, std::string resource)
{
    return {.at = noon,
            .cause_id = "call",
            .order_id = std::move(order),
            .resource_id = std::move(resource),
            .from = from,
            .to = to,
            .amount = {amount}};
}

std::optional<Deal> no_deal(const std::string& /*order_id*/) { return std::nullopt; }

} // namespace

TEST_CASE("a month of a bill is one of UTC+8")
{
    const auto march = parse_bill_month("2026-03");
    REQUIRE(march);
    CHECK(march->begins == Instant{std::chrono::sys_days{2026y / 2 / 28} + 16h});
    CHECK(march->ends == Instant{std::chrono::sys_days{2026y / 3 / 31} + 16h});
    CHECK(bill_month_of(march->begins) == *march);
    CHECK(bill_month_of(march->ends - 1s) == *march);
    CHECK(format_bill_month(*march) == "2026-03");
    CHECK(format_bill_month(bill_month_of(march->ends)) == "2026-04");
    CHECK(months_between(*parse_bill_month("2024-12"), *march) == 15);
    CHECK(months_between(*march, *parse_bill_month("2026-01")) == -2);
    for (const char* text : {"", "2026", "2026-3", "2026-00", "2026-13", "2026/03", "-026-03", "2026--3", "1969-12",
                             "9999-01", "2026-03-01", "abcd-ef"})
        CHECK_MESSAGE(!parse_bill_month(text), text);
}

TEST_CASE("an order is an entry, whatever it was paid from, and a refund is negative")
{
    const Deal bought{.order_id = "o-1",
                      .action = "renew",
                      .resource_id = "ins-a",
                      .months = 2,
                      .total = {90},
                      .begins_at = noon,
                      .original = {100},
                      .sub_product = "sp_cvm_s5",
                      .zone = "ap-beijing-1"};
    const Deal refund{.order_id = "o-2",
                      .status = DealStatus::refunded,
                      .action = "refund",
                      .resource_id = "ins-a",
                      .total = {40},
                      .original = {40}};
    const std::vector lines{
        line(Book::voucher, Book::vendor, 5, "o-1", "ins-a"), line(Book::present, Book::vendor, 10, "o-1", "ins-a"),
        line(Book::income, Book::vendor, 15, "o-1", "ins-a"), line(Book::cash, Book::vendor, 50, "o-1", "ins-a"),
        line(Book::owed, Book::vendor, 10, "o-1", "ins-a"),   line(Book::reserve, Book::frozen, 7, "", "ins-b"),
        line(Book::vendor, Book::cash, 40, "o-2", "ins-a")};
    const auto bill =
        bill_of(lines, [&](const std::string& id) { return std::optional{id == "o-1" ? bought : refund}; });
    REQUIRE(bill.size() == 2);
    CHECK(bill[0].paid == Payments{.cash = {60}, .transfer = {15}, .incentive = {10}, .voucher = {5}});
    CHECK(bill[0].action == BillAction::renewal);
    CHECK(bill[0].original == Cents{100});
    CHECK(bill[0].ends == add_months(noon, std::chrono::months{2}));
    CHECK(bill[0].zone == "ap-beijing-1");
    CHECK(bill[1].paid == Payments{.cash = {-40}});
    CHECK(bill[1].action == BillAction::refund);
    CHECK(bill[1].original == Cents{-40});
    CHECK(sum_of(bill).paid.total() == Cents{50});
}

TEST_CASE("hourly use has an entry for each resource and day of UTC+8")
{
    std::vector<LedgerLine> lines;
    for (const auto& [hours, resource] : {std::pair{0h, "ins-a"}, {1h, "ins-b"}, {3h, "ins-a"}, {4h, "ins-a"}}) {
        lines.push_back({.at = noon + hours,
                         .cause = Cause::usage,
                         .resource_id = resource,
                         .from = Book::cash,
                         .to = Book::vendor,
                         .amount = {2},
                         .used = 1h});
    }
    const auto bill = bill_of(lines, no_deal);
    REQUIRE(bill.size() == 3); // the day ends at 16:00 UTC
    CHECK(bill[0].paid.total() == Cents{4});
    CHECK(bill[0].used == 2h);
    CHECK_FALSE(bill[0].prepaid);
    CHECK(bill[2].begins == noon + 4h);
    CHECK(bill[2].ends == noon + 5h);
    CHECK(bill[2].original == Cents{2});
    const auto sums = sums_by(bill, [](const BillEntry& entry) { return entry.resource_id; });
    CHECK(sums.at("ins-a").paid.total() == Cents{6});
    CHECK(sums.at("ins-b").paid.total() == Cents{2});
}

TEST_CASE("a part of a sum is given in hundredths of a percent")
{
    CHECK(ratio({1}, {3}) == 3333);
    CHECK(ratio({2}, {3}) == 6667);
    CHECK(ratio({3}, {3}) == 10'000);
    CHECK(ratio({-1}, {3}) == 0);
    CHECK(ratio({1}, {-3}) == 0);
    CHECK(ratio(max_moved, max_moved) == 10'000);
}
