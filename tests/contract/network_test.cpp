// Networks through the whole server: creation, use by instances, limits, strict mode, export and import.

#include "tests/support/emulator.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace cvm;
namespace json = boost::json;

namespace {

// A server that may refuse networks that nobody created.
struct Server {
    explicit Server(bool strict = false)
        : app{emulator.services(emulator.store),
              emulator.catalog,
              emulator.ids,
              emulator.log,
              {.strict_network = strict}}
    {
    }

    test::Emulator emulator;
    App app;

    json::object response(std::string action, json::object params, std::string region = "ap-guangzhou")
    {
        const test::Call call{.action = std::move(action), .params = std::move(params), .region = std::move(region)};
        const http::Response answer = app.handle(test::sign(call, emulator.wall.now()), {}).response;
        return json::parse(answer.body()).at("Response").as_object();
    }

    std::string code(std::string action, json::object params, std::string region = "ap-guangzhou")
    {
        const json::object answer = response(std::move(action), std::move(params), std::move(region));
        const auto* problem = answer.if_contains("Error");
        return problem != nullptr ? std::string{problem->at("Code").as_string()} : "OK";
    }

    std::string make_vpc(std::string_view block)
    {
        return std::string{
            response("CreateVpc", {{"VpcName", "v"}, {"CidrBlock", block}}).at("Vpc").at("VpcId").as_string()};
    }

    std::string make_subnet(std::string_view vpc, std::string_view block)
    {
        const json::object params{
            {"VpcId", vpc}, {"SubnetName", "s"}, {"CidrBlock", block}, {"Zone", "ap-guangzhou-3"}};
        return std::string{response("CreateSubnet", params).at("Subnet").at("SubnetId").as_string()};
    }

    std::string make_group()
    {
        const json::object answer = response("CreateSecurityGroup", {{"GroupName", "g"}, {"GroupDescription", "d"}});
        return std::string{answer.at("SecurityGroup").at("SecurityGroupId").as_string()};
    }

    std::int64_t available(std::string_view subnet)
    {
        const json::object answer = response("DescribeSubnets", {{"SubnetIds", json::array{subnet}}});
        return answer.at("SubnetSet").at(0).at("AvailableIpAddressCount").as_int64();
    }
};

json::object instances_in(std::string_view vpc, std::string_view subnet, std::string_view group, std::int64_t count = 1)
{
    return {{"Placement", {{"Zone", "ap-guangzhou-3"}}},
            {"ImageId", "img-eb30mz89"},
            {"InstanceCount", count},
            {"SecurityGroupIds", json::array{group}},
            {"VirtualPrivateCloud", {{"VpcId", vpc}, {"SubnetId", subnet}}}};
}

} // namespace

TEST_CASE("instances live in a network that was made until they are gone")
{
    Server server;
    const std::string vpc = server.make_vpc("10.8.0.0/16");
    const std::string subnet = server.make_subnet(vpc, "10.8.4.0/28");
    const std::string group = server.make_group();
    CHECK(server.available(subnet) == 13);

    const json::object made = server.response("RunInstances", instances_in(vpc, subnet, group, 2));
    const json::array& ids = made.at("InstanceIdSet").as_array();
    const json::object shown = server.response("DescribeInstances", {{"InstanceIds", json::array{ids.at(0)}}});
    CHECK(shown.at("InstanceSet").at(0).at("PrivateIpAddresses") == json::array{"10.8.4.2"});
    CHECK(server.available(subnet) == 11);
    const json::object used = server.response("DescribeUsedIpAddress", {{"VpcId", vpc}, {"SubnetId", subnet}});
    CHECK(used.at("TotalCount") == 2);
    CHECK(server.code("DeleteSubnet", {{"SubnetId", subnet}}) == "ResourceInUse");
    CHECK(server.code("DeleteSecurityGroup", {{"SecurityGroupId", group}}) == "ResourceInUse");
    CHECK(server.code("DeleteVpc", {{"VpcId", vpc}}) == "ResourceInUse");

    CHECK(server.code("TerminateInstances", {{"InstanceIds", json::array{ids.at(0)}}}) == "OK");
    CHECK(server.available(subnet) == 12);
    const json::object next = server.response("RunInstances", instances_in(vpc, subnet, group));
    const json::value next_id = next.at("InstanceIdSet").at(0);
    const json::object again = server.response("DescribeInstances", {{"InstanceIds", json::array{next_id}}});
    CHECK(again.at("InstanceSet").at(0).at("PrivateIpAddresses") == json::array{"10.8.4.2"});
    CHECK(server.code("TerminateInstances", {{"InstanceIds", json::array{ids.at(1), next_id}}}) == "OK");
    CHECK(server.code("DeleteVpc", {{"VpcId", vpc}}) == "ResourceInUse"); // by its subnet
    CHECK(server.code("DeleteSubnet", {{"SubnetId", subnet}}) == "OK");
    CHECK(server.code("DeleteSecurityGroup", {{"SecurityGroupId", group}}) == "OK");
    CHECK(server.code("DeleteVpc", {{"VpcId", vpc}}) == "OK");
    CHECK(server.code("DeleteVpc", {{"VpcId", vpc}}) == "ResourceNotFound");
}

