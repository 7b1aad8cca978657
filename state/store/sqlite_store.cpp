#include "state/store/sqlite_store.hpp"

#include "state/store/replaced_instances.hpp"
#include "state/store/sqlite_additions.hpp"
#include "state/store/sqlite_connection.hpp"
#include "state/store/sqlite_network.hpp"
#include "state/store/sqlite_rows.hpp"
#include "state/store/sqlite_vouchers.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <span>
#include <stdexcept>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace cvm::state {

using namespace rows;

namespace {

// In instances, about 2 kB each.
constexpr std::size_t max_kept_to_replace = 5000;

// Reads the remaining rows of a statement.
template <class T>
std::vector<T> read_all(BoundStatement& row, T (*read)(BoundStatement&))
{
    std::vector<T> found;
    while (row.step())
        found.push_back(read(row));
    return found;
}

// For statements whose first column is the seq.
Instance read_row(BoundStatement& row, std::int64_t& seq)
{
    seq = row.integer();
    return read_instance(row);
}

// For a statement that is not stepped yet: the earliest of its columns.
std::optional<Instant> earliest_of(BoundStatement& row)
{
    row.step();
    std::optional<Instant> found;
    for (int column = 0; column < 3; ++column)
        found = earlier(found, row.maybe_instant());
    return found;
}

} // namespace

struct SqliteStore::Impl {
    Impl(const std::string& path, DatabaseCheck check)
        : in_memory{path == ":memory:"}, db{path, check == DatabaseCheck::pages}
    {
    }
    // A snapshot of another store.
    explicit Impl(Connection& of) : in_memory{false}, db{of.snapshot()} {}

    // The instance in a row, with its disks.
    Instance whole(BoundStatement& row)
    {
        std::int64_t seq = 0;
        Instance instance = read_row(row, seq);
        BoundStatement disk{db[Sql::disks_of_instance]};
        disk.bind(seq);
        while (disk.step())
            instance.disks.push_back(read_disk(disk));
        return instance;
    }

    std::vector<Instance> all_of(BoundStatement& row)
    {
        std::vector<Instance> found;
        while (row.step())
            found.push_back(whole(row));
        return found;
    }

    void add_to_count(std::string_view uin, std::string_view scope, std::int64_t number)
    {
        BoundStatement{db[Sql::add_to_instance_count]}.bind(uin, scope, number).run();
    }

    // `bind` binds the columns of one item. `many` inserts `rows_at_once` of them for half of what as many statements
    // cost: it looks up its tables once, and finds the place of a row next to the row before.
    template <class T, class Bind>
    void insert_rows(Sql one, Sql many, std::span<const T> items, Bind bind)
    {
        while (!items.empty()) {
            const std::size_t rows = items.size() >= rows_at_once ? rows_at_once : 1;
            BoundStatement insert{db[rows == 1 ? one : many]};
            for (const T& item : items.first(rows))
                bind(insert, item);
            insert.run();
            items = items.subspan(rows);
        }
    }

    void insert_credentials(const AccountState& state)
    {
        for (Credential credential : state.credentials) {
            credential.uin = state.account.uin;
            BoundStatement insert{db[Sql::insert_credential]};
            bind_credential(insert, credential);
            insert.run();
        }
    }

    // Inserts an instance without counting it.
    void insert_instance(std::string_view uin, const Instance& made)
    {
        std::int64_t seq = 0;
        {
            BoundStatement insert{db[Sql::insert_instance]};
            insert.bind(uin, made.id);
            bind_place(insert, made);
            bind_times(insert, made);
            bind_status(insert, made);
            insert.run();
            seq = insert.inserted();
        }
        {
            BoundStatement insert{db[Sql::insert_detail]};
            insert.bind(seq);
            bind_detail(insert, made);
            insert.run();
        }
        insert_disks(uin, seq, made);
    }

    void insert_disks(std::string_view uin, std::int64_t instance, const Instance& made)
    {
        std::int64_t position = 0;
        for (const Disk& disk : made.disks) {
            BoundStatement insert{db[Sql::insert_disk]};
            insert.bind(uin, instance, position++);
            bind_disk(insert, disk);
            insert.run();
        }
    }

    // Writes indexed columns only if one of them differs.
    void update_instance(std::string_view uin, const Instance& after, const Difference& different)
    {
        BoundStatement update{db[different.place   ? Sql::update_instance
                                 : different.times ? Sql::update_instance_times
                                                   : Sql::update_instance_status]};
        if (different.place)
            bind_place(update, after);
        if (different.place || different.times)
            bind_times(update, after);
        bind_status(update, after);
        if (update.bind(uin, after.id).run() == 0)
            throw std::logic_error{"replace_instance: no instance " + after.id};
    }

    void update_detail(std::int64_t seq, const Instance& after)
    {
        BoundStatement update{db[Sql::update_detail]};
        bind_detail(update, after);
        update.bind(seq).run();
    }

