#include "server/api/instance_json.hpp"

#include "tests/support/difference.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>

namespace json = boost::json;

using namespace cvm;

namespace {

// The 41 members of an instance in the order of the recordings of 2022, and those documented later.
const std::vector<std::string> full_order{"Placement",
                                          "InstanceId",
                                          "Uuid",
                                          "OperatorUin",
                                          "InstanceState",
                                          "RestrictState",
                                          "InstanceType",
                                          "CPU",
                                          "Memory",
                                          "InstanceName",
                                          "InstanceChargeType",
                                          "SystemDisk",
                                          "DataDisks",
                                          "PrivateIpAddresses",
                                          "PublicIpAddresses",
                                          "IPv6Addresses",
                                          "InternetAccessible",
                                          "VirtualPrivateCloud",
                                          "SecurityGroupIds",
                                          "LoginSettings",
                                          "ImageId",
                                          "OsName",
                                          "DefaultLoginUser",
                                          "DefaultLoginPort",
                                          "RenewFlag",
                                          "CreatedTime",
                                          "ExpiredTime",
                                          "Tags",
                                          "PlatformProjectId",
                                          "DisasterRecoverGroupId",
                                          "DedicatedClusterId",
                                          "CamRoleName",
                                          "LatestOperation",
                                          "LatestOperationState",
                                          "LatestOperationRequestId",
                                          "IsolatedSource",
                                          "HpcClusterId",
                                          "DisableApiTermination",
                                          "RdmaIpAddresses",
                                          "LicenseType",
                                          "StopChargingMode",
                                          "DisasterRecoverGroupIds",
                                          "GPUInfo",
                                          "HostName",
                                          "LatestOperationErrorMsg",
                                          "EnableJumboFrame",
                                          "Metadata",
                                          "PublicIPv6Addresses",
                                          "CpuTopology",
                                          "PartitionNumber"};

state::Disk disk(const std::string& id, state::DiskUsage usage, const std::string& type, std::int64_t size)
{
    state::Disk d;
    d.id = id;
    d.usage = usage;
    d.type = type;
    d.size_gib = size;
    return d;
}

state::Instance prepaid()
{
    state::Instance i;
    i.id = "ins-aaaaaaaa";
    i.region = "ap-guangzhou";
    i.zone = "ap-guangzhou-3";
    i.name = "web";
    i.type = "S5.MEDIUM2";
    i.project_id = 7;
    i.cpu = 2;
    i.memory_gib = 4;
    i.renew_flag = state::RenewFlag::notify_and_auto_renew;
    i.created_at = state::parse_instant("2026-01-31T08:30:00Z").value();
    i.expires_at = state::parse_instant("2026-02-28T08:30:00Z").value();
    i.latest_operation =
        state::Operation{"RenewInstances", state::OperationState::success, "6ef60bec-0242-43af-bb20-270359fb54a7", ""};
    i.bandwidth_mbps = 5;
    i.disks = {disk("disk-system00", state::DiskUsage::system, "CLOUD_SSD", 50)};
    i.disks.front().name = "root";
    i.attributes = api::default_attributes();
    i.attributes.uuid = "01234567-89ab-cdef-0123-456789abcdef";
    return i;
}

state::Instance postpaid()
{
    state::Instance i = prepaid();
    i.charge_type = state::ChargeType::postpaid_by_hour;
    i.renew_flag = std::nullopt;
    i.expires_at = std::nullopt;
    i.latest_operation = std::nullopt;
    i.internet_charge_type = "TRAFFIC_POSTPAID_BY_HOUR";
    return i;
}

std::vector<std::string> names_of(const json::object& o)
{
    std::vector<std::string> names;
    for (const auto& [name, value] : o)
        names.emplace_back(name);
    return names;
}

// A distinct value for every attribute.
state::InstanceAttributes everything()
{
    state::InstanceAttributes a;
    a.operator_uin = "100000000001";
    a.host_id = "host-aaaaaaaa";
    a.rack_id = "rack-1";
    a.dedicated_cluster_id = "cluster-a";
    a.hpc_cluster_id = "hpc-1";
    a.disaster_recover_group_id = "ps-0";
    a.disaster_recover_group_ids = {"ps-1"};
    a.partition_number = 3;
    a.virtual_private_cloud = {
        .vpc_id = "vpc-a", .subnet_id = "subnet-a", .as_vpc_gateway = true, .ipv6_address_count = 1};
    a.public_addressing = {.internet_service_provider = "BGP",
                           .ipv4_address_type = "AntiDDoSEIP",
                           .ipv6_address_type = "EIPv6",
                           .anti_ddos_package_id = "bgp-00000001"};
    a.dedicated_resource_pack_tenancy = "ResourcePool";
    a.dedicated_resource_pack_ids = {"rpp-aaaaaaaa"};
    a.private_ip_addresses = {"10.0.0.1", "10.0.0.2"};
    a.public_ip_addresses = {"203.0.113.1"};
    a.ipv6_addresses = {"2001:db8::1"};
    a.public_ipv6_addresses = {"2001:db8::2"};
    a.rdma_ip_addresses = {"10.1.0.1"};
    a.security_group_ids = {"sg-aaaaaaaa"};
    a.enable_jumbo_frame = true;
    a.image_id = "img-1";
    a.os_name = "Debian";
    a.license_type = "BYOL";
    a.host_name = "host";
    a.default_login_user = "ubuntu";
    a.default_login_port = 2222;
    a.key_ids = std::vector<std::string>{"skey-1"};
    a.user_data = "ZGF0YQ==";
    a.uuid = "u";
    a.tags = {{"k", "v"}, {"l", ""}};
    a.cam_role_name = "role";
    a.disable_api_termination = true;
    a.metadata = {.items = {{{"a", "b"}}}};
    a.gpu_info = {.count = 1, .ids = {{"0"}}, .type = "T4"};
    a.cpu_topology = {.core_count = 2, .threads_per_core = 1};
    return a;
}

} // namespace