TEST_CASE("an instance that moves gets a free address of the subnet that was made")
{
    Server server;
    const std::string vpc = server.make_vpc("10.8.0.0/16");
    const std::string subnet = server.make_subnet(vpc, "10.8.4.0/28");
    const std::string group = server.make_group();
    const json::object network{{"VpcId", vpc}, {"SubnetId", subnet}};
    const auto move = [&](json::array ids, json::object to) {
        return server.code("ModifyInstancesVpcAttribute",
                           {{"InstanceIds", std::move(ids)}, {"VirtualPrivateCloud", std::move(to)}});
    };
    const auto address_of = [&](const char* id) {
        return server.response("DescribeInstances", {{"InstanceIds", json::array{id}}})
            .at("InstanceSet")
            .at(0)
            .at("PrivateIpAddresses");
    };
    REQUIRE(server.code("RunInstances", instances_in(vpc, subnet, group)) == "OK"); // 10.8.4.2
    CHECK(move({"ins-r8hr2upy", "ins-5d8a23rs"}, network) == "OK");
    CHECK(address_of("ins-r8hr2upy") == json::array{"10.8.4.3"});
    CHECK(address_of("ins-5d8a23rs") == json::array{"10.8.4.4"});
    CHECK(server.available(subnet) == 10);
    CHECK(move({"ins-r8hr2upy"}, network) == "OK");
    CHECK(address_of("ins-r8hr2upy") == json::array{"10.8.4.3"}); // which is there already

    json::object with_address = network;
    for (const auto& [address, code] :
         {std::pair{"10.8.5.1", "VpcAddrNotInSubNet"}, {"10.8.4.4", "VpcIpIsUsed"}, {"10.8.4.9", "OK"}}) {
        CAPTURE(address);
        with_address["PrivateIpAddresses"] = json::array{address};
        CHECK(move({"ins-r8hr2upy"}, with_address) == code);
    }
    CHECK(address_of("ins-r8hr2upy") == json::array{"10.8.4.9"});
    REQUIRE(server.code("RunInstances", instances_in(vpc, subnet, group, 10)) == "OK");
    CHECK(server.available(subnet) == 0);
    CHECK(move({"ins-stopped0"}, network) == "FailedOperation");
}

TEST_CASE("networks belong to their region")
{
    Server server;
    const std::string vpc = server.make_vpc("10.8.0.0/16");
    CHECK(server.code("ModifyVpcAttribute", {{"VpcId", vpc}}, "ap-shanghai") == "ResourceNotFound");
    CHECK(server.response("DescribeVpcs", json::object{}, "ap-shanghai").at("TotalCount") == 0);
    CHECK(server.response("DescribeVpcs", json::object{}).at("TotalCount") == 1);
}

TEST_CASE("the number of networks is limited")
{
    Server server;
    std::string vpc;
    for (int i = 0; i < 20; ++i)
        vpc = server.make_vpc("10.8.0.0/16");
    CHECK(server.code("CreateVpc", {{"VpcName", "v"}, {"CidrBlock", "10.8.0.0/16"}}) == "LimitExceeded");
    CHECK(server.code("CreateVpc", {{"VpcName", "v"}, {"CidrBlock", "10.8.0.0/16"}}, "ap-shanghai") == "OK");
    for (int i = 0; i < 100; ++i)
        server.make_subnet(vpc, "10.8." + std::to_string(i) + ".0/24");
    CHECK(server.code(
              "CreateSubnet",
              {{"VpcId", vpc}, {"SubnetName", "s"}, {"CidrBlock", "10.8.200.0/24"}, {"Zone", "ap-guangzhou-3"}}) ==
          "LimitExceeded");
    for (int i = 0; i < 50; ++i)
        server.make_group();
    CHECK(server.code("CreateSecurityGroup", {{"GroupName", "g"}, {"GroupDescription", "d"}}) == "LimitExceeded");
}