    // The seq and the scope of an instance.
    std::optional<std::pair<std::int64_t, std::string>> place_of(std::string_view uin, std::string_view id)
    {
        BoundStatement row{db[Sql::instance_seq]};
        if (!row.bind(uin, id).step())
            return std::nullopt;
        const std::int64_t seq = row.integer();
        return std::pair{seq, row.text()};
    }

    // A position in the list of list_by_expiry(): after an expiry, in seconds since 1970, and after the seq of an
    // instance and of a disk with this expiry; and after the seq of an instance and of a disk without an expiry.
    struct Place {
        std::int64_t expiry = std::numeric_limits<std::int64_t>::min();
        std::int64_t instance = 0;
        std::int64_t disk = 0;
        std::int64_t instance_without = 0;
        std::int64_t disk_without = 0;
    };

    // The position after the item with this id, or the beginning if `id` is empty; nullopt if the id is not in the
    // list.
    std::optional<Place> place_by_expiry(std::string_view uin, std::string_view id)
    {
        if (id.empty())
            return Place{};
        BoundStatement row{db[Sql::place_by_expiry]};
        if (!row.bind(uin, id).step())
            return std::nullopt;
        const bool is_disk = row.boolean();
        const std::int64_t seq = row.integer();
        const auto expiry = row.maybe_integer();
        constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
        Place place{.expiry = expiry.value_or(last)};
        (expiry ? place.instance : place.instance_without) = is_disk ? last : seq;
        (expiry ? place.disk : place.disk_without) = is_disk ? seq : 0;
        return place;
    }

    // An instance as list_by_expiry() returns it.
    Instance summary(std::string_view uin, BoundStatement& row)
    {
        Instance instance = read_summary(row);
        if (!instance.terminates_at)
            return instance;
        // Whether it is terminating depends on a detail.
        BoundStatement whole_row{db[Sql::instance]};
        whole_row.bind(uin, instance.id).step();
        std::int64_t seq = 0;
        return read_row(whole_row, seq);
    }

    // Appends at most `limit` instances and elastic disks with a later expiry, earliest first.
    void merge_later(std::string_view uin, std::int64_t expiry, std::int64_t limit,
                     std::vector<std::variant<Instance, PlacedDisk>>& into)
    {
        BoundStatement instance_row{db[Sql::instances_of_later_expiry]};
        BoundStatement disk_row{db[Sql::disks_of_later_expiry]};
        instance_row.bind(uin, expiry, limit);
        disk_row.bind(uin, expiry, limit);
        const auto next = [](BoundStatement& row, auto read) {
            return row.step() ? std::optional{read(row)} : std::nullopt;
        };
        const auto read_one = [&](BoundStatement& row) { return summary(uin, row); };
        auto instance = next(instance_row, read_one);
        auto disk = next(disk_row, read_placed_disk);
        for (; limit > 0 && (instance || disk); --limit) {
            if (instance && !(disk && disk->disk.expires_at < instance->expires_at)) {
                into.emplace_back(*std::move(instance));
                instance = next(instance_row, read_one);
            } else {
                into.emplace_back(*std::move(disk));
                disk = next(disk_row, read_placed_disk);
            }
        }
    }

    // Runs a statement that ends a transaction. False if SQLite has already rolled back by itself.
    bool try_run(Sql sql) noexcept
    {
        try {
            if (!db.in_transaction())
                return false;
            BoundStatement{db[sql]}.run();
            return true;
        } catch (const std::exception&) {
            return false;
        }
    }

    bool in_memory;
    Connection db;
    ReplacedInstances replaced{max_kept_to_replace};
    std::int64_t replaced_version = 0; // the data_version() for which `replaced` is valid
    SqliteNetworks networks{db};
    int open = 0;                                                         // open transactions, nested ones too
    std::shared_ptr<const int> snapshots = std::make_shared<const int>(); // shared with each snapshot, to count them
};

// A separate store to which nobody writes.
class SqliteSnapshot final : public StoreSnapshot {
public:
    SqliteSnapshot(Connection& of, std::shared_ptr<const int> counted)
        : counted_{std::move(counted)}, store_{std::make_unique<SqliteStore::Impl>(of)}
    {
    }

    std::optional<AccountState> account_alone(std::string_view uin) override
    {
        auto account = store_.find_account(uin);
        return account ? std::optional{store_.dump_alone(*std::move(account))} : std::nullopt;
    }

    Rows<Instance> instances(std::string_view uin) override
    {
        // No index orders an account's instances by id alone, so they are sorted here; ids are small.
        std::vector<std::pair<std::string, std::int64_t>> ids;
        BoundStatement row{db()[Sql::instance_seqs]};
        row.bind(uin);
        while (row.step()) {
            std::string id = row.text();
            ids.emplace_back(std::move(id), row.integer());
        }
        std::ranges::sort(ids);
        return [this, ids = std::move(ids), next = std::size_t{0}]() mutable -> std::optional<Instance> {
            if (next == ids.size())
                return std::nullopt;
            BoundStatement instance{db()[Sql::instance_of_seq]};
            instance.bind(ids[next++].second).step();
            return store_.impl_->whole(instance);
        };
    }

