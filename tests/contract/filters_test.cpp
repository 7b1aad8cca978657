// Each filter listed on a page of the catalogue is accepted and matches as the page says: whole values, parts of
// values, or times from or until a value.

#include "server/api/action.hpp"
#include "tests/support/catalogue.hpp"
#include "tests/support/emulator.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>

using namespace cvm;
namespace json = boost::json;

namespace {

// Where an element of an answer has the value that a filter compares; filters on unsupported members are omitted.
struct Described {
    std::string set;
    std::map<std::string, std::string> pointers;
    json::object required{}; // required parameters of the action
    std::string caller{};    // another key pair of the fixtures: "hosts" means AKIDhostsEXAMPLE; empty: the default one
};

// By action; an action of another product that CVM or CBS has too is listed as "<product> <action>".
const std::map<std::string, Described> described{
    {"lighthouse DescribeInstances",
     {"/InstanceSet",
      {{"instance-name", "/InstanceName"},
       {"private-ip-address", "/PrivateAddresses/0"},
       {"public-ip-address", "/PublicAddresses/0"},
       {"zone", "/Zone"},
       {"instance-state", "/InstanceState"},
       {"bundle-id", "/BundleId"},
       {"tag-key", "/Tags/0/Key"},
       {"tag-value", "/Tags/0/Value"}},
      {},
      "hosts"}},
    {"lighthouse DescribeDisks",
     {"/DiskSet",
      {{"disk-id", "/DiskId"},
       {"instance-id", "/InstanceId"},
       {"disk-name", "/DiskName"},
       {"zone", "/Zone"},
       {"disk-usage", "/DiskUsage"},
       {"disk-state", "/DiskState"}},
      {},
      "hosts"}},
    {"lighthouse DescribeBundles",
     {"/BundleSet",
      {{"bundle-id", "/BundleId"}, {"bundle-type", "/BundleType"}}, // all are ONLINE
      {},
      "hosts"}},
    {"DescribeInstances",
     {"/InstanceSet",
      {{"zone", "/Placement/Zone"},
       {"project-id", "/Placement/ProjectId"},
       {"vpc-id", "/VirtualPrivateCloud/VpcId"},
       {"subnet-id", "/VirtualPrivateCloud/SubnetId"},
       {"instance-id", "/InstanceId"},
       {"uuid", "/Uuid"},
       {"security-group-id", "/SecurityGroupIds/0"},
       {"instance-name", "/InstanceName"},
       {"instance-charge-type", "/InstanceChargeType"},
       {"instance-state", "/InstanceState"},
       {"private-ip-address", "/PrivateIpAddresses/0"}}}},
    {"DescribeDisks",
     {"/DiskSet",
      {{"disk-usage", "/DiskUsage"},
       {"disk-charge-type", "/DiskChargeType"},
       {"project-id", "/Placement/ProjectId"},
       {"disk-id", "/DiskId"},
       {"disk-name", "/DiskName"},
       {"disk-type", "/DiskType"},
       {"disk-state", "/DiskState"},
       {"instance-id", "/InstanceId"},
       {"zone", "/Placement/Zone"}}}},
    {"DescribeImages",
     {"/ImageSet",
      {{"image-id", "/ImageId"},
       {"image-type", "/ImageType"},
       {"image-name", "/ImageName"},
       {"platform", "/Platform"}}}},
    {"DescribeZoneInstanceConfigInfos",
     {"/InstanceTypeQuotaSet",
      {{"zone", "/Zone"},
       {"instance-family", "/InstanceFamily"},
       {"instance-type", "/InstanceType"},
       {"instance-charge-type", "/InstanceChargeType"}}}},
    {"DescribeUsedIpAddress",
     {"/IpAddressStates",
      {{"ip-addresses", "/IpAddress"}, {"resource-id", "/ResourceId"}},
      {{"VpcId", "vpc-2b8tr1vz"}}}},
    {"DescribeInstanceTypeConfigs",
     {"/InstanceTypeConfigSet",
      {{"zone", "/Zone"}, {"instance-family", "/InstanceFamily"}, {"instance-type", "/InstanceType"}}}},
    {"DescribeInstancesModification",
     {"/InstanceTypeConfigStatusSet", {{"status", "/Status"}}, {{"InstanceIds", json::array{"ins-r8hr2upy"}}}}},
    {"DescribeAccountQuota", {"/AccountQuotaOverview/AccountQuota/PostPaidQuotaSet", {{"zone", "/Zone"}}}},
    {"DescribeHosts",
     {"/HostSet",
      {{"zone", "/Placement/Zone"},
       {"project-id", "/Placement/ProjectId"},
       {"host-id", "/HostId"},
       {"host-name", "/HostName"},
       {"host-state", "/HostState"},
       {"host-type", "/HostType"}},
      {},
      "hosts"}},
    {"DescribeVpcs",
     {"/VpcSet",
      {{"vpc-name", "/VpcName"}, {"is-default", "/IsDefault"}, {"vpc-id", "/VpcId"}, {"cidr-block", "/CidrBlock"}},
      {},
      "orders"}},
    {"DescribeSubnets",
     {"/SubnetSet",
      {{"subnet-id", "/SubnetId"},
       {"vpc-id", "/VpcId"},
       {"cidr-block", "/CidrBlock"},
       {"is-default", "/IsDefault"},
       {"subnet-name", "/SubnetName"},
       {"zone", "/Zone"}},
      {},
      "orders"}},
    {"DescribeSecurityGroups",
     {"/SecurityGroupSet",
      {{"security-group-id", "/SecurityGroupId"},
       {"project-id", "/ProjectId"},
       {"security-group-name", "/SecurityGroupName"}},
      {},
      "orders"}},
};

json::object filtered(const std::string& name, const std::string& value)
{
    return {{"Filters", json::array{json::object{{"Name", name}, {"Values", json::array{value}}}}}, {"Limit", 100}};
}

// The values at a pointer in the elements of an answer, in the form of filter values.
std::vector<std::string> values_of(const json::object& answer, const Described& how, const std::string& pointer)
{
    std::vector<std::string> values;
    const json::value whole(answer);
    for (const json::value& element : whole.at_pointer(how.set).as_array()) {
        boost::system::error_code ec;
        const json::value* found = element.find_pointer(pointer, ec);
        if (found == nullptr || found->is_null())
            continue;
        const std::string text = found->is_string() ? std::string{found->as_string()} : json::serialize(*found);
        if (!text.empty())
            values.push_back(text);
    }
    return values;
}

std::string without_last_character(std::string text)
{
    while ((static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U)
        text.pop_back();
    text.pop_back();
    return text;
}

} // namespace

TEST_CASE("filters match as their pages say")
{
    test::Emulator emulator;
    for (const json::value& page : test::catalogue_actions()) {
        const auto* filters = page.as_object().if_contains("filters");
        if (filters == nullptr)
            continue;
        const std::string action{page.at("action").as_string()};
        CAPTURE(action);
        const std::string product{page.at("product").as_string()};
        const Described& how = described.at(product == "lighthouse" ? product + " " + action : action);
        const std::string version{page.at("version").as_string()};
        const auto fields = api::find_action(action, version)->fields;
        const auto limit = std::ranges::find(fields, "Limit", &api::Field::name);
        const bool paged = limit != fields.end();
        const auto call_with = [&](json::object params) {
            test::Call call{.action = action, .params = std::move(params), .version = version};
            return how.caller.empty() ? call : test::by(how.caller, std::move(call));
        };
        const auto ask = [&](const std::string& name, const std::string& value) {
            json::object params = filtered(name, value);
            if (!paged)
                params.erase("Limit");
            else if (limit->type == api::Type::string)
                params["Limit"] = "100";
            for (const auto& [member, given] : how.required)
                params[member] = given;
            return emulator.response(call_with(std::move(params)));
        };
        const json::object all = emulator.response(call_with(how.required));
        std::map<std::string, std::string> rest = how.pointers;
        for (const json::value& filter : filters->as_array()) {
            std::string name{filter.at("name").as_string()};
            CAPTURE(name);
            const auto at = rest.find(name);
            if (at == rest.end()) {
                if (name == "tag:<key>")
                    name = "tag:team";
                const json::object answer = ask(name, "x");
                const auto* refusal = answer.if_contains("Error");
                if (refusal != nullptr)
                    CHECK(refusal->at("Code").as_string() != "InvalidFilter");
                continue;
            }
            const std::string pointer = at->second;
            rest.erase(at);
            const auto present = values_of(all, how, pointer);
            REQUIRE_FALSE(present.empty());
            const std::string value = present.front();
            CAPTURE(value);
            const auto whole = values_of(ask(name, value), how, pointer);
            CHECK_FALSE(whole.empty());
            const std::string part = without_last_character(value);
            const json::object answer = ask(name, part);
            const auto by_part =
                answer.contains("Error") ? std::vector<std::string>{} : values_of(answer, how, pointer);
            if (filter.at("match").as_string() == "part") {
                CHECK(by_part.size() >= whole.size());
            } else {
                for (const std::string& found : by_part)
                    CHECK(found == part);
                for (const std::string& found : whole)
                    CHECK(found == value);
            }
        }
        CHECK(rest.empty());
    }
}
