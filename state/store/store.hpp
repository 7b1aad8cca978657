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

// A window of a list: skip `offset` items, then return at most `limit`.
struct Page {
    std::int64_t offset = 0;
    std::int64_t limit = 0;
};

// A part of a list, and the length of the whole list.
struct InstancePage {
    std::int64_t total = 0;
    std::vector<Instance> instances{};

    friend bool operator==(const InstancePage&, const InstancePage&) = default;
};

// Selects orders of an account; empty members do not restrict the selection.
struct DealQuery {
    Instant from = earliest;              // placed at or after this time
    Instant until = latest;               // placed at or before
    std::vector<std::int64_t> statuses{}; // numbers of DealStatus; no order has any other number
    std::optional<std::string> order_id{};
    std::optional<std::string> big_deal_id{};
    std::optional<std::string> resource_id{};
};

// How much a store holds.
struct StoreSizes {
    std::int64_t accounts = 0;
    std::int64_t instances = 0;
    std::int64_t bytes = 0; // of the database, in memory or in its file, without the file's write-ahead log

    friend bool operator==(const StoreSizes&, const StoreSizes&) = default;
};

// A part of a list of instances and elastic disks. An instance is without its disks and has, of its details, only the
// zone and the name; everything that decides what becomes of it is there.
struct ResourcePage {
    std::vector<std::variant<Instance, PlacedDisk>> resources{};
    std::int64_t left_out = 0; // how many follow after these
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

// Returns the rows of a list one by one, and nullopt after the last one.
template <class T>
using Rows = std::function<std::optional<T>()>;

// What a store held at one moment; later writes to the store do not change it. Rows must not outlive it, and a list
// must not be read twice at the same time.
class StoreSnapshot {
public:
    virtual ~StoreSnapshot() = default;

    // An account without its instances, orders and ledger lines; nullopt if it does not exist.
    virtual std::optional<AccountState> account_alone(std::string_view uin) = 0;
    virtual Rows<Instance> instances(std::string_view uin) = 0; // by id
    virtual Rows<Deal> deals(std::string_view uin) = 0;         // oldest first
    virtual Rows<LedgerLine> ledger(std::string_view uin) = 0;  // oldest first
};

// How many snapshots may exist at a time. A snapshot of a store in memory is a copy.
inline constexpr int max_snapshots = 4;

// Stores accounts and what they own. Takes and returns values; no method keeps a reference to its arguments. Every
// method throws when the store itself fails (a full disk, a damaged file); something that does not exist gives an empty
// result. Everything of an account is looked up by its Uin, so that no call can reach the resources of another account.
// Changes that must happen together are made inside a Transaction; a method that fails outside of one may have done a
// part of its work.
class Store {
public:
    virtual ~Store() = default;

    virtual std::optional<Credential> find_credential(std::string_view secret_id) = 0;
    // Throws if the SecretId is in use or the account does not exist.
    virtual void add_credential(const Credential& credential) = 0;
    virtual void erase_credential(std::string_view secret_id) = 0;
    virtual std::vector<Credential> list_credentials(std::string_view uin) = 0; // in order of insertion

    virtual std::optional<Account> find_account(std::string_view uin) = 0;
    virtual std::optional<Account> default_account() = 0;
    virtual void save_account(const Account& account) = 0; // throws if it does not exist

