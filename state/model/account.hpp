#pragma once

#include "state/model/clock.hpp"
#include "state/model/instance.hpp"
#include "state/model/money.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cvm::state {

// The parts of an account's balance, and the sums that DescribeAccountBalance makes of them
// (https://cloud.tencent.com/document/api/555/20253).
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

// The stages of an account that owes more than its credit allows. How long they last:
// fixtures/catalog/lifecycle.json, paid_by_the_hour.
enum class ArrearsStage {
    none,
    owing,     // what is paid by the hour goes on and is charged
    suspended, // it is out of service
    released,  // it is gone, the debt is not
    cleared,   // the debt was paid in time, and it comes back into service
};
template <>
struct Names<ArrearsStage> {
    static constexpr std::array<std::string_view, 5> all{"NONE", "OWING", "SUSPENDED", "RELEASED", "CLEARED"};
};

struct Arrears {
    ArrearsStage stage = ArrearsStage::none;
    Instant since{}; // when the stage began; of none without a meaning

    friend bool operator==(const Arrears&, const Arrears&) = default;
};

struct Account {
    std::string uin; // decimal digits
    bool is_default = false;
    AccountClock clock;
    Balance balance;
    Arrears arrears{};
    std::string lifecycle{};    // the name of its preset; empty: the default one
    std::int64_t orders = 0;    // how many were ever made; the next one's id follows from it
    std::int64_t resources = 0; // how many instances and disks were ever made; likewise
    // Of one that was made while the server ran: the fixture it was made from and its first SecretId, so that it can be
    // made anew. Not part of the state document.
    std::string made_from{};
    std::string made_with{};

    friend bool operator==(const Account&, const Account&) = default;
};

// How the holder of a key stands with multi-factor authentication.
enum class Mfa { passed, expired, absent };
template <>
struct Names<Mfa> {
    static constexpr std::array<std::string_view, 3> all{"PASSED", "EXPIRED", "ABSENT"};
};

// A key pair. A temporary one has a token and an end (by the real clock, as signatures).
struct Credential {
    std::string secret_id;
    std::string secret_key;
    std::string uin;
    std::string token;
    std::optional<Instant> expires_at;
    std::vector<std::string> allowed{"*"}; // "cvm:DescribeInstances"; a "*" stands for any text
    Mfa mfa = Mfa::passed;

    friend bool operator==(const Credential&, const Credential&) = default;
};

// Refuses what it names with an error code that no state of this model causes: one instance or, without an id, the
// whole account. It holds for every action whose page lists the code.
struct Rule {
    std::string instance_id; // empty: the account
    std::string code;        // as on the wire

    friend bool operator==(const Rule&, const Rule&) = default;
};

// Deal.Status of DescribeDealsByCond (https://www.tencentcloud.com/document/product/555/30746): the vendor's numbers,
// of which this server uses these.
enum class DealStatus { unpaid = 1, paid = 2, shipped = 4, refunded = 6, closed = 7 };

// An order.
struct Deal {
    std::string order_id{};
    std::string big_deal_id{}; // what was ordered in one call is paid in one call
    DealStatus status = DealStatus::shipped;
    std::string action{}; // purchase, renew, refund
    std::string resource_id{};
    std::int64_t months = 0;
    Cents total{};
    Instant created_at{};
    Instant begins_at{}; // the months count from here; for one that is not paid yet, from when it was made

    friend bool operator==(const Deal&, const Deal&) = default;
};

// Counts the account's next order and returns its id: the date in UTC+8 and fifteen digits, like the OrderId of
// https://www.tencentcloud.com/document/product/555/30746.
std::string next_order_id(Account& account, Instant now);

// Gives an order that is placed at `now` its id, and `now` for its times that are not set.
void complete_order(Account& account, Instant now, Deal& deal);

// Which one of its account's orders has this id; 0 if next_order_id does not make such ids.
std::int64_t order_number(std::string_view order_id);

// Counts the account's next resource and gives it an id: `prefix`, a hyphen and 8 letters or digits. The same account
// gives the same ids in the same order, so that runs can be repeated.
std::string next_resource_id(Account& account, std::string_view prefix);

// What RunInstances made for a ClientToken, so that a repeated call makes nothing new.
struct ClientToken {
    std::string token;
    std::vector<std::string> instance_ids;

    friend bool operator==(const ClientToken&, const ClientToken&) = default;
};

// Where money can be. Those of the account, then those that stand against them.
enum class Book { cash, income, present, owed, frozen, vendor, reserve, outside };
template <>
struct Names<Book> {
    static constexpr std::array<std::string_view, 8> all{"cash",   "income", "present", "owed",
                                                         "frozen", "vendor", "reserve", "outside"};
};

// Why money moved.
enum class Cause {
    request,    // a call; its RequestId
    event,      // what time brought; its name
    usage,      // hours of what is paid by the hour
    deposit,    // money that somebody put in
    opening,    // what the account began with
    adjustment, // an import brought another balance than its ledger tells
};
template <>
struct Names<Cause> {
    static constexpr std::array<std::string_view, 6> all{"request", "event",   "usage",
                                                         "deposit", "opening", "adjustment"};
};

// A movement of money: `amount`, never negative, from one book to another.
struct LedgerLine {
    Instant at{};
    Cause cause = Cause::request;
    std::string cause_id{};
    std::string order_id{};
    std::string resource_id{};
    Book from = Book::outside;
    Book to = Book::outside;
    Cents amount{};
    std::chrono::seconds used{}; // of usage: how long

    friend bool operator==(const LedgerLine&, const LedgerLine&) = default;
};

// Everything that one account owns.
struct AccountState {
    Account account;
    std::vector<Credential> credentials;
    std::vector<Instance> instances;
    std::vector<PlacedDisk> disks; // those on no instance
    std::vector<Deal> deals;
    std::vector<LedgerLine> ledger; // oldest first
    std::vector<Rule> rules;
    std::vector<ClientToken> client_tokens;

    friend bool operator==(const AccountState&, const AccountState&) = default;
};

} // namespace cvm::state