    Rows<Deal> deals(std::string_view uin) override { return rows(Sql::deals, uin, read_deal); }
    Rows<LedgerLine> ledger(std::string_view uin) override { return rows(Sql::ledger, uin, read_ledger_line); }

private:
    Connection& db() { return store_.impl_->db; }

    template <class T>
    Rows<T> rows(Sql sql, std::string_view uin, T (*read)(BoundStatement&))
    {
        auto row = std::make_shared<BoundStatement>(db()[sql]);
        row->bind_copy(uin);
        return [row, read]() -> std::optional<T> { return row->step() ? std::optional{read(*row)} : std::nullopt; };
    }

    std::shared_ptr<const int> counted_;
    SqliteStore store_;
};

SqliteStore::SqliteStore(const std::string& path, DatabaseCheck check) : impl_{std::make_unique<Impl>(path, check)} {}
SqliteStore::SqliteStore(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}

SqliteStore::~SqliteStore() = default;

std::optional<Credential> SqliteStore::find_credential(std::string_view secret_id)
{
    BoundStatement row{impl_->db[Sql::credential]};
    if (!row.bind(secret_id).step())
        return std::nullopt;
    return read_credential(row);
}

void SqliteStore::add_credential(const Credential& c)
{
    BoundStatement statement{impl_->db[Sql::insert_credential]};
    bind_credential(statement, c);
    statement.run();
}

void SqliteStore::erase_credential(std::string_view secret_id)
{
    BoundStatement{impl_->db[Sql::erase_credential]}.bind(secret_id).run();
}

std::vector<Credential> SqliteStore::list_credentials(std::string_view uin)
{
    BoundStatement row{impl_->db[Sql::credentials]};
    return read_all(row.bind(uin), read_credential);
}

std::optional<Account> SqliteStore::find_account(std::string_view uin)
{
    BoundStatement row{impl_->db[Sql::account]};
    if (!row.bind(uin).step())
        return std::nullopt;
    return read_account(row);
}

std::optional<Account> SqliteStore::default_account()
{
    BoundStatement row{impl_->db[Sql::default_account]};
    if (!row.step())
        return std::nullopt;
    return read_account(row);
}

void SqliteStore::save_account(const Account& account)
{
    BoundStatement statement{impl_->db[Sql::update_account]};
    bind_account(statement, account);
    if (statement.run() == 0)
        throw std::logic_error{"save_account: no account " + account.uin};
}

std::optional<Instance> SqliteStore::find_instance(std::string_view uin, std::string_view id)
{
    BoundStatement row{impl_->db[Sql::instance]};
    if (!row.bind(uin, id).step())
        return std::nullopt;
    return impl_->whole(row);
}

std::vector<Instance> SqliteStore::find_instances(std::string_view uin, std::span<const std::string> ids)
{
    // One statement for all ids would need a table of them; using one statement repeatedly is cheaper, even for 100
    // ids.
    std::vector<Instance> found;
    found.reserve(ids.size());
    for (const std::string& id : ids) {
        BoundStatement row{impl_->db[Sql::instance]};
        if (row.bind(uin, id).step())
            found.push_back(impl_->whole(row));
    }
    return found;
}

std::int64_t SqliteStore::count_instances(std::string_view uin, std::string_view region)
{
    BoundStatement row{impl_->db[Sql::instance_count]};
    return row.bind(uin, region).step() ? row.integer() : 0;
}

std::int64_t SqliteStore::count_instances(std::string_view uin)
{
    BoundStatement row{impl_->db[Sql::instance_total]};
    row.bind(uin).step();
    return row.integer();
}

std::vector<Instance> SqliteStore::list_instances(std::string_view uin, std::string_view region, Page page)
{
    std::vector<Instance> found;
    BoundStatement seq{impl_->db[Sql::instance_ids]};
    seq.bind(uin, region, page.limit, page.offset);
    while (seq.step()) {
        BoundStatement row{impl_->db[Sql::instance_of_seq]};
        row.bind(seq.integer()).step();
        found.push_back(impl_->whole(row));
    }
    return found;
}

InstancePage SqliteStore::select_instances(std::string_view uin, std::string_view region,
                                           std::span<const InstanceCondition> conditions, Page page)
{
    InstancePage found;
    std::vector<std::string> texts; // bound without a copy, so they must stay here
    for (const InstanceCondition& condition : conditions) {
        if (condition.values.empty())
            return found;
        for (const auto& value : condition.values)
            if (const auto* text = std::get_if<std::string>(&value))
                texts.push_back(parameter_of(condition, *text));
    }
    BoundStatement seq{impl_->db[conditions]};
    seq.bind(uin, region);
    auto text = texts.begin();
    for (const InstanceCondition& condition : conditions)
        for (const auto& value : condition.values)
            if (const auto* number = std::get_if<std::int64_t>(&value))
                seq.bind(*number);
            else
                seq.bind(*text++);
    for (; seq.step(); ++found.total) {
        if (found.total < page.offset || found.total - page.offset >= page.limit)
            continue;
        BoundStatement row{impl_->db[Sql::instance_of_seq]};
        row.bind(seq.integer()).step();
        found.instances.push_back(impl_->whole(row));
    }
    return found;
}

