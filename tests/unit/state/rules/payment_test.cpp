#include "state/rules/payment.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>
#include <string>

using namespace cvm::state;

namespace {

//                                 cash         income      present    frozen     owed       credit
constexpr Balance pockets{Cents{1000}, Cents{200}, Cents{30}, Cents{0}, Cents{0}, Cents{0}};

} // namespace

TEST_CASE("pay refuses a negative amount")
{
    CHECK_THROWS_AS(pay(pockets, Cents{-1}), std::invalid_argument);
    CHECK_THROWS_AS(pay(pockets, Cents{std::numeric_limits<std::int64_t>::min()}), std::invalid_argument);
}

TEST_CASE("pay refuses one cent too much and takes exactly enough")
{
    struct Case {
        std::string_view what;
        Balance balance;
        std::int64_t enough;
    };
    //                     cash        income     present    frozen     owed       credit
    const Case cases[] = {
        {"an empty account", Balance{}, 0},
        {"cash", {Cents{100}, {}, {}, {}, {}, {}}, 100},
        {"income", {{}, Cents{100}, {}, {}, {}, {}}, 100},
        {"present", {{}, {}, Cents{100}, {}, {}, {}}, 100},
        {"all three pockets", pockets, 1230},
        {"credit alone", {{}, {}, {}, {}, {}, Cents{100}}, 100},
        {"cash and credit", {Cents{100}, {}, {}, {}, {}, Cents{50}}, 150},
        {"some of it frozen", {Cents{100}, {}, {}, Cents{30}, {}, {}}, 70},
        {"all of it frozen", {Cents{100}, {}, {}, Cents{100}, {}, {}}, 0},
        {"frozen money counts against credit", {Cents{100}, {}, {}, Cents{120}, {}, Cents{50}}, 30},
        {"debt", {Cents{100}, {}, {}, {}, Cents{30}, {}}, 70},
        {"debt within the credit line", {{}, {}, {}, {}, Cents{30}, Cents{100}}, 70},
        {"the credit line used up", {{}, {}, {}, {}, Cents{100}, Cents{100}}, 0},
        {"everything", {Cents{1000}, Cents{200}, Cents{30}, Cents{4}, Cents{500}, Cents{60}}, 786},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK_FALSE(pay(c.balance, Cents{c.enough + 1}).has_value());
        const auto after = pay(c.balance, Cents{c.enough});
        REQUIRE(after.has_value());
        CHECK(after->available() == Cents{0});
    }
}

TEST_CASE("pay refuses everything when more is owed than there is")
{
    const Balance balance{
        .cash = Cents{100}, .income = {}, .present = {}, .frozen = {}, .owed = Cents{101}, .credit = {}};
    CHECK_FALSE(pay(balance, Cents{0}).has_value());
    CHECK_FALSE(pay(balance, Cents{1}).has_value());
}

TEST_CASE("pay uses the present balance and then income and then cash and then credit")
{
    struct Case {
        std::int64_t amount;
        std::int64_t present;
        std::int64_t income;
        std::int64_t cash;
        std::int64_t owed;
    };
    const Case cases[] = {
        {0, 30, 200, 1000, 0}, {1, 29, 200, 1000, 0}, {29, 1, 200, 1000, 0}, {30, 0, 200, 1000, 0},
        {31, 0, 199, 1000, 0}, {230, 0, 0, 1000, 0},  {231, 0, 0, 999, 0},   {1229, 0, 0, 1, 0},
        {1230, 0, 0, 0, 0},    {1231, 0, 0, 0, 1},    {1729, 0, 0, 0, 499},  {1730, 0, 0, 0, 500},
    };
    Balance balance = pockets;
    balance.credit = Cents{500};
    for (const Case& c : cases) {
        CAPTURE(c.amount);
        const auto after = pay(balance, Cents{c.amount});
        REQUIRE(after.has_value());
        CHECK(after->present == Cents{c.present});
        CHECK(after->income == Cents{c.income});
        CHECK(after->cash == Cents{c.cash});
        CHECK(after->owed == Cents{c.owed});
        CHECK(after->credit == Cents{500});
        CHECK(after->frozen == Cents{0});
    }
    CHECK_FALSE(pay(balance, Cents{1731}).has_value());
}

TEST_CASE("pay leaves frozen money frozen and lowers every documented balance by the amount")
{
    const Balance before{.cash = Cents{1000},
                         .income = Cents{200},
                         .present = Cents{30},
                         .frozen = Cents{400},
                         .owed = Cents{50},
                         .credit = Cents{300}};
    for (std::int64_t amount = 0; amount <= before.available().value; amount += 9) {
        CAPTURE(amount);
        const auto after = pay(before, Cents{amount});
        REQUIRE(after.has_value());
        CHECK(after->frozen == before.frozen);
        CHECK(after->real() == before.real() - Cents{amount});
        CHECK(after->with_credit() == before.with_credit() - Cents{amount});
        CHECK(after->available() == before.available() - Cents{amount});
        CHECK(after->cash >= Cents{0});
        CHECK(after->income >= Cents{0});
        CHECK(after->present >= Cents{0});
        CHECK(after->owed >= before.owed);
    }
}

TEST_CASE("pay takes nothing from a part of the balance that is below zero")
{
    const Balance before{
        .cash = Cents{500}, .income = Cents{-100}, .present = Cents{-1}, .frozen = {}, .owed = {}, .credit = {}};
    CHECK_FALSE(pay(before, Cents{400}).has_value());
    const auto after = pay(before, Cents{399});
    REQUIRE(after.has_value());
    CHECK(after->present == Cents{-1});
    CHECK(after->income == Cents{-100});
    CHECK(after->cash == Cents{101});
}

