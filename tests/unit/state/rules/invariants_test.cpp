#include "state/rules/invariants.hpp"

#include "state/rules/ledger.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

using namespace cvm::state;
using namespace std::chrono_literals;

namespace {

const Instant begins = std::chrono::sys_days{2026y / 4 / 10};

// An account that bought an instance for a month, renewed it for two, and has frozen an hour of another one.
AccountState sound()
{
    AccountState state;
    state.account.balance = {.cash = {70}, .income = {}, .present = {}, .frozen = {4}, .owed = {}, .credit = {}};
    const auto order = [&](std::string id, std::string action, std::int64_t months, std::int64_t total, Instant from) {
        state.deals.push_back({.order_id = id,
                               .big_deal_id = id,
                               .action = std::move(action),
                               .resource_id = "ins-aaaaaaaa",
                               .months = months,
                               .total = {total},
                               .begins_at = from});
        state.ledger.push_back({.order_id = std::move(id), .from = Book::cash, .to = Book::vendor, .amount = {total}});
    };
    state.ledger.push_back({.cause = Cause::opening, .from = Book::outside, .to = Book::cash, .amount = {100}});
    order("o-1", "purchase", 1, 10, begins);
    order("o-2", "renew", 2, 20, add_months(begins, std::chrono::months{1}));
    state.ledger.push_back({.from = Book::reserve, .to = Book::frozen, .amount = {4}});
    Instance instance;
    instance.id = "ins-aaaaaaaa";
    instance.expires_at = add_months(begins, std::chrono::months{3});
    Instance hourly;
    hourly.id = "ins-bbbbbbbb";
    hourly.charge_type = ChargeType::postpaid_by_hour;
    hourly.frozen = {4};
    state.instances = {instance, hourly};
    return state;
}

// "check: problem", for all.
std::vector<std::string> problems_of(const AccountState& state)
{
    std::vector<std::string> problems;
    for (const Check& made : check(state))
        for (const std::string& problem : made.problems)
            problems.push_back(std::string{made.name} + ": " + problem);
    return problems;
}

} // namespace

TEST_CASE("an account that adds up has no problem")
{
    CHECK(problems_of(sound()).empty());
    CHECK(check(sound()).size() == 9);
}

TEST_CASE("each invariant detects its violation")
{
    struct Row {
        std::function<void(AccountState&)> change;
        std::vector<std::string> expected;
    };
    const Row rows[] = {
        {[](AccountState& s) { s.account.balance.cash = {71}; },
         {"ledger_equals_balance: cash is 71, the ledger says 70"}},
        {[](AccountState& s) { s.account.balance.owed = {1}; },
         {"ledger_equals_balance: owed is 1, the ledger says 0"}},
        {[](AccountState& s) {
             s.account.balance.present = {-1};
             s.ledger.push_back({.from = Book::present, .to = Book::vendor, .amount = {1}});
         },
         {"nothing_is_negative: present is -1"}},
        {[](AccountState& s) {
             s.account.balance.owed = {80};
             s.ledger.push_back({.from = Book::owed, .to = Book::vendor, .amount = {80}});
         },
         {"debt_keeps_to_the_credit: the account owes 10 more than its credit allows and is not in arrears"}},
        {[](AccountState& s) { s.account.arrears.stage = ArrearsStage::suspended; },
         {"debt_keeps_to_the_credit: the account is SUSPENDED although it owes no more than its credit allows"}},
        {[](AccountState& s) { s.instances[1].frozen = {5}; },
         {"frozen_covers_the_hours: instances have 5 set aside, the account 4"}},
        {[](AccountState& s) { s.deals[0].total = {11}; },
         {"orders_equal_the_ledger: the order o-1 costs 11, the ledger says 10"}},
        {[](AccountState& s) { s.deals.erase(s.deals.begin()); },
         {"orders_equal_the_ledger: the ledger has 10 for the order o-1, which does not exist"}},
        {[](AccountState& s) { s.deals[1].begins_at -= 1s; },
         {"no_period_is_paid_twice: ins-aaaaaaaa has paid until 2026-05-10T00:00:00Z by the order o-1, and from "
          "2026-05-09T23:59:59Z by o-2",
          "expiry_is_paid_for: ins-aaaaaaaa expires at 2026-07-10T00:00:00Z and has paid until 2026-07-09T23:59:59Z"}},
        {[](AccountState& s) { s.deals[1].months = 3; },
         {"expiry_is_paid_for: ins-aaaaaaaa expires at 2026-07-10T00:00:00Z and has paid until 2026-08-10T00:00:00Z"}},
        {[](AccountState& s) {
             s.vouchers = {{.id = "v-1", .nominal = {5}, .used = {3}}};
             s.voucher_uses = {{.voucher_id = "v-1", .order_id = "o-9", .amount = {2}}};
         },
         {"vouchers_equal_the_ledger: the voucher v-1 of 5 says that 3 are used, its uses say 2"}},
        {[](AccountState& s) {
             s.vouchers = {{.id = "v-1", .nominal = {5}, .used = {2}}};
             s.voucher_uses = {{.voucher_id = "v-1", .order_id = "o-1", .amount = {2}}};
             s.ledger.push_back({.order_id = "o-1", .from = Book::voucher, .to = Book::vendor, .amount = {3}});
             s.deals[0].total = {13};
         },
         {"vouchers_equal_the_ledger: vouchers paid 2 of the order o-1, the ledger says 3",
          "vouchers_equal_the_ledger: the order o-1 says that vouchers paid 0, the ledger says 3"}},
    };
    for (const Row& row : rows) {
        AccountState state = sound();
        row.change(state);
        const auto problems = problems_of(state);
        REQUIRE(problems.size() == row.expected.size());
        for (std::size_t i = 0; i < problems.size(); ++i)
            CHECK(problems[i] == row.expected[i]);
    }
}

TEST_CASE("orders that do not pay for months are not counted as such")
{
    const std::function<void(AccountState&)> changes[] = {
        // An order of a fixture, which has no ledger line.
        [](AccountState& s) {
            s.deals.push_back({.order_id = "o-0",
                               .action = "renew",
                               .resource_id = "ins-aaaaaaaa",
                               .months = 36,
                               .begins_at = begins});
        },
        // An unpaid order.
        [](AccountState& s) {
            s.deals.push_back({.order_id = "o-0",
                               .status = DealStatus::unpaid,
                               .action = "renew",
                               .resource_id = "ins-aaaaaaaa",
                               .months = 36,
                               .begins_at = begins});
        },
        // A larger disk for months that are already paid.
        [](AccountState& s) {
            s.deals[0].action = "upgrade";
            s.deals[0].begins_at = s.deals[1].begins_at;
        },
        // A debt within the credit, and one with recorded arrears.
        [](AccountState& s) {
            s.account.balance.owed = {80};
            s.account.balance.credit = {10};
            s.ledger.push_back({.from = Book::owed, .to = Book::vendor, .amount = {80}});
        },
        [](AccountState& s) {
            s.account.balance.owed = {80};
            s.account.arrears.stage = ArrearsStage::owing;
            s.ledger.push_back({.from = Book::owed, .to = Book::vendor, .amount = {80}});
        },
        // A returned instance: the expiry is the time of the return.
        [](AccountState& s) {
            s.instances[0].isolated_source = IsolatedSource::manmade;
            s.instances[0].expires_at = begins + 24h;
        },
    };
    for (const auto& change : changes) {
        AccountState state = sound();
        change(state);
        CHECK(problems_of(state).empty());
    }
}