void SqliteStore::save_instance(std::string_view uin, const Instance& instance)
{
    if (const auto before = find_instance(uin, instance.id))
        return replace_instance(uin, *before, instance);
    impl_->replaced.written(uin, instance.id);
    impl_->insert_instance(uin, instance);
    impl_->add_to_count(uin, scope_of(instance.id, instance.region), 1);
}

void SqliteStore::replace_instance(std::string_view uin, const Instance& before, const Instance& after)
{
    if (before.id != after.id)
        throw std::logic_error{"replace_instance: " + before.id + " by " + after.id};
    impl_->replaced.written(uin, after.id);
    const Difference different = difference(before, after);
    if (different.place || different.times || different.status)
        impl_->update_instance(uin, after, different);
    if (before.region != after.region) {
        impl_->add_to_count(uin, scope_of(before.id, before.region), -1);
        impl_->add_to_count(uin, scope_of(after.id, after.region), 1);
    }
    const bool other_disks = before.disks != after.disks;
    if (!different.detail && !other_disks)
        return;
    const auto place = impl_->place_of(uin, after.id);
    if (!place)
        throw std::logic_error{"replace_instance: no instance " + after.id};
    if (different.detail)
        impl_->update_detail(place->first, after);
    if (other_disks) {
        BoundStatement{impl_->db[Sql::erase_disks_of_instance]}.bind(place->first).run();
        impl_->insert_disks(uin, place->first, after);
    }
}

void SqliteStore::erase_instance(std::string_view uin, std::string_view id)
{
    const auto place = impl_->place_of(uin, id);
    if (!place)
        return;
    impl_->replaced.written(uin, id);
    BoundStatement{impl_->db[Sql::erase_instance]}.bind(place->first).run();
    impl_->add_to_count(uin, place->second, -1);
}

std::vector<Instance> SqliteStore::list_expiring_instances(std::string_view uin)
{
    BoundStatement row{impl_->db[Sql::expiring_instances]};
    auto found = impl_->all_of(row.bind(uin));
    std::ranges::sort(found, {}, [](const Instance& i) { return std::tie(i.expires_at, i.id); });
    return found;
}

std::optional<ResourcePage> SqliteStore::list_by_expiry(std::string_view uin, std::string_view after,
                                                        std::int64_t limit)
{
    // In order: instances, then disks, with the expiry of the position; those with a later expiry; those without one.
    const auto place = impl_->place_by_expiry(uin, after);
    if (!place)
        return std::nullopt;
    ResourcePage page;
    const auto left = [&] { return limit - std::ssize(page.resources); };
    const auto read_disks = [&](BoundStatement& row) {
        for (row.bind(left()); row.step();)
            page.resources.emplace_back(read_placed_disk(row));
    };
    const auto read_instances = [&](BoundStatement& row) {
        for (row.bind(left()); row.step();)
            page.resources.emplace_back(impl_->summary(uin, row));
    };
    {
        BoundStatement row{impl_->db[Sql::instances_of_expiry]};
        read_instances(row.bind(uin, place->expiry, place->instance));
    }
    {
        BoundStatement row{impl_->db[Sql::disks_of_expiry]};
        read_disks(row.bind(uin, place->expiry, place->disk));
    }
    impl_->merge_later(uin, place->expiry, left(), page.resources);
    {
        BoundStatement row{impl_->db[Sql::instances_without_expiry]};
        read_instances(row.bind(uin, place->instance_without));
    }
    {
        BoundStatement row{impl_->db[Sql::disks_without_expiry]};
        read_disks(row.bind(uin, place->disk_without));
    }
    BoundStatement count{impl_->db[Sql::count_by_expiry]};
    count.bind(uin, place->expiry, place->instance, place->disk, place->instance_without, place->disk_without).step();
    page.left_out = count.integer() - std::ssize(page.resources);
    return page;
}

std::vector<Instance> SqliteStore::due_instances(std::string_view uin, Instant after, Instant until)
{
    BoundStatement row{impl_->db[Sql::due_instances]};
    auto found = impl_->all_of(row.bind(uin, after, until));
    std::ranges::sort(found, {}, [](const Instance& i) { return std::tie(i.due_at, i.id); });
    return found;
}

std::vector<PlacedDisk> SqliteStore::due_disks(std::string_view uin, Instant after, Instant until)
{
    BoundStatement row{impl_->db[Sql::due_disks]};
    return read_all(row.bind(uin, after, until), read_placed_disk);
}

