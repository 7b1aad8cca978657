#pragma once

#include "server/api/action.hpp"
#include "server/api/instance_settings.hpp"
#include "server/api/renewal_request.hpp"
#include "state/rules/pricing.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

// Shared by RunInstances and InquiryPriceRunInstances: the parameters that describe instances, their checks, and the
// instance that they describe.

namespace cvm::api {

// A requested purchase.
struct Purchase {
    state::Instance draft; // a template for each instance; without id, number in the name and addresses
    std::int64_t count = 1;
    std::chrono::months period{};        // 0 unless prepaid
    std::optional<state::Subnet> subnet; // nullopt: a subnet that nobody created
};

// Reads and checks the parameters, with purchase_checks.hpp. Parameters without an effect here are checked only for
// their form; the catalogue's page of the action lists them.
Result<Purchase> read_purchase(const Context& context, const Params& params);

// The price of all instances together: for the whole period, or for the first hour.
struct PurchasePrice {
    state::Price instances;  // 0 if hourly
    state::Price bandwidth;  // likewise
    state::Cents first_hour; // including bandwidth by the hour; 0 if prepaid
};

PurchasePrice price_of(const state::PriceTable& prices, const Purchase& purchase);

// --- parameters ---

inline constexpr std::array<std::string_view, 1> tenancies{"ResourcePool"};
inline constexpr std::array placement_members{
    Field{.name = "Zone", .type = Type::string, .required = true},
    Field{.name = "ProjectId", .type = Type::integer, .min = 0, .max = (std::int64_t{1} << 53) - 1},
    Field{.name = "HostIds", .type = Type::strings},
    Field{.name = "HostId", .type = Type::string},
    Field{.name = "DedicatedResourcePackTenancy", .type = Type::string, .words = tenancies},
    Field{.name = "DedicatedResourcePackIds", .type = Type::strings},
    Field{.name = "RackId", .type = Type::string},
};
inline constexpr std::array data_disk_members{
    Field{.name = "DiskSize", .type = Type::integer, .required = true},
    Field{.name = "DiskType", .type = Type::string},
    Field{.name = "DiskId", .type = Type::string},
    Field{.name = "DeleteWithInstance", .type = Type::boolean},
    Field{.name = "SnapshotId", .type = Type::string},
    Field{.name = "Encrypt", .type = Type::boolean},
    Field{.name = "KmsKeyId", .type = Type::string},
    Field{.name = "ThroughputPerformance", .type = Type::integer, .min = 0},
    Field{.name = "CdcId", .type = Type::string},
    Field{.name = "BurstPerformance", .type = Type::boolean},
    Field{.name = "DiskName", .type = Type::string},
};
inline constexpr std::array network_members{
    Field{.name = "VpcId", .type = Type::string, .required = true},
    Field{.name = "SubnetId", .type = Type::string, .required = true},
    Field{.name = "AsVpcGateway", .type = Type::boolean},
    Field{.name = "PrivateIpAddresses", .type = Type::strings},
    Field{.name = "Ipv6AddressCount", .type = Type::unsigned_integer},
};
inline constexpr std::array<std::string_view, 4> internet_charge_types{
    "BANDWIDTH_PREPAID", "TRAFFIC_POSTPAID_BY_HOUR", "BANDWIDTH_POSTPAID_BY_HOUR", "BANDWIDTH_PACKAGE"};
inline constexpr std::array<std::string_view, 4> internet_service_providers{"BGP", "CMCC", "CTCC", "CUCC"};
inline constexpr std::array<std::string_view, 3> ipv4_address_types{"WanIP", "HighQualityEIP", "AntiDDoSEIP"};
inline constexpr std::array<std::string_view, 2> ipv6_address_types{"EIPv6", "HighQualityEIPv6"};
inline constexpr std::array internet_members{
    Field{.name = "InternetChargeType", .type = Type::string, .words = internet_charge_types},
    Field{.name = "InternetMaxBandwidthOut", .type = Type::integer, .min = 0, .max = 2000},
    Field{.name = "PublicIpAssigned", .type = Type::boolean},
    Field{.name = "BandwidthPackageId", .type = Type::string},
    Field{.name = "InternetServiceProvider", .type = Type::string, .words = internet_service_providers},
    Field{.name = "IPv4AddressType", .type = Type::string, .words = ipv4_address_types},
    Field{.name = "IPv6AddressType", .type = Type::string, .words = ipv6_address_types},
    Field{.name = "AntiDDoSPackageId", .type = Type::string},
};
inline constexpr std::array tag_members{
    Field{.name = "Key", .type = Type::string, .required = true},
    Field{.name = "Value", .type = Type::string, .required = true},
};
inline constexpr std::array tag_specification_members{
    Field{.name = "ResourceType", .type = Type::string, .required = true},
    Field{.name = "Tags", .type = Type::objects, .required = true, .members = tag_members},
};
inline constexpr std::array<std::string_view, 1> spot_types{"one-time"};
inline constexpr std::array<std::string_view, 1> market_types{"spot"};
inline constexpr std::array spot_members{
    Field{.name = "MaxPrice", .type = Type::string, .required = true},
    Field{.name = "SpotInstanceType", .type = Type::string, .words = spot_types},
};
inline constexpr std::array market_members{
    Field{.name = "SpotOptions", .type = Type::object, .required = true, .members = spot_members},
    Field{.name = "MarketType", .type = Type::string, .words = market_types},
};
inline constexpr std::array metadata_item_members{
    Field{.name = "Key", .type = Type::string, .required = true},
    Field{.name = "Value", .type = Type::string, .required = true},
};
inline constexpr std::array metadata_members{
    Field{.name = "Items", .type = Type::objects, .required = true, .members = metadata_item_members},
};
inline constexpr std::array topology_members{
    Field{.name = "CoreCount", .type = Type::integer},
    Field{.name = "ThreadPerCore", .type = Type::integer},
};
inline constexpr std::array interface_members{
    Field{.name = "InterfaceType", .type = Type::string, .required = true},
    Field{.name = "VpcId", .type = Type::string, .required = true},
    Field{.name = "SubnetId", .type = Type::string, .required = true},
    Field{.name = "PrivateIpv4AddressCount", .type = Type::integer, .required = true},
    Field{.name = "NetworkInterfaceId", .type = Type::string},
    Field{.name = "SecurityGroupIds", .type = Type::strings},
    Field{.name = "DeleteWithInstance", .type = Type::boolean},
};
inline constexpr std::array template_members{
    Field{.name = "LaunchTemplateId", .type = Type::string},
    Field{.name = "LaunchTemplateVersion", .type = Type::unsigned_integer},
};

// Placement and ImageId are optional only for RunInstances, where a launch template may provide them.
constexpr auto purchase_fields(bool complete)
{
    return std::array{
        Field{.name = "Placement", .type = Type::object, .required = complete, .members = placement_members},
        Field{.name = "ImageId", .type = Type::string, .required = complete},
        Field{.name = "InstanceChargeType", .type = Type::string, .words = state::Names<state::ChargeType>::all},
        Field{.name = "InstanceChargePrepaid", .type = Type::object, .members = prepaid_fields},
        Field{.name = "InstanceType", .type = Type::string},
        system_disk_field,
        Field{.name = "DataDisks", .type = Type::objects, .members = data_disk_members, .max_items = 21},
        Field{.name = "VirtualPrivateCloud", .type = Type::object, .members = network_members},
        Field{.name = "InternetAccessible", .type = Type::object, .members = internet_members},
        Field{.name = "InstanceCount", .type = Type::integer},
        Field{.name = "InstanceName", .type = Type::string},
        login_field,
        Field{.name = "SecurityGroupIds", .type = Type::strings},
        enhanced_field,
        Field{.name = "ClientToken", .type = Type::string},
        Field{.name = "HostName", .type = Type::string},
        Field{.name = "TagSpecification", .type = Type::objects, .members = tag_specification_members},
        Field{.name = "InstanceMarketOptions", .type = Type::object, .members = market_members},
        Field{.name = "Metadata", .type = Type::object, .members = metadata_members},
        Field{.name = "HpcClusterId", .type = Type::string},
        Field{.name = "CpuTopology", .type = Type::object, .members = topology_members},
        Field{.name = "LaunchTemplate", .type = Type::object, .members = template_members},
        Field{.name = "NetworkInterfaces", .type = Type::objects, .members = interface_members},
    };
}

} // namespace cvm::api
