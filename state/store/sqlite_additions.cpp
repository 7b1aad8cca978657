#include "state/store/sqlite_additions.hpp"

#include "state/store/sqlite_connection.hpp"

#include <string>

namespace cvm::state::rows {

namespace {

// A table: its statements, and how to read and bind a row.
template <class T>
struct Table {
    Sql select;
    Sql insert;
    T (*read)(BoundStatement& row);
    void (*bind)(BoundStatement& statement, const T& item);
};

constexpr Table<InstanceType> types{
    Sql::types, Sql::insert_type,
    [](BoundStatement& row) {
        InstanceType type{.name = row.text(), .family = row.text(), .description = row.text()};
        type.cpu = row.integer();
        type.memory_gib = row.integer();
        type.gpu = row.integer();
        type.gpu_type = row.text();
        type.architecture = row.text();
        type.cpu_type = row.text();
        type.frequency = row.text();
        type.bandwidth_gbps = row.real();
        type.pps = row.integer();
        if (const auto month = row.maybe_integer())
            type.month = Cents{*month};
        return type;
    },
    [](BoundStatement& s, const InstanceType& t) {
        s.bind(t.name, t.family, t.description, t.cpu, t.memory_gib, t.gpu, t.gpu_type, t.architecture, t.cpu_type,
               t.frequency, t.bandwidth_gbps, t.pps, t.month);
    }};

using Lines = std::vector<std::string>;

std::optional<Lines> to_lines(const std::optional<std::vector<Snapshot>>& snapshots)
{
    if (!snapshots)
        return std::nullopt;
    Lines lines;
    for (const Snapshot& snapshot : *snapshots)
        lines.insert(lines.end(), {snapshot.id, snapshot.usage, std::to_string(snapshot.size_gib)});
    return lines;
}

std::optional<std::vector<Snapshot>> to_snapshots(const std::optional<Lines>& lines)
{
    if (!lines)
        return std::nullopt;
    std::vector<Snapshot> snapshots;
    for (std::size_t at = 0; at + 2 < lines->size(); at += 3)
        snapshots.push_back({(*lines)[at], (*lines)[at + 1], std::stoll((*lines)[at + 2])});
    return snapshots;
}

constexpr Table<Image> images{
    Sql::images, Sql::insert_image,
    [](BoundStatement& row) {
        Image image{.id = row.text(), .name = row.text(), .os_name = row.text(), .type = row.text()};
        image.created_at = row.maybe_instant();
        image.description = row.text();
        image.source = row.text();
        image.creator = row.text();
        image.state = row.text();
        image.format = row.text();
        image.architecture = row.text();
        image.platform = row.text();
        image.size_gib = row.integer();
        image.license_type = row.text();
        image.family = row.maybe_text();
        image.snapshots = to_snapshots(row.maybe_lines());
        image.tags = row.pairs();
        return image;
    },
    [](BoundStatement& s, const Image& i) {
        s.bind(i.id, i.name, i.os_name, i.type, i.created_at, i.description, i.source, i.creator, i.state, i.format,
               i.architecture, i.platform, i.size_gib, i.license_type, i.family, to_lines(i.snapshots), i.tags);
    }};

constexpr Table<Zone> zones{
    Sql::zones, Sql::insert_zone,
    [](BoundStatement& row) {
        Zone zone{.name = row.text(), .id = row.text(), .region = row.text()};
        zone.names.en = row.text();
        zone.names.zh = row.text();
        zone.available = row.boolean();
        return zone;
    },
    [](BoundStatement& s, const Zone& z) { s.bind(z.name, z.id, z.region, z.names.en, z.names.zh, z.available); }};

constexpr Table<Host> hosts{Sql::hosts, Sql::insert_host,
                            [](BoundStatement& row) {
                                Host host{.id = row.text(), .zone = row.text(), .name = row.text(), .type = row.text()};
                                host.project_id = row.integer();
                                host.charge_type = row.enumerator<ChargeType>();
                                host.renew_flag = row.maybe_enumerator<RenewFlag>();
                                host.created_at = row.instant();
                                host.expires_at = row.maybe_instant();
                                host.cpu = row.integer();
                                host.memory_gib = row.integer();
                                host.disk_gib = row.integer();
                                host.disk_type = row.text();
                                if (const auto month = row.maybe_integer())
                                    host.month = Cents{*month};
                                host.tags = row.pairs();
                                return host;
                            },
                            [](BoundStatement& s, const Host& h) {
                                s.bind(h.id, h.zone, h.name, h.type, h.project_id, h.charge_type, h.renew_flag,
                                       h.created_at, h.expires_at, h.cpu, h.memory_gib, h.disk_gib, h.disk_type,
                                       h.month, h.tags);
                            }};

constexpr Table<Role> roles{Sql::roles, Sql::insert_role,
                            [](BoundStatement& row) {
                                Role role{.name = row.text(), .id = row.text()};
                                role.allowed = row.lines();
                                return role;
                            },
                            [](BoundStatement& s, const Role& r) { s.bind(r.name, r.id, r.allowed); }};

template <class T>
std::vector<T> read(Connection& db, std::string_view uin, const Table<T>& table)
{
    BoundStatement row{db[table.select]};
    row.bind(uin);
    std::vector<T> found;
    while (row.step())
        found.push_back(table.read(row));
    return found;
}

template <class T>
void insert(Connection& db, std::string_view uin, const Table<T>& table, const std::vector<T>& items)
{
    std::int64_t position = 0;
    for (const T& item : items) {
        BoundStatement statement{db[table.insert]};
        statement.bind(uin, position++);
        table.bind(statement, item);
        statement.run();
    }
}

} // namespace

Additions read_additions(Connection& db, std::string_view uin)
{
    return {.types = read(db, uin, types),
            .images = read(db, uin, images),
            .zones = read(db, uin, zones),
            .hosts = read(db, uin, hosts),
            .roles = read(db, uin, roles)};
}

void erase_additions(Connection& db, std::string_view uin)
{
    for (const Sql sql : {Sql::erase_types, Sql::erase_images, Sql::erase_zones, Sql::erase_hosts, Sql::erase_roles})
        BoundStatement{db[sql]}.bind(uin).run();
}

void insert_additions(Connection& db, std::string_view uin, const Additions& additions)
{
    insert(db, uin, types, additions.types);
    insert(db, uin, images, additions.images);
    insert(db, uin, zones, additions.zones);
    insert(db, uin, hosts, additions.hosts);
    insert(db, uin, roles, additions.roles);
}

void replace_hosts(Connection& db, std::string_view uin, const std::vector<Host>& after)
{
    if (read(db, uin, hosts) == after)
        return;
    BoundStatement{db[Sql::erase_hosts]}.bind(uin).run();
    insert(db, uin, hosts, after);
}

} // namespace cvm::state::rows
