#pragma once

#include "state/clock.hpp"
#include "state/instance.hpp"
#include "state/money.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cvm::state {

// The parts of an account's balance (facts: actions 3.9).
struct Balance {
    Cents cash;
    Cents income;  // income into the account
    Cents present; // given by the vendor
    Cents frozen;
    Cents owed;
    Cents credit; // how far the account may go into debt

    Cents real() const { return cash + income + present - frozen - owed; }
    Cents with_credit() const { return cash + income + present + credit - owed; }

    // What a payment may use up: RealCreditBalance.
    Cents available() const { return with_credit() - frozen; }

    friend bool operator==(const Balance&, const Balance&) = default;
};

struct Account {
    std::string uin; // decimal digits
    bool is_default = false;
    AccountClock clock;
    Balance balance;
    std::int64_t orders = 0; // how many were ever made; the next one's id follows from it

    friend bool operator==(const Account&, const Account&) = default;
};

// A key pair. A temporary one has a token and an end (by the real clock, as signatures).
struct Credential {
    std::string secret_id;
    std::string secret_key;
    std::string uin;
    std::string token;
    std::optional<Instant> expires_at;

    friend bool operator==(const Credential&, const Credential&) = default;
};

// Refuses what it names with an error code that no state of this model causes: one instance or, without an id, the
// whole account. It holds for every action whose page lists the code.
struct Rule {
    std::string instance_id; // empty: the account
    std::string code;        // as on the wire

    friend bool operator==(const Rule&, const Rule&) = default;
};

// Numbers of the vendor: Deal.Status of DescribeDealsByCond (facts: actions 6.2). Those that this server uses.
enum class DealStatus { unpaid = 1, paid = 2, shipped = 4, closed = 7 };

// An order.
struct Deal {
    std::string order_id;
    DealStatus status = DealStatus::shipped;
    std::string action; // purchase, renew, ...
    std::string resource_id;
    std::int64_t months = 0;
    Cents total;
    Instant created_at{};

    friend bool operator==(const Deal&, const Deal&) = default;
};

// Counts the account's next order and gives its id: the date in UTC+8 and fifteen digits, like the vendor's
// (facts: actions 6.2).
std::string next_order_id(Account& account, Instant now);

// Which one of its account's orders has this id; 0 if next_order_id does not make such ids.
std::int64_t order_number(std::string_view order_id);

// Everything that one account owns.
struct AccountState {
    Account account;
    std::vector<Credential> credentials;
    std::vector<Instance> instances;
    std::vector<Deal> deals;
    std::vector<Rule> rules;

    friend bool operator==(const AccountState&, const AccountState&) = default;
};

} // namespace cvm::state
