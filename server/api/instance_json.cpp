#include "server/api/instance_json.hpp"

#include <boost/json.hpp>
#include <boost/uuid/name_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <algorithm>

namespace cvm::api {

namespace json = boost::json;

namespace {

void write_placement(JsonWriter& out, const state::Instance& i)
{
    out.begin_object();
    out.member("Zone", i.zone);
    out.member("HostId", i.attributes.host_id);
    out.member("ProjectId", i.project_id);
    out.maybe_member("RackId", i.attributes.rack_id);
    out.maybe_member("DedicatedResourcePackTenancy", i.attributes.dedicated_resource_pack_tenancy);
    out.maybe_member("DedicatedResourcePackIds", i.attributes.dedicated_resource_pack_ids);
    out.end_object();
}

void write_system_disk(JsonWriter& out, const std::vector<state::Disk>& disks)
{
    const auto disk = std::ranges::find(disks, state::DiskUsage::system, &state::Disk::usage);
    out.begin_object();
    if (disk != disks.end()) {
        out.member("DiskType", disk->type);
        out.member("DiskId", disk->id);
        out.member("DiskSize", disk->size_gib);
        out.member("Encrypt", disk->encrypt);
        out.member("KmsKeyId", disk->kms_key_id);
        out.member("ThroughputPerformance", disk->throughput_performance);
        out.member("CdcId", nullptr);
        out.member("DiskName", disk->name);
    }
    out.end_object();
}

void write_data_disks(JsonWriter& out, const std::vector<state::Disk>& disks)
{
    out.begin_array();
    for (const state::Disk& disk : disks) {
        if (disk.usage == state::DiskUsage::system)
            continue;
        out.begin_object();
        out.member("DiskType", disk.type);
        out.member("DiskId", disk.id);
        out.member("DiskSize", disk.size_gib);
        out.member("DeleteWithInstance", disk.delete_with_instance);
        out.member("Encrypt", disk.encrypt);
        out.member("KmsKeyId", disk.kms_key_id);
        out.member("ThroughputPerformance", disk.throughput_performance);
        out.member("CdcId", nullptr);
        out.member("BurstPerformance", disk.burst_performance);
        out.member("DiskName", disk.name);
        out.end_object();
    }
    out.end_array();
}

// An instance that has bandwidth, but no public address, shows null as charge type (observed).
void write_internet(JsonWriter& out, const state::Instance& i, bool has_address)
{
    const state::PublicAddressing& addressing = i.attributes.public_addressing;
    out.begin_object();
    out.member("InternetMaxBandwidthOut", i.bandwidth_mbps);
    if (has_address)
        out.member("InternetChargeType", i.internet_charge_type);
    else
        out.member("InternetChargeType", nullptr);
    out.maybe_member("InternetServiceProvider", addressing.internet_service_provider);
    out.maybe_member("IPv4AddressType", addressing.ipv4_address_type);
    out.maybe_member("IPv6AddressType", addressing.ipv6_address_type);
    out.maybe_member("AntiDDoSPackageId", addressing.anti_ddos_package_id);
    out.end_object();
}

void write_network(JsonWriter& out, const state::VirtualPrivateCloud& cloud)
{
    out.begin_object();
    out.maybe_member("VpcId", cloud.vpc_id);
    out.maybe_member("SubnetId", cloud.subnet_id);
    out.maybe_member("AsVpcGateway", cloud.as_vpc_gateway);
    out.maybe_member("Ipv6AddressCount", cloud.ipv6_address_count);
    out.end_object();
}

void write_login(JsonWriter& out, const state::InstanceAttributes& attributes)
{
    out.begin_object();
    out.maybe_member("KeyIds", attributes.key_ids);
    out.end_object();
}

// Each tag under two pairs of names (observed).
void write_tags(JsonWriter& out, const std::vector<state::KeyValue>& tags)
{
    out.begin_array();
    for (const auto& [key, value] : tags) {
        out.begin_object();
        out.member("tagKey", key);
        out.member("tagValue", value);
        out.member("Key", key);
        out.member("Value", value);
        out.end_object();
    }
    out.end_array();
}

void write_gpu(JsonWriter& out, const state::GpuInfo& info)
{
    out.begin_object();
    out.maybe_member("GPUCount", info.count);
    out.maybe_member("GPUId", info.ids);
    out.maybe_member("GPUType", info.type);
    out.end_object();
}

void write_metadata(JsonWriter& out, const state::Metadata& data)
{
    out.begin_object();
    if (data.items) {
        out.name("Items");
        out.begin_array();
        for (const auto& [key, value] : *data.items) {
            out.begin_object();
            out.member("Key", key);
            out.member("Value", value);
            out.end_object();
        }
        out.end_array();
    }
    out.end_object();
}

void write_topology(JsonWriter& out, const state::CpuTopology& cpu)
{
    out.begin_object();
    out.maybe_member("CoreCount", cpu.core_count);
    out.maybe_member("ThreadPerCore", cpu.threads_per_core);
    out.end_object();
}

// The latest operation; null if there was none. Its error is among the newer members.
void write_operation(JsonWriter& out, const std::optional<state::Operation>& operation)
{
    if (operation) {
        out.member("LatestOperation", operation->name);
        out.member("LatestOperationState", name(operation->state));
        out.member("LatestOperationRequestId", operation->request_id);
    } else {
        out.member("LatestOperation", nullptr);
        out.member("LatestOperationState", nullptr);
        out.member("LatestOperationRequestId", nullptr);
    }
}

// The mode is shown only after the instance has stopped (observed).
state::StopChargingMode shown_stop_charging_mode(const state::Instance& i)
{
    return i.state == state::InstanceState::stopped ? i.stop_charging_mode : state::StopChargingMode::not_applicable;
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

void write(JsonWriter& out, const state::Instance& i)
{
    const state::InstanceAttributes& a = i.attributes;
    const auto addresses = state::public_ip_addresses(i);
    out.begin_object();

    // The order of the real service, as recorded in 2022.
    out.name("Placement");
    write_placement(out, i);
    out.member("InstanceId", i.id);
    out.member("Uuid", a.uuid);
    out.maybe_member("OperatorUin", a.operator_uin);
    out.member("InstanceState", name(i.state));
    out.member("RestrictState", name(i.restrict_state));
    out.member("InstanceType", i.type);
    out.member("CPU", i.cpu);
    out.member("Memory", i.memory_gib);
    out.member("InstanceName", i.name);
    out.member("InstanceChargeType", name(i.charge_type));
    out.name("SystemDisk");
    write_system_disk(out, i.disks);
    out.name("DataDisks");
    write_data_disks(out, i.disks);
    out.member("PrivateIpAddresses", a.private_ip_addresses);
    out.member("PublicIpAddresses", addresses);
    out.member("IPv6Addresses", a.ipv6_addresses);
    out.name("InternetAccessible");
    write_internet(out, i, addresses.has_value());
    out.name("VirtualPrivateCloud");
    write_network(out, a.virtual_private_cloud);
    out.member("SecurityGroupIds", a.security_group_ids);
    out.name("LoginSettings");
    write_login(out, a);
    out.member("ImageId", a.image_id);
    out.member("OsName", a.os_name);
    out.member("DefaultLoginUser", a.default_login_user);
    out.member("DefaultLoginPort", a.default_login_port);
    out.name("RenewFlag");
    if (i.renew_flag)
        out.value(name(*i.renew_flag));
    else
        out.value(nullptr);
    out.member("CreatedTime", state::format_instant(i.created_at));
    out.name("ExpiredTime");
    if (i.expires_at)
        out.value(state::format_instant(*i.expires_at));
    else
        out.value(nullptr);
    out.name("Tags");
    write_tags(out, a.tags);
    out.member("PlatformProjectId", nullptr);
    out.member("DisasterRecoverGroupId", a.disaster_recover_group_id);
    out.member("DedicatedClusterId", a.dedicated_cluster_id);
    out.member("CamRoleName", a.cam_role_name);
    write_operation(out, i.latest_operation);
    out.member("IsolatedSource", name(i.isolated_source));
    out.member("HpcClusterId", a.hpc_cluster_id);
    out.member("DisableApiTermination", a.disable_api_termination);
    out.member("RdmaIpAddresses", a.rdma_ip_addresses);
    out.member("LicenseType", a.license_type);
    out.member("StopChargingMode", name(shown_stop_charging_mode(i)));

    // Members documented later, in the order of the data type's page.
    out.member("DisasterRecoverGroupIds", a.disaster_recover_group_ids);
    if (a.gpu_info) {
        out.name("GPUInfo");
        write_gpu(out, *a.gpu_info);
    }
    out.member("HostName", a.host_name);
    // Absent in the recordings, in which no operation had failed.
    if (i.latest_operation && !i.latest_operation->error_message.empty())
        out.member("LatestOperationErrorMsg", i.latest_operation->error_message);
    out.member("EnableJumboFrame", a.enable_jumbo_frame);
    if (a.metadata) {
        out.name("Metadata");
        write_metadata(out, *a.metadata);
    }
    out.member("PublicIPv6Addresses", a.public_ipv6_addresses);
    if (a.cpu_topology) {
        out.name("CpuTopology");
        write_topology(out, *a.cpu_topology);
    }
    out.maybe_member("PartitionNumber", a.partition_number);
    out.end_object();
}

void InstanceTexts::write(JsonWriter& out, const std::shared_ptr<const state::Instance>& instance)
{
    // Nobody else holds this object, so the next call will read another one, and keeping its text is useless.
    if (instance.use_count() == 1)
        return api::write(out, *instance);
    if (out.text() != text_) {
        kept_.clear();
        text_ = out.text();
    }
    if (const auto known = kept_.find(instance.get()); known != kept_.end())
        return out.written(known->second.json);
    JsonWriter own{text_};
    api::write(own, *instance);
    std::string json = own.take();
    out.written(json);
    if (json.size() > longest_kept)
        return;
    if (kept_.size() >= capacity_)
        kept_.clear();
    kept_.emplace(instance.get(), Entry{instance, std::move(json)});
}

json::object to_json(const state::Instance& instance)
{
    JsonWriter out;
    write(out, instance);
    return std::move(json::parse(out.take()).as_object());
}

} // namespace cvm::api
