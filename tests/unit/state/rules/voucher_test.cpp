#include "state/rules/voucher.hpp"

#include "state/rules/bookkeeper.hpp"
#include "state/rules/refund.hpp"

#include <doctest/doctest.h>

using namespace cvm::state;
using namespace std::chrono_literals;

namespace {

const Instant now = std::chrono::sys_days{2026y / 3 / 10};

Voucher voucher(std::string id, std::int64_t cents, std::chrono::days ends = std::chrono::days{1})
{
    return {.id = std::move(id),
            .nominal = {cents},
            .created_at = now - 24h,
            .begins_at = now - 24h,
            .ends_at = now + ends};
}

const Deal renewal{.action = "renew", .resource_id = "ins-aaaaaaaa", .months = 1, .total = {100}};

std::string paid_by(const std::vector<Voucher>& vouchers, const Deal& order = renewal)
{
    std::string all;
    for (const VoucherUse& use : vouchers_for(vouchers, order, now))
        all += use.voucher_id + "=" + std::to_string(use.amount.value) + " ";
    return all;
}

} // namespace

TEST_CASE("the voucher that ends first pays first, then the one of which less is left, then by id")
{
    CHECK(paid_by({voucher("c", 30, std::chrono::days{2}), voucher("b", 40), voucher("a", 40), voucher("d", 20)}) ==
          "d=20 a=40 b=40 ");
    CHECK(paid_by({voucher("c", 30, std::chrono::days{2}), voucher("a", 40)}) == "a=40 c=30 ");
    CHECK(paid_by({voucher("a", 100), voucher("b", 100)}) == "a=100 ");
    CHECK(paid_by({}) == "");
}

TEST_CASE("a voucher pays only while it is valid, and only for its purpose")
{
    struct Row {
        const char* what;
        void (*change)(Voucher&);
        bool pays;
    };
    const Row rows[]{
        {"as it is", [](Voucher&) {}, true},
        {"cancelled", [](Voucher& v) { v.cancelled = true; }, false},
        {"used up", [](Voucher& v) { v.used = v.nominal; }, false},
        {"ended", [](Voucher& v) { v.ends_at = now; }, false},
        {"not begun", [](Voucher& v) { v.begins_at = now + 1s; }, false},
        {"a discount", [](Voucher& v) { v.sub_type = "discount"; }, false},
        {"for use by the hour", [](Voucher& v) { v.pay_mode = "postPay"; }, false},
        {"for months", [](Voucher& v) { v.pay_mode = "prePay"; }, true},
        {"for purchases", [](Voucher& v) { v.pay_scene = "purchase,modify"; }, false},
        {"for renewals too", [](Voucher& v) { v.pay_scene = "purchase,renew"; }, true},
        {"for disks", [](Voucher& v) { v.products = {"p_cbs"}; }, false},
        {"for instances too",
         [](Voucher& v) {
             v.products = {"p_cbs", "p_cvm"};
         },
         true},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        Voucher one = voucher("v", 10);
        row.change(one);
        CHECK(paid_by({one}) == (row.pays ? "v=10 " : ""));
    }
}

TEST_CASE("an order is paid by vouchers, then from the balance, and what vouchers paid is not refunded")
{
    Account account;
    account.uin = "1";
    account.balance.cash = {75};
    Bookkeeper books{account, now, Cause::request, "call"};
    CHECK_FALSE(books.can_pay(renewal.action, renewal.resource_id, renewal.total, now));
    CHECK_FALSE(books.buy(renewal));
    books.vouchers = {voucher("v", 30)};
    CHECK(books.can_pay(renewal.action, renewal.resource_id, renewal.total, now));
    REQUIRE(books.buy(renewal));
    CHECK(books.account.balance.cash == Cents{5});
    CHECK(books.vouchers.front().left() == Cents{});
    const Deal& order = books.orders.front();
    CHECK(order.voucher == Cents{30});
    CHECK(books.voucher_uses ==
          std::vector{VoucherUse{.voucher_id = "v", .order_id = order.order_id, .at = now, .amount = {30}}});
    REQUIRE(books.lines.size() == 2);
    CHECK(books.lines[0].from == Book::voucher);
    CHECK(books.lines[0].amount == Cents{30});
    CHECK(books.lines[1].from == Book::cash);
    CHECK(books.lines[1].amount == Cents{70});
    CHECK_FALSE(books.buy(renewal));

    Deal later = order;
    later.begins_at = now + 1h;
    CHECK(refund(std::vector{later}, later.resource_id, now).total == Cents{70});
}
