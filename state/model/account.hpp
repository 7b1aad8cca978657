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

// Upper limits: the amount in one part of a balance, the amount of one ledger line, and the number of orders and
// resources of an account. The state document has the same limits (fixtures/state.schema.json), so that every export
// can be imported.
inline constexpr Cents max_money{1'000'000'000'000'000};
inline constexpr Cents max_moved{1'000'000'000'000'000'000};
inline constexpr std::int64_t max_orders = 9'999'999'999'999;
inline constexpr std::int64_t max_resources = 9'007'199'254'740'991; // 2^53 - 1

// The parts of an account's balance, and the sums that DescribeAccountBalance computes from them
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

    // The amount available to a payment: RealCreditBalance.
    Cents available() const { return with_credit() - frozen; }

    friend bool operator==(const Balance&, const Balance&) = default;
};

// The stages of an account that owes more than its credit allows. Their durations are in
// fixtures/catalog/lifecycle.json, paid_by_the_hour.
enum class ArrearsStage {
    none,
    owing,     // grace period: hourly instances keep running and are charged
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
    Instant since{}; // when the stage began; meaningless for ArrearsStage::none

    friend bool operator==(const Arrears&, const Arrears&) = default;
};

struct Account {
    std::string uin; // decimal digits
    bool is_default = false;
    AccountClock clock;
    Balance balance;
    Arrears arrears{};
    std::string lifecycle{}; // the name of a preset in fixtures/catalog/lifecycle.json; empty: the first preset
    std::int64_t orders = 0; // how many were placed since the account was created; the next OrderId is derived from it
    std::int64_t resources = 0; // how many instances and disks were created; the next resource id is derived from it
    // For an account that was created at run time: the fixture that it was copied from and its first SecretId, so that
    // a reset can create it again. Not part of the state document.
    std::string made_from{};
    std::string made_with{};
    std::string additions{};   // digest_of() the account's Additions
    std::int64_t vouchers = 0; // how many the account has; 0 saves looking for them

    friend bool operator==(const Account&, const Account&) = default;
};

// The multi-factor authentication of the holder of a key.
enum class Mfa { passed, expired, absent };
template <>
struct Names<Mfa> {
    static constexpr std::array<std::string_view, 3> all{"PASSED", "EXPIRED", "ABSENT"};
};

// The actions that a policy allows and denies, as patterns such as "cvm:DescribeInstances"; "*" matches any text. An
// action must match an allowed pattern and no denied one.
struct ActionPolicy {
    std::vector<std::string> allowed{};
    std::vector<std::string> denied{};

    friend bool operator==(const ActionPolicy&, const ActionPolicy&) = default;
};

// A key pair. A temporary key pair has a token and an expiry. The expiry is checked against real time, as the
// timestamps of signatures are. A key pair that sts has issued has the name of its session.
struct Credential {
    std::string secret_id;
    std::string secret_key;
    std::string uin;
    std::string token;
    std::optional<Instant> expires_at;
    std::vector<std::string> allowed{"*"}; // patterns, as in an ActionPolicy
    Mfa mfa = Mfa::passed;
    std::optional<ActionPolicy> policy{}; // of the call that issued the key pair; restricts `allowed` further
    std::string session{};                // RoleSessionName, or the Name of a federated user; empty: not issued by sts
    std::string role_id{};                // of the assumed role; empty: none

    friend bool operator==(const Credential&, const Credential&) = default;
};

// A rule of a fixture: refuses calls on one instance, or all calls of the account, with an error code that the emulated
// state never causes by itself. It applies to every action whose documentation page lists the code.
struct Rule {
    std::string instance_id; // empty: the whole account
    std::string code;        // as on the wire

    friend bool operator==(const Rule&, const Rule&) = default;
};

// Deal.Status of DescribeDealsByCond (https://www.tencentcloud.com/document/product/555/30746): those of the vendor's
// numbers that this server uses.
enum class DealStatus { unpaid = 1, paid = 2, shipped = 4, refunded = 6, closed = 7 };

