#include "state/store/sqlite_network.hpp"

namespace cvm::state::rows {

namespace {

Cidr read_cidr(BoundStatement& row)
{
    const auto address = static_cast<std::uint32_t>(row.integer());
    return {address, static_cast<int>(row.integer())};
}

Vpc read_vpc(BoundStatement& row)
{
    Vpc vpc{.id = row.text(), .region = row.text(), .name = row.text(), .cidr = read_cidr(row)};
    vpc.is_default = row.boolean();
    vpc.multicast = row.boolean();
    vpc.publishes_cidr = row.boolean();
    vpc.publishes_ipv6_cidr = row.boolean();
    vpc.dns_servers = row.lines();
    vpc.domain_name = row.text();
    vpc.created_at = row.instant();
    return vpc;
}

Subnet read_subnet(BoundStatement& row)
{
    Subnet subnet{.id = row.text(),
                  .region = row.text(),
                  .vpc_id = row.text(),
                  .name = row.text(),
                  .zone = row.text(),
                  .cidr = read_cidr(row)};
    subnet.is_default = row.boolean();
    subnet.broadcast = row.boolean();
    subnet.created_at = row.instant();
    return subnet;
}

SecurityGroup read_security_group(BoundStatement& row)
{
    SecurityGroup group{.id = row.text(), .region = row.text(), .name = row.text(), .description = row.text()};
    group.project_id = row.integer();
    group.is_default = row.boolean();
    group.created_at = row.instant();
    group.updated_at = row.instant();
    return group;
}

template <class T>
std::optional<T> find_row(Connection& db, Sql sql, T (*read)(BoundStatement&), std::string_view uin,
                          std::string_view id)
{
    BoundStatement row{db[sql]};
    return row.bind(uin, id).step() ? std::optional{read(row)} : std::nullopt;
}

template <class T, class... Keys>
std::vector<T> list_rows(Connection& db, Sql sql, T (*read)(BoundStatement&), const Keys&... keys)
{
    BoundStatement row{db[sql]};
    row.bind(keys...);
    std::vector<T> found;
    while (row.step())
        found.push_back(read(row));
    return found;
}

void bind_cidr(BoundStatement& statement, const Cidr& cidr)
{
    statement.bind(std::int64_t{cidr.address}, std::int64_t{cidr.bits});
}

} // namespace

std::optional<Vpc> SqliteNetworks::find_vpc(std::string_view uin, std::string_view id)
{
    return find_row(db_, Sql::vpc, read_vpc, uin, id);
}

std::vector<Vpc> SqliteNetworks::list_vpcs(std::string_view uin, std::string_view region)
{
    return list_rows(db_, Sql::vpcs, read_vpc, uin, region);
}

void SqliteNetworks::save_vpc(std::string_view uin, const Vpc& vpc)
{
    BoundStatement statement{db_[Sql::save_vpc]};
    statement.bind(uin, vpc.id, vpc.region, vpc.name);
    bind_cidr(statement, vpc.cidr);
    statement
        .bind(vpc.is_default, vpc.multicast, vpc.publishes_cidr, vpc.publishes_ipv6_cidr, vpc.dns_servers,
              vpc.domain_name, vpc.created_at)
        .run();
}

void SqliteNetworks::erase_vpc(std::string_view uin, std::string_view id)
{
    BoundStatement{db_[Sql::erase_vpc]}.bind(uin, id).run();
}

std::optional<Subnet> SqliteNetworks::find_subnet(std::string_view uin, std::string_view id)
{
    return find_row(db_, Sql::subnet, read_subnet, uin, id);
}

std::vector<Subnet> SqliteNetworks::list_subnets(std::string_view uin, std::string_view region)
{
    return list_rows(db_, Sql::subnets, read_subnet, uin, region);
}

void SqliteNetworks::save_subnet(std::string_view uin, const Subnet& subnet)
{
    BoundStatement statement{db_[Sql::save_subnet]};
    statement.bind(uin, subnet.id, subnet.region, subnet.vpc_id, subnet.name, subnet.zone);
    bind_cidr(statement, subnet.cidr);
    statement.bind(subnet.is_default, subnet.broadcast, subnet.created_at).run();
}

void SqliteNetworks::erase_subnet(std::string_view uin, std::string_view id)
{
    BoundStatement{db_[Sql::erase_subnet]}.bind(uin, id).run();
}

std::optional<SecurityGroup> SqliteNetworks::find_security_group(std::string_view uin, std::string_view id)
{
    return find_row(db_, Sql::security_group, read_security_group, uin, id);
}

std::vector<SecurityGroup> SqliteNetworks::list_security_groups(std::string_view uin, std::string_view region)
{
    return list_rows(db_, Sql::security_groups, read_security_group, uin, region);
}

void SqliteNetworks::save_security_group(std::string_view uin, const SecurityGroup& group)
{
    BoundStatement{db_[Sql::save_security_group]}
        .bind(uin, group.id, group.region, group.name, group.description, group.project_id, group.is_default,
              group.created_at, group.updated_at)
        .run();
}

void SqliteNetworks::erase_security_group(std::string_view uin, std::string_view id)
{
    BoundStatement{db_[Sql::erase_security_group]}.bind(uin, id).run();
}

Networks SqliteNetworks::all(std::string_view uin)
{
    return {.vpcs = list_rows(db_, Sql::all_vpcs, read_vpc, uin),
            .subnets = list_rows(db_, Sql::all_subnets, read_subnet, uin),
            .security_groups = list_rows(db_, Sql::all_security_groups, read_security_group, uin)};
}

void SqliteNetworks::insert(std::string_view uin, const Networks& networks)
{
    for (const Vpc& vpc : networks.vpcs)
        save_vpc(uin, vpc);
    for (const Subnet& subnet : networks.subnets)
        save_subnet(uin, subnet);
    for (const SecurityGroup& group : networks.security_groups)
        save_security_group(uin, group);
}

void SqliteNetworks::erase(std::string_view uin)
{
    for (const Sql sql : {Sql::erase_vpcs, Sql::erase_subnets, Sql::erase_security_groups})
        BoundStatement{db_[sql]}.bind(uin).run();
}

} // namespace cvm::state::rows
