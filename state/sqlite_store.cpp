#include "state/sqlite_store.hpp"

#include "state/schema.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <utility>

namespace cvm::state {

namespace {

// How long a call waits while somebody else (a shell, a backup) holds the file, in milliseconds. The wait blocks the
// server, so it is short; after it the call answers InternalError.
constexpr int busy_timeout_ms = 200;

// A prepared statement in use: binds in order, reads in order, and is ready for the next use on every way out.
class Use {
public:
    explicit Use(SQLite::Statement& statement) : statement_{statement} {}
    ~Use() { statement_.tryReset(); }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

    template <class... Values>
    Use& bind(const Values&... values)
    {
        (bind_next(values), ...);
        return *this;
    }

    bool step()
    {
        read_ = 0;
        return statement_.executeStep();
    }

    // How many rows it changed.
    int run() { return statement_.exec(); }

    std::string text() { return next().getString(); }
    std::int64_t integer() { return next().getInt64(); }
    bool boolean() { return next().getInt() != 0; }
    Cents cents() { return Cents{next().getInt64()}; }
    Instant instant() { return Instant{std::chrono::seconds{next().getInt64()}}; }

    std::optional<Instant> maybe_instant()
    {
        const SQLite::Column column = next();
        if (column.isNull())
            return std::nullopt;
        return Instant{std::chrono::seconds{column.getInt64()}};
    }

    template <class E>
    E word()
    {
        return known<E>(next().getString());
    }

    template <class E>
    std::optional<E> maybe_word()
    {
        const SQLite::Column column = next();
        if (column.isNull())
            return std::nullopt;
        return known<E>(column.getString());
    }

    std::optional<std::string> maybe_text()
    {
        const SQLite::Column column = next();
        if (column.isNull())
            return std::nullopt;
        return column.getString();
    }

private:
    SQLite::Column next() { return statement_.getColumn(read_++); }

    template <class E>
    static E known(const std::string& text)
    {
        const auto value = parse<E>(text);
        if (!value)
            throw std::runtime_error{"the database holds the unknown word '" + text + "'"};
        return *value;
    }

    void bind_next(std::string_view value) { statement_.bind(++bound_, std::string{value}); }
    void bind_next(const std::string& value) { statement_.bind(++bound_, value); }
    void bind_next(std::int64_t value) { statement_.bind(++bound_, value); }
    void bind_next(bool value) { statement_.bind(++bound_, value ? 1 : 0); }
    void bind_next(Cents value) { statement_.bind(++bound_, value.value); }
    void bind_next(std::chrono::seconds value) { statement_.bind(++bound_, std::int64_t{value.count()}); }
    void bind_next(Instant value) { bind_next(value.time_since_epoch()); }
    void bind_next(const char*) = delete;

    template <class E>
        requires requires { Names<E>::all; }
    void bind_next(E value) { bind_next(name(value)); }

    template <class T>
    void bind_next(const std::optional<T>& value)
    {
        if (value)
            bind_next(*value);
        else
            statement_.bind(++bound_);
    }

