#include "server/api/instance_json.hpp"

#include <boost/json.hpp>
#include <boost/uuid/name_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <cmath>

namespace cvm::api {

namespace json = boost::json;

namespace {

constexpr double max_safe_integer = 9007199254740991; // 2^53 - 1

json::value to_value(const std::string& text) { return json::value(text); }
json::value to_value(bool flag) { return flag; }
json::value to_value(std::int64_t number) { return number; }

// 1 and not 1E0.
json::value to_value(double number)
{
    if (std::abs(number) <= max_safe_integer && std::trunc(number) == number)
        return static_cast<std::int64_t>(number);
    return number;
}

json::value to_value(const state::KeyValue& pair) { return json::object{{"Key", pair.key}, {"Value", pair.value}}; }

template <class T>
json::value to_value(const std::vector<T>& list)
{
    json::array items;
    items.reserve(list.size());
    for (const T& item : list)
        items.push_back(to_value(item));
    return items;
}

// nullopt is null.
template <class T>
json::value to_value(const std::optional<T>& value)
{
    return value ? to_value(*value) : json::value(nullptr);
}

// nullopt is left out.
template <class T>
void emplace_some(json::object& o, std::string_view name, const std::optional<T>& value)
{
    if (value)
        o.emplace(name, to_value(*value));
}

json::object network(const state::VirtualPrivateCloud& cloud)
{
    json::object o;
    emplace_some(o, "VpcId", cloud.vpc_id);
    emplace_some(o, "SubnetId", cloud.subnet_id);
    emplace_some(o, "AsVpcGateway", cloud.as_vpc_gateway);
    emplace_some(o, "Ipv6AddressCount", cloud.ipv6_address_count);
    return o;
}

json::object login(const state::InstanceAttributes& attributes)
{
    json::object o;
    emplace_some(o, "KeyIds", attributes.key_ids);
    return o;
}

json::object gpu(const state::GpuInfo& info)
{
    json::object o;
    emplace_some(o, "GPUCount", info.count);
    emplace_some(o, "GPUId", info.ids);
    emplace_some(o, "GPUType", info.type);
    return o;
}

json::object metadata(const state::Metadata& data)
{
    json::object o;
    emplace_some(o, "Items", data.items);
    return o;
}

json::object topology(const state::CpuTopology& cpu)
{
    json::object o;
    emplace_some(o, "CoreCount", cpu.core_count);
    emplace_some(o, "ThreadPerCore", cpu.threads_per_core);
    return o;
}

template <class E>
json::value word_or_null(const std::optional<E>& word)
{
    return word ? json::value(name(*word)) : json::value(nullptr);
}

json::object placement(const state::Instance& i)
{
    json::object o{{"Zone", i.zone}, {"HostId", to_value(i.attributes.host_id)}, {"ProjectId", i.project_id}};
    emplace_some(o, "RackId", i.attributes.rack_id);
    emplace_some(o, "DedicatedResourcePackTenancy", i.attributes.dedicated_resource_pack_tenancy);
    emplace_some(o, "DedicatedResourcePackIds", i.attributes.dedicated_resource_pack_ids);
    return o;
}

json::object system_disk(const state::Disk& d)
{
    return {{"DiskType", d.type},
            {"DiskId", d.id},
            {"DiskSize", d.size_gib},
            {"Encrypt", d.encrypt},
            {"KmsKeyId", to_value(d.kms_key_id)},
            {"ThroughputPerformance", d.throughput_performance},
            {"CdcId", nullptr},
            {"DiskName", d.name}};
}

json::object data_disk(const state::Disk& d)
{
    return {{"DiskType", d.type},
            {"DiskId", d.id},
            {"DiskSize", d.size_gib},
            {"DeleteWithInstance", d.delete_with_instance},
            {"Encrypt", d.encrypt},
            {"KmsKeyId", to_value(d.kms_key_id)},
            {"ThroughputPerformance", d.throughput_performance},
            {"CdcId", nullptr},
            {"BurstPerformance", d.burst_performance},
            {"DiskName", d.name}};
}

// Bandwidth alone has no type of charge: an instance without a public address shows null (observed).
json::object internet(const state::Instance& i)
{
    const state::PublicAddressing& addressing = i.attributes.public_addressing;
    json::object o{{"InternetMaxBandwidthOut", i.bandwidth_mbps},
                   {"InternetChargeType",
                    state::public_ip_addresses(i) ? json::value(i.internet_charge_type) : json::value(nullptr)}};
    emplace_some(o, "InternetServiceProvider", addressing.internet_service_provider);
    emplace_some(o, "IPv4AddressType", addressing.ipv4_address_type);
    emplace_some(o, "IPv6AddressType", addressing.ipv6_address_type);
    emplace_some(o, "AntiDDoSPackageId", addressing.anti_ddos_package_id);
    return o;
}

// Not before the instance has stopped (observed).
state::StopChargingMode shown_stop_charging_mode(const state::Instance& i)
{
    return i.state == state::InstanceState::stopped ? i.stop_charging_mode : state::StopChargingMode::not_applicable;
}

// Each tag under two pairs of names (observed).
json::array tags(const std::vector<state::KeyValue>& list)
{
    json::array items;
    for (const auto& [key, value] : list)
        items.push_back(json::object{{"tagKey", key}, {"tagValue", value}, {"Key", key}, {"Value", value}});
    return items;
}

} // namespace

std::string uuid_for(std::string_view instance_id)
{
    const boost::uuids::name_generator_sha1 generate{boost::uuids::ns::oid()};
    return to_string(generate(std::string{instance_id}));
}

state::InstanceAttributes default_attributes()
{
    state::InstanceAttributes a;
    a.virtual_private_cloud = {.vpc_id = "vpc-2b8tr1vz", .subnet_id = "subnet-9j5xw3ud", .as_vpc_gateway = false};
    a.private_ip_addresses = {"10.0.0.10"};
    a.security_group_ids = {"sg-8jlk3f3r"};
    a.image_id = "img-eb30mz89";
    a.os_name = "TencentOS Server 3.1 (TK4)";
    a.license_type = "TencentCloud";
    a.host_name = "VM-0-10-tencentos";
    a.default_login_user = "root";
    a.default_login_port = 22;
    a.key_ids.emplace(); // null
    a.cam_role_name = "";
    a.operator_uin = "";
    return a;
}

json::object to_json(const state::Instance& i)
{
    const state::InstanceAttributes& a = i.attributes;
    json::object o;
    o.reserve(48);

    json::object system;
    json::array data;
    for (const state::Disk& disk : i.disks) {
        if (disk.usage == state::DiskUsage::system)
            system = system_disk(disk);
        else
            data.push_back(data_disk(disk));
    }

    // The order of the real service, as recorded in 2022.
    o.emplace("Placement", placement(i));
    o.emplace("InstanceId", i.id);
    o.emplace("Uuid", a.uuid);
    emplace_some(o, "OperatorUin", a.operator_uin);
    o.emplace("InstanceState", name(i.state));
    o.emplace("RestrictState", name(i.restrict_state));
    o.emplace("InstanceType", i.type);
    o.emplace("CPU", i.cpu);
    o.emplace("Memory", i.memory_gib);
    o.emplace("InstanceName", i.name);
    o.emplace("InstanceChargeType", name(i.charge_type));
    o.emplace("SystemDisk", std::move(system));
    o.emplace("DataDisks", std::move(data));
    o.emplace("PrivateIpAddresses", to_value(a.private_ip_addresses));
    o.emplace("PublicIpAddresses", to_value(state::public_ip_addresses(i)));
    o.emplace("IPv6Addresses", to_value(a.ipv6_addresses));
    o.emplace("InternetAccessible", internet(i));
    o.emplace("VirtualPrivateCloud", network(a.virtual_private_cloud));
    o.emplace("SecurityGroupIds", to_value(a.security_group_ids));
    o.emplace("LoginSettings", login(a));
    o.emplace("ImageId", a.image_id);
    o.emplace("OsName", a.os_name);
    o.emplace("DefaultLoginUser", a.default_login_user);
    o.emplace("DefaultLoginPort", a.default_login_port);
    o.emplace("RenewFlag", word_or_null(i.renew_flag));
    o.emplace("CreatedTime", state::format_instant(i.created_at));
    o.emplace("ExpiredTime", i.expires_at ? json::value(state::format_instant(*i.expires_at)) : json::value(nullptr));
    o.emplace("Tags", tags(a.tags));
    o.emplace("PlatformProjectId", nullptr);
    o.emplace("DisasterRecoverGroupId", a.disaster_recover_group_id);
    o.emplace("DedicatedClusterId", a.dedicated_cluster_id);
    o.emplace("CamRoleName", to_value(a.cam_role_name));
    const auto& operation = i.latest_operation;
    o.emplace("LatestOperation", operation ? json::value(operation->name) : json::value(nullptr));
    o.emplace("LatestOperationState", operation ? json::value(name(operation->state)) : json::value(nullptr));
    o.emplace("LatestOperationRequestId", operation ? json::value(operation->request_id) : json::value(nullptr));
    o.emplace("IsolatedSource", name(i.isolated_source));
    o.emplace("HpcClusterId", a.hpc_cluster_id);
    o.emplace("DisableApiTermination", a.disable_api_termination);
    o.emplace("RdmaIpAddresses", to_value(a.rdma_ip_addresses));
    o.emplace("LicenseType", a.license_type);
    o.emplace("StopChargingMode", name(shown_stop_charging_mode(i)));
    // Documented since, in the order of the data type's page.
    o.emplace("DisasterRecoverGroupIds", to_value(a.disaster_recover_group_ids));
    if (a.gpu_info)
        o.emplace("GPUInfo", gpu(*a.gpu_info));
    o.emplace("HostName", a.host_name);
    // Absent in the recordings, where no operation has failed.
    if (operation && !operation->error_message.empty())
        o.emplace("LatestOperationErrorMsg", operation->error_message);
    o.emplace("EnableJumboFrame", a.enable_jumbo_frame);
    if (a.metadata)
        o.emplace("Metadata", metadata(*a.metadata));
    o.emplace("PublicIPv6Addresses", to_value(a.public_ipv6_addresses));
    if (a.cpu_topology)
        o.emplace("CpuTopology", topology(*a.cpu_topology));
    emplace_some(o, "PartitionNumber", a.partition_number);
    return o;
}

} // namespace cvm::api
