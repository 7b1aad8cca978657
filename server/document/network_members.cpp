#include "server/document/network_members.hpp"

#include "server/api/catalog.hpp"
#include "state/rules/addressing.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <map>

namespace cvm {

namespace json = boost::json;

using namespace members;
using state::SecurityGroup;
using state::Subnet;
using state::Vpc;

namespace {

std::string read_region(const json::object& o, const JsonPath& place)
{
    std::string region = text(o, "Region", "");
    if (!api::is_region(region))
        place.member("Region").fail("'" + region + "' is not a known region such as ap-guangzhou");
    return region;
}

// Returns 0.0.0.0/0, which no network may have, if it is not a block.
state::Cidr read_block(const json::object& o)
{
    return state::parse_cidr(text(o, "CidrBlock", "")).value_or(state::Cidr{});
}

Vpc read_vpc(const json::object& o, const JsonPath& place, state::Instant now)
{
    Vpc vpc{.id = text(o, "VpcId", ""),
            .region = read_region(o, place),
            .name = text(o, "VpcName", ""),
            .cidr = read_block(o),
            .is_default = boolean(o, "IsDefault", false),
            .multicast = boolean(o, "EnableMulticast", false),
            .publishes_cidr = boolean(o, "EnableRouteVpcPublish", false),
            .publishes_ipv6_cidr = boolean(o, "EnableRouteVpcPublishIpv6", false),
            .domain_name = text(o, "DomainName", ""),
            .created_at = maybe_time(o, "CreatedTime", place, now).value_or(now)};
    if (!state::fits_vpc(vpc.cidr))
        place.member("CidrBlock").fail("is not a block that a VPC may have, such as 10.0.0.0/16");
    for (const json::value& v : list(o, "DnsServerSet")) {
        vpc.dns_servers.emplace_back(v.as_string());
        if (!state::parse_ipv4(vpc.dns_servers.back()))
            place.member("DnsServerSet").fail("'" + vpc.dns_servers.back() + "' is not an IPv4 address");
    }
    return vpc;
}

Subnet read_subnet(const json::object& o, const JsonPath& place, const std::map<std::string_view, const Vpc*>& vpcs,
                   state::Instant now)
{
    Subnet subnet{.id = text(o, "SubnetId", ""),
                  .region = api::region_of_zone(text(o, "Zone", "")),
                  .vpc_id = text(o, "VpcId", ""),
                  .name = text(o, "SubnetName", ""),
                  .zone = text(o, "Zone", ""),
                  .cidr = read_block(o),
                  .is_default = boolean(o, "IsDefault", false),
                  .broadcast = boolean(o, "EnableBroadcast", false),
                  .created_at = maybe_time(o, "CreatedTime", place, now).value_or(now)};
    const auto vpc = vpcs.find(subnet.vpc_id);
    if (vpc == vpcs.end())
        place.member("VpcId").fail("'" + subnet.vpc_id + "' is not in Vpcs");
    if (vpc->second->region != subnet.region)
        place.member("Zone").fail("'" + subnet.zone + "' is not a zone of the region of " + subnet.vpc_id);
    if (!state::fits_subnet(subnet.cidr, vpc->second->cidr))
        place.member("CidrBlock").fail("is not a block within that of " + subnet.vpc_id);
    return subnet;
}

SecurityGroup read_security_group(const json::object& o, const JsonPath& place, state::Instant now)
{
    const auto created = maybe_time(o, "CreatedTime", place, now).value_or(now);
    return {.id = text(o, "SecurityGroupId", ""),
            .region = read_region(o, place),
            .name = text(o, "SecurityGroupName", ""),
            .description = text(o, "SecurityGroupDesc", ""),
            .project_id = integer(o, "ProjectId", 0),
            .is_default = boolean(o, "IsDefault", false),
            .created_at = created,
            .updated_at = maybe_time(o, "UpdateTime", place, now).value_or(created)};
}

json::object write_vpc(const Vpc& vpc)
{
    return {{"VpcId", vpc.id},
            {"Region", vpc.region},
            {"VpcName", vpc.name},
            {"CidrBlock", to_string(vpc.cidr)},
            {"IsDefault", vpc.is_default},
            {"EnableMulticast", vpc.multicast},
            {"EnableRouteVpcPublish", vpc.publishes_cidr},
            {"EnableRouteVpcPublishIpv6", vpc.publishes_ipv6_cidr},
            {"DnsServerSet", json::array(vpc.dns_servers.begin(), vpc.dns_servers.end())},
            {"DomainName", vpc.domain_name},
            {"CreatedTime", state::format_instant(vpc.created_at)}};
}

json::object write_subnet(const Subnet& subnet)
{
    return {{"SubnetId", subnet.id},
            {"VpcId", subnet.vpc_id},
            {"SubnetName", subnet.name},
            {"Zone", subnet.zone},
            {"CidrBlock", to_string(subnet.cidr)},
            {"IsDefault", subnet.is_default},
            {"EnableBroadcast", subnet.broadcast},
            {"CreatedTime", state::format_instant(subnet.created_at)}};
}

json::object write_security_group(const SecurityGroup& group)
{
    return {{"SecurityGroupId", group.id},
            {"Region", group.region},
            {"SecurityGroupName", group.name},
            {"SecurityGroupDesc", group.description},
            {"ProjectId", group.project_id},
            {"IsDefault", group.is_default},
            {"CreatedTime", state::format_instant(group.created_at)},
            {"UpdateTime", state::format_instant(group.updated_at)}};
}

template <class T>
void write_members(json::object& account, std::string_view name, const std::vector<T>& things,
                   json::object (*write)(const T&))
{
    if (things.empty())
        return;
    json::array& written = account[name].emplace_array();
    for (const T& thing : things)
        written.push_back(write(thing));
}

} // namespace

state::Networks read_networks(const json::object& account, const JsonPath& place, state::Instant now)
{
    state::Networks networks;
    std::size_t index = 0;
    for (const json::value& v : list(account, "Vpcs"))
        networks.vpcs.push_back(read_vpc(v.as_object(), place.member("Vpcs").item(index++), now));
    std::map<std::string_view, const Vpc*> by_id;
    for (const Vpc& vpc : networks.vpcs)
        by_id.emplace(vpc.id, &vpc);
    index = 0;
    for (const json::value& v : list(account, "Subnets"))
        networks.subnets.push_back(read_subnet(v.as_object(), place.member("Subnets").item(index++), by_id, now));
    index = 0;
    for (const json::value& v : list(account, "SecurityGroups"))
        networks.security_groups.push_back(
            read_security_group(v.as_object(), place.member("SecurityGroups").item(index++), now));
    std::ranges::stable_sort(networks.vpcs, {}, &Vpc::region);
    std::ranges::stable_sort(networks.subnets, {}, &Subnet::region);
    std::ranges::stable_sort(networks.security_groups, {}, &SecurityGroup::region);
    return networks;
}

void write_networks(const state::Networks& networks, json::object& account)
{
    write_members(account, "Vpcs", networks.vpcs, write_vpc);
    write_members(account, "Subnets", networks.subnets, write_subnet);
    write_members(account, "SecurityGroups", networks.security_groups, write_security_group);
}

} // namespace cvm
