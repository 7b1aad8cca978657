#include "server/api/instance_json.hpp"

#include <boost/json.hpp>
#include <boost/uuid/name_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace cvm::api {

namespace json = boost::json;

namespace {

// An echoed member and what it is for an instance whose fixture does not say. An empty text leaves it out.
struct Echoed {
    std::string_view name;
    std::string_view otherwise;
};

constexpr std::array echoed{
    Echoed{"PrivateIpAddresses", R"(["10.0.0.10"])"},
    Echoed{"PublicIpAddresses", "null"},
    Echoed{"VirtualPrivateCloud", R"({"VpcId":"vpc-2b8tr1vz","SubnetId":"subnet-9j5xw3ud","AsVpcGateway":false})"},
    Echoed{"ImageId", R"("img-eb30mz89")"},
    Echoed{"OsName", R"-("TencentOS Server 3.1 (TK4)")-"},
    Echoed{"SecurityGroupIds", R"(["sg-8jlk3f3r"])"},
    Echoed{"LoginSettings", R"({"KeyIds":null})"},
    Echoed{"Tags", "[]"},
    Echoed{"Uuid", ""},
    Echoed{"DisasterRecoverGroupId", R"("")"},
    Echoed{"IPv6Addresses", "null"},
    Echoed{"CamRoleName", R"("")"},
    Echoed{"HpcClusterId", R"("")"},
    Echoed{"RdmaIpAddresses", "null"},
    Echoed{"DedicatedClusterId", R"("")"},
    Echoed{"DisasterRecoverGroupIds", "[]"},
    Echoed{"GPUInfo", ""},
    Echoed{"LicenseType", R"("TencentCloud")"},
    Echoed{"DisableApiTermination", "false"},
    Echoed{"HostName", R"("VM-0-10-tencentos")"},
    Echoed{"DefaultLoginUser", R"("root")"},
    Echoed{"DefaultLoginPort", "22"},
    Echoed{"EnableJumboFrame", "false"},
    Echoed{"Metadata", ""},
    Echoed{"PublicIPv6Addresses", "null"},
    Echoed{"CpuTopology", ""},
    Echoed{"PartitionNumber", ""},
    Echoed{"UserData", ""}, // DescribeInstancesAttributes alone shows it
    // Members of Placement.
    Echoed{"HostId", ""},
    Echoed{"RackId", ""},
};

template <class E>
json::value word_or_null(const std::optional<E>& word)
{
    return word ? json::value(name(*word)) : json::value(nullptr);
}

json::object placement(const state::Instance& i, const json::object& echo)
{
    json::object o{{"Zone", i.zone}, {"ProjectId", i.project_id}};
    for (const std::string_view name : {"HostId", "RackId"})
        if (const auto* value = echo.if_contains(name))
            o.emplace(name, *value);
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

bool is_echoed(std::string_view name) noexcept
{
    return std::ranges::find(echoed, name, &Echoed::name) != echoed.end();
}

std::string uuid_for(std::string_view instance_id)
{
    const boost::uuids::name_generator_sha1 generate{boost::uuids::ns::oid()};
    return to_string(generate(std::string{instance_id}));
}

std::string echoed_attributes(const json::object& given)
{
    json::object complete;
    for (const Echoed& member : echoed) {
        if (const auto* value = given.if_contains(member.name))
            complete.emplace(member.name, *value);
        else if (!member.otherwise.empty())
            complete.emplace(member.name, json::parse(member.otherwise));
    }
    return json::serialize(complete);
}

void set_attribute(state::Instance& instance, std::string_view name, json::value value)
{
    json::object echo = json::parse(instance.attributes).as_object();
    echo[name] = std::move(value);
    instance.attributes = echoed_attributes(echo);
}

json::object to_json(const state::Instance& i)
{
    const json::value attributes = json::parse(i.attributes);
    const json::object& echo = attributes.as_object();
    json::object o;
    o.reserve(48);
    const auto echo_here = [&](std::initializer_list<std::string_view> names) {
        for (const std::string_view name : names)
            if (const auto* value = echo.if_contains(name))
                o.emplace(name, *value);
    };

    json::object system;
    json::array data;
    for (const state::Disk& disk : i.disks) {
        if (disk.usage == state::DiskUsage::system)
            system = system_disk(disk);
        else
            data.push_back(data_disk(disk));
    }

    o.emplace("Placement", placement(i, echo));
    o.emplace("InstanceId", i.id);
    o.emplace("InstanceType", i.type);
    o.emplace("CPU", i.cpu);
    o.emplace("Memory", i.memory_gib);
    o.emplace("RestrictState", name(i.restrict_state));
    o.emplace("InstanceName", i.name);
    o.emplace("InstanceChargeType", name(i.charge_type));
    o.emplace("SystemDisk", std::move(system));
    o.emplace("DataDisks", std::move(data));
    echo_here({"PrivateIpAddresses", "PublicIpAddresses"});
    o.emplace("InternetAccessible", json::object{{"InternetChargeType", i.internet_charge_type},
                                                 {"InternetMaxBandwidthOut", i.bandwidth_mbps}});
    echo_here({"VirtualPrivateCloud", "ImageId"});
    o.emplace("RenewFlag", word_or_null(i.renew_flag));
    o.emplace("CreatedTime", state::format_instant(i.created_at));
    o.emplace("ExpiredTime", i.expires_at ? json::value(state::format_instant(*i.expires_at)) : json::value(nullptr));
    echo_here({"OsName", "SecurityGroupIds", "LoginSettings"});
    o.emplace("InstanceState", name(i.state));
    echo_here({"Tags"});
    o.emplace("StopChargingMode", name(i.stop_charging_mode));
    echo_here({"Uuid"});
    const auto& operation = i.latest_operation;
    o.emplace("LatestOperation", operation ? json::value(operation->name) : json::value(nullptr));
    o.emplace("LatestOperationState", operation ? json::value(name(operation->state)) : json::value(nullptr));
    o.emplace("LatestOperationRequestId", operation ? json::value(operation->request_id) : json::value(nullptr));
    echo_here({"DisasterRecoverGroupId", "IPv6Addresses", "CamRoleName", "HpcClusterId", "RdmaIpAddresses",
               "DedicatedClusterId"});
    o.emplace("IsolatedSource", name(i.isolated_source));
    echo_here({"DisasterRecoverGroupIds", "GPUInfo", "LicenseType", "DisableApiTermination", "HostName",
               "DefaultLoginUser", "DefaultLoginPort"});
    o.emplace("LatestOperationErrorMsg", operation ? json::value(operation->error_message) : json::value(nullptr));
    echo_here({"EnableJumboFrame", "Metadata", "PublicIPv6Addresses", "CpuTopology", "PartitionNumber"});
    return o;
}

} // namespace cvm::api