TEST_CASE("networks that nobody made are refused if networks are strict, and taken otherwise")
{
    for (const bool strict : {false, true}) {
        CAPTURE(strict);
        Server server{strict};
        const std::string vpc = server.make_vpc("10.8.0.0/16");
        const std::string subnet = server.make_subnet(vpc, "10.8.4.0/28");
        const std::string group = server.make_group();
        const auto run = [&](std::string_view of_vpc, std::string_view of_subnet, std::string_view of_group) {
            return server.code("RunInstances", instances_in(of_vpc, of_subnet, of_group));
        };
        const auto expected = [&](const char* code) { return std::string{strict ? code : "OK"}; };
        CHECK(run(vpc, subnet, group) == "OK");
        CHECK(run("DEFAULT", "DEFAULT", group) == "OK");
        CHECK(run("vpc-aaaaaaaa", "subnet-aaaaaaaa", group) == expected("InvalidParameterValue.VpcIdNotExist"));
        CHECK(run(vpc, "subnet-aaaaaaaa", group) == expected("InvalidParameterValue.SubnetNotExist"));
        CHECK(run(vpc, subnet, "sg-aaaaaaaa") == expected("InvalidSecurityGroupId.NotFound"));
        CHECK(server.code("ModifyInstancesAttribute", {{"InstanceIds", json::array{"ins-r8hr2upy"}},
                                                       {"SecurityGroups", json::array{"sg-aaaaaaaa"}}}) ==
              expected("InvalidSecurityGroupId.NotFound"));
    }
}

TEST_CASE("pages of subnets follow their tokens")
{
    Server server;
    const std::string vpc = server.make_vpc("10.8.0.0/16");
    const std::string first = server.make_subnet(vpc, "10.8.4.0/28");
    const std::string second = server.make_subnet(vpc, "10.8.5.0/28");
    const json::object page = server.response("DescribeSubnets", {{"MaxResults", 1}});
    CHECK(page.at("SubnetSet").at(0).at("SubnetId").as_string() == first);
    const json::value& token = page.at("NextToken");
    const json::object next = server.response("DescribeSubnets", {{"MaxResults", 1}, {"NextToken", token}});
    CHECK(next.at("SubnetSet").at(0).at("SubnetId").as_string() == second);
    CHECK(next.at("NextToken").as_string().empty());
    CHECK(server.code("DescribeSubnets", {{"NextToken", token}}, "ap-shanghai") == "InvalidParameterValue.Malformed");
}

TEST_CASE("tags of networks are those that tag shows, and go with them")
{
    Server server;
    const json::array tags{json::object{{"Key", "city"}, {"Value", "shanghai"}}};
    const json::object made =
        server.response("CreateVpc", {{"VpcName", "v"}, {"CidrBlock", "10.8.0.0/16"}, {"Tags", tags}});
    const std::string vpc{made.at("Vpc").at("VpcId").as_string()};
    const std::string name = "qcs::vpc:ap-guangzhou:uin/100000000001:vpc/" + vpc;
    const auto tagged = [&] {
        test::Call call{.action = "GetResources", .params = {{"ResourceList", json::array{name}}}};
        call.version = "2018-08-13";
        return server.emulator.response(call).at("ResourceTagMappingList").as_array().size();
    };
    CHECK(tagged() == 1);
    CHECK(server.code("DeleteVpc", {{"VpcId", vpc}}) == "OK");
    CHECK(tagged() == 0);
}

TEST_CASE("networks are exported as they are imported")
{
    Server server;
    const std::string vpc = server.make_vpc("10.8.0.0/16");
    server.make_subnet(vpc, "10.8.4.0/28");
    server.make_group();
    const json::value before = server.emulator.control("GET", "/_emulator/state");
    CHECK(json::serialize(before).find(vpc) != std::string::npos);
    CHECK(server.code("CreateVpc", {{"VpcName", "v"}, {"CidrBlock", "10.9.0.0/16"}}) == "OK");
    server.emulator.control("PUT", "/_emulator/state", json::serialize(before));
    CHECK(server.emulator.control("GET", "/_emulator/state") == before);

    for (const auto& [member, value] :
         {std::pair{"\"10.8.4.0/28\"", "\"10.9.4.0/28\""}, {"\"10.8.0.0/16\"", "\"8.0.0.0/8\""}}) {
        std::string text = json::serialize(before);
        text.replace(text.find(member), std::string_view{member}.size(), value);
        server.emulator.control("PUT", "/_emulator/state", text, 400);
    }
}
