#include "server/api/instance_json.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>

namespace json = boost::json;

using namespace cvm;

namespace {

// The members of the vendor's Instance, in the order of the data type's page.
const std::vector<std::string> documented_order{"Placement",
                                                "InstanceId",
                                                "InstanceType",
                                                "CPU",
                                                "Memory",
                                                "RestrictState",
                                                "InstanceName",
                                                "InstanceChargeType",
                                                "SystemDisk",
                                                "DataDisks",
                                                "PrivateIpAddresses",
                                                "PublicIpAddresses",
                                                "InternetAccessible",
                                                "VirtualPrivateCloud",
                                                "ImageId",
                                                "RenewFlag",
                                                "CreatedTime",
                                                "ExpiredTime",
                                                "OsName",
                                                "SecurityGroupIds",
                                                "LoginSettings",
                                                "InstanceState",
                                                "Tags",
                                                "StopChargingMode",
                                                "Uuid",
                                                "LatestOperation",
                                                "LatestOperationState",
                                                "LatestOperationRequestId",
                                                "DisasterRecoverGroupId",
                                                "IPv6Addresses",
                                                "CamRoleName",
                                                "HpcClusterId",
                                                "RdmaIpAddresses",
                                                "DedicatedClusterId",
                                                "IsolatedSource",
                                                "DisasterRecoverGroupIds",
                                                "GPUInfo",
                                                "LicenseType",
                                                "DisableApiTermination",
                                                "HostName",
                                                "DefaultLoginUser",
                                                "DefaultLoginPort",
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
    i.attributes = api::echoed_attributes({{"Uuid", "01234567-89ab-cdef-0123-456789abcdef"}});
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

// Something of its own for every member that is only echoed.
json::object everything()
{
    return json::parse(R"({
        "PartitionNumber": 3, "CpuTopology": {"CoreCount": 2, "ThreadPerCore": 1}, "PublicIPv6Addresses": ["2001:db8::2"],
        "Metadata": {"Items": [{"Key": "a", "Value": "b"}]}, "EnableJumboFrame": true, "DefaultLoginPort": 2222,
        "DefaultLoginUser": "ubuntu", "HostName": "host", "DisableApiTermination": true, "LicenseType": "BYOL",
        "GPUInfo": {"GPUCount": 1, "GPUId": ["0"], "GPUType": "T4"}, "DisasterRecoverGroupIds": ["ps-1"],
        "DedicatedClusterId": "cluster-a", "RdmaIpAddresses": ["10.1.0.1"], "HpcClusterId": "hpc-1", "CamRoleName": "role",
        "IPv6Addresses": ["2001:db8::1"], "DisasterRecoverGroupId": "ps-0", "Uuid": "u", "Tags": [{"Key": "k", "Value": "v"}],
        "LoginSettings": {"KeyIds": ["skey-1"]}, "SecurityGroupIds": ["sg-aaaaaaaa"], "OsName": "Debian", "ImageId": "img-1",
        "VirtualPrivateCloud": {"VpcId": "vpc-aaaaaaaa"}, "PublicIpAddresses": ["203.0.113.1"], "PrivateIpAddresses": ["10.0.0.1"],
        "HostId": "host-aaaaaaaa", "RackId": "rack-1"
    })")
        .as_object();
}

} // namespace

TEST_CASE("an instance that says everything is written in the order of the documentation")
{
    state::Instance instance = prepaid();
    instance.attributes = api::echoed_attributes(everything());
    CHECK(names_of(api::to_json(instance)) == documented_order);
}

TEST_CASE("members without a default are left out and the others keep their order")
{
    std::vector<std::string> expected = documented_order;
    for (const std::string name : {"GPUInfo", "Metadata", "CpuTopology", "PartitionNumber"})
        std::erase(expected, name);
    CHECK(names_of(api::to_json(prepaid())) == expected);
    CHECK(names_of(api::to_json(postpaid())) == expected);

    std::erase(expected, "Uuid");
    state::Instance no_uuid = prepaid();
    no_uuid.attributes = api::echoed_attributes({});
    CHECK(names_of(api::to_json(no_uuid)) == expected);
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
    for (const std::string name :
         {"LatestOperation", "LatestOperationState", "LatestOperationRequestId", "LatestOperationErrorMsg"}) {
        CAPTURE(name);
        CHECK(none.at(name).is_null());
        CHECK(some.at(name).is_string());
    }
    CHECK(some.at("LatestOperation").as_string() == "RenewInstances");
    CHECK(some.at("LatestOperationState").as_string() == "SUCCESS");
    CHECK(some.at("LatestOperationRequestId").as_string() == "6ef60bec-0242-43af-bb20-270359fb54a7");
    CHECK(some.at("LatestOperationErrorMsg").as_string().empty());
}