// An order; the billing API calls it a deal.
struct Deal {
    std::string order_id{};
    std::string big_deal_id{}; // the same for all orders of one call, which are paid together
    DealStatus status = DealStatus::shipped;
    std::string action{}; // purchase, renew, refund
    std::string resource_id{};
    std::int64_t months = 0;
    Cents total{}; // the amount paid or refunded
    Instant created_at{};
    Instant begins_at{};       // when the paid months begin; for an unpaid order, when it was placed
    Cents original{};          // the list price
    std::string sub_product{}; // SubProductCode, as state/rules/order.hpp makes it; empty: unknown
    std::string zone{};        // of the resource; empty: unknown
    Cents voucher{};           // the part of the total that vouchers paid

    friend bool operator==(const Deal&, const Deal&) = default;
};

// Increments account.orders and returns the id of the new order: the date in UTC+8 and fifteen digits, like the OrderId
// of https://www.tencentcloud.com/document/product/555/30746. Throws std::overflow_error after max_orders.
std::string next_order_id(Account& account, Instant now);

// Completes an order placed at `now`: sets its id and created_at, and begins_at to `now` unless it is set.
void complete_order(Account& account, Instant now, Deal& deal);

// The number of an order within its account, counted from 1, read from its id. 0 if the id is not of the form that
// next_order_id() makes.
std::int64_t order_number(std::string_view order_id);

// Increments account.resources and returns the id of the new resource: `prefix`, a hyphen and 8 letters or digits. An
// account always gets the same sequence of ids, so that runs are repeatable. Throws std::overflow_error after
// max_resources.
std::string next_resource_id(Account& account, std::string_view prefix);

// What RunInstances made for a ClientToken, so that a repeated call makes nothing new.
struct ClientToken {
    std::string token;
    std::vector<std::string> instance_ids;

    friend bool operator==(const ClientToken&, const ClientToken&) = default;
};

// An ActionTimer that has fired, with the instance that it terminated.
struct FiredTimer {
    std::string instance_id;
    std::string region; // of the instance
    Instant at{};       // when it was due

    friend bool operator==(const FiredTimer&, const FiredTimer&) = default;
};

// The books between which the ledger moves money (state/rules/ledger.hpp): the parts of an account's balance, then
// their counterparts. Bookkeeping calls a book an account; here that word is taken. `reserve` is the counterpart of
// frozen, `vendor` receives what the account pays, `outside` is everything else. `voucher` is what vouchers have paid,
// which is not part of the balance.
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
    std::chrono::seconds used{}; // for usage: the time that is charged

    friend bool operator==(const LedgerLine&, const LedgerLine&) = default;
};

// The tags of a resource that is neither an instance nor a disk (these have their tags in their own records): an image,
// a load balancer, a user, ... Nothing else is known here about such a resource.
struct ResourceTags {
    std::string resource; // its six-part name, as tag shows it (server/api/resource_name.hpp)
    std::vector<KeyValue> tags;

    friend bool operator==(const ResourceTags&, const ResourceTags&) = default;
};

// Everything that one account owns.
struct AccountState {
    Account account;
    std::vector<Credential> credentials;
    std::vector<Instance> instances;
    std::vector<PlacedDisk> disks; // detached ones
    std::vector<Deal> deals;
    std::vector<LedgerLine> ledger; // oldest first
    std::vector<Rule> rules;
    std::vector<ClientToken> client_tokens;
    std::vector<ResourceTags> tags; // in the order in which the resources were first tagged
    Additions additions{};          // account.additions is their digest
    Networks networks{};
    std::vector<FiredTimer> fired_timers{}; // earliest first
    std::vector<Voucher> vouchers{};        // account.vouchers is their number
    std::vector<VoucherUse> voucher_uses{}; // ordered by voucher; those of one voucher oldest first

    friend bool operator==(const AccountState&, const AccountState&) = default;
};

} // namespace cvm::state
