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

// VPCs, subnets and security groups: what they may be, who uses them, and which of them instances get. An id that is
// well formed names a network even if nobody made it; only with --strict-network it does not.

namespace cvm::api {

// How many there may be: VPCs and security groups of a region, subnets of a VPC (assumed: the vendor's usual quotas).
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

// The tags of a new resource of this name, for save_tags(). A code of tags for one that cannot be.
Result<std::vector<state::KeyValue>> read_network_tags(const Params& params);

// The name under which the tags of a VPC, a subnet or a security group are kept, as its id tells; tag counts security
// groups among the resources of cvm.
ResourceName network_name(const Call& call, std::string_view id);

// An id that no network of the account has. Counts it in the account.
std::string unused_network_id(state::Store& store, state::Account& account, std::string_view prefix);

// DnsServers, DomainName: InvalidParameterValue.Malformed, .TooLong.
std::optional<Error> check_dhcp(const Params& params);

// InvalidParameterValue.TooLong for a name of so many bytes or characters that it is longer than `most`.
std::optional<Error> check_length(const std::string& name, std::size_t length, std::size_t most);

// InvalidParameterValue.Malformed, then ResourceNotFound for one that nobody made in the region of the call; where the
// action's page has codes for security groups alone, these.
Result<state::Vpc> load_vpc(const Context& context, const std::string& id);
Result<state::Subnet> load_subnet(const Context& context, const std::string& id);
Result<state::SecurityGroup> load_security_group(const Context& context, const std::string& id);

// Whether an instance of the region has it: vpc_id, subnet_id or security_group_id.
bool is_used(const Context& context, state::InstanceMember member, const std::string& id);

// How many addresses instances of the region have in each subnet.
std::map<std::string, std::int64_t, std::less<>> used_addresses(const Context& context);

// The subnet that is named for an instance in the zone; nullopt for one that nobody made.
// InvalidParameterValue.VpcIdSubnetIdNotMatch, .SubnetIdZoneIdNotMatch; if networks are strict .VpcIdNotExist,
// .SubnetNotExist.
Result<std::optional<state::Subnet>> choose_subnet(const Context& context, const std::string& vpc_id,
                                                   const std::string& subnet_id, std::string_view zone);

// If networks are strict: InvalidSecurityGroupId.NotFound for one that nobody made.
std::optional<Error> check_groups_made(const Context& context, std::span<const std::string> ids);

// Addresses for so many instances in the subnet: those that are given or else the first free ones. VpcAddrNotInSubNet,
// VpcIpIsUsed; FailedOperation.NoAvailableIpAddressCountInSubnet if there are too few.
Result<std::vector<std::string>> take_addresses(const Context& context, const state::Subnet& subnet,
                                                std::span<const std::string> given, std::int64_t count);

} // namespace cvm::api