std::optional<Instant> SqliteStore::next_due(std::string_view uin)
{
    BoundStatement row{impl_->db[Sql::next_due]};
    return earliest_of(row.bind(uin));
}

std::optional<Instant> SqliteStore::due_by(std::string_view uin, std::int64_t count)
{
    BoundStatement row{impl_->db[Sql::due_by]};
    return earliest_of(row.bind(uin, count - 1));
}

std::optional<Instant> SqliteStore::next_due_besides_hours(std::string_view uin, Instant after)
{
    BoundStatement row{impl_->db[Sql::next_due_besides_hours]};
    return earliest_of(row.bind(uin, after));
}

std::vector<Instance> SqliteStore::list_hourly_instances(std::string_view uin)
{
    BoundStatement row{impl_->db[Sql::hourly_instances]};
    auto found = impl_->all_of(row.bind(uin));
    std::ranges::sort(found, {}, &Instance::id);
    return found;
}

bool SqliteStore::has_rules(std::string_view uin)
{
    BoundStatement row{impl_->db[Sql::has_rules]};
    return row.bind(uin).step();
}

std::vector<std::string> SqliteStore::rule_codes(std::string_view uin, std::string_view instance_id)
{
    BoundStatement row{impl_->db[Sql::rule_codes]};
    row.bind(uin, instance_id);
    std::vector<std::string> codes;
    while (row.step())
        codes.push_back(row.text());
    return codes;
}

std::vector<Rule> SqliteStore::rules_of(std::string_view uin, std::span<const std::string> instance_ids)
{
    std::vector<Rule> rules;
    for (const std::string& id : instance_ids) {
        BoundStatement row{impl_->db[Sql::rule_codes]};
        row.bind(uin, id);
        while (row.step())
            rules.push_back({id, row.text()});
    }
    return rules;
}

std::optional<PlacedDisk> SqliteStore::find_disk(std::string_view uin, std::string_view id)
{
    BoundStatement row{impl_->db[Sql::disk]};
    if (!row.bind(uin, id).step())
        return std::nullopt;
    return read_placed_disk(row);
}

std::vector<PlacedDisk> SqliteStore::list_disks(std::string_view uin)
{
    BoundStatement row{impl_->db[Sql::disks]};
    return read_all(row.bind(uin), read_placed_disk);
}

// The disk may be attached to an instance.
void SqliteStore::save_disk(std::string_view uin, const PlacedDisk& placed)
{
    impl_->replaced.forget(uin);
    {
        BoundStatement update{impl_->db[Sql::update_disk]};
        bind_disk(update, placed.disk);
        if (update.bind(placed.due_at, uin).run() > 0)
            return;
    }
    BoundStatement insert{impl_->db[Sql::insert_loose_disk]};
    insert.bind(uin).bind_copy(scope_of(placed.disk.id, placed.region));
    insert.bind(placed.zone, placed.project_id, placed.created_at, placed.due_at);
    bind_disk(insert, placed.disk);
    insert.run();
}

void SqliteStore::erase_disk(std::string_view uin, std::string_view id)
{
    impl_->replaced.forget(uin);
    BoundStatement{impl_->db[Sql::erase_disk]}.bind(uin, id).run();
}

bool SqliteStore::has_unpaid_deal(std::string_view uin)
{
    BoundStatement row{impl_->db[Sql::unpaid_deal]};
    return row.bind(uin).step();
}

std::vector<Deal> SqliteStore::list_unpaid_deals(std::string_view uin)
{
    BoundStatement row{impl_->db[Sql::unpaid_deals]};
    return read_all(row.bind(uin), read_deal);
}

void SqliteStore::add_deals(std::string_view uin, const std::vector<Deal>& deals)
{
    impl_->insert_rows(Sql::insert_deal, Sql::insert_deals, std::span{deals},
                       [&](BoundStatement& insert, const Deal& deal) {
                           insert.bind(uin);
                           bind_deal(insert, deal);
                       });
}

DealPage SqliteStore::select_deals(std::string_view uin, const DealQuery& query, Page page)
{
    std::string statuses;
    for (const std::int64_t status : query.statuses)
        statuses += (statuses.empty() ? " " : "") + std::to_string(status) + " ";
    BoundStatement row{impl_->db[Sql::selected_deals]};
    row.bind(uin, query.from, query.until, statuses, query.order_id, query.big_deal_id, query.resource_id);
    DealPage found;
    for (; row.step(); ++found.total)
        if (found.total >= page.offset && found.total - page.offset < page.limit)
            found.deals.push_back(read_deal(row));
    return found;
}

std::vector<Deal> SqliteStore::list_deals(std::string_view uin)
{
    BoundStatement row{impl_->db[Sql::deals]};
    return read_all(row.bind(uin), read_deal);
}