    virtual std::optional<Instance> find_instance(std::string_view uin, std::string_view id) = 0;
    // The same, shared with other readers; nullptr if it does not exist.
    virtual std::shared_ptr<const Instance> view_instance(std::string_view uin, std::string_view id);
    // The existing instances among these ids, in the order of the ids.
    virtual std::vector<Instance> find_instances(std::string_view uin, std::span<const std::string> ids) = 0;
    virtual std::int64_t count_instances(std::string_view uin, std::string_view region) = 0;
    virtual std::int64_t count_instances(std::string_view uin) = 0; // of all regions
    // Newest first.
    virtual std::vector<Instance> list_instances(std::string_view uin, std::string_view region, Page page) = 0;
    // The instances that fulfil all conditions, newest first. No instance fulfils a condition without values.
    virtual InstancePage select_instances(std::string_view uin, std::string_view region,
                                          std::span<const InstanceCondition> conditions, Page page) = 0;
    virtual void save_instance(std::string_view uin, const Instance& instance) = 0; // inserts or replaces
    // The same for an instance that readers may share from now on.
    virtual void share_instance(std::string_view uin, std::shared_ptr<const Instance> instance);
    // The same if the caller knows the stored value: only what differs is written.
    virtual void replace_instance(std::string_view uin, const Instance& before, const Instance& after) = 0;
    // The same for an instance that readers may share from now on.
    virtual void share_instance(std::string_view uin, const Instance& before, std::shared_ptr<const Instance> after);
    virtual void erase_instance(std::string_view uin, std::string_view id) = 0; // with its attached disks
    // Instances with an expiry, in all regions, earliest first.
    virtual std::vector<Instance> list_expiring_instances(std::string_view uin) = 0;
    // Instances and elastic disks ordered by expiry, those without one last: at most `limit` after the one with the id
    // `after`, or from the beginning if `after` is empty. nullopt if `after` is not in the list.
    virtual std::optional<ResourcePage> list_by_expiry(std::string_view uin, std::string_view after,
                                                       std::int64_t limit) = 0;
    // Instances, and detached disks, with a due_at after `after` and at or before `until`, earliest first.
    virtual std::vector<Instance> due_instances(std::string_view uin, Instant after, Instant until) = 0;
    virtual std::vector<PlacedDisk> due_disks(std::string_view uin, Instant after, Instant until) = 0;
    // The earliest due_at of instances and of detached disks.
    virtual std::optional<Instant> next_due(std::string_view uin) = 0;
    // The earliest time by which `count` instances or `count` detached disks are due; nullopt if fewer are.
    virtual std::optional<Instant> due_by(std::string_view uin, std::int64_t count) = 0;
    // Whether next_due() is at or before `until`.
    virtual bool has_due(std::string_view uin, Instant until);
    // While a jump of the account's clock goes on, some due_at are over although nothing is due. `next` is when
    // something is; the jump is over when its owner has gone. A store may forget it.
    virtual void follow_jump(std::string_view uin, std::weak_ptr<const Instant> next);
    // Whether such a jump goes on.
    virtual bool is_in_jump(std::string_view uin);
    // A number that is new after each change of the account, of its instances, its disks and its vouchers, and perhaps
    // after other changes.
    virtual std::uint64_t changes_of(std::string_view uin);
    // The next due time after `after`, without hourly instances.
    virtual std::optional<Instant> next_due_besides_hours(std::string_view uin, Instant after) = 0;
    // Instances that are paid by the hour, including suspended ones; by id.
    virtual std::vector<Instance> list_hourly_instances(std::string_view uin) = 0;

    virtual bool has_rules(std::string_view uin) = 0;
    // The codes of the rules that name this instance or, for an empty id, the account; sorted.
    virtual std::vector<std::string> rule_codes(std::string_view uin, std::string_view instance_id) = 0;
    // The rules that name one of these instances, in the order of the ids.
    virtual std::vector<Rule> rules_of(std::string_view uin, std::span<const std::string> instance_ids) = 0;

    // Disks, attached or not.
    virtual std::optional<PlacedDisk> find_disk(std::string_view uin, std::string_view id) = 0;
    virtual std::vector<PlacedDisk> list_disks(std::string_view uin) = 0; // of all regions, by id
    // Inserts or replaces a disk; does not attach or detach it.
    virtual void save_disk(std::string_view uin, const PlacedDisk& disk) = 0;
    virtual void erase_disk(std::string_view uin, std::string_view id) = 0;

    virtual bool has_unpaid_deal(std::string_view uin) = 0;
    virtual std::vector<Deal> list_unpaid_deals(std::string_view uin) = 0; // oldest first
    virtual void add_deals(std::string_view uin, const std::vector<Deal>& deals) = 0;
    virtual DealPage select_deals(std::string_view uin, const DealQuery& query, Page page) = 0;      // newest first
    virtual std::vector<Deal> list_deals(std::string_view uin) = 0;                                  // oldest first
    virtual std::vector<Deal> list_deals_of(std::string_view uin, std::string_view resource_id) = 0; // oldest first
    virtual std::optional<Deal> find_deal(std::string_view uin, std::string_view order_id) = 0;
    // Updates everything but the id and the time; throws if the order does not exist.
    virtual void update_deal(std::string_view uin, const Deal& deal) = 0;

    // A usage line is added to the existing usage line of the same day (UTC+8), resource and book, if there is one.
    virtual void add_ledger_lines(std::string_view uin, const std::vector<LedgerLine>& lines) = 0;
    virtual std::vector<LedgerLine> list_ledger(std::string_view uin) = 0; // oldest first
    // The latest `limit` lines or, if `after` is given, the first `limit` lines with a larger number.
    virtual LedgerPage select_ledger(std::string_view uin, std::optional<std::int64_t> after, std::int64_t limit) = 0;
    // The lines to or from the vendor at or after `from` and before `until`, in order of time.
    virtual std::vector<LedgerLine> list_payments(std::string_view uin, Instant from, Instant until) = 0;