TEST_CASE("an instance with all members is written in the order of the real service")
{
    state::Instance instance = prepaid();
    instance.attributes = everything();
    instance.latest_operation->error_message = "no";
    CHECK(test::difference(names_of(api::to_json(instance)), full_order) == "");
}

TEST_CASE("members without a default are left out and the others keep their order")
{
    std::vector<std::string> expected = full_order;
    for (const std::string name : {"GPUInfo", "LatestOperationErrorMsg", "Metadata", "CpuTopology", "PartitionNumber"})
        std::erase(expected, name);
    CHECK(names_of(api::to_json(prepaid())) == expected);
    CHECK(names_of(api::to_json(postpaid())) == expected);
}

TEST_CASE("RenewFlag and ExpiredTime are null for an instance that does not pay ahead")
{
    const json::object o = api::to_json(postpaid());
    CHECK(o.at("RenewFlag").is_null());
    CHECK(o.at("ExpiredTime").is_null());
    CHECK(o.at("InstanceChargeType").as_string() == "POSTPAID_BY_HOUR");
    CHECK(o.at("CreatedTime").as_string() == "2026-01-31T08:30:00Z");

    const json::object ahead = api::to_json(prepaid());
    CHECK(ahead.at("RenewFlag").as_string() == "NOTIFY_AND_AUTO_RENEW");
    CHECK(ahead.at("ExpiredTime").as_string() == "2026-02-28T08:30:00Z");
    CHECK(ahead.at("InstanceChargeType").as_string() == "PREPAID");
}

TEST_CASE("the members of the latest operation are all null before the first one")
{
    const json::object none = api::to_json(postpaid());
    const json::object some = api::to_json(prepaid());
    for (const std::string name : {"LatestOperation", "LatestOperationState", "LatestOperationRequestId"}) {
        CAPTURE(name);
        CHECK(none.at(name).is_null());
        CHECK(some.at(name).is_string());
    }
    CHECK(some.at("LatestOperation").as_string() == "RenewInstances");
    CHECK(some.at("LatestOperationState").as_string() == "SUCCESS");
    CHECK(some.at("LatestOperationRequestId").as_string() == "6ef60bec-0242-43af-bb20-270359fb54a7");
    state::Instance failed = prepaid();
    failed.latest_operation->error_message = "no such image";
    CHECK(api::to_json(failed).at("LatestOperationErrorMsg").as_string() == "no such image");
}

