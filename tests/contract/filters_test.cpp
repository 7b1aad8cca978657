// Each filter that a page of the catalogue lists is accepted and matches as the page says: whole values, a part of
// them, or times from or until one.

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

// Where an element of an answer shows what a filter looks at; filters on what nothing has here are left out.
struct Described {
    std::string set;
    std::map<std::string, std::string> pointers;
    json::object required{}; // parameters without which the action does not answer
    std::string caller{};    // of the fixtures' other key pairs: AKIDhostsEXAMPLE is "hosts"; empty: the default one
};

const std::map<std::string, Described> described{
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

test::Call filtered(const std::string& action, const std::string& name, const std::string& value)
{
    return {.action = action,
            .params = {{"Filters", json::array{json::object{{"Name", name}, {"Values", json::array{value}}}}},
                       {"Limit", 100}}};
}

// The values that a pointer finds in the elements of an answer, as a filter takes them.
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
        const Described& how = described.at(action);
        const auto fields = api::find_action(action, page.at("version").as_string())->fields;
        const auto limit = std::ranges::find(fields, "Limit", &api::Field::name);
        const bool paged = limit != fields.end();
        const auto as_caller = [&](test::Call call) {
            if (!how.caller.empty()) {
                call.secret_id = "AKID" + how.caller + "EXAMPLE";
                call.secret_key = how.caller + "keyEXAMPLE";
            }
            return call;
        };
        const auto ask = [&](const std::string& name, const std::string& value) {
            test::Call call = filtered(action, name, value);
            if (!paged)
                call.params.erase("Limit");
            else if (limit->type == api::Type::string)
                call.params["Limit"] = "100";
            for (const auto& [member, given] : how.required)
                call.params[member] = given;
            return emulator.response(as_caller(call));
        };
        const json::object all = emulator.response(as_caller({.action = action, .params = how.required}));
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
