#pragma once

#include "state/store/store.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cvm::state {

// When a CachingStore passes a changed instance on to the underlying store. In both cases, changes made inside a nested
// transaction wait until they are needed or until the outer transaction is committed.
enum class Writes {
    at_once,
    // When something is asked for that only the underlying store can answer, such as a list of instances. For a store
    // that does not outlive the process anyway.
    when_needed,
};

// A store that caches what calls read again and again: credentials, accounts, the time until which nothing is due, and
// the instances that were read or saved last. The cache is bounded. What may be out of date is dropped: what a
// transaction changed that is rolled back, and everything after another process has changed the file.
class CachingStore final : public Store {
public:
    // How many of each kind are cached. A kind that is full is dropped as a whole.
    struct Limits {
        std::size_t credentials = 1000;
        std::size_t accounts = 1000;
        std::size_t instances = 1000; // of all accounts, some 3 KB each
    };

    CachingStore(std::unique_ptr<Store> store, Writes writes) : CachingStore{std::move(store), writes, Limits{}} {}
    CachingStore(std::unique_ptr<Store> store, Writes writes, Limits limits)
        : store_{std::move(store)}, writes_{writes}, limits_{limits}, data_version_{store_->data_version()}
    {
    }

    std::optional<Credential> find_credential(std::string_view secret_id) override;
    void add_credential(const Credential& credential) override;
    void erase_credential(std::string_view secret_id) override;
    std::vector<Credential> list_credentials(std::string_view uin) override;
    std::optional<Account> find_account(std::string_view uin) override;
    std::optional<Account> default_account() override;
    void save_account(const Account& account) override;
    std::optional<Instance> find_instance(std::string_view uin, std::string_view id) override;
    std::shared_ptr<const Instance> view_instance(std::string_view uin, std::string_view id) override;
    std::vector<Instance> find_instances(std::string_view uin, std::span<const std::string> ids) override;
    std::int64_t count_instances(std::string_view uin, std::string_view region) override;
    std::int64_t count_instances(std::string_view uin) override;
    std::vector<Instance> list_instances(std::string_view uin, std::string_view region, Page page) override;
    InstancePage select_instances(std::string_view uin, std::string_view region,
                                  std::span<const InstanceCondition> conditions, Page page) override;
    void save_instance(std::string_view uin, const Instance& instance) override;
    void share_instance(std::string_view uin, std::shared_ptr<const Instance> instance) override;
    void replace_instance(std::string_view uin, const Instance& before, const Instance& after) override;
    void share_instance(std::string_view uin, const Instance& before, std::shared_ptr<const Instance> after) override;
    void erase_instance(std::string_view uin, std::string_view id) override;
    std::vector<Instance> list_expiring_instances(std::string_view uin) override;
    std::optional<ResourcePage> list_by_expiry(std::string_view uin, std::string_view after,
                                               std::int64_t limit) override;
    std::vector<Instance> due_instances(std::string_view uin, Instant after, Instant until) override;
    std::vector<PlacedDisk> due_disks(std::string_view uin, Instant after, Instant until) override;
    std::optional<Instant> next_due(std::string_view uin) override;
    std::optional<Instant> due_by(std::string_view uin, std::int64_t count) override;
    bool has_due(std::string_view uin, Instant until) override;
    void follow_jump(std::string_view uin, std::weak_ptr<const Instant> next) override;
    bool is_in_jump(std::string_view uin) override;
    std::uint64_t changes_of(std::string_view uin) override;
    std::optional<Instant> next_due_besides_hours(std::string_view uin, Instant after) override;
    std::vector<Instance> list_hourly_instances(std::string_view uin) override;
    bool has_rules(std::string_view uin) override;
    std::vector<std::string> rule_codes(std::string_view uin, std::string_view instance_id) override;
    std::vector<Rule> rules_of(std::string_view uin, std::span<const std::string> instance_ids) override;
    std::optional<PlacedDisk> find_disk(std::string_view uin, std::string_view id) override;
    std::vector<PlacedDisk> list_disks(std::string_view uin) override;
    void save_disk(std::string_view uin, const PlacedDisk& disk) override;
    void erase_disk(std::string_view uin, std::string_view id) override;
    bool has_unpaid_deal(std::string_view uin) override;
    std::vector<Deal> list_unpaid_deals(std::string_view uin) override;
    void add_deals(std::string_view uin, const std::vector<Deal>& deals) override;
    DealPage select_deals(std::string_view uin, const DealQuery& query, Page page) override;
    std::vector<Deal> list_deals(std::string_view uin) override;
    std::vector<Deal> list_deals_of(std::string_view uin, std::string_view resource_id) override;
    std::optional<Deal> find_deal(std::string_view uin, std::string_view order_id) override;
    void update_deal(std::string_view uin, const Deal& deal) override;
    void add_ledger_lines(std::string_view uin, const std::vector<LedgerLine>& lines) override;
    std::vector<LedgerLine> list_ledger(std::string_view uin) override;
    LedgerPage select_ledger(std::string_view uin, std::optional<std::int64_t> after, std::int64_t limit) override;
    std::vector<LedgerLine> list_payments(std::string_view uin, Instant from, Instant until) override;
    std::vector<Voucher> list_vouchers(std::string_view uin) override;
    std::vector<VoucherUse> list_voucher_uses(std::string_view uin, std::string_view voucher_id) override;
    void use_voucher(std::string_view uin, const VoucherUse& use) override;
    std::optional<ResourceTags> find_resource_tags(std::string_view uin, std::string_view resource) override;
    std::vector<ResourceTags> list_resource_tags(std::string_view uin) override;
    void save_resource_tags(std::string_view uin, const ResourceTags& tagged) override;
    std::optional<ClientToken> find_client_token(std::string_view uin, std::string_view token) override;
    void add_client_token(std::string_view uin, const ClientToken& token) override;
    NetworkStore& networks() override;
    Additions list_additions(const Account& account) override;
    void renew_host(std::string_view uin, const Host& host) override;
    std::vector<FiredTimer> list_fired_timers(std::string_view uin) override;
    void add_fired_timer(std::string_view uin, const FiredTimer& timer) override;
    std::vector<std::string> account_uins() override;
    std::optional<AccountState> dump_account(std::string_view uin) override;
    void erase_account(std::string_view uin) override;
    void insert_account(const AccountState& account) override;
    void replace_account(const AccountState& account) override;
    std::unique_ptr<StoreSnapshot> snapshot() override;
    StoreSizes sizes() override;
    bool is_shared() const noexcept override { return store_->is_shared(); }
    std::int64_t data_version() override;
    void refresh() override;
    std::optional<std::string> why_broken() override;

private:
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    template <class T>
    using ByName = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

