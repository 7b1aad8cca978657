#include "state/store/sqlite_store.hpp"

#include "state/store/schema.hpp"
#include "state/store/sqlite_additions.hpp"
#include "state/store/sqlite_rows.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <utility>

namespace cvm::state {

using namespace rows;

namespace {

// How long a call waits while somebody else (a shell, a backup) holds the file, in milliseconds. The wait blocks the
// server, so it is short; after it the call answers InternalError.
constexpr int busy_timeout_ms = 200;

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
    if (id == application_id && version < schema_version)
        throw BadDatabase{path + ": written by an older cvm-renewal-emulator (format " + std::to_string(version) +
                          ", this one writes " + std::to_string(schema_version) +
                          "); export the state there (GET /_emulator/state), or name another file with --db"};
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
        // A container has no folder for temporary files.
        db.exec("PRAGMA temp_store = MEMORY");
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

// Of what has its Uin as the first parameter and its id as the second, and the columns in the same order as an insert.
std::string update_of(const std::string& table, std::string_view columns)
{
    std::string sql = "UPDATE " + table + " SET ";
    int parameter = 2;
    for (std::string_view rest = columns; !rest.empty(); ++parameter) {
        const auto comma = rest.find(", ");
        if (parameter > 2)
            sql +=
                (parameter > 3 ? ", " : "") + std::string{rest.substr(0, comma)} + " = ?" + std::to_string(parameter);
        rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 2);
    }
    return sql + " WHERE uin = ?1 AND id = ?2";
}

// Disks with where they are, their own place or that of their instance.
std::string placed(const char* condition)
{
    std::string columns;
    for (std::string_view rest = disk_columns; !rest.empty();) {
        const auto comma = rest.find(", ");
        columns += "disk." + std::string{rest.substr(0, comma)} + ", ";
        rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 2);
    }
    for (const std::string column : {"region", "zone", "project_id", "created_at"})
        columns += "coalesce(disk." + column + ", instance." + column + "), ";
    return "SELECT " + columns +
           "coalesce(disk.instance_id, ''), disk.due_at FROM disk LEFT JOIN instance ON instance.uin = disk.uin AND "
           "instance.id = "
           "disk.instance_id WHERE " +
           condition;
}

PlacedDisk read_placed_disk(BoundStatement& row)
{
    PlacedDisk placed;
    placed.disk = read_disk(row);
    placed.region = row.text();
    placed.zone = row.text();
    placed.project_id = row.integer();
    placed.created_at = row.instant();
    placed.instance_id = row.text();
    placed.due_at = row.maybe_instant();
    return placed;
}

// The remaining rows of a statement.
std::vector<PlacedDisk> read_placed_disks(BoundStatement& row)
{
    std::vector<PlacedDisk> found;
    while (row.step())
        found.push_back(read_placed_disk(row));
    return found;
}

std::vector<Deal> read_deals(BoundStatement& row)
{
    std::vector<Deal> found;
    while (row.step())
        found.push_back(read_deal(row));
    return found;
}

ResourceTags read_resource_tags(BoundStatement& row)
{
    std::string resource = row.text();
    return {std::move(resource), row.pairs()};
}

ClientToken read_client_token(BoundStatement& row)
{
    std::string token = row.text();
    return {std::move(token), row.lines()};
}

} // namespace

struct SqliteStore::Impl {
    explicit Impl(const std::string& path) : in_memory{path == ":memory:"}, db{open(path)} {}

    std::vector<Disk> disks(std::string_view uin, std::string_view instance_id)
    {
        BoundStatement row{disks_of_instance};
        row.bind(uin, instance_id);
        std::vector<Disk> found;
        while (row.step())
            found.push_back(read_disk(row));
        return found;
    }

    void insert_new(std::string_view uin, const Instance& made)
    {
        BoundStatement insert{insert_instance};
        bind_instance(insert, uin, made);
        insert.run();
        insert_disks(uin, made);
    }