std::vector<Deal> SqliteStore::list_deals_of(std::string_view uin, std::string_view resource_id)
{
    BoundStatement row{impl_->db[Sql::deals_of_resource]};
    return read_all(row.bind(uin, resource_id), read_deal);
}

std::optional<Deal> SqliteStore::find_deal(std::string_view uin, std::string_view order_id)
{
    BoundStatement row{impl_->db[Sql::deal_by_id]};
    if (!row.bind(uin, order_id).step())
        return std::nullopt;
    return read_deal(row);
}

void SqliteStore::update_deal(std::string_view uin, const Deal& deal)
{
    BoundStatement statement{impl_->db[Sql::update_deal]};
    bind_deal(statement, deal);
    if (statement.bind(uin).run() == 0)
        throw std::logic_error{"update_deal: no order " + deal.order_id};
}

void SqliteStore::add_ledger_lines(std::string_view uin, const std::vector<LedgerLine>& lines)
{
    for (auto next = lines.begin(); next != lines.end();) {
        const auto usage = std::find_if(next, lines.end(), [](const LedgerLine& l) { return l.cause == Cause::usage; });
        impl_->insert_rows(Sql::insert_ledger_line, Sql::insert_ledger_lines, std::span{next, usage},
                           [&](BoundStatement& insert, const LedgerLine& line) {
                               insert.bind(uin, std::nullopt);
                               bind_ledger_line(insert, line);
                           });
        next = usage;
        if (usage == lines.end())
            return;
        const auto day = std::chrono::floor<std::chrono::days>(usage->at + beijing_offset).time_since_epoch();
        BoundStatement add{impl_->db[Sql::add_usage]};
        add.bind(uin, std::int64_t{day.count()});
        bind_ledger_line(add, *usage);
        add.run();
        ++next;
    }
}

std::vector<LedgerLine> SqliteStore::list_ledger(std::string_view uin)
{
    BoundStatement row{impl_->db[Sql::ledger]};
    return read_all(row.bind(uin), read_ledger_line);
}

LedgerPage SqliteStore::select_ledger(std::string_view uin, std::optional<std::int64_t> after, std::int64_t limit)
{
    LedgerPage page;
    BoundStatement row{impl_->db[after ? Sql::ledger_after : Sql::latest_ledger]};
    row.bind(uin, limit);
    if (after)
        row.bind(*after);
    while (row.step())
        page.lines.push_back({.line = read_ledger_line(row)});
    if (!after)
        std::ranges::reverse(page.lines);
    BoundStatement count{impl_->db[Sql::count_ledger]};
    count.bind(uin).step();
    page.left_out = std::max<std::int64_t>(0, count.integer() - after.value_or(0) - std::ssize(page.lines));
    std::int64_t number = after.value_or(page.left_out);
    for (LedgerPage::Line& line : page.lines)
        line.number = ++number;
    return page;
}

std::vector<LedgerLine> SqliteStore::list_payments(std::string_view uin, Instant from, Instant until)
{
    BoundStatement row{impl_->db[Sql::payments]};
    return read_all(row.bind(uin, from, until), read_ledger_line);
}

std::vector<Voucher> SqliteStore::list_vouchers(std::string_view uin) { return read_vouchers(impl_->db, uin); }

std::vector<VoucherUse> SqliteStore::list_voucher_uses(std::string_view uin, std::string_view voucher_id)
{
    return read_voucher_uses(impl_->db, uin, voucher_id);
}

void SqliteStore::use_voucher(std::string_view uin, const VoucherUse& use) { rows::use_voucher(impl_->db, uin, use); }

std::optional<ResourceTags> SqliteStore::find_resource_tags(std::string_view uin, std::string_view resource)
{
    BoundStatement row{impl_->db[Sql::resource_tags]};
    if (!row.bind(uin, resource).step())
        return std::nullopt;
    return read_resource_tags(row);
}

std::vector<ResourceTags> SqliteStore::list_resource_tags(std::string_view uin)
{
    BoundStatement row{impl_->db[Sql::all_resource_tags]};
    return read_all(row.bind(uin), read_resource_tags);
}

void SqliteStore::save_resource_tags(std::string_view uin, const ResourceTags& tagged)
{
    if (tagged.tags.empty())
        BoundStatement{impl_->db[Sql::erase_resource_tags]}.bind(uin, tagged.resource).run();
    else
        BoundStatement{impl_->db[Sql::save_resource_tags]}.bind(uin, tagged.resource, tagged.tags).run();
}

std::optional<ClientToken> SqliteStore::find_client_token(std::string_view uin, std::string_view token)
{
    BoundStatement row{impl_->db[Sql::client_token]};
    if (!row.bind(uin, token).step())
        return std::nullopt;
    return read_client_token(row);
}

void SqliteStore::add_client_token(std::string_view uin, const ClientToken& token)
{
    BoundStatement{impl_->db[Sql::insert_client_token]}.bind(uin, token.token, token.instance_ids).run();
}

