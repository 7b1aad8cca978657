#include "server/api/network_json.hpp"

#include "server/api/tags_json.hpp"
#include "state/rules/addressing.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace cvm::api {

namespace json = boost::json;

json::object to_json(const state::Vpc& vpc, const std::vector<state::KeyValue>& tags)
{
    return {{"VpcName", vpc.name},
            {"VpcId", vpc.id},
            {"CidrBlock", to_string(vpc.cidr)},
            {"IsDefault", vpc.is_default},
            {"EnableMulticast", vpc.multicast},
            {"CreatedTime", state::format_beijing_time(vpc.created_at)},
            {"DnsServerSet", json::array(vpc.dns_servers.begin(), vpc.dns_servers.end())},
            {"DomainName", vpc.domain_name},
            {"DhcpOptionsId", ""},
            {"EnableDhcp", true},
            {"Ipv6CidrBlock", ""},
            {"TagSet", tags_json(tags)},
            {"AssistantCidrSet", json::array{}},
            {"EnableRouteVpcPublish", vpc.publishes_cidr},
            {"Ipv6CidrBlockSet", json::array{}},
            {"EnableRouteVpcPublishIpv6", vpc.publishes_ipv6_cidr},
            {"StackType", "DualStack"}};
}

json::object to_json(const state::Subnet& subnet, const std::vector<state::KeyValue>& tags, std::int64_t used_addresses)
{
    const std::int64_t total = state::address_count(subnet.cidr);
    return {{"VpcId", subnet.vpc_id},
            {"SubnetId", subnet.id},
            {"SubnetName", subnet.name},
            {"CidrBlock", to_string(subnet.cidr)},
            {"IsDefault", subnet.is_default},
            {"EnableBroadcast", subnet.broadcast},
            {"Zone", subnet.zone},
            {"RouteTableId", ""},
            {"CreatedTime", state::format_beijing_time(subnet.created_at)},
            {"AvailableIpAddressCount", std::max<std::int64_t>(0, total - state::reserved_addresses - used_addresses)},
            {"Ipv6CidrBlock", ""},
            {"NetworkAclId", ""},
            {"IsRemoteVpcSnat", false},
            {"TotalIpAddressCount", total},
            {"TagSet", tags_json(tags)},
            {"CdcId", ""},
            {"IsCdcSubnet", 0},
            {"StackType", "DualStack"}};
}

json::object to_json(const state::SecurityGroup& group, const std::vector<state::KeyValue>& tags)
{
    return {{"SecurityGroupId", group.id},
            {"SecurityGroupName", group.name},
            {"SecurityGroupDesc", group.description},
            {"ProjectId", std::to_string(group.project_id)},
            {"IsDefault", group.is_default},
            {"CreatedTime", state::format_beijing_time(group.created_at)},
            {"TagSet", tags_json(tags)},
            {"UpdateTime", state::format_beijing_time(group.updated_at)}};
}

} // namespace cvm::api
