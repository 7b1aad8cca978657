#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The members of the vendor's Instance that no rule of state/ reads (fixtures/catalog/actions/DescribeInstances.json).
// An empty optional is a member that is left out, unless its comment says that it is null.

namespace cvm::state {

// A member that may be left out (nullopt) or null (a nullopt inside).
template <class T>
using MaybeNull = std::optional<std::optional<T>>;

// A tag, or an item of metadata.
struct KeyValue {
    std::string key;
    std::string value;

    friend bool operator==(const KeyValue&, const KeyValue&) = default;
};

struct VirtualPrivateCloud {
    std::optional<std::string> vpc_id;    // vpc-xxxxxxxx
    std::optional<std::string> subnet_id; // subnet-xxxxxxxx
    std::optional<bool> as_vpc_gateway;
    std::optional<std::int64_t> ipv6_address_count{}; // of random IPv6 addresses

    friend bool operator==(const VirtualPrivateCloud&, const VirtualPrivateCloud&) = default;
};

// The public addresses of an instance, in its InternetAccessible.
struct PublicAddressing {
    std::optional<std::string> internet_service_provider; // BGP, CMCC, CTCC, CUCC
    std::optional<std::string> ipv4_address_type;         // WanIP, HighQualityEIP, AntiDDoSEIP
    std::optional<std::string> ipv6_address_type;         // EIPv6, HighQualityEIPv6
    std::optional<std::string> anti_ddos_package_id;

    friend bool operator==(const PublicAddressing&, const PublicAddressing&) = default;
};

struct GpuInfo {
    std::optional<double> count; // number of cards; a fraction for a virtual card
    std::optional<std::vector<std::string>> ids;
    std::optional<std::string> type;

    friend bool operator==(const GpuInfo&, const GpuInfo&) = default;
};

struct Metadata {
    std::optional<std::vector<KeyValue>> items;

    friend bool operator==(const Metadata&, const Metadata&) = default;
};

struct CpuTopology {
    std::optional<std::int64_t> core_count;
    std::optional<std::int64_t> threads_per_core;

    friend bool operator==(const CpuTopology&, const CpuTopology&) = default;
};

struct InstanceAttributes {
    std::optional<std::string> operator_uin; // Uin of the buyer, or empty
    std::optional<std::string> host_id;      // host-xxxxxxxx; nullopt: null; shown in Placement, like rack_id
    MaybeNull<std::string> rack_id;
    std::optional<std::string> dedicated_resource_pack_tenancy;          // shown in Placement, like the ids
    std::optional<std::vector<std::string>> dedicated_resource_pack_ids; // rpp-xxxxxxxx
    std::string dedicated_cluster_id;
    std::string hpc_cluster_id;
    std::string disaster_recover_group_id;
    std::vector<std::string> disaster_recover_group_ids;
    std::optional<std::int64_t> partition_number; // in the group

    VirtualPrivateCloud virtual_private_cloud;
    std::vector<std::string> private_ip_addresses;
    std::optional<std::vector<std::string>> public_ip_addresses;   // nullopt: null
    std::optional<std::vector<std::string>> ipv6_addresses;        // nullopt: null
    std::optional<std::vector<std::string>> public_ipv6_addresses; // nullopt: null
    std::optional<std::vector<std::string>> rdma_ip_addresses;     // nullopt: null
    PublicAddressing public_addressing;
    std::vector<std::string> security_group_ids; // sg-xxxxxxxx
    bool enable_jumbo_frame = false;

    std::string image_id; // img-xxxxxxxx
    std::string os_name;
    std::string license_type;
    std::string host_name;
    std::string default_login_user;
    std::int64_t default_login_port = 0;
    MaybeNull<std::vector<std::string>> key_ids; // skey-xxxxxxxx; shown in LoginSettings
    std::optional<std::string> user_data;        // Base64

    std::string uuid;
    std::vector<KeyValue> tags;
    std::optional<std::string> cam_role_name; // nullopt: null
    bool disable_api_termination = false;
    std::optional<Metadata> metadata;
    std::optional<GpuInfo> gpu_info;
    std::optional<CpuTopology> cpu_topology;

    friend bool operator==(const InstanceAttributes&, const InstanceAttributes&) = default;
};

} // namespace cvm::state