TEST_CASE("no amount that is set aside or freed or given back may be negative")
{
    for (const std::int64_t amount : {std::int64_t{-1}, std::numeric_limits<std::int64_t>::min()}) {
        CAPTURE(amount);
        CHECK_THROWS_AS(freeze(pockets, Cents{amount}), std::invalid_argument);
        CHECK_THROWS_AS(thaw(pockets, Cents{amount}), std::invalid_argument);
        CHECK_THROWS_AS(give_back(pockets, Cents{amount}), std::invalid_argument);
    }
}

TEST_CASE("freeze refuses one cent too much and sets exactly enough aside")
{
    struct Case {
        std::string_view what;
        Balance balance;
        std::int64_t enough;
    };
    //                     cash        income     present    frozen     owed       credit
    const Case cases[] = {
        {"an empty account", Balance{}, 0},
        {"cash", {Cents{100}, {}, {}, {}, {}, {}}, 100},
        {"income", {{}, Cents{100}, {}, {}, {}, {}}, 100},
        {"present", {{}, {}, Cents{100}, {}, {}, {}}, 100},
        {"all three pockets", pockets, 1230},
        {"credit alone", {{}, {}, {}, {}, {}, Cents{100}}, 100},
        {"some of it frozen already", {Cents{100}, {}, {}, Cents{30}, {}, {}}, 70},
        {"all of it frozen already", {Cents{100}, {}, {}, Cents{100}, {}, {}}, 0},
        {"debt", {Cents{100}, {}, {}, {}, Cents{30}, {}}, 70},
        {"everything", {Cents{1000}, Cents{200}, Cents{30}, Cents{4}, Cents{500}, Cents{60}}, 786},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK_FALSE(freeze(c.balance, Cents{c.enough + 1}).has_value());
        CHECK_FALSE(freeze(c.balance, Cents{std::numeric_limits<std::int64_t>::max()}).has_value());
        CHECK(freeze(c.balance, Cents{0}) == c.balance);
        Balance expected = c.balance;
        expected.frozen = c.balance.frozen + Cents{c.enough}; // and no pocket is touched
        CHECK(freeze(c.balance, Cents{c.enough}) == expected);
        CHECK(expected.available() == Cents{0});
    }
}

TEST_CASE("freeze refuses everything when more is owed than there is")
{
    const Balance balance{.cash = Cents{1}, .income = {}, .present = {}, .frozen = {}, .owed = Cents{2}, .credit = {}};
    CHECK_FALSE(freeze(balance, Cents{0}).has_value());
}

TEST_CASE("thaw frees what was set aside and no more than is")
{
    struct Case {
        std::int64_t amount;
        std::int64_t frozen; // afterwards
    };
    const Case cases[] = {{0, 40}, {1, 39}, {39, 1}, {40, 0}, {41, 0}, {std::numeric_limits<std::int64_t>::max(), 0}};
    Balance balance = pockets;
    balance.frozen = Cents{40};
    for (const Case& c : cases) {
        CAPTURE(c.amount);
        Balance expected = balance;
        expected.frozen = Cents{c.frozen};
        CHECK(thaw(balance, Cents{c.amount}) == expected);
    }
    CHECK(thaw(pockets, Cents{1}) == pockets);
}

TEST_CASE("what was set aside and freed again changes nothing")
{
    for (std::int64_t amount = 0; amount <= pockets.available().value; amount += 41) {
        CAPTURE(amount);
        CHECK(thaw(freeze(pockets, Cents{amount}).value(), Cents{amount}) == pockets);
    }
}

TEST_CASE("money given back pays the debt first and the rest is cash")
{
    struct Case {
        std::int64_t amount;
        std::int64_t owed;
        std::int64_t cash;
    };
    const Case cases[] = {{0, 50, 1000}, {1, 49, 1000}, {50, 0, 1000}, {51, 0, 1001}, {500, 0, 1450}};
    Balance balance = pockets;
    balance.owed = Cents{50};
    balance.frozen = Cents{7};
    for (const Case& c : cases) {
        CAPTURE(c.amount);
        Balance expected = balance;
        expected.owed = Cents{c.owed};
        expected.cash = Cents{c.cash};
        CHECK(give_back(balance, Cents{c.amount}) == expected);
    }
    CHECK(give_back(Balance{}, Cents{5}) == Balance{Cents{5}, {}, {}, {}, {}, {}});
}

TEST_CASE("money given back raises what is available by the amount and beyond the range throws")
{
    for (const std::int64_t owed : {0, 1, 1729, 1'000'000}) {
        CAPTURE(owed);
        Balance balance = pockets;
        balance.owed = Cents{owed};
        CHECK(give_back(balance, Cents{1729}).available() == balance.available() + Cents{1729});
    }
    CHECK_THROWS_AS(give_back(pockets, Cents{std::numeric_limits<std::int64_t>::max()}), std::overflow_error);
}

TEST_CASE("no part of a balance exceeds what a document can hold")
{
    const Balance full{max_money, {}, {}, max_money, Cents{max_money.value - 1}, max_money};
    CHECK(charge(full, max_money + Cents{1}).owed == max_money);
    CHECK(charge(full, max_money + Cents{2}).owed == max_money);
    CHECK_FALSE(freeze({max_money, max_money, {}, Cents{max_money.value - 1}, {}, {}}, Cents{2}).has_value());
    CHECK(freeze({max_money, max_money, {}, Cents{max_money.value - 1}, {}, {}}, Cents{1}).has_value());
    CHECK(give_back(Balance{Cents{max_money.value - 1}, {}, {}, {}, {}, {}}, Cents{1}).cash == max_money);
    CHECK_THROWS_AS(give_back(Balance{max_money, {}, {}, {}, {}, {}}, Cents{1}), std::overflow_error);
}
