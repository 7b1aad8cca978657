#pragma once

#include "state/model/catalog_items.hpp"
#include "state/model/clock.hpp"
#include "state/model/instance.hpp"
#include "state/model/money.hpp"
#include "state/model/network.hpp"
#include "state/model/voucher.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cvm::state {

// The most that a part of a balance holds, that one line of a ledger moves, and how many orders and resources an
// account numbers. Documents hold no more either (fixtures/state.schema.json), so that what is exported can be
// imported.
inline constexpr Cents most_money{1'000'000'000'000'000};
inline constexpr Cents most_moved{1'000'000'000'000'000'000};
inline constexpr std::int64_t most_orders = 9'999'999'999'999;
inline constexpr std::int64_t most_resources = 9'007'199'254'740'991; // 2^53 - 1

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
    owing,     // grace period: hourly instances run on and are charged
    suspended, // hourly instances are out of service, in the recycle bin
    released,  // hourly instances were released, the debt remains
    cleared,   // the debt was paid before the release: suspended instances are restored next
};
template <>
struct Names<ArrearsStage> {
    static constexpr std::array<std::string_view, 5> all{"NONE", "OWING", "SUSPENDED", "RELEASED", "CLEARED"};
};

struct Arrears {
    ArrearsStage stage = ArrearsStage::none;
    Instant since{}; // when the stage began; meaningless for none

    friend bool operator==(const Arrears&, const Arrears&) = default;
};

struct Account {
    std::string uin; // decimal digits
    bool is_default = false;
    AccountClock clock;
    Balance balance;
    Arrears arrears{};
    std::string lifecycle{};    // the name of a preset in fixtures/catalog/lifecycle.json; empty: the first preset
    std::int64_t orders = 0;    // placed since the account was created; the next OrderId follows from it
    std::int64_t resources = 0; // instances and disks since then; the next resource id follows from it
    // Of an account that was created while the server ran: the fixture that it is a copy of and its first SecretId, so
    // that a reset can create it again. Not part of the state document.
    std::string made_from{};
    std::string made_with{};
    std::string additions{};   // digest_of() what the account adds to the catalogue
    std::int64_t vouchers = 0; // how many it has, so that nobody looks for the vouchers of an account without any

    friend bool operator==(const Account&, const Account&) = default;
};

// How the holder of a key stands with multi-factor authentication.
enum class Mfa { passed, expired, absent };
template <>
struct Names<Mfa> {
    static constexpr std::array<std::string_view, 3> all{"PASSED", "EXPIRED", "ABSENT"};
};

// What a policy says about actions: patterns such as "cvm:DescribeInstances", in which a "*" stands for any text. An
// action must match one of those that are allowed and none of those that are denied.
struct ActionPolicy {
    std::vector<std::string> allowed{};
    std::vector<std::string> denied{};

    friend bool operator==(const ActionPolicy&, const ActionPolicy&) = default;
};

// A key pair. A temporary key pair has a token and an expiry, which is checked against real time, as signatures are.
// One that sts has made bears the name of its session.
struct Credential {
    std::string secret_id;
    std::string secret_key;
    std::string uin;
    std::string token;
    std::optional<Instant> expires_at;
    std::vector<std::string> allowed{"*"}; // patterns, as in an ActionPolicy
    Mfa mfa = Mfa::passed;
    std::optional<ActionPolicy> policy{}; // of the call that made it, which limits `allowed` further
    std::string session{};                // RoleSessionName, or the Name of a federated user; empty: the account's own
    std::string role_id{};                // of the role that was assumed; empty: none

    friend bool operator==(const Credential&, const Credential&) = default;
};

// A rule of a fixture: refuses calls on one instance, or all calls of the account, with an error code that no state of
// this model causes. It applies to every action whose page lists the code.
struct Rule {
    std::string instance_id; // empty: the whole account
    std::string code;        // as on the wire

    friend bool operator==(const Rule&, const Rule&) = default;
};

// Deal.Status of DescribeDealsByCond (https://www.tencentcloud.com/document/product/555/30746): the vendor's numbers,
// of which this server uses these.
enum class DealStatus { unpaid = 1, paid = 2, shipped = 4, refunded = 6, closed = 7 };