    void insert_disks(std::string_view uin, const Instance& made)
    {
        std::int64_t position = 0;
        for (const Disk& disk : made.disks) {
            BoundStatement insert{insert_disk};
            insert.bind(uin, made.id, position++);
            bind_disk(insert, disk);
            insert.run();
        }
    }

    // The instances of the remaining rows, with their disks.
    std::vector<Instance> whole_instances(std::string_view uin, BoundStatement& row)
    {
        std::vector<Instance> found;
        while (row.step()) {
            found.push_back(read_instance(row));
            found.back().disks = disks(uin, found.back().id);
        }
        return found;
    }

    // Of the two columns of a statement that is about to be stepped.
    static std::optional<Instant> earlier_of(BoundStatement& row)
    {
        row.step();
        const auto one = row.maybe_instant();
        const auto other = row.maybe_instant();
        return earlier(one, other);
    }

    bool in_memory;
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
            "present = ?7, frozen = ?8, owed = ?9, credit = ?10, orders = ?11, resources = ?12, lifecycle = ?13, "
            "arrears = ?14, arrears_since = ?15, made_from = ?16, made_with = ?17, additions = ?18 WHERE uin = ?1"};
    SQLite::Statement erase_account{db, "DELETE FROM account WHERE uin = ?"};
    SQLite::Statement instance{db, select(instance_columns, "instance WHERE uin = ? AND id = ?")};
    SQLite::Statement instance_count{db, "SELECT count(*) FROM instance WHERE uin = ? AND region = ?"};
    SQLite::Statement instance_total{db, "SELECT count(*) FROM instance WHERE uin = ?"};
    SQLite::Statement instances{
        db, select(instance_columns,
                   "instance WHERE uin = ? AND region = ? ORDER BY created_at DESC, id LIMIT ? OFFSET ?")};
    SQLite::Statement all_instances{db, select(instance_columns, "instance WHERE uin = ? ORDER BY id")};
    SQLite::Statement insert_instance{db, "INSERT " + insert_into("instance", std::string{"uin, "} + instance_columns)};
    SQLite::Statement update_instance{db, update_of("instance", instance_columns)};
    SQLite::Statement erase_disks_of_instance{db, "DELETE FROM disk WHERE uin = ? AND instance_id = ?"};
    SQLite::Statement disks_of_instance{
        db, select(disk_columns, "disk WHERE uin = ? AND instance_id = ? ORDER BY position")};
    SQLite::Statement insert_disk{
        db, "INSERT " + insert_into("disk", std::string{"uin, instance_id, position, "} + disk_columns)};
    SQLite::Statement erase_instance{db, "DELETE FROM instance WHERE uin = ? AND id = ?"};
    SQLite::Statement expiring{
        db, select(instance_columns, "instance WHERE uin = ? AND expires_at IS NOT NULL ORDER BY expires_at, id")};
    SQLite::Statement placed_disk{db, placed("disk.uin = ? AND disk.id = ?")};
    SQLite::Statement placed_disks{db, placed("disk.uin = ? ORDER BY disk.id")};
    SQLite::Statement update_disk{db, "UPDATE disk SET (due_at, " + std::string{disk_columns} + ") = (?, " +
                                          placeholders(disk_columns) + ") WHERE uin = ? AND id = ?"};
    SQLite::Statement insert_free_disk{
        db, "INSERT " +
                insert_into("disk", std::string{"uin, region, zone, project_id, created_at, due_at, "} + disk_columns)};
    SQLite::Statement due_disks{db, placed("disk.uin = ? AND disk.due_at <= ? ORDER BY disk.due_at, disk.id")};
    SQLite::Statement next_due{
        db, "SELECT (SELECT min(due_at) FROM instance WHERE uin = ?1), (SELECT min(due_at) FROM disk WHERE uin = ?1)"};
    SQLite::Statement next_due_besides_hours{
        db, "SELECT (SELECT min(due_at) FROM instance WHERE uin = ?1 AND due_at > ?2 AND charged_until IS NULL), "
            "(SELECT min(due_at) FROM disk WHERE uin = ?1 AND due_at > ?2)"};
    SQLite::Statement hourly{
        db, select(instance_columns, "instance WHERE uin = ? AND charged_until IS NOT NULL ORDER BY id")};
    SQLite::Statement insert_ledger_line{db,
                                         "INSERT " + insert_into("ledger", std::string{"uin, day, "} + ledger_columns)};
    SQLite::Statement add_usage{db, "INSERT " + insert_into("ledger", std::string{"uin, day, "} + ledger_columns) +
                                        " ON CONFLICT (uin, resource_id, day, from_book) WHERE day IS NOT NULL "
                                        "DO UPDATE SET amount = amount + excluded.amount, used = used + excluded.used"};
    SQLite::Statement ledger{db, select(ledger_columns, "ledger WHERE uin = ? ORDER BY seq")};
    SQLite::Statement erase_disk{db, "DELETE FROM disk WHERE uin = ? AND id = ?"};
    SQLite::Statement update_deal{db, "UPDATE deal SET (" + std::string{deal_columns} + ") = (" +
                                          placeholders(deal_columns) + ") WHERE uin = ? AND order_id = ?"};
    SQLite::Statement resource_tags{db, "SELECT resource, tags FROM resource_tag WHERE uin = ? AND resource = ?"};
    SQLite::Statement all_resource_tags{db, "SELECT resource, tags FROM resource_tag WHERE uin = ? ORDER BY seq"};
    SQLite::Statement save_resource_tags{db, "INSERT " + insert_into("resource_tag", "uin, resource, tags") +
                                                 " ON CONFLICT (uin, resource) DO UPDATE SET tags = excluded.tags"};
    SQLite::Statement erase_resource_tags{db, "DELETE FROM resource_tag WHERE uin = ? AND resource = ?"};
    SQLite::Statement client_token{db, "SELECT token, instance_ids FROM client_token WHERE uin = ? AND token = ?"};
    SQLite::Statement client_tokens{db, "SELECT token, instance_ids FROM client_token WHERE uin = ? ORDER BY token"};
    SQLite::Statement insert_client_token{db, "INSERT " + insert_into("client_token", "uin, token, instance_ids")};
    SQLite::Statement due{db, select(instance_columns, "instance WHERE uin = ? AND due_at <= ? ORDER BY due_at, id")};
    SQLite::Statement data_version{db, "PRAGMA data_version"};
    SQLite::Statement has_rules{db, "SELECT 1 FROM rule WHERE uin = ? LIMIT 1"};
    SQLite::Statement rule_codes{db, "SELECT code FROM rule WHERE uin = ? AND instance_id = ? ORDER BY code"};
    SQLite::Statement rules{db, "SELECT instance_id, code FROM rule WHERE uin = ? ORDER BY instance_id, code"};
    SQLite::Statement insert_rule{db, "INSERT " + insert_into("rule", "uin, instance_id, code")};
    SQLite::Statement unpaid{db, "SELECT 1 FROM deal WHERE uin = ? AND status = 1 LIMIT 1"};
    static_assert(static_cast<int>(DealStatus::unpaid) == 1);
    SQLite::Statement deals{db, select(deal_columns, "deal WHERE uin = ? ORDER BY created_at, order_id")};
    SQLite::Statement deals_of_resource{
        db, select(deal_columns, "deal WHERE uin = ? AND resource_id = ? ORDER BY created_at, order_id")};
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
    BoundStatement row{impl_->credential};
    if (!row.bind(secret_id).step())
        return std::nullopt;
    return read_credential(row);
}

