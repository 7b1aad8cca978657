#pragma once

#include "state/store/store.hpp"

#include <memory>
#include <string>

namespace cvm::state {

// How thoroughly an existing file is checked for damage when it is opened.
enum class DatabaseCheck {
    tables, // that they exist
    pages,  // that all are intact; takes a second for some hundred MB
};

// The store in SQLite: the only SQL of the project. Not thread-safe.
class SqliteStore : public Store {
public:
    // `path` is a file, which is created if it is missing, or ":memory:". Throws BadDatabase, also for a file that
    // cannot be written.
    explicit SqliteStore(const std::string& path, DatabaseCheck check = DatabaseCheck::tables);
    ~SqliteStore() override;

    std::optional<Credential> find_credential(std::string_view secret_id) override;
    void add_credential(const Credential& credential) override;
    void erase_credential(std::string_view secret_id) override;
    std::vector<Credential> list_credentials(std::string_view uin) override;
    std::optional<Account> find_account(std::string_view uin) override;
    std::optional<Account> default_account() override;
    void save_account(const Account& account) override;
    std::optional<Instance> find_instance(std::string_view uin, std::string_view id) override;
    std::vector<Instance> find_instances(std::string_view uin, std::span<const std::string> ids) override;
    std::int64_t count_instances(std::string_view uin, std::string_view region) override;
    std::int64_t count_instances(std::string_view uin) override;
    std::vector<Instance> list_instances(std::string_view uin, std::string_view region, Page page) override;
    InstancePage select_instances(std::string_view uin, std::string_view region,
                                  std::span<const InstanceCondition> conditions, Page page) override;
    void save_instance(std::string_view uin, const Instance& instance) override;
    void replace_instance(std::string_view uin, const Instance& before, const Instance& after) override;
    void erase_instance(std::string_view uin, std::string_view id) override;
    std::vector<Instance> list_expiring_instances(std::string_view uin) override;
    std::optional<ResourcePage> list_by_expiry(std::string_view uin, std::string_view after,
                                               std::int64_t limit) override;
    std::vector<Instance> due_instances(std::string_view uin, Instant after, Instant until) override;
    std::vector<PlacedDisk> due_disks(std::string_view uin, Instant after, Instant until) override;
    std::optional<Instant> next_due(std::string_view uin) override;
    std::optional<Instant> due_by(std::string_view uin, std::int64_t count) override;
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
    bool is_shared() const noexcept override;
    std::int64_t data_version() override;
    std::optional<std::string> why_broken() override;

private:
    friend class SqliteSnapshot;

    void begin() override;
    void commit() override;
    void rollback() noexcept override;

    AccountState dump_alone(Account account); // works as StoreSnapshot::account_alone()
    // Inserts everything but the account itself, its key pairs, its instances and what it adds to the catalogue.
    void insert_besides_instances(const AccountState& state);
    // Replaces the instances of an account; writes only what differs.
    void replace_instances(std::string_view uin, const std::vector<Instance>& instances);

    struct Impl;
    explicit SqliteStore(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

} // namespace cvm::state
