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
    json::object o{{"Zone", i.zone}, {"ProjectId", i.project_id}};
    emplace_some(o, "HostId", i.attributes.host_id);
    emplace_some(o, "RackId", i.attributes.rack_id);
    return o;
}

json::object system_disk(const state::Disk& d)
{
    return {{"DiskType", d.type}, {"DiskId", d.id}, {"DiskSize", d.size_gib}, {"CdcId", nullptr}, {"DiskName", d.name}};
}

json::object data_disk(const state::Disk& d)
{
    return {{"DiskSize", d.size_gib}, {"DiskType", d.type},
            {"DiskId", d.id},         {"DeleteWithInstance", d.delete_with_instance},
            {"SnapshotId", nullptr},  {"Encrypt", d.encrypt},
            {"KmsKeyId", nullptr},    {"ThroughputPerformance", nullptr},
            {"CdcId", nullptr},       {"BurstPerformance", false},
            {"DiskName", d.name}};
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

    o.emplace("Placement", placement(i));
    o.emplace("InstanceId", i.id);
    o.emplace("InstanceType", i.type);
    o.emplace("CPU", i.cpu);
    o.emplace("Memory", i.memory_gib);
    o.emplace("RestrictState", name(i.restrict_state));
    o.emplace("InstanceName", i.name);
    o.emplace("InstanceChargeType", name(i.charge_type));
    o.emplace("SystemDisk", std::move(system));
    o.emplace("DataDisks", std::move(data));
    o.emplace("PrivateIpAddresses", to_value(a.private_ip_addresses));
    o.emplace("PublicIpAddresses", to_value(a.public_ip_addresses));
    o.emplace("InternetAccessible", json::object{{"InternetChargeType", i.internet_charge_type},
                                                 {"InternetMaxBandwidthOut", i.bandwidth_mbps}});
    o.emplace("VirtualPrivateCloud", network(a.virtual_private_cloud));
    o.emplace("ImageId", a.image_id);
    o.emplace("RenewFlag", word_or_null(i.renew_flag));
    o.emplace("CreatedTime", state::format_instant(i.created_at));
    o.emplace("ExpiredTime", i.expires_at ? json::value(state::format_instant(*i.expires_at)) : json::value(nullptr));
    o.emplace("OsName", a.os_name);
    o.emplace("SecurityGroupIds", to_value(a.security_group_ids));
    o.emplace("LoginSettings", login(a));
    o.emplace("InstanceState", name(i.state));
    o.emplace("Tags", to_value(a.tags));
    o.emplace("StopChargingMode", name(i.stop_charging_mode));
    o.emplace("Uuid", a.uuid);
    const auto& operation = i.latest_operation;
    o.emplace("LatestOperation", operation ? json::value(operation->name) : json::value(nullptr));
    o.emplace("LatestOperationState", operation ? json::value(name(operation->state)) : json::value(nullptr));
    o.emplace("LatestOperationRequestId", operation ? json::value(operation->request_id) : json::value(nullptr));
    o.emplace("DisasterRecoverGroupId", a.disaster_recover_group_id);
    o.emplace("IPv6Addresses", to_value(a.ipv6_addresses));
    o.emplace("CamRoleName", to_value(a.cam_role_name));
    o.emplace("HpcClusterId", a.hpc_cluster_id);
    o.emplace("RdmaIpAddresses", to_value(a.rdma_ip_addresses));
    o.emplace("DedicatedClusterId", a.dedicated_cluster_id);
    o.emplace("IsolatedSource", name(i.isolated_source));
    o.emplace("DisasterRecoverGroupIds", to_value(a.disaster_recover_group_ids));
    if (a.gpu_info)
        o.emplace("GPUInfo", gpu(*a.gpu_info));
    o.emplace("LicenseType", a.license_type);
    o.emplace("DisableApiTermination", a.disable_api_termination);
    o.emplace("HostName", a.host_name);
    o.emplace("DefaultLoginUser", a.default_login_user);
    o.emplace("DefaultLoginPort", a.default_login_port);
    o.emplace("LatestOperationErrorMsg", operation ? json::value(operation->error_message) : json::value(nullptr));
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
