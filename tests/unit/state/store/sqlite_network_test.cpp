#include "state/store/caching_store.hpp"
#include "state/store/sqlite_store.hpp"

#include <doctest/doctest.h>

using namespace cvm::state;

namespace {

Instant at(int seconds) { return Instant{std::chrono::seconds{seconds}}; }

AccountState with_networks(const std::string& uin)
{
    AccountState state;
    state.account.uin = uin;
    state.networks.vpcs = {{.id = "vpc-22222222",
                            .region = "ap-beijing",
                            .name = "b",
                            .cidr = {0xac100000U, 16},
                            .is_default = true,
                            .created_at = at(1)},
                           {.id = "vpc-11111111",
                            .region = "ap-guangzhou",
                            .name = "a\nb",
                            .cidr = {0xffffff00U, 24},
                            .multicast = true,
                            .publishes_cidr = true,
                            .publishes_ipv6_cidr = true,
                            .dns_servers = {"10.0.0.2", "10.0.0.3"},
                            .domain_name = "example.com",
                            .created_at = at(2)}};
    state.networks.subnets = {{.id = "subnet-11111111",
                               .region = "ap-guangzhou",
                               .vpc_id = "vpc-11111111",
                               .name = "s",
                               .zone = "ap-guangzhou-3",
                               .cidr = {0x0a000000U, 28},
                               .is_default = true,
                               .broadcast = true,
                               .created_at = at(3)}};
    state.networks.security_groups = {{.id = "sg-11111111",
                                       .region = "ap-guangzhou",
                                       .name = "g",
                                       .description = "d",
                                       .project_id = 7,
                                       .is_default = true,
                                       .created_at = at(4),
                                       .updated_at = at(5)}};
    return state;
}

} // namespace

TEST_CASE("an account keeps all members of its networks")
{
    SqliteStore store{":memory:"};
    const AccountState one = with_networks("1");
    store.insert_account(one);
    CHECK(store.dump_account("1")->networks == one.networks);
    CHECK(store.snapshot()->account_alone("1")->networks == one.networks);

    AccountState other = with_networks("1");
    other.networks.vpcs.pop_back();
    other.networks.security_groups.front().name = "h";
    store.replace_account(other);
    CHECK(store.dump_account("1")->networks == other.networks);
    store.insert_account(with_networks("2")); // ids are an account's own
    store.erase_account("2");
    CHECK(store.dump_account("1")->networks == other.networks);
}

TEST_CASE("networks are found by id and by region, and changes keep their order")
{
    CachingStore store{std::make_unique<SqliteStore>(":memory:"), Writes::when_needed};
    const AccountState one = with_networks("1");
    store.insert_account(one);
    const Vpc& first = one.networks.vpcs.back();
    CHECK(store.networks().find_vpc("1", first.id) == first);
    CHECK_FALSE(store.networks().find_vpc("2", first.id));
    CHECK(store.networks().list_vpcs("1", "ap-beijing") == std::vector{one.networks.vpcs.front()});
    CHECK(store.networks().list_vpcs("1", "ap-shanghai").empty());

    Vpc later = first;
    later.id = "vpc-00000000";
    store.networks().save_vpc("1", later);
    Vpc changed = first;
    changed.name = "c";
    store.networks().save_vpc("1", changed);
    CHECK(store.networks().list_vpcs("1", "ap-guangzhou") == std::vector{changed, later});
    store.networks().erase_vpc("1", first.id);
    CHECK(store.networks().list_vpcs("1", "ap-guangzhou") == std::vector{later});

    const Subnet& subnet = one.networks.subnets.front();
    CHECK(store.networks().find_subnet("1", subnet.id) == subnet);
    CHECK(store.networks().list_subnets("1", "ap-guangzhou") == one.networks.subnets);
    store.networks().erase_subnet("1", subnet.id);
    CHECK(store.networks().list_subnets("1", "ap-guangzhou").empty());

    const SecurityGroup& group = one.networks.security_groups.front();
    CHECK(store.networks().find_security_group("1", group.id) == group);
    CHECK(store.networks().list_security_groups("1", "ap-guangzhou") == one.networks.security_groups);
    store.networks().erase_security_group("1", group.id);
    CHECK_FALSE(store.networks().find_security_group("1", group.id));
}

TEST_CASE("a change of networks is undone with its transaction")
{
    CachingStore store{std::make_unique<SqliteStore>(":memory:"), Writes::when_needed};
    store.insert_account(with_networks("1"));
    {
        Transaction transaction{store};
        store.networks().erase_vpc("1", "vpc-11111111");
        CHECK_FALSE(store.networks().find_vpc("1", "vpc-11111111"));
    }
    CHECK(store.networks().find_vpc("1", "vpc-11111111"));
}
