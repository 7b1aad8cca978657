#pragma once

#include "server/api/action.hpp"
#include "server/api/resource_name.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// VPCs, subnets and security groups: their limits, who uses them, and which of them instances get. A well-formed id is
// accepted even if nobody created the network, except with --strict-network.

namespace cvm::api {

// Maximum numbers: VPCs and security groups in a region, subnets in a VPC (assumed: the vendor's default quotas).
inline constexpr std::size_t max_vpcs = 20;
inline constexpr std::size_t max_subnets = 100;
inline constexpr std::size_t max_security_groups = 50;

inline constexpr std::size_t max_network_name = 60;
inline constexpr std::size_t max_group_description = 100;
inline constexpr std::size_t max_domain_name = 255; // assumed

inline constexpr std::array network_tag_members{
    Field{.name = "Key", .type = Type::string, .required = true},
    Field{.name = "Value", .type = Type::string},
};
inline constexpr Field network_tags_field{.name = "Tags", .type = Type::objects, .members = network_tag_members};
inline constexpr std::array<std::string_view, 2> stack_types{"DualStack", "IPv6Only"};
inline constexpr std::array<std::string_view, 4> switch_words{"true", "false", "TRUE", "FALSE"};

// The value of a parameter of switch_words; nullopt if it was not given.
std::optional<bool> read_switch(const Params& params, std::string_view name);

// The tags of a new resource with this name, for save_tags(). An invalid tag gives a code of tag.
Result<std::vector<state::KeyValue>> read_network_tags(const Params& params);

// The name under which the tags of a VPC, a subnet or a security group are stored, derived from its id; the tag API
// counts security groups among the resources of cvm.
ResourceName network_name(const Call& call, std::string_view id);

// An id that no network of the account has. Increments Account::resources.
std::string unused_network_id(state::Store& store, state::Account& account, std::string_view prefix);

// DnsServers, DomainName: InvalidParameterValue.Malformed, .TooLong.
std::optional<Error> check_dhcp(const Params& params);

// InvalidParameterValue.TooLong for a name whose `length`, in bytes or characters, exceeds `most`.
std::optional<Error> check_length(const std::string& name, std::size_t length, std::size_t most);

// InvalidParameterValue.Malformed, then ResourceNotFound if it does not exist in the region of the call, or the codes
// for security groups if the action's page has them.
Result<state::Vpc> load_vpc(const Context& context, const std::string& id);
Result<state::Subnet> load_subnet(const Context& context, const std::string& id);
Result<state::SecurityGroup> load_security_group(const Context& context, const std::string& id);

// Whether an instance of the region uses it: vpc_id, subnet_id or security_group_id.
bool is_used(const Context& context, state::InstanceMember member, const std::string& id);

// The number of addresses that instances of the region have in each subnet.
std::map<std::string, std::int64_t, std::less<>> used_addresses(const Context& context);

// The subnet that is named for an instance in the zone; nullopt if nobody created it.
// InvalidParameterValue.VpcIdSubnetIdNotMatch, .SubnetIdZoneIdNotMatch; with strict networks .VpcIdNotExist,
// .SubnetNotExist.
Result<std::optional<state::Subnet>> choose_subnet(const Context& context, const std::string& vpc_id,
                                                   const std::string& subnet_id, std::string_view zone);

// With strict networks: InvalidSecurityGroupId.NotFound for one that nobody created.
std::optional<Error> check_groups_exist(const Context& context, std::span<const std::string> ids);

// Addresses for `count` instances in the subnet: the given ones, or else the first free ones. VpcAddrNotInSubNet,
// VpcIpIsUsed; FailedOperation.NoAvailableIpAddressCountInSubnet if there are too few.
Result<std::vector<std::string>> take_addresses(const Context& context, const state::Subnet& subnet,
                                                std::span<const std::string> given, std::int64_t count);

} // namespace cvm::api