void SqliteStore::add_credential(const Credential& c)
{
    BoundStatement statement{impl_->insert_credential};
    bind_credential(statement, c);
    statement.run();
}

void SqliteStore::erase_credential(std::string_view secret_id)
{
    BoundStatement{impl_->erase_credential}.bind(secret_id).run();
}

std::vector<Credential> SqliteStore::list_credentials(std::string_view uin)
{
    std::vector<Credential> found;
    BoundStatement row{impl_->credentials};
    row.bind(uin);
    while (row.step())
        found.push_back(read_credential(row));
    return found;
}

std::optional<Account> SqliteStore::find_account(std::string_view uin)
{
    BoundStatement row{impl_->account};
    if (!row.bind(uin).step())
        return std::nullopt;
    return read_account(row);
}

std::optional<Account> SqliteStore::default_account()
{
    BoundStatement row{impl_->default_account};
    if (!row.step())
        return std::nullopt;
    return read_account(row);
}

void SqliteStore::save_account(const Account& account)
{
    BoundStatement statement{impl_->update_account};
    bind_account(statement, account);
    if (statement.run() == 0)
        throw std::logic_error{"save_account: no account " + account.uin};
}

std::optional<Instance> SqliteStore::find_instance(std::string_view uin, std::string_view id)
{
    BoundStatement row{impl_->instance};
    if (!row.bind(uin, id).step())
        return std::nullopt;
    Instance instance = read_instance(row);
    instance.disks = impl_->disks(uin, instance.id);
    return instance;
}