// An order; the billing API calls it a deal.
struct Deal {
    std::string order_id{};
    std::string big_deal_id{}; // the same for all orders of one call, which are paid together
    DealStatus status = DealStatus::shipped;
    std::string action{}; // purchase, renew, refund
    std::string resource_id{};
    std::int64_t months = 0;
    Cents total{}; // what is paid, or refunded
    Instant created_at{};
    Instant begins_at{};       // of the months; of an unpaid order, when it was placed
    Cents original{};          // the list price
    std::string sub_product{}; // SubProductCode, as state/rules/order.hpp makes it; empty: unknown
    std::string zone{};        // of the resource; empty: unknown
    Cents voucher{};           // the part of the total that vouchers paid

    friend bool operator==(const Deal&, const Deal&) = default;
};

// Counts the account's next order and returns its id: the date in UTC+8 and fifteen digits, like the OrderId of
// https://www.tencentcloud.com/document/product/555/30746. Throws std::overflow_error after most_orders.
std::string next_order_id(Account& account, Instant now);

// Completes an order that is placed at `now`: sets its id, created_at, and begins_at to `now` unless it is set.
void complete_order(Account& account, Instant now, Deal& deal);

// The number of an order within its account, from 1, read from its id; 0 if next_order_id() does not make such ids.
std::int64_t order_number(std::string_view order_id);

// Counts the account's next resource and gives it an id: `prefix`, a hyphen and 8 letters or digits. The same account
// gives the same ids in the same order, so that runs can be repeated. Throws std::overflow_error after most_resources.
std::string next_resource_id(Account& account, std::string_view prefix);

// What RunInstances made for a ClientToken, so that a repeated call makes nothing new.
struct ClientToken {
    std::string token;
    std::vector<std::string> instance_ids;

    friend bool operator==(const ClientToken&, const ClientToken&) = default;
};

// An ActionTimer that has done its work: the instance that it has terminated.
struct FiredTimer {
    std::string instance_id;
    std::string region; // of the instance
    Instant at{};       // when it was to fire

    friend bool operator==(const FiredTimer&, const FiredTimer&) = default;
};

// The books of the ledger (state/rules/ledger.hpp): the parts of an account's balance, then their counterparts.
// `reserve` stands against frozen, `vendor` is paid by the account, `outside` is everything else. `voucher` is what
// vouchers have paid, which is no part of the balance.
enum class Book { cash, income, present, owed, frozen, vendor, reserve, outside, voucher };
template <>
struct Names<Book> {
    static constexpr std::array<std::string_view, 9> all{"cash",   "income",  "present", "owed",   "frozen",
                                                         "vendor", "reserve", "outside", "voucher"};
};

// Why money moved.
enum class Cause {
    request,    // a call; cause_id is its RequestId
    event,      // an event of the simulation; cause_id is its kind
    usage,      // charged hours of an instance
    deposit,    // a top-up
    opening,    // the opening balance
    adjustment, // an imported balance that differs from the sum of its ledger
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
    std::chrono::seconds used{}; // of usage: the time that is charged

    friend bool operator==(const LedgerLine&, const LedgerLine&) = default;
};

// The tags of a resource that is neither an instance nor a disk, which have tags of their own: an image, a load
// balancer, a user, ... Of such a resource nothing else is known here.
struct ResourceTags {
    std::string resource; // its name in six parts, as tag shows it (server/api/resource_name.hpp)
    std::vector<KeyValue> tags;

    friend bool operator==(const ResourceTags&, const ResourceTags&) = default;
};

// Everything that one account owns.
struct AccountState {
    Account account;
    std::vector<Credential> credentials;
    std::vector<Instance> instances;
    std::vector<PlacedDisk> disks; // on no instance
    std::vector<Deal> deals;
    std::vector<LedgerLine> ledger; // oldest first
    std::vector<Rule> rules;
    std::vector<ClientToken> client_tokens;
    std::vector<ResourceTags> tags; // in the order in which the resources were first tagged
    Additions additions{};          // account.additions is their digest
    Networks networks{};
    std::vector<FiredTimer> fired_timers{}; // the earliest first
    std::vector<Voucher> vouchers{};        // account.vouchers is their number
    std::vector<VoucherUse> voucher_uses{}; // by voucher, those of one oldest first

    friend bool operator==(const AccountState&, const AccountState&) = default;
};

} // namespace cvm::state