TEST_CASE("members missing in a fixture have the documented null or an empty value")
{
    const json::object o = api::to_json(prepaid());
    struct Case {
        std::string name;
        std::string expected;
    };
    const Case cases[] = {
        {"OperatorUin", R"("")"},
        {"PlatformProjectId", "null"},
        {"PublicIpAddresses", "null"},
        {"IPv6Addresses", "null"},
        {"RdmaIpAddresses", "null"},
        {"PublicIPv6Addresses", "null"},
        {"LoginSettings", R"({"KeyIds":null})"},
        {"CamRoleName", R"("")"},
        {"DisasterRecoverGroupId", R"("")"},
        {"DisasterRecoverGroupIds", "[]"},
        {"HpcClusterId", R"("")"},
        {"DedicatedClusterId", R"("")"},
        {"Tags", "[]"},
        {"DataDisks", "[]"},
        {"LicenseType", R"("TencentCloud")"},
        {"DefaultLoginUser", R"("root")"},
        {"DefaultLoginPort", "22"},
        {"DisableApiTermination", "false"},
        {"EnableJumboFrame", "false"},
        {"PrivateIpAddresses", R"(["10.0.0.10"])"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(json::serialize(o.at(c.name)) == c.expected);
    }
}

TEST_CASE("every enumerator of an instance is written as the vendor's word")
{
    state::Instance i = prepaid();
    i.state = state::InstanceState::shutdown;
    i.restrict_state = state::RestrictState::expired;
    i.isolated_source = state::IsolatedSource::expire;
    i.renew_flag = state::RenewFlag::disable_notify_and_manual_renew;
    i.latest_operation->state = state::OperationState::operating;
    const json::object o = api::to_json(i);
    CHECK(o.at("InstanceState").as_string() == "SHUTDOWN");
    CHECK(o.at("RestrictState").as_string() == "EXPIRED");
    CHECK(o.at("IsolatedSource").as_string() == "EXPIRE");
    CHECK(o.at("RenewFlag").as_string() == "DISABLE_NOTIFY_AND_MANUAL_RENEW");
    CHECK(o.at("LatestOperationState").as_string() == "OPERATING");
}

TEST_CASE("the charging mode of an instance is shown once it has stopped, and its address no longer")
{
    struct Case {
        state::InstanceState state;
        state::StopChargingMode mode;
        std::string_view mode_shown;
        bool address_shown;
    };
    using enum state::InstanceState;
    using enum state::StopChargingMode;
    const Case cases[] = {
        {running, not_applicable, "NOT_APPLICABLE", true}, {stopping, stop_charging, "NOT_APPLICABLE", true},
        {stopped, stop_charging, "STOP_CHARGING", false},  {stopped, keep_charging, "KEEP_CHARGING", true},
        {starting, stop_charging, "NOT_APPLICABLE", true}, {shutdown, keep_charging, "NOT_APPLICABLE", true},
    };
    for (const Case& c : cases) {
        CAPTURE(name(c.state));
        state::Instance i = postpaid();
        i.attributes.public_ip_addresses = {"203.0.113.1"};
        i.state = c.state;
        i.stop_charging_mode = c.mode;
        const json::object o = api::to_json(i);
        CHECK(o.at("StopChargingMode").as_string() == c.mode_shown);
        CHECK(json::serialize(o.at("PublicIpAddresses")) == (c.address_shown ? R"(["203.0.113.1"])" : "null"));
        CHECK(json::serialize(o.at("InternetAccessible").at("InternetChargeType")) ==
              (c.address_shown ? R"("TRAFFIC_POSTPAID_BY_HOUR")" : "null"));
    }
}

TEST_CASE("numbers and texts of an instance are in the right members")
{
    const json::object o = api::to_json(prepaid());
    struct Case {
        std::string name;
        std::string expected;
    };
    const Case cases[] = {
        {"Placement", R"({"Zone":"ap-guangzhou-3","HostId":null,"ProjectId":7})"},
        {"InstanceId", R"("ins-aaaaaaaa")"},
        {"InstanceName", R"("web")"},
        {"InstanceType", R"("S5.MEDIUM2")"},
        {"CPU", "2"},
        {"Memory", "4"},
        {"InternetAccessible", R"({"InternetMaxBandwidthOut":5,"InternetChargeType":null})"},
        {"SystemDisk",
         R"({"DiskType":"CLOUD_SSD","DiskId":"disk-system00","DiskSize":50,"Encrypt":false,"KmsKeyId":null,)"
         R"("ThroughputPerformance":0,"CdcId":null,"DiskName":"root"})"},
        {"Uuid", R"("01234567-89ab-cdef-0123-456789abcdef")"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(json::serialize(o.at(c.name)) == c.expected);
    }
}

TEST_CASE("the system disk is shown separately from the data disks wherever it is in the list")
{
    state::Instance i = prepaid();
    i.disks.insert(i.disks.begin(), disk("disk-data0000", state::DiskUsage::data, "CLOUD_PREMIUM", 10));
    i.disks.front().name = "one";
    i.disks.front().delete_with_instance = false;
    i.disks.front().encrypt = true;
    i.disks.front().kms_key_id = "key";
    i.disks.front().throughput_performance = 150;
    i.disks.front().burst_performance = true;
    i.disks.push_back(disk("disk-data0001", state::DiskUsage::data, "CLOUD_HSSD", 20));
    const json::object o = api::to_json(i);
    CHECK(o.at("SystemDisk").at("DiskId").as_string() == "disk-system00");
    REQUIRE(o.at("DataDisks").as_array().size() == 2);
    CHECK(
        json::serialize(o.at("DataDisks").at(0)) ==
        R"({"DiskType":"CLOUD_PREMIUM","DiskId":"disk-data0000","DiskSize":10,"DeleteWithInstance":false,"Encrypt":true,)"
        R"("KmsKeyId":"key","ThroughputPerformance":150,"CdcId":null,"BurstPerformance":true,"DiskName":"one"})");
    CHECK(o.at("DataDisks").at(1).at("DiskId").as_string() == "disk-data0001");
}

TEST_CASE("the host and the rack of an instance are shown in its placement")
{
    state::Instance i = prepaid();
    i.attributes.host_id = "host-aaaaaaaa";
    i.attributes.rack_id = "rack-1";
    i.attributes.dedicated_resource_pack_tenancy = "ResourcePool";
    i.attributes.dedicated_resource_pack_ids = {"rpp-aaaaaaaa"};
    const json::object o = api::to_json(i);
    CHECK(json::serialize(o.at("Placement")) ==
          R"({"Zone":"ap-guangzhou-3","HostId":"host-aaaaaaaa","ProjectId":7,"RackId":"rack-1",)"
          R"("DedicatedResourcePackTenancy":"ResourcePool","DedicatedResourcePackIds":["rpp-aaaaaaaa"]})");
    CHECK_FALSE(o.contains("HostId"));
    CHECK_FALSE(o.contains("RackId"));
}

TEST_CASE("every attribute is shown by the member of its name")
{
    state::Instance instance = prepaid();
    instance.attributes = everything();
    const json::object o = api::to_json(instance);
    struct Case {
        std::string name;
        std::string expected;
    };
    const Case cases[] = {
        {"OperatorUin", R"("100000000001")"},
        {"InternetAccessible", R"({"InternetMaxBandwidthOut":5,"InternetChargeType":"BANDWIDTH_PREPAID",)"
                               R"("InternetServiceProvider":"BGP","IPv4AddressType":"AntiDDoSEIP",)"
                               R"("IPv6AddressType":"EIPv6","AntiDDoSPackageId":"bgp-00000001"})"},
        {"PrivateIpAddresses", R"(["10.0.0.1","10.0.0.2"])"},
        {"PublicIpAddresses", R"(["203.0.113.1"])"},
        {"VirtualPrivateCloud", R"({"VpcId":"vpc-a","SubnetId":"subnet-a","AsVpcGateway":true,"Ipv6AddressCount":1})"},
        {"ImageId", R"("img-1")"},
        {"OsName", R"("Debian")"},
        {"SecurityGroupIds", R"(["sg-aaaaaaaa"])"},
        {"LoginSettings", R"({"KeyIds":["skey-1"]})"},
        {"Tags",
         R"([{"tagKey":"k","tagValue":"v","Key":"k","Value":"v"},{"tagKey":"l","tagValue":"","Key":"l","Value":""}])"},
        {"Uuid", R"("u")"},
        {"DisasterRecoverGroupId", R"("ps-0")"},
        {"IPv6Addresses", R"(["2001:db8::1"])"},
        {"CamRoleName", R"("role")"},
        {"HpcClusterId", R"("hpc-1")"},
        {"RdmaIpAddresses", R"(["10.1.0.1"])"},
        {"DedicatedClusterId", R"("cluster-a")"},
        {"DisasterRecoverGroupIds", R"(["ps-1"])"},
        {"GPUInfo", R"({"GPUCount":1,"GPUId":["0"],"GPUType":"T4"})"},
        {"LicenseType", R"("BYOL")"},
        {"DisableApiTermination", "true"},
        {"HostName", R"("host")"},
        {"DefaultLoginUser", R"("ubuntu")"},
        {"DefaultLoginPort", "2222"},
        {"EnableJumboFrame", "true"},
        {"Metadata", R"({"Items":[{"Key":"a","Value":"b"}]})"},
        {"PublicIPv6Addresses", R"(["2001:db8::2"])"},
        {"CpuTopology", R"({"CoreCount":2,"ThreadPerCore":1})"},
        {"PartitionNumber", "3"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(json::serialize(o.at(c.name)) == c.expected);
    }
    CHECK_FALSE(o.contains("UserData"));
}

TEST_CASE("omitted, null and empty attributes are shown as such")
{
    using Attributes = state::InstanceAttributes;
    struct Case {
        std::string member;
        void (*change)(Attributes& a);
        std::string expected;
    };
    const Case cases[] = {
        {"Placement", [](Attributes& a) { a.rack_id = ""; },
         R"({"Zone":"ap-guangzhou-3","HostId":null,"ProjectId":7,"RackId":""})"},
        {"PublicIpAddresses", [](Attributes& a) { a.public_ip_addresses.emplace(); }, "[]"},
        {"VirtualPrivateCloud", [](Attributes& a) { a.virtual_private_cloud = {}; }, "{}"},
        {"VirtualPrivateCloud", [](Attributes& a) { a.virtual_private_cloud.vpc_id.reset(); },
         R"({"SubnetId":"subnet-9j5xw3ud","AsVpcGateway":false})"},
        {"LoginSettings", [](Attributes& a) { a.key_ids.reset(); }, "{}"},
        {"LoginSettings", [](Attributes& a) { a.key_ids.emplace().emplace(); }, R"({"KeyIds":[]})"},
        {"CamRoleName", [](Attributes& a) { a.cam_role_name.reset(); }, "null"},
        {"GPUInfo", [](Attributes& a) { a.gpu_info.emplace(); }, "{}"},
        {"GPUInfo", [](Attributes& a) { a.gpu_info.emplace().count = 0.5; }, R"({"GPUCount":5E-1})"},
        {"Metadata", [](Attributes& a) { a.metadata.emplace(); }, "{}"},
        {"Metadata", [](Attributes& a) { a.metadata.emplace().items.emplace(); }, R"({"Items":[]})"},
        {"CpuTopology", [](Attributes& a) { a.cpu_topology.emplace(); }, "{}"},
        {"CpuTopology", [](Attributes& a) { a.cpu_topology.emplace().core_count = 0; }, R"({"CoreCount":0})"},
        {"PartitionNumber", [](Attributes& a) { a.partition_number = 0; }, "0"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.expected);
        state::Instance instance = prepaid();
        c.change(instance.attributes);
        CHECK(json::serialize(api::to_json(instance).at(c.member)) == c.expected);
    }
}

TEST_CASE("the text of a shared instance is cached for each format")
{
    const auto written = [](api::InstanceTexts& texts, const std::shared_ptr<const state::Instance>& instance,
                            const AnswerText& text) {
        JsonWriter out{text};
        texts.write(out, instance);
        return out.take();
    };
    const auto plain = [](const state::Instance& instance, const AnswerText& text) {
        JsonWriter out{text};
        api::write(out, instance);
        return out.take();
    };
    api::InstanceTexts texts{2};
    std::vector<std::shared_ptr<const state::Instance>> held;
    for (const std::string id : {"ins-aaaaaaaa", "ins-bbbbbbbb", "ins-cccccccc"}) {
        state::Instance instance;
        instance.id = id;
        held.push_back(std::make_shared<const state::Instance>(instance));
    }
    for (const AnswerText text : {AnswerText{}, AnswerText{.white_space = true}, AnswerText{}})
        for (int times = 0; times < 2; ++times)
            for (const auto& instance : held) {
                const auto shared = instance;
                CHECK(written(texts, shared, text) == plain(*shared, text));
                CHECK(texts.size() <= 2);
            }
    const std::size_t before = texts.size();
    CHECK(written(texts, std::make_shared<const state::Instance>(), {}) == plain({}, {}));
    CHECK(texts.size() == before);
}
