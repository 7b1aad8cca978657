#include "state/model/account.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <set>
#include <stdexcept>

using namespace cvm::state;
using namespace std::chrono_literals;

TEST_CASE("the real balance of the vendor's sample is computed")
{
    // https://cloud.tencent.com/document/api/555/20253
    const Balance sample{.cash = Cents{1299806668},
                         .income = Cents{0},
                         .present = Cents{209512},
                         .frozen = Cents{1290368738},
                         .owed = Cents{0},
                         .credit = Cents{0}};
    CHECK(sample.real() == Cents{9647442});
    CHECK(sample.with_credit() == Cents{1299806668 + 209512});
    CHECK(sample.available() == Cents{9647442});
}

TEST_CASE("each part of a balance enters the documented formulas with its sign")
{
    struct Case {
        std::string_view what;
        Balance balance;
        std::int64_t real;
        std::int64_t with_credit;
        std::int64_t available;
    };
    //                      cash    income  present frozen  owed    credit
    const Case cases[] = {
        {"nothing", Balance{}, 0, 0, 0},
        {"cash", Balance{Cents{7}, {}, {}, {}, {}, {}}, 7, 7, 7},
        {"income", Balance{{}, Cents{7}, {}, {}, {}, {}}, 7, 7, 7},
        {"present", Balance{{}, {}, Cents{7}, {}, {}, {}}, 7, 7, 7},
        {"frozen", Balance{{}, {}, {}, Cents{7}, {}, {}}, -7, 0, -7},
        {"owed", Balance{{}, {}, {}, {}, Cents{7}, {}}, -7, -7, -7},
        {"credit", Balance{{}, {}, {}, {}, {}, Cents{7}}, 0, 7, 7},
        {"all", Balance{Cents{100000}, Cents{20000}, Cents{3000}, Cents{400}, Cents{50}, Cents{6}}, 122550, 122956,
         122556},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(c.balance.real() == Cents{c.real});
        CHECK(c.balance.with_credit() == Cents{c.with_credit});
        CHECK(c.balance.available() == Cents{c.available});
    }
}

TEST_CASE("a balance beyond the range throws")
{
    const Cents most{std::numeric_limits<std::int64_t>::max()};
    const Balance balance{.cash = most, .income = Cents{1}, .present = {}, .frozen = {}, .owed = {}, .credit = {}};
    CHECK_THROWS_AS(balance.real(), std::overflow_error);
    CHECK_THROWS_AS(balance.with_credit(), std::overflow_error);
    CHECK_THROWS_AS(balance.available(), std::overflow_error);
}