std::int64_t SqliteStore::count_instances(std::string_view uin, std::string_view region)
{
    BoundStatement row{impl_->instance_count};
    row.bind(uin, region).step();
    return row.integer();
}

std::int64_t SqliteStore::count_instances(std::string_view uin)
{
    BoundStatement row{impl_->instance_total};
    row.bind(uin).step();
    return row.integer();
}

std::vector<Instance> SqliteStore::list_instances(std::string_view uin, std::string_view region, Page page)
{
    BoundStatement row{impl_->instances};
    row.bind(uin, region, page.limit, page.offset);
    return impl_->whole_instances(uin, row);
}

void SqliteStore::save_instance(std::string_view uin, const Instance& instance)
{
    bool known = false;
    {
        BoundStatement update{impl_->update_instance};
        bind_instance(update, uin, instance);
        known = update.run() > 0;
    }
    if (!known)
        return impl_->insert_new(uin, instance);
    // Its disks change less often than itself.
    if (impl_->disks(uin, instance.id) == instance.disks)
        return;
    BoundStatement{impl_->erase_disks_of_instance}.bind(uin, instance.id).run();
    impl_->insert_disks(uin, instance);
}

void SqliteStore::erase_instance(std::string_view uin, std::string_view id)
{
    BoundStatement{impl_->erase_instance}.bind(uin, id).run();
}

std::vector<Instance> SqliteStore::list_expiring_instances(std::string_view uin)
{
    BoundStatement row{impl_->expiring};
    row.bind(uin);
    return impl_->whole_instances(uin, row);
}

std::vector<Instance> SqliteStore::due_instances(std::string_view uin, Instant until)
{
    BoundStatement row{impl_->due};
    row.bind(uin, until);
    return impl_->whole_instances(uin, row);
}

std::vector<PlacedDisk> SqliteStore::due_disks(std::string_view uin, Instant until)
{
    BoundStatement row{impl_->due_disks};
    row.bind(uin, until);
    return read_placed_disks(row);
}

std::optional<Instant> SqliteStore::next_due(std::string_view uin)
{
    BoundStatement row{impl_->next_due};
    return Impl::earlier_of(row.bind(uin));
}

std::optional<Instant> SqliteStore::next_due_besides_hours(std::string_view uin, Instant after)
{
    BoundStatement row{impl_->next_due_besides_hours};
    return Impl::earlier_of(row.bind(uin, after));
}

std::vector<Instance> SqliteStore::list_hourly_instances(std::string_view uin)
{
    BoundStatement row{impl_->hourly};
    row.bind(uin);
    return impl_->whole_instances(uin, row);
}

