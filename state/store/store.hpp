#pragma once

#include "state/model/account.hpp"
#include "state/store/instance_query.hpp"
#include "state/store/network_store.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cvm::state {

// A window on a list: skip `offset`, then at most `limit`.
struct Page {
    std::int64_t offset = 0;
    std::int64_t limit = 0;
};

// Some of a list, and how many the whole list has.
struct InstancePage {
    std::int64_t total = 0;
    std::vector<Instance> instances{};

    friend bool operator==(const InstancePage&, const InstancePage&) = default;
};

// Which orders of an account; what is empty is not asked for.
struct DealQuery {
    Instant from = earliest;              // placed at or after this time
    Instant until = latest;               // placed at or before
    std::vector<std::int64_t> statuses{}; // numbers of DealStatus, or others, which no order has
    std::optional<std::string> order_id{};
    std::optional<std::string> big_deal_id{};
    std::optional<std::string> resource_id{};
};

// How much a store holds.
struct StoreSizes {
    std::int64_t accounts = 0;
    std::int64_t instances = 0;
    std::int64_t bytes = 0; // of the database, in memory or in its file; without the file's write-ahead log

    friend bool operator==(const StoreSizes&, const StoreSizes&) = default;
};

// A part of a list of instances and elastic disks. Of an instance it holds what decides what becomes of it, its zone
// and its name, and not its disks.
struct ResourcePage {
    std::vector<std::variant<Instance, PlacedDisk>> resources{};
    std::int64_t left_out = 0; // after these
};

struct DealPage {
    std::int64_t total = 0;
    std::vector<Deal> deals{};

    friend bool operator==(const DealPage&, const DealPage&) = default;
};

// A part of a ledger. The first line of an account has the number 1.
struct LedgerPage {
    struct Line {
        std::int64_t number = 0;
        LedgerLine line{};
    };

    std::vector<Line> lines{}; // oldest first
    std::int64_t left_out = 0;
};

// Rows of a list, one by one, and nullopt after the last.
template <class T>
using Rows = std::function<std::optional<T>()>;

// What a store held at one moment, whatever is written to the store afterwards. Rows must not outlive it, and two of
// the same list must not be read at the same time.
class StoreSnapshot {
public:
    virtual ~StoreSnapshot() = default;

    // An account without its instances, orders and ledger lines; nullopt if it is not there.
    virtual std::optional<AccountState> account_alone(std::string_view uin) = 0;
    virtual Rows<Instance> instances(std::string_view uin) = 0; // by id
    virtual Rows<Deal> deals(std::string_view uin) = 0;         // oldest first
    virtual Rows<LedgerLine> ledger(std::string_view uin) = 0;  // oldest first
};

// As many may be at one time: one of a store in memory is a copy.
inline constexpr int max_snapshots = 4;

// Where accounts and what they own are kept. Values in, values out; no method keeps a reference to its arguments. Every
// method throws when the store itself breaks (a full disk, a damaged file); a thing that is not there is an empty
// answer. What belongs to an account is found under its Uin only, so that no call can reach the resources of another
// account. What must happen as a whole happens inside a Transaction; a method that fails outside of one may have done a
// part.
class Store {
public:
    virtual ~Store() = default;

    virtual std::optional<Credential> find_credential(std::string_view secret_id) = 0;
    // Throws if the SecretId is taken or the account is not there.
    virtual void add_credential(const Credential& credential) = 0;
    virtual void erase_credential(std::string_view secret_id) = 0;
    virtual std::vector<Credential> list_credentials(std::string_view uin) = 0; // in the order in which they were added

    virtual std::optional<Account> find_account(std::string_view uin) = 0;
    virtual std::optional<Account> default_account() = 0;
    virtual void save_account(const Account& account) = 0; // throws if it is not there