    virtual std::vector<Voucher> list_vouchers(std::string_view uin) = 0; // in the order of the document
    // The uses of one voucher, oldest first.
    virtual std::vector<VoucherUse> list_voucher_uses(std::string_view uin, std::string_view voucher_id) = 0;
    // Adds the use and its amount to Voucher::used; throws if the voucher does not exist.
    virtual void use_voucher(std::string_view uin, const VoucherUse& use) = 0;

    // The tags of resources that are neither instances nor disks.
    virtual std::optional<ResourceTags> find_resource_tags(std::string_view uin, std::string_view resource) = 0;
    // In the order of their first tagging.
    virtual std::vector<ResourceTags> list_resource_tags(std::string_view uin) = 0;
    // Inserts or replaces; deletes if there are no tags.
    virtual void save_resource_tags(std::string_view uin, const ResourceTags& tagged) = 0;

    virtual std::optional<ClientToken> find_client_token(std::string_view uin, std::string_view token) = 0;
    virtual void add_client_token(std::string_view uin, const ClientToken& token) = 0;

    // The store of networks. Do not keep the reference: ask again for each use.
    virtual NetworkStore& networks() = 0;

    // What the account adds to the catalogue; empty if account.additions is empty.
    virtual Additions list_additions(const Account& account) = 0;
    // Updates RenewFlag and expiry of a host that the account adds; throws if the host does not exist.
    virtual void renew_host(std::string_view uin, const Host& host) = 0;

    virtual std::vector<FiredTimer> list_fired_timers(std::string_view uin) = 0; // earliest first
    virtual void add_fired_timer(std::string_view uin, const FiredTimer& timer) = 0;

    // Whole accounts, for export, import and reset. insert_account throws if the account already exists;
    // replace_account writes only what differs from the stored account, or inserts it if it does not exist.
    virtual std::vector<std::string> account_uins() = 0; // in order of insertion
    virtual std::optional<AccountState> dump_account(std::string_view uin) = 0;
    virtual void erase_account(std::string_view uin) = 0;
    virtual void insert_account(const AccountState& account) = 0;
    virtual void replace_account(const AccountState& account) = 0;

    // A snapshot of what is stored now; nullptr if there are already `max_snapshots`. Must not be called inside a
    // transaction.
    virtual std::unique_ptr<StoreSnapshot> snapshot() = 0;
    // Cheap: reads no account and no instance.
    virtual StoreSizes sizes() = 0;

    // Whether other processes can change what is stored.
    virtual bool is_shared() const noexcept { return false; }
    // Changes whenever another process has changed what is stored.
    virtual std::int64_t data_version() = 0;
    // How many transactions have been begun on this object.
    std::uint64_t transactions() const noexcept { return transactions_; }
    // Must be called before each request: drops cached values that another process has changed.
    virtual void refresh() {}

    // Why changes cannot be stored, in one line; nullopt if they can, judging by the last ones. After a failure it
    // tries a write to see whether writing works again, unless a transaction is open.
    virtual std::optional<std::string> why_broken() = 0;

private:
    friend class Transaction;
    virtual void begin() = 0;
    virtual void commit() = 0;
    virtual void rollback() noexcept = 0;

    std::uint64_t transactions_ = 0;
};

// NOLINTNEXTLINE(performance-unnecessary-value-param): overriding functions keep the instance.
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

inline void Store::follow_jump(std::string_view /*uin*/, std::weak_ptr<const Instant> /*next*/) {}

inline std::uint64_t Store::changes_of(std::string_view /*uin*/) { return transactions_; }

inline bool Store::is_in_jump(std::string_view /*uin*/) { return false; }

inline bool Store::has_due(std::string_view uin, Instant until)
{
    const auto next = next_due(uin);
    return next && *next <= until;
}

// A scope in which either everything between construction and commit() happens, or nothing if commit() is not reached.
// A transaction may be nested in another one, as a savepoint: its changes become permanent when the outer one is
// committed.
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

    // Throws if the store cannot write the changes; then nothing has happened.
    void commit()
    {
        store_.commit();
        open_ = false;
    }

private:
    Store& store_;
    bool open_ = true;
};

// The store itself failed. The text begins with the path of its file.
struct BrokenStore : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A file that is not a database of this program, is one of a newer version, or is damaged. The text names the file and
// says what to do.
struct BadDatabase : std::runtime_error {
    using std::runtime_error::runtime_error;
};

} // namespace cvm::state