NetworkStore& SqliteStore::networks() { return impl_->networks; }
void SqliteStore::renew_host(std::string_view uin, const Host& host)
{
    BoundStatement statement{impl_->db[Sql::renew_host]};
    if (statement.bind(host.renew_flag, host.expires_at, uin, host.id).run() != 1)
        throw std::runtime_error{"no host " + host.id};
}

std::vector<FiredTimer> SqliteStore::list_fired_timers(std::string_view uin)
{
    BoundStatement row{impl_->db[Sql::fired_timers]};
    row.bind(uin);
    std::vector<FiredTimer> found;
    while (row.step()) {
        FiredTimer timer{.instance_id = row.text(), .region = row.text()};
        timer.at = row.instant();
        found.push_back(std::move(timer));
    }
    return found;
}

void SqliteStore::add_fired_timer(std::string_view uin, const FiredTimer& timer)
{
    BoundStatement{impl_->db[Sql::insert_fired_timer]}.bind(uin, timer.instance_id, timer.region, timer.at).run();
}

std::vector<std::string> SqliteStore::account_uins()
{
    BoundStatement row{impl_->db[Sql::uins]};
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
    AccountState dump = dump_alone(*std::move(account));
    BoundStatement instance{impl_->db[Sql::all_instances]};
    dump.instances = impl_->all_of(instance.bind(uin));
    std::ranges::sort(dump.instances, {}, &Instance::id);
    dump.deals = list_deals(uin);
    dump.ledger = list_ledger(uin);
    return dump;
}

AccountState SqliteStore::dump_alone(Account account)
{
    AccountState dump;
    dump.account = std::move(account);
    const std::string& uin = dump.account.uin;
    dump.credentials = list_credentials(uin);
    BoundStatement disk{impl_->db[Sql::loose_disks]};
    dump.disks = read_all(disk.bind(uin), read_placed_disk);
    dump.tags = list_resource_tags(uin);
    BoundStatement token{impl_->db[Sql::client_tokens]};
    dump.client_tokens = read_all(token.bind(uin), read_client_token);
    BoundStatement rule{impl_->db[Sql::rules]};
    rule.bind(uin);
    while (rule.step()) {
        std::string instance_id = rule.text();
        dump.rules.push_back({std::move(instance_id), rule.text()});
    }
    dump.additions = list_additions(dump.account);
    dump.networks = impl_->networks.all(uin);
    dump.fired_timers = list_fired_timers(uin);
    dump.vouchers = read_vouchers(impl_->db, uin);
    dump.voucher_uses = read_voucher_uses(impl_->db, uin);
    return dump;
}

void SqliteStore::erase_account(std::string_view uin)
{
    impl_->replaced.forget(uin);
    BoundStatement{impl_->db[Sql::erase_account]}.bind(uin).run();
}

void SqliteStore::insert_account(const AccountState& state)
{
    const std::string& uin = state.account.uin;
    {
        Account account = state.account;
        account.additions = digest_of(state.additions);
        account.vouchers = std::ssize(state.vouchers);
        BoundStatement statement{impl_->db[Sql::insert_account]};
        bind_account(statement, account);
        statement.run();
    }
    impl_->insert_credentials(state);
    std::map<std::string, std::int64_t> in_scope;
    for (const Instance& instance : state.instances) {
        impl_->insert_instance(uin, instance);
        ++in_scope[scope_of(instance.id, instance.region)];
    }
    for (const auto& [scope, number] : in_scope)
        impl_->add_to_count(uin, scope, number);
    insert_besides_instances(state);
    insert_additions(impl_->db, uin, state.additions);
}

void SqliteStore::insert_besides_instances(const AccountState& state)
{
    const std::string& uin = state.account.uin;
    for (const PlacedDisk& disk : state.disks)
        save_disk(uin, disk);
    add_deals(uin, state.deals);
    add_ledger_lines(uin, state.ledger);
    insert_vouchers(impl_->db, uin, state.vouchers, state.voucher_uses);
    for (const ResourceTags& tagged : state.tags)
        save_resource_tags(uin, tagged);
    for (const ClientToken& token : state.client_tokens)
        add_client_token(uin, token);
    for (const FiredTimer& timer : state.fired_timers)
        add_fired_timer(uin, timer);
    for (const Rule& rule : state.rules)
        BoundStatement{impl_->db[Sql::insert_rule]}.bind(uin, rule.instance_id, rule.code).run();
    impl_->networks.insert(uin, state.networks);
}