    virtual std::optional<Instance> find_instance(std::string_view uin, std::string_view id) = 0;
    // The same, shared with other readers; nullptr if it is not there.
    virtual std::shared_ptr<const Instance> view_instance(std::string_view uin, std::string_view id);
    // Those of the ids that are there, in the order of the ids.
    virtual std::vector<Instance> find_instances(std::string_view uin, std::span<const std::string> ids) = 0;
    virtual std::int64_t count_instances(std::string_view uin, std::string_view region) = 0;
    virtual std::int64_t count_instances(std::string_view uin) = 0; // of all regions
    // Newest first.
    virtual std::vector<Instance> list_instances(std::string_view uin, std::string_view region, Page page) = 0;
    // Those that fulfil all conditions, newest first; a condition without values is fulfilled by none.
    virtual InstancePage select_instances(std::string_view uin, std::string_view region,
                                          std::span<const InstanceCondition> conditions, Page page) = 0;
    virtual void save_instance(std::string_view uin, const Instance& instance) = 0; // new or known
    // The same, for one that readers may share from now on.
    virtual void share_instance(std::string_view uin, std::shared_ptr<const Instance> instance);
    // The same for who knows what the store holds of it: only what differs is written.
    virtual void replace_instance(std::string_view uin, const Instance& before, const Instance& after) = 0;
    // The same, for one that readers may share from now on.
    virtual void share_instance(std::string_view uin, const Instance& before, std::shared_ptr<const Instance> after);
    virtual void erase_instance(std::string_view uin, std::string_view id) = 0; // with the disks on it
    // Instances with an expiry, in all regions, the earliest first.
    virtual std::vector<Instance> list_expiring_instances(std::string_view uin) = 0;
    // Instances and elastic disks by their expiry, the earliest first, then those that have none: at most `limit` after
    // the one with the id `after`, or from the first if that is empty. nullopt: it is not in the list.
    virtual std::optional<ResourcePage> list_by_expiry(std::string_view uin, std::string_view after,
                                                       std::int64_t limit) = 0;
    // Whose due_at is at or before `until`, the earliest first.
    virtual std::vector<Instance> due_instances(std::string_view uin, Instant until) = 0;
    virtual std::vector<PlacedDisk> due_disks(std::string_view uin, Instant until) = 0; // of disks on no instance
    // The earliest due_at of instances and of disks on no instance.
    virtual std::optional<Instant> next_due(std::string_view uin) = 0;
    // The earliest time by which `count` instances, or so many disks on no instance, are due; nullopt if fewer are.
    virtual std::optional<Instant> due_by(std::string_view uin, std::int64_t count) = 0;
    // Whether next_due() is at or before `until`.
    virtual bool has_due(std::string_view uin, Instant until);
    // The same after `after`, without the instances that are paid by the hour.
    virtual std::optional<Instant> next_due_besides_hours(std::string_view uin, Instant after) = 0;
    // Instances that are paid by the hour, suspended ones too; by id.
    virtual std::vector<Instance> list_hourly_instances(std::string_view uin) = 0;

    virtual bool has_rules(std::string_view uin) = 0;
    // The codes of the rules that name this instance or, for an empty id, the account; sorted.
    virtual std::vector<std::string> rule_codes(std::string_view uin, std::string_view instance_id) = 0;
    // The rules that name one of these instances, in the order of the ids.
    virtual std::vector<Rule> rules_of(std::string_view uin, std::span<const std::string> instance_ids) = 0;

    // Disks, attached or not.
    virtual std::optional<PlacedDisk> find_disk(std::string_view uin, std::string_view id) = 0;
    virtual std::vector<PlacedDisk> list_disks(std::string_view uin) = 0; // of all regions, by id
    // New or known; does not attach or detach it.
    virtual void save_disk(std::string_view uin, const PlacedDisk& disk) = 0;
    virtual void erase_disk(std::string_view uin, std::string_view id) = 0;

    virtual bool has_unpaid_deal(std::string_view uin) = 0;
    virtual std::vector<Deal> list_unpaid_deals(std::string_view uin) = 0; // oldest first
    virtual void add_deal(std::string_view uin, const Deal& deal) = 0;
    virtual DealPage select_deals(std::string_view uin, const DealQuery& query, Page page) = 0;      // newest first
    virtual std::vector<Deal> list_deals(std::string_view uin) = 0;                                  // oldest first
    virtual std::vector<Deal> list_deals_of(std::string_view uin, std::string_view resource_id) = 0; // likewise
    virtual std::optional<Deal> find_deal(std::string_view uin, std::string_view order_id) = 0;
    // All but its id and its time; throws if it is not there.
    virtual void update_deal(std::string_view uin, const Deal& deal) = 0;

    // A line of usage is added to the usage line of the same day (UTC+8), resource and book, if there is one.
    virtual void add_ledger_line(std::string_view uin, const LedgerLine& line) = 0;
    virtual std::vector<LedgerLine> list_ledger(std::string_view uin) = 0; // oldest first
    // The latest `limit` lines or, of those with a number after `after`, the first.
    virtual LedgerPage select_ledger(std::string_view uin, std::optional<std::int64_t> after, std::int64_t limit) = 0;
    // The lines to or from the vendor at or after `from` and before `until`, in the order of time.
    virtual std::vector<LedgerLine> list_payments(std::string_view uin, Instant from, Instant until) = 0;