TEST_CASE("an order id begins with the date in UTC+8")
{
    struct Case {
        std::string_view what;
        Instant now;
        std::string_view date;
    };
    const Case cases[] = {
        {"last second of a day there", std::chrono::sys_days{2026y / 3 / 31} + 15h + 59min + 59s, "20260331"},
        {"first second of the next", std::chrono::sys_days{2026y / 3 / 31} + 16h, "20260401"},
        {"over a year's end", std::chrono::sys_days{2026y / 12 / 31} + 23h, "20270101"},
        {"leap day", std::chrono::sys_days{2028y / 2 / 28} + 16h, "20280229"},
        {"one digit for month and day", std::chrono::sys_days{2026y / 1 / 2}, "20260102"},
        {"before 1970", std::chrono::sys_days{1969y / 12 / 31} + 15h, "19691231"},
        {"in the last hours of the calendar", latest, "99991231"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        Account account;
        const std::string id = next_order_id(account, c.now);
        CAPTURE(id);
        CHECK(id.starts_with(c.date));
        CHECK(id.size() == 23); // as 20220214710000851640811
        CHECK(id.find_first_not_of("0123456789") == std::string::npos);
    }
}

TEST_CASE("each order counts and no two of an account get the same id")
{
    const Instant now = std::chrono::sys_days{2026y / 3 / 31} + 8h;
    Account account;
    CHECK(next_order_id(account, now) == "20260331710000000000001");
    CHECK(account.orders == 1);
    CHECK(next_order_id(account, now) == "20260331710000000000002");
    CHECK(account.orders == 2);

    account.orders = 9'999;
    CHECK(next_order_id(account, now) == "20260331710000000010000");

    std::set<std::string> ids;
    for (int i = 0; i < 1000; ++i)
        ids.insert(next_order_id(account, now));
    CHECK(ids.size() == 1000);
}

TEST_CASE("an order id is made from nothing but the count and the time")
{
    Account one;
    one.uin = "100000000001";
    Account other;
    other.uin = "100000000002";
    const Instant now = std::chrono::sys_days{2026y / 3 / 31};
    CHECK(next_order_id(one, now) == next_order_id(other, now));
    CHECK(one.uin == "100000000001");
}

TEST_CASE("an order that is placed gets an id and the times that it lacks")
{
    const Instant now = std::chrono::sys_days{2026y / 3 / 31} + 20h;
    Account account;
    account.orders = 6;
    Deal order{.order_id = "mine", .action = "purchase", .total = {}, .created_at = earliest};
    complete_order(account, now, order);
    CHECK(order.order_id == "20260401710000000000007");
    CHECK(order.created_at == now);
    CHECK(order.begins_at == now);
    CHECK(account.orders == 7);

    Deal later{.action = "renew", .total = {}, .begins_at = now + 24h};
    complete_order(account, now, later);
    CHECK(later.created_at == now);
    CHECK(later.begins_at == now + 24h);
}

TEST_CASE("the number of an order is read from its id and from no other text")
{
    struct Case {
        std::string id;
        std::int64_t expected;
    };
    const Case cases[] = {
        {"", 0},
        {"mine", 0},
        {"20260331710000000000000", 0},
        {"2026033171000000000001", 0},   // a digit short
        {"202603317100000000000010", 0}, // one too many
        {"20260331720000000000001", 0},
        {"2026033171000000000000x", 0},
        {"2026033171x000000000001", 0},
        {"2026033171-000000000001", 0},
        {"2026033171+000000000001", 0},
        {"2026033171 000000000001", 0},
        {"20260331710000000000001", 1},
        {"20260331710000000010000", 10'000},
        {"20260331719999999999999", 9'999'999'999'999},
    };
    for (const Case& c : cases) {
        CAPTURE(c.id);
        CHECK(order_number(c.id) == c.expected);
    }
    Account account;
    account.orders = 41;
    CHECK(order_number(next_order_id(account, std::chrono::sys_days{2026y / 3 / 31})) == 42);
}

TEST_CASE("a resource id is the prefix and a hyphen and 8 lower-case letters or digits")
{
    Account account;
    account.uin = "100000000001";
    for (const std::string prefix : {"ins", "disk", ""})
        for (int i = 0; i < 100; ++i) {
            const std::string id = next_resource_id(account, prefix);
            CAPTURE(id);
            CHECK(id.starts_with(prefix + "-"));
            CHECK(id.size() == prefix.size() + 9);
            CHECK(id.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz", prefix.size() + 1) == std::string::npos);
        }
    CHECK(account.resources == 300);
}

TEST_CASE("an account gives the same resource ids in the same order and another account gives others")
{
    const auto first_ids = [](const std::string& uin) {
        Account account;
        account.uin = uin;
        std::vector<std::string> ids;
        for (int i = 0; i < 100; ++i)
            ids.push_back(next_resource_id(account, "ins"));
        return ids;
    };
    CHECK(first_ids("100000000001") == first_ids("100000000001"));
    std::set<std::string> all;
    for (const std::string uin : {"100000000001", "100000000002", "100000000010", "200000000001", "1", "10", ""})
        for (const std::string& id : first_ids(uin))
            all.insert(id);
    CHECK(all.size() == 700);

    // Only the counter determines the next id, neither the balance nor the orders.
    Account later;
    later.uin = "100000000001";
    later.resources = 99;
    later.orders = 7;
    later.balance.cash = Cents{1};
    CHECK(next_resource_id(later, "ins") == first_ids("100000000001").back());
    CHECK(later.resources == 100);
}

TEST_CASE("ten thousand resource ids in a row are all different")
{
    for (const std::int64_t from : {std::int64_t{0}, std::int64_t{1'000'000'000'000}}) {
        CAPTURE(from);
        Account account;
        account.uin = "100000000001";
        account.resources = from;
        std::set<std::string> ids;
        for (int i = 0; i < 10'000; ++i)
            ids.insert(next_resource_id(account, "ins"));
        CHECK(ids.size() == 10'000);
    }
}

TEST_CASE("after the maximum number no order and no resource can be created")
{
    Account account;
    account.orders = max_orders - 1;
    account.resources = max_resources - 1;
    const std::string last = next_order_id(account, Instant{});
    CHECK(last.size() == 23);
    CHECK(order_number(last) == max_orders);
    CHECK_THROWS_AS(next_order_id(account, Instant{}), std::overflow_error);
    CHECK(account.orders == max_orders);
    next_resource_id(account, "ins");
    CHECK_THROWS_AS(next_resource_id(account, "ins"), std::overflow_error);
    CHECK(account.resources == max_resources);
}