    SQLite::Statement& statement_;
    int bound_ = 0;
    int read_ = 0;
};

constexpr auto account_columns =
    "uin, is_default, clock_offset, clock_frozen_at, cash, income, present, frozen, owed, credit, "
    "orders";

Account read_account(Use& row)
{
    Account a;
    a.uin = row.text();
    a.is_default = row.boolean();
    a.clock.offset = std::chrono::seconds{row.integer()};
    a.clock.frozen_at = row.maybe_instant();
    a.balance.cash = row.cents();
    a.balance.income = row.cents();
    a.balance.present = row.cents();
    a.balance.frozen = row.cents();
    a.balance.owed = row.cents();
    a.balance.credit = row.cents();
    a.orders = row.integer();
    return a;
}

void bind_account(Use& use, const Account& a)
{
    use.bind(a.uin, a.is_default, a.clock.offset, a.clock.frozen_at, a.balance.cash, a.balance.income,
             a.balance.present, a.balance.frozen, a.balance.owed, a.balance.credit, a.orders);
}

constexpr auto credential_columns = "secret_id, secret_key, uin, token, expires_at";

Credential read_credential(Use& row)
{
    Credential c;
    c.secret_id = row.text();
    c.secret_key = row.text();
    c.uin = row.text();
    c.token = row.text();
    c.expires_at = row.maybe_instant();
    return c;
}

constexpr auto instance_columns =
    "id, region, zone, name, type, project_id, cpu, memory_gib, charge_type, renew_flag, state, restrict_state, "
    "isolated_source, stop_charging_mode, created_at, expires_at, operation, operation_state, operation_request_id, "
    "operation_error, operation_ends_at, operation_state_after, internet_charge_type, bandwidth_mbps, attributes";

// All but the disks.
Instance read_instance(Use& row)
{
    Instance i;
    i.id = row.text();
    i.region = row.text();
    i.zone = row.text();
    i.name = row.text();
    i.type = row.text();
    i.project_id = row.integer();
    i.cpu = row.integer();
    i.memory_gib = row.integer();
    i.charge_type = row.word<ChargeType>();
    i.renew_flag = row.maybe_word<RenewFlag>();
    i.state = row.word<InstanceState>();
    i.restrict_state = row.word<RestrictState>();
    i.isolated_source = row.word<IsolatedSource>();
    i.stop_charging_mode = row.word<StopChargingMode>();
    i.created_at = row.instant();
    i.expires_at = row.maybe_instant();
    const auto operation = row.maybe_text();
    const auto operation_state = row.maybe_word<OperationState>();
    const auto request_id = row.maybe_text();
    const auto error_message = row.maybe_text();
    const auto ends_at = row.maybe_instant();
    const auto state_after = row.maybe_word<InstanceState>();
    if (operation)
        i.latest_operation =
            Operation{*operation, operation_state.value(), request_id.value_or(""), error_message.value_or(""), ends_at,
                      state_after};
    i.internet_charge_type = row.text();
    i.bandwidth_mbps = row.integer();
    i.attributes = row.text();
    return i;
}

void bind_instance(Use& use, std::string_view uin, const Instance& i)
{
    std::optional<std::string> operation;
    std::optional<OperationState> operation_state;
    std::optional<std::string> request_id;
    std::optional<std::string> error_message;
    std::optional<Instant> ends_at;
    std::optional<InstanceState> state_after;
    if (i.latest_operation) {
        operation = i.latest_operation->name;
        operation_state = i.latest_operation->state;
        request_id = i.latest_operation->request_id;
        error_message = i.latest_operation->error_message;
        ends_at = i.latest_operation->ends_at;
        state_after = i.latest_operation->state_after;
    }
    use.bind(uin, i.id, i.region, i.zone, i.name, i.type, i.project_id, i.cpu, i.memory_gib, i.charge_type,
             i.renew_flag, i.state, i.restrict_state, i.isolated_source, i.stop_charging_mode, i.created_at,
             i.expires_at, operation, operation_state, request_id, error_message, ends_at, state_after,
             i.internet_charge_type, i.bandwidth_mbps, i.attributes);
}

constexpr auto disk_columns =
    "id, usage, type, name, size_gib, portable, delete_with_instance, encrypt, charge_type, renew_flag, expires_at";

Disk read_disk(Use& row)
{
    Disk d;
    d.id = row.text();
    d.usage = row.word<DiskUsage>();
    d.type = row.text();
    d.name = row.text();
    d.size_gib = row.integer();
    d.portable = row.boolean();
    d.delete_with_instance = row.boolean();
    d.encrypt = row.boolean();
    d.charge_type = row.word<ChargeType>();
    d.renew_flag = row.maybe_word<RenewFlag>();
    d.expires_at = row.maybe_instant();
    return d;
}

constexpr auto deal_columns = "order_id, status, action, resource_id, months, total, created_at";

Deal read_deal(Use& row)
{
    Deal d;
    d.order_id = row.text();
    d.status = static_cast<DealStatus>(row.integer());
    d.action = row.text();
    d.resource_id = row.text();
    d.months = row.integer();
    d.total = row.cents();
    d.created_at = row.instant();
    return d;
}

std::string select(const char* columns, const char* rest) { return std::string{"SELECT "} + columns + " FROM " + rest; }

// How long a start waits while another server makes the same file.
constexpr int open_timeout_ms = 5000;

// Makes the tables if the file is empty; refuses a file that is somebody else's. All in one transaction, so that of
// several servers that start on one file the first makes it and the others find it whole.
void make_or_check(SQLite::Database& db, const std::string& path)
{
    SQLite::Transaction transaction{db, SQLite::TransactionBehavior::IMMEDIATE};
    const int version = db.execAndGet("PRAGMA user_version").getInt();
    const int id = db.execAndGet("PRAGMA application_id").getInt();
    const bool empty = db.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
    if (id != application_id && (id != 0 || !empty))
        throw BadDatabase{path + ": not a database of cvm-renewal-emulator; name another file with --db"};
    if (version > schema_version)
        throw BadDatabase{path + ": written by a newer cvm-renewal-emulator (format " + std::to_string(version) +
                          ", this one knows " + std::to_string(schema_version) +
                          "); use that one, or name another file with --db"};
    if (empty) {
        db.exec(schema_sql());
        db.exec("PRAGMA application_id = " + std::to_string(application_id));
        db.exec("PRAGMA user_version = " + std::to_string(schema_version));
    }
    transaction.commit();
}

SQLite::Database open(const std::string& path)
{
    try {
        SQLite::Database db{path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX, open_timeout_ms};
        db.exec("PRAGMA foreign_keys = ON");
        make_or_check(db, path);
        // A killed process loses nothing that it answered; only a loss of power may take the last commits.
        db.exec("PRAGMA journal_mode = WAL");
        db.exec("PRAGMA synchronous = NORMAL");
        db.setBusyTimeout(busy_timeout_ms);
        return db;
    } catch (const SQLite::Exception& e) {
        throw BadDatabase{path + ": cannot be used as a database: " + e.what()};
    }
}

// "?, ?, ?": as many as there are names in the lists.
std::string placeholders(std::string_view columns)
{
    std::string sql = "?";
    for (auto left = std::ranges::count(columns, ','); left > 0; --left)
        sql += ", ?";
    return sql;
}

std::string insert_into(const std::string& table, const std::string& columns)
{
    return "INTO " + table + " (" + columns + ") VALUES (" + placeholders(columns) + ")";
}

} // namespace

struct SqliteStore::Impl {
    explicit Impl(const std::string& path) : db{open(path)} {}