    virtual std::vector<Voucher> list_vouchers(std::string_view uin) = 0; // in the order of the document
    // The uses of one, oldest first.
    virtual std::vector<VoucherUse> list_voucher_uses(std::string_view uin, std::string_view voucher_id) = 0;
    // Adds the use and counts its amount as used; throws if the voucher is not there.
    virtual void use_voucher(std::string_view uin, const VoucherUse& use) = 0;

    // The tags of resources that are neither instances nor disks.
    virtual std::optional<ResourceTags> find_resource_tags(std::string_view uin, std::string_view resource) = 0;
    virtual std::vector<ResourceTags> list_resource_tags(std::string_view uin) = 0; // the first tagged first
    // New or known; without tags it is forgotten.
    virtual void save_resource_tags(std::string_view uin, const ResourceTags& tagged) = 0;

    virtual std::optional<ClientToken> find_client_token(std::string_view uin, std::string_view token) = 0;
    virtual void add_client_token(std::string_view uin, const ClientToken& token) = 0;

    // Networks. To be asked for at each use, as any other part of the store.
    virtual NetworkStore& networks() = 0;

    // What the account adds to the catalogue; nothing where account.additions is empty.
    virtual Additions list_additions(const Account& account) = 0;
    // RenewFlag and expiry of a host that the account adds; throws if it is not there.
    virtual void renew_host(std::string_view uin, const Host& host) = 0;

    virtual std::vector<FiredTimer> list_fired_timers(std::string_view uin) = 0; // the earliest first
    virtual void add_fired_timer(std::string_view uin, const FiredTimer& timer) = 0;

    // Whole accounts, for export, import and reset. insert_account throws if the account is there already;
    // replace_account writes only what differs from what is stored, or inserts the account if it is not there.
    virtual std::vector<std::string> account_uins() = 0; // in the order in which they were inserted
    virtual std::optional<AccountState> dump_account(std::string_view uin) = 0;
    virtual void erase_account(std::string_view uin) = 0;
    virtual void insert_account(const AccountState& account) = 0;
    virtual void replace_account(const AccountState& account) = 0;

    // What is stored now; nullptr if there are `max_snapshots`. To be called outside of a transaction.
    virtual std::unique_ptr<StoreSnapshot> snapshot() = 0;
    // Cheap: reads no account and no instance.
    virtual StoreSizes sizes() = 0;

    // Changes when another process has changed what is stored.
    virtual std::int64_t data_version() = 0;
    // How many transactions have been begun here.
    std::uint64_t transactions() const noexcept { return transactions_; }
    // To be called before each request: forgets what another process has changed since it was read.
    virtual void refresh() {}

    // Why changes cannot be kept, in one line; nullopt if they can, as far as the last ones tell. After a failure it
    // writes something to see whether that works again, unless a transaction is open.
    virtual std::optional<std::string> why_broken() = 0;

private:
    friend class Transaction;
    virtual void begin() = 0;
    virtual void commit() = 0;
    virtual void rollback() noexcept = 0;

    std::uint64_t transactions_ = 0;
};

// NOLINTNEXTLINE(performance-unnecessary-value-param): those that override it keep the instance.
inline void Store::share_instance(std::string_view uin, std::shared_ptr<const Instance> instance)
{
    save_instance(uin, *instance);
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): likewise.
inline void Store::share_instance(std::string_view uin, const Instance& before, std::shared_ptr<const Instance> after)
{
    replace_instance(uin, before, *after);
}

inline std::shared_ptr<const Instance> Store::view_instance(std::string_view uin, std::string_view id)
{
    auto found = find_instance(uin, id);
    return found ? std::make_shared<const Instance>(*std::move(found)) : nullptr;
}

inline bool Store::has_due(std::string_view uin, Instant until)
{
    const auto next = next_due(uin);
    return next && *next <= until;
}

// Everything between construction and commit() happens or, on any other way out, nothing of it. One may be inside
// another, as a savepoint: what it commits is part of the outer one, and happens when that is committed.
class Transaction {
public:
    explicit Transaction(Store& store) : store_{store}
    {
        store_.begin();
        ++store_.transactions_;
    }
    ~Transaction()
    {
        if (open_)
            store_.rollback();
    }
    Transaction(Transaction&& other) noexcept : store_{other.store_}, open_{std::exchange(other.open_, false)} {}
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    Transaction& operator=(Transaction&&) = delete;

    // Throws when the store cannot keep it; then nothing happened.
    void commit()
    {
        store_.commit();
        open_ = false;
    }

private:
    Store& store_;
    bool open_ = true;
};

// The store itself broke. The text begins with the path of its file.
struct BrokenStore : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A file that is not a database of this program, or of a newer version of it, or damaged. The text names the file and
// says what to do.
struct BadDatabase : std::runtime_error {
    using std::runtime_error::runtime_error;
};

} // namespace cvm::state