void SqliteStore::replace_account(const AccountState& state)
{
    const std::string& uin = state.account.uin;
    const auto known = find_account(uin);
    if (!known)
        return insert_account(state);
    Account account = state.account;
    account.additions = digest_of(state.additions);
    account.vouchers = std::ssize(state.vouchers);
    save_account(account);
    if (known->additions != account.additions) {
        erase_additions(impl_->db, uin);
        insert_additions(impl_->db, uin, state.additions);
    } else if (!account.additions.empty()) {
        replace_hosts(impl_->db, uin, state.additions.hosts);
    }
    if (list_credentials(uin) != state.credentials) {
        BoundStatement{impl_->db[Sql::erase_credentials]}.bind(uin).run();
        impl_->insert_credentials(state);
    }
    for (const Sql sql : {Sql::erase_loose_disks, Sql::erase_deals, Sql::erase_ledger, Sql::erase_all_resource_tags,
                          Sql::erase_client_tokens, Sql::erase_rules, Sql::erase_fired_timers})
        BoundStatement{impl_->db[sql]}.bind(uin).run();
    impl_->networks.erase(uin);
    erase_vouchers(impl_->db, uin);
    replace_instances(uin, state.instances);
    insert_besides_instances(state);
    impl_->replaced.keep(uin, state.instances);
}

void SqliteStore::replace_instances(std::string_view uin, const std::vector<Instance>& instances)
{
    std::unordered_map<std::string_view, const Instance*> missing;
    missing.reserve(instances.size());
    for (const Instance& instance : instances)
        missing.emplace(instance.id, &instance);
    std::vector<std::string> gone;
    std::vector<std::pair<Instance, const Instance*>> changed; // pairs of before and after
    const auto compare = [&](Instance& before) {
        const auto after = missing.find(before.id);
        if (after == missing.end()) {
            gone.push_back(before.id);
            return;
        }
        if (before != *after->second)
            changed.emplace_back(std::move(before), after->second);
        missing.erase(after);
    };
    if (const std::int64_t version = data_version(); version != std::exchange(impl_->replaced_version, version))
        impl_->replaced.clear();
    if (auto known = impl_->replaced.take(uin)) {
        for (Instance& before : known->instances)
            if (!known->written.contains(before.id))
                compare(before);
        for (const std::string& id : known->written)
            if (auto before = find_instance(uin, id))
                compare(*before);
    } else {
        BoundStatement row{impl_->db[Sql::all_instances]};
        row.bind(uin);
        while (row.step()) {
            Instance before = impl_->whole(row);
            compare(before);
        }
    }
    // Deletions come first, since the id of a deleted disk may be used again elsewhere.
    for (const std::string& id : gone)
        erase_instance(uin, id);
    for (const auto& [before, after] : changed)
        if (before.disks != after->disks)
            BoundStatement{impl_->db[Sql::erase_disks_of_instance]}.bind(impl_->place_of(uin, before.id)->first).run();
    for (const auto& [before, after] : changed)
        replace_instance(uin, before, *after);
    for (const Instance& instance : instances)
        if (missing.contains(instance.id)) {
            impl_->insert_instance(uin, instance);
            impl_->add_to_count(uin, scope_of(instance.id, instance.region), 1);
        }
}

Additions SqliteStore::list_additions(const Account& account)
{
    return account.additions.empty() ? Additions{} : read_additions(impl_->db, account.uin);
}

std::unique_ptr<StoreSnapshot> SqliteStore::snapshot()
{
    if (impl_->snapshots.use_count() > max_snapshots)
        return nullptr;
    return std::make_unique<SqliteSnapshot>(impl_->db, impl_->snapshots);
}

StoreSizes SqliteStore::sizes()
{
    BoundStatement row{impl_->db[Sql::sizes]};
    row.step();
    return {.accounts = row.integer(), .instances = row.integer(), .bytes = row.integer()};
}

bool SqliteStore::is_shared() const noexcept { return !impl_->in_memory; }

std::int64_t SqliteStore::data_version()
{
    if (!is_shared())
        return 0;
    BoundStatement row{impl_->db[Sql::data_version]};
    row.step();
    return row.integer();
}

std::optional<std::string> SqliteStore::why_broken()
{
    if (impl_->db.broken() && impl_->open == 0)
        impl_->db.try_to_write();
    return impl_->db.broken();
}

void SqliteStore::begin()
{
    // Outside of a transaction SAVEPOINT would begin one, which could be committed without the outer one.
    if (impl_->open > 0 && !impl_->db.in_transaction())
        throw BrokenStore{impl_->db.path() + ": the outer transaction was rolled back"};
    BoundStatement{impl_->db[impl_->open == 0 ? Sql::begin : Sql::savepoint]}.run();
    ++impl_->open;
}

void SqliteStore::commit()
{
    BoundStatement{impl_->db[impl_->open == 1 ? Sql::commit : Sql::release_savepoint]}.run();
    if (--impl_->open == 0)
        impl_->db.forget_lock();
}

void SqliteStore::rollback() noexcept
{
    impl_->replaced.clear();
    if (--impl_->open > 0 && impl_->try_run(Sql::rollback_to_savepoint) && impl_->try_run(Sql::release_savepoint))
        return;
    // If a savepoint cannot be rolled back, the outer transaction is rolled back too, so that it cannot be committed.
    impl_->try_run(Sql::rollback);
}

} // namespace cvm::state