    std::vector<Disk> disks(std::string_view uin, std::string_view instance_id)
    {
        Use row{disks_of_instance};
        row.bind(uin, instance_id);
        std::vector<Disk> found;
        while (row.step())
            found.push_back(read_disk(row));
        return found;
    }

    SQLite::Database db;

    SQLite::Statement begin{db, "BEGIN IMMEDIATE"};
    SQLite::Statement commit{db, "COMMIT"};
    SQLite::Statement rollback{db, "ROLLBACK"};
    SQLite::Statement credential{db, select(credential_columns, "credential WHERE secret_id = ?")};
    SQLite::Statement credentials{db, select(credential_columns, "credential WHERE uin = ? ORDER BY rowid")};
    SQLite::Statement insert_credential{db, "INSERT " + insert_into("credential", credential_columns)};
    SQLite::Statement erase_credential{db, "DELETE FROM credential WHERE secret_id = ?"};
    SQLite::Statement account{db, select(account_columns, "account WHERE uin = ?")};
    SQLite::Statement default_account{db, select(account_columns, "account WHERE is_default = 1")};
    SQLite::Statement uins{db, "SELECT uin FROM account ORDER BY seq"};
    SQLite::Statement insert_account{db, "INSERT " + insert_into("account", account_columns)};
    SQLite::Statement update_account{
        db, "UPDATE account SET is_default = ?2, clock_offset = ?3, clock_frozen_at = ?4, cash = ?5, income = ?6, "
            "present = ?7, frozen = ?8, owed = ?9, credit = ?10, orders = ?11 WHERE uin = ?1"};
    SQLite::Statement erase_account{db, "DELETE FROM account WHERE uin = ?"};
    SQLite::Statement instance{db, select(instance_columns, "instance WHERE uin = ? AND id = ?")};
    SQLite::Statement instance_count{db, "SELECT count(*) FROM instance WHERE uin = ? AND region = ?"};
    SQLite::Statement instances{
        db, select(instance_columns,
                   "instance WHERE uin = ? AND region = ? ORDER BY created_at DESC, id LIMIT ? OFFSET ?")};
    SQLite::Statement all_instances{db, select(instance_columns, "instance WHERE uin = ? ORDER BY id")};
    SQLite::Statement upsert_instance{db, "INSERT OR REPLACE " +
                                              insert_into("instance", std::string{"uin, "} + instance_columns)};
    SQLite::Statement disks_of_instance{
        db, select(disk_columns, "disk WHERE uin = ? AND instance_id = ? ORDER BY position")};
    SQLite::Statement insert_disk{
        db, "INSERT " + insert_into("disk", std::string{"uin, instance_id, position, "} + disk_columns)};
    SQLite::Statement due{
        db,
        select(instance_columns, "instance WHERE uin = ? AND operation_ends_at <= ? ORDER BY operation_ends_at, id")};
    SQLite::Statement rule_codes{db, "SELECT code FROM rule WHERE uin = ? AND instance_id = ? ORDER BY code"};
    SQLite::Statement rules{db, "SELECT instance_id, code FROM rule WHERE uin = ? ORDER BY instance_id, code"};
    SQLite::Statement insert_rule{db, "INSERT " + insert_into("rule", "uin, instance_id, code")};
    SQLite::Statement unpaid{db, "SELECT 1 FROM deal WHERE uin = ? AND status = ? LIMIT 1"};
    SQLite::Statement deals{db, select(deal_columns, "deal WHERE uin = ? ORDER BY created_at, order_id")};
    SQLite::Statement insert_deal{db, "INSERT " + insert_into("deal", std::string{"uin, "} + deal_columns)};
};

SqliteStore::SqliteStore(const std::string& path)
try : impl_{std::make_unique<Impl>(path)} {
} catch (const SQLite::Exception& e) {
    throw BadDatabase{path + ": damaged, or not a database of cvm-renewal-emulator: " + e.what()};
}

SqliteStore::~SqliteStore() = default;

std::optional<Credential> SqliteStore::find_credential(std::string_view secret_id)
{
    Use row{impl_->credential};
    if (!row.bind(secret_id).step())
        return std::nullopt;
    return read_credential(row);
}

void SqliteStore::add_credential(const Credential& c)
{
    Use{impl_->insert_credential}.bind(c.secret_id, c.secret_key, c.uin, c.token, c.expires_at).run();
}

void SqliteStore::erase_credential(std::string_view secret_id) { Use{impl_->erase_credential}.bind(secret_id).run(); }

std::optional<Account> SqliteStore::find_account(std::string_view uin)
{
    Use row{impl_->account};
    if (!row.bind(uin).step())
        return std::nullopt;
    return read_account(row);
}

std::optional<Account> SqliteStore::default_account()
{
    Use row{impl_->default_account};
    if (!row.step())
        return std::nullopt;
    return read_account(row);
}

void SqliteStore::save_account(const Account& account)
{
    Use use{impl_->update_account};
    bind_account(use, account);
    if (use.run() == 0)
        throw std::logic_error{"save_account: no account " + account.uin};
}

std::optional<Instance> SqliteStore::find_instance(std::string_view uin, std::string_view id)
{
    Use row{impl_->instance};
    if (!row.bind(uin, id).step())
        return std::nullopt;
    Instance instance = read_instance(row);
    instance.disks = impl_->disks(uin, instance.id);
    return instance;
}

std::int64_t SqliteStore::count_instances(std::string_view uin, std::string_view region)
{
    Use row{impl_->instance_count};
    row.bind(uin, region).step();
    return row.integer();
}

std::vector<Instance> SqliteStore::list_instances(std::string_view uin, std::string_view region, Page page)
{
    Use row{impl_->instances};
    row.bind(uin, region, page.limit, page.offset);
    std::vector<Instance> found;
    while (row.step()) {
        found.push_back(read_instance(row));
        found.back().disks = impl_->disks(uin, found.back().id);
    }
    return found;
}

void SqliteStore::save_instance(std::string_view uin, const Instance& instance)
{
    // Replacing the row takes its disks along (ON DELETE CASCADE), so they are written anew.
    Use use{impl_->upsert_instance};
    bind_instance(use, uin, instance);
    use.run();
    std::int64_t position = 0;
    for (const Disk& d : instance.disks)
        Use{impl_->insert_disk}
            .bind(uin, instance.id, position++, d.id, d.usage, d.type, d.name, d.size_gib, d.portable,
                  d.delete_with_instance, d.encrypt, d.charge_type, d.renew_flag, d.expires_at)
            .run();
}

std::vector<Instance> SqliteStore::due_instances(std::string_view uin, Instant now)
{
    Use row{impl_->due};
    row.bind(uin, now);
    std::vector<Instance> found;
    while (row.step()) {
        found.push_back(read_instance(row));
        found.back().disks = impl_->disks(uin, found.back().id);
    }
    return found;
}

std::vector<std::string> SqliteStore::rule_codes(std::string_view uin, std::string_view instance_id)
{
    Use row{impl_->rule_codes};
    row.bind(uin, instance_id);
    std::vector<std::string> codes;
    while (row.step())
        codes.push_back(row.text());
    return codes;
}

bool SqliteStore::has_unpaid_deal(std::string_view uin)
{
    Use row{impl_->unpaid};
    return row.bind(uin, static_cast<std::int64_t>(DealStatus::unpaid)).step();
}

void SqliteStore::add_deal(std::string_view uin, const Deal& d)
{
    Use{impl_->insert_deal}
        .bind(uin, d.order_id, static_cast<std::int64_t>(d.status), d.action, d.resource_id, d.months, d.total,
              d.created_at)
        .run();
}

std::vector<std::string> SqliteStore::account_uins()
{
    Use row{impl_->uins};
    std::vector<std::string> found;
    while (row.step())
        found.push_back(row.text());
    return found;
}

std::optional<AccountState> SqliteStore::dump_account(std::string_view uin)
{
    auto account = find_account(uin);
    if (!account)
        return std::nullopt;
    AccountState dump;
    dump.account = *std::move(account);
    Use credential{impl_->credentials};
    credential.bind(uin);
    while (credential.step())
        dump.credentials.push_back(read_credential(credential));
    Use instance{impl_->all_instances};
    instance.bind(uin);
    while (instance.step()) {
        dump.instances.push_back(read_instance(instance));
        dump.instances.back().disks = impl_->disks(uin, dump.instances.back().id);
    }
    Use deal{impl_->deals};
    deal.bind(uin);
    while (deal.step())
        dump.deals.push_back(read_deal(deal));
    Use rule{impl_->rules};
    rule.bind(uin);
    while (rule.step()) {
        std::string instance_id = rule.text();
        dump.rules.push_back({std::move(instance_id), rule.text()});
    }
    return dump;
}

void SqliteStore::erase_account(std::string_view uin) { Use{impl_->erase_account}.bind(uin).run(); }

void SqliteStore::insert_account(const AccountState& state)
{
    const std::string& uin = state.account.uin;
    {
        Use use{impl_->insert_account};
        bind_account(use, state.account);
        use.run();
    }
    for (Credential credential : state.credentials) {
        credential.uin = uin;
        add_credential(credential);
    }
    for (const Instance& instance : state.instances)
        save_instance(uin, instance);
    for (const Deal& deal : state.deals)
        add_deal(uin, deal);
    for (const Rule& rule : state.rules)
        Use{impl_->insert_rule}.bind(uin, rule.instance_id, rule.code).run();
}

void SqliteStore::begin() { Use{impl_->begin}.run(); }

void SqliteStore::commit() { Use{impl_->commit}.run(); }

void SqliteStore::rollback() noexcept
{
    // Fails only where SQLite has rolled back by itself, which is what was wanted.
    impl_->rollback.tryReset();
    try {
        Use{impl_->rollback}.run();
    } catch (const SQLite::Exception&) {
        return;
    }
}

} // namespace cvm::state