bool SqliteStore::has_rules(std::string_view uin)
{
    BoundStatement row{impl_->has_rules};
    return row.bind(uin).step();
}

std::vector<std::string> SqliteStore::rule_codes(std::string_view uin, std::string_view instance_id)
{
    BoundStatement row{impl_->rule_codes};
    row.bind(uin, instance_id);
    std::vector<std::string> codes;
    while (row.step())
        codes.push_back(row.text());
    return codes;
}

std::optional<PlacedDisk> SqliteStore::find_disk(std::string_view uin, std::string_view id)
{
    BoundStatement row{impl_->placed_disk};
    if (!row.bind(uin, id).step())
        return std::nullopt;
    return read_placed_disk(row);
}

std::vector<PlacedDisk> SqliteStore::list_disks(std::string_view uin)
{
    BoundStatement row{impl_->placed_disks};
    row.bind(uin);
    return read_placed_disks(row);
}

void SqliteStore::save_disk(std::string_view uin, const PlacedDisk& placed)
{
    {
        BoundStatement update{impl_->update_disk};
        update.bind(placed.due_at);
        bind_disk(update, placed.disk);
        if (update.bind(uin, placed.disk.id).run() > 0)
            return;
    }
    BoundStatement insert{impl_->insert_free_disk};
    insert.bind(uin, placed.region, placed.zone, placed.project_id, placed.created_at, placed.due_at);
    bind_disk(insert, placed.disk);
    insert.run();
}

void SqliteStore::erase_disk(std::string_view uin, std::string_view id)
{
    BoundStatement{impl_->erase_disk}.bind(uin, id).run();
}

bool SqliteStore::has_unpaid_deal(std::string_view uin)
{
    BoundStatement row{impl_->unpaid};
    return row.bind(uin).step();
}

void SqliteStore::add_deal(std::string_view uin, const Deal& d)
{
    BoundStatement statement{impl_->insert_deal};
    statement.bind(uin);
    bind_deal(statement, d);
    statement.run();
}

std::vector<Deal> SqliteStore::list_deals(std::string_view uin)
{
    BoundStatement row{impl_->deals};
    row.bind(uin);
    return read_deals(row);
}

std::vector<Deal> SqliteStore::list_deals_of(std::string_view uin, std::string_view resource_id)
{
    BoundStatement row{impl_->deals_of_resource};
    row.bind(uin, resource_id);
    return read_deals(row);
}

void SqliteStore::update_deal(std::string_view uin, const Deal& deal)
{
    BoundStatement statement{impl_->update_deal};
    bind_deal(statement, deal);
    if (statement.bind(uin, deal.order_id).run() == 0)
        throw std::logic_error{"update_deal: no order " + deal.order_id};
}

void SqliteStore::add_ledger_line(std::string_view uin, const LedgerLine& line)
{
    std::optional<std::int64_t> day;
    if (line.cause == Cause::usage)
        day = std::chrono::floor<std::chrono::days>(line.at + beijing_offset).time_since_epoch().count();
    BoundStatement statement{day ? impl_->add_usage : impl_->insert_ledger_line};
    statement.bind(uin, day);
    bind_ledger_line(statement, line);
    statement.run();
}

std::vector<LedgerLine> SqliteStore::list_ledger(std::string_view uin)
{
    BoundStatement row{impl_->ledger};
    row.bind(uin);
    std::vector<LedgerLine> found;
    while (row.step())
        found.push_back(read_ledger_line(row));
    return found;
}

std::optional<ResourceTags> SqliteStore::find_resource_tags(std::string_view uin, std::string_view resource)
{
    BoundStatement row{impl_->resource_tags};
    if (!row.bind(uin, resource).step())
        return std::nullopt;
    return read_resource_tags(row);
}

std::vector<ResourceTags> SqliteStore::list_resource_tags(std::string_view uin)
{
    BoundStatement row{impl_->all_resource_tags};
    row.bind(uin);
    std::vector<ResourceTags> found;
    while (row.step())
        found.push_back(read_resource_tags(row));
    return found;
}