TEST_CASE("what a fixture does not say has the documented null or an empty value")
{
    const json::object o = api::to_json(prepaid());
    struct Case {
        std::string name;
        std::string expected;
    };
    const Case cases[] = {
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

TEST_CASE("every word of an instance is the vendor's")
{
    state::Instance i = prepaid();
    i.state = state::InstanceState::shutdown;
    i.restrict_state = state::RestrictState::expired;
    i.isolated_source = state::IsolatedSource::expire;
    i.stop_charging_mode = state::StopChargingMode::keep_charging;
    i.renew_flag = state::RenewFlag::disable_notify_and_manual_renew;
    i.latest_operation->state = state::OperationState::operating;
    const json::object o = api::to_json(i);
    CHECK(o.at("InstanceState").as_string() == "SHUTDOWN");
    CHECK(o.at("RestrictState").as_string() == "EXPIRED");
    CHECK(o.at("IsolatedSource").as_string() == "EXPIRE");
    CHECK(o.at("StopChargingMode").as_string() == "KEEP_CHARGING");
    CHECK(o.at("RenewFlag").as_string() == "DISABLE_NOTIFY_AND_MANUAL_RENEW");
    CHECK(o.at("LatestOperationState").as_string() == "OPERATING");
}

TEST_CASE("numbers and texts of an instance stand where they belong")
{
    const json::object o = api::to_json(prepaid());
    struct Case {
        std::string name;
        std::string expected;
    };
    const Case cases[] = {
        {"Placement", R"({"Zone":"ap-guangzhou-3","ProjectId":7})"},
        {"InstanceId", R"("ins-aaaaaaaa")"},
        {"InstanceName", R"("web")"},
        {"InstanceType", R"("S5.MEDIUM2")"},
        {"CPU", "2"},
        {"Memory", "4"},
        {"InternetAccessible", R"({"InternetChargeType":"BANDWIDTH_PREPAID","InternetMaxBandwidthOut":5})"},
        {"SystemDisk",
         R"({"DiskType":"CLOUD_SSD","DiskId":"disk-system00","DiskSize":50,"CdcId":null,"DiskName":"root"})"},
        {"Uuid", R"("01234567-89ab-cdef-0123-456789abcdef")"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CHECK(json::serialize(o.at(c.name)) == c.expected);
    }
}

TEST_CASE("the system disk stands apart from the data disks wherever it is in the list")
{
    state::Instance i = prepaid();
    i.disks.insert(i.disks.begin(), disk("disk-data0000", state::DiskUsage::data, "CLOUD_PREMIUM", 10));
    i.disks.front().name = "one";
    i.disks.front().delete_with_instance = false;
    i.disks.front().encrypt = true;
    i.disks.push_back(disk("disk-data0001", state::DiskUsage::data, "CLOUD_HSSD", 20));
    const json::object o = api::to_json(i);
    CHECK(o.at("SystemDisk").at("DiskId").as_string() == "disk-system00");
    REQUIRE(o.at("DataDisks").as_array().size() == 2);
    CHECK(
        json::serialize(o.at("DataDisks").at(0)) ==
        R"({"DiskSize":10,"DiskType":"CLOUD_PREMIUM","DiskId":"disk-data0000","DeleteWithInstance":false,"SnapshotId":null,)"
        R"("Encrypt":true,"KmsKeyId":null,"ThroughputPerformance":null,"CdcId":null,"BurstPerformance":false,"DiskName":"one"})");
    CHECK(o.at("DataDisks").at(1).at("DiskId").as_string() == "disk-data0001");
}

TEST_CASE("the host and the rack of an instance are told with its placement")
{
    state::Instance i = prepaid();
    i.attributes = api::echoed_attributes({{"HostId", "host-aaaaaaaa"}, {"RackId", "rack-1"}});
    const json::object o = api::to_json(i);
    CHECK(json::serialize(o.at("Placement")) ==
          R"({"Zone":"ap-guangzhou-3","ProjectId":7,"HostId":"host-aaaaaaaa","RackId":"rack-1"})");
    CHECK_FALSE(o.contains("HostId"));
    CHECK_FALSE(o.contains("RackId"));
}

TEST_CASE("echoed members keep what was given and ignore names that are not echoed")
{
    const json::object given = everything();
    state::Instance instance = prepaid();
    instance.attributes = api::echoed_attributes(given);
    const json::object o = api::to_json(instance);
    for (const auto& [name, value] : given) {
        const std::string shown{name};
        CAPTURE(shown);
        CHECK(api::is_echoed(name));
        if (name != "HostId" && name != "RackId")
            CHECK(json::serialize(o.at(name)) == json::serialize(value));
    }
    json::object with_stranger = given;
    with_stranger["InstanceId"] = "ins-zzzzzzzz";
    with_stranger["Colour"] = "red";
    CHECK(api::echoed_attributes(with_stranger) == api::echoed_attributes(given));
    for (const std::string name : {"InstanceId", "InstanceState", "Placement", "SystemDisk", "DataDisks", "RenewFlag",
                                   "ExpiredTime", "tags", ""}) {
        CAPTURE(name);
        CHECK_FALSE(api::is_echoed(name));
    }
}

TEST_CASE("echoed attributes have one spelling whatever order they were given in")
{
    json::object backwards;
    const json::object given = everything();
    for (auto at = given.end(); at != given.begin();) {
        --at;
        backwards.emplace(at->key(), at->value());
    }
    CHECK(api::echoed_attributes(backwards) == api::echoed_attributes(given));
    const json::value once = json::parse(api::echoed_attributes(given));
    CHECK(api::echoed_attributes(once.as_object()) == api::echoed_attributes(given));
}