    using SharedInstance = std::shared_ptr<const Instance>;

    struct KeptInstance {
        SharedInstance now{};
        SharedInstance stored{}; // what the underlying store has; nullptr: the same
    };

    // The cached values of an account. nullopt: not read yet.
    struct Kept {
        std::optional<Account> account;
        std::optional<Instant> none_due_before; // the next due time may be later
        std::weak_ptr<const Instant> next_in_jump;
        std::uint64_t changed = 0; // changes_of(); 0: not since dropped_
        std::optional<bool> has_rules;
        ByName<std::vector<std::string>> rule_codes; // by instance id; at most Limits::instances
        ByName<KeptInstance> instances;
    };

    struct InstanceName {
        std::string uin;
        std::string id;
    };

    // An unwritten change of an instance by the innermost open transaction.
    struct Change {
        std::string uin;
        SharedInstance before;
    };

    Kept& kept(std::string_view uin);
    Kept& changing(std::string_view uin); // kept(), for a change that changes_of() tells
    void drop_accounts();
    void drop_instances(Kept& of);
    void clear();
    void drop_changed_after(std::uint64_t change) noexcept;
    void keep(std::string_view uin, SharedInstance instance);
    // Removes an instance from the cache; nullptr if it was not cached.
    SharedInstance take(Kept& of, std::string_view id);

    std::optional<Transaction>& innermost() { return open_ == 2 ? savepoint_ : transaction_; }
    Store& stored();
    void write();
    bool change(std::string_view uin, const SharedInstance& instance);
    static void expect_due(Kept& of, std::optional<Instant> due_at);
    void undo_changes() noexcept;

    void begin() override;
    void commit() override;
    void rollback() noexcept override;

    std::unique_ptr<Store> store_;
    Writes writes_;
    Limits limits_;
    int open_ = 0;                             // open transactions; 2: one is nested in the other
    std::optional<Transaction> transaction_{}; // of *store_, once something was written in the outer one
    std::optional<Transaction> savepoint_{};   // of *store_, once something was written in the nested one
    std::vector<Change> changes_{}; // of the innermost open transaction, while *store_ has no transaction for it
    std::vector<InstanceName> unwritten_{}; // instances that are outdated in *store_
    std::size_t unwritten_before_ = 0;      // size of unwritten_ when the innermost open transaction began
    std::int64_t data_version_;             // of *store_ when the cache was read
    std::uint64_t change_ = 0;              // the latest that changes_of() told
    std::array<std::uint64_t, 2> before_{}; // change_ when the open transactions began
    std::uint64_t dropped_ = 0;             // the change with which all accounts_ were dropped
    ByName<Credential> credentials_{};
    ByName<Kept> accounts_{};
    std::size_t instances_ = 0; // in all accounts_
};

} // namespace cvm::state