void SqliteStore::save_resource_tags(std::string_view uin, const ResourceTags& tagged)
{
    if (tagged.tags.empty())
        BoundStatement{impl_->erase_resource_tags}.bind(uin, tagged.resource).run();
    else
        BoundStatement{impl_->save_resource_tags}.bind(uin, tagged.resource, tagged.tags).run();
}

std::optional<ClientToken> SqliteStore::find_client_token(std::string_view uin, std::string_view token)
{
    BoundStatement row{impl_->client_token};
    if (!row.bind(uin, token).step())
        return std::nullopt;
    return read_client_token(row);
}

void SqliteStore::add_client_token(std::string_view uin, const ClientToken& token)
{
    BoundStatement{impl_->insert_client_token}.bind(uin, token.token, token.instance_ids).run();
}

std::vector<std::string> SqliteStore::account_uins()
{
    BoundStatement row{impl_->uins};
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
    dump.credentials = list_credentials(uin);
    BoundStatement instance{impl_->all_instances};
    instance.bind(uin);
    dump.instances = impl_->whole_instances(uin, instance);
    for (PlacedDisk& placed : list_disks(uin))
        if (placed.instance_id.empty())
            dump.disks.push_back(std::move(placed));
    dump.deals = list_deals(uin);
    dump.ledger = list_ledger(uin);
    dump.tags = list_resource_tags(uin);
    BoundStatement token{impl_->client_tokens};
    token.bind(uin);
    while (token.step())
        dump.client_tokens.push_back(read_client_token(token));
    BoundStatement rule{impl_->rules};
    rule.bind(uin);
    while (rule.step()) {
        std::string instance_id = rule.text();
        dump.rules.push_back({std::move(instance_id), rule.text()});
    }
    dump.additions = list_additions(dump.account);
    return dump;
}

void SqliteStore::erase_account(std::string_view uin) { BoundStatement{impl_->erase_account}.bind(uin).run(); }

void SqliteStore::insert_account(const AccountState& state)
{
    const std::string& uin = state.account.uin;
    {
        Account account = state.account;
        account.additions = digest_of(state.additions);
        BoundStatement statement{impl_->insert_account};
        bind_account(statement, account);
        statement.run();
    }
    for (Credential credential : state.credentials) {
        credential.uin = uin;
        add_credential(credential);
    }
    for (const Instance& instance : state.instances)
        impl_->insert_new(uin, instance);
    for (const PlacedDisk& disk : state.disks)
        save_disk(uin, disk);
    for (const Deal& deal : state.deals)
        add_deal(uin, deal);
    for (const LedgerLine& line : state.ledger)
        add_ledger_line(uin, line);
    for (const ResourceTags& tagged : state.tags)
        save_resource_tags(uin, tagged);
    for (const ClientToken& token : state.client_tokens)
        add_client_token(uin, token);
    for (const Rule& rule : state.rules)
        BoundStatement{impl_->insert_rule}.bind(uin, rule.instance_id, rule.code).run();
    insert_additions(impl_->db, uin, state.additions);
}

Additions SqliteStore::list_additions(const Account& account)
{
    return account.additions.empty() ? Additions{} : read_additions(impl_->db, account.uin);
}

std::int64_t SqliteStore::data_version()
{
    if (impl_->in_memory) // which no other process can see
        return 0;
    BoundStatement row{impl_->data_version};
    row.step();
    return row.integer();
}

void SqliteStore::begin() { BoundStatement{impl_->begin}.run(); }

void SqliteStore::commit() { BoundStatement{impl_->commit}.run(); }

void SqliteStore::rollback() noexcept
{
    // Fails only where SQLite has rolled back by itself, which is what was wanted.
    impl_->rollback.tryReset();
    try {
        BoundStatement{impl_->rollback}.run();
    } catch (const SQLite::Exception&) {
        return;
    }
}

} // namespace cvm::state
