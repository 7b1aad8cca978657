// What a fixture adds to the catalogue for an account can be bought and is listed, but only for this account.

#include "tests/support/difference.hpp"
#include "tests/support/emulator.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace cvm;
namespace json = boost::json;

namespace {

constexpr std::string_view owner = "AKIDadditionsEXAMPLE";

// An account in addition to those of the default fixtures.
constexpr std::string_view account = R"({
 "Uin": "100000000077",
 "Balance": {"Cash": 100000000},
 "Credentials": [{"SecretId": "AKIDadditionsEXAMPLE", "SecretKey": "additionskey"}],
 "Types": [
  {"InstanceType": "X9.MEDIUM6", "Cpu": 2, "Memory": 6, "Price": 12345, "TypeName": "Own X9", "InstanceBandwidth": 2.5},
  {"InstanceType": "XG1.2XLARGE32", "Cpu": 8, "Memory": 32, "Gpu": 2, "GPUType": "NVIDIA X"}
 ],
 "Images": [
  {"ImageId": "img-z7dbqlb0", "ImageName": "own", "OsName": "TencentOS Server 2.4", "Platform": "TencentOS",
   "CreatedTime": "2022-09-22T15:10:55Z"},
  {"ImageId": "img-5sxbjnn0", "ImageName": "own too", "OsName": "TencentOS Server 3.1", "Platform": "TencentOS",
   "CreatedTime": "2022-09-19T07:05:06Z", "ImageDescription": "about it", "ImageSize": 20,
   "SnapshotSet": [{"SnapshotId": "snap-aiu1bqu1", "DiskSize": 50}],
   "Tags": [{"Key": "team", "Value": "blue"}]},
  {"ImageId": "img-making00", "OsName": "CentOS 7.8 64位", "Platform": "CentOS", "ImageState": "CREATING"}
 ],
 "Zones": [{"Zone": "ap-guangzhou-9", "ZoneName": "Guangzhou Zone 9"}],
 "Hosts": [{"HostId": "host-q88gab4i", "Zone": "ap-guangzhou-9"}],
 "Instances": [{"InstanceId": "ins-ofitsown", "InstanceType": "XG1.2XLARGE32", "Placement": {"Zone": "ap-guangzhou-9"}}]
})";

struct Extended : test::Emulator {
    Extended()
    {
        json::value document = state();
        document.at("accounts").as_array().push_back(json::parse(account));
        control("PUT", "/_emulator/state", json::serialize(document));
    }

    test::Call own(const std::string& action, const json::object& params) const
    {
        test::Call call{.action = action, .params = params};
        call.secret_id = owner;
        call.secret_key = "additionskey";
        return call;
    }

    json::object as_owner(const std::string& action, const json::object& params)
    {
        return response(own(action, params));
    }
};

json::object filter(std::string_view name, std::string_view value)
{
    return {{"Filters", json::array{json::object{{"Name", name}, {"Values", json::array{value}}}}}};
}

json::object purchase(std::string_view type, std::string_view image, std::string_view zone)
{
    return {{"Placement", json::object{{"Zone", zone}}},
            {"ImageId", image},
            {"InstanceType", type},
            {"InstanceChargeType", "PREPAID"},
            {"InstanceChargePrepaid", json::object{{"Period", 1}}}};
}

std::string code_of(const json::object& answer)
{
    const auto* problem = answer.if_contains("Error");
    return problem != nullptr ? std::string{problem->at("Code").as_string()} : "OK";
}

std::string bought(const json::object& answer)
{
    CAPTURE(json::serialize(answer));
    REQUIRE(answer.contains("InstanceIdSet"));
    return std::string{answer.at("InstanceIdSet").as_array().front().as_string()};
}

} // namespace

TEST_CASE("an account's images are listed as they were recorded, member by member")
{
    Extended emulator;
    const json::object answer = emulator.as_owner("DescribeImages", filter("image-type", "PRIVATE_IMAGE"));
    CHECK(answer.at("TotalCount").as_int64() == 3);
    const json::array& images = answer.at("ImageSet").as_array();
    CHECK(json::serialize(images.at(0)) ==
          R"({"OsName":"TencentOS Server 2.4","ImageSize":50,"ImageType":"PRIVATE_IMAGE",)"
          R"("CreatedTime":"2022-09-22T15:10:55Z","ImageDescription":"","ImageSource":"CREATE_IMAGE",)"
          R"("ImageId":"img-z7dbqlb0","ImageName":"own","ImageCreator":"100000000077","ImageState":"NORMAL",)"
          R"("SyncPercent":null,"CreatePercent":null,"IsSupportAutoInstallGPUDriver":false,"GPUDriverList":[],)"
          R"("ImageFormat":"RAW","_ImageClass":"SystemImage","Architecture":"x86_64","Platform":"TencentOS",)"
          R"("IsSupportCloudinit":true,"isSupportCloudinit":true,"LicenseType":"TencentCloud","Tags":[]})");
    CHECK(json::serialize(images.at(1)) ==
          R"({"OsName":"TencentOS Server 3.1","ImageSize":20,"ImageType":"PRIVATE_IMAGE",)"
          R"("CreatedTime":"2022-09-19T07:05:06Z","ImageDescription":"about it","ImageSource":"CREATE_IMAGE",)"
          R"("ImageId":"img-5sxbjnn0","ImageName":"own too","ImageCreator":"100000000077","ImageState":"NORMAL",)"
          R"("SyncPercent":null,"CreatePercent":null,"IsSupportAutoInstallGPUDriver":false,"GPUDriverList":[],)"
          R"("ImageFormat":"RAW","SnapshotSet":[{"SnapshotId":"snap-aiu1bqu1","DiskUsage":"SYSTEM_DISK",)"
          R"("DiskSize":50}],"_ImageClass":"SystemImage","Architecture":"x86_64","Platform":"TencentOS",)"
          R"("IsSupportCloudinit":true,"isSupportCloudinit":true,"LicenseType":"TencentCloud",)"
          R"("Tags":[{"tagKey":"team","tagValue":"blue","Key":"team","Value":"blue"}]})");

    struct Case {
        std::string name;
        std::string value;
        std::int64_t found;
    };
    const Case cases[] = {
        {"tag-key", "team", 1},  {"tag-key", "blue", 0}, {"tag-value", "blue", 1}, {"tag-value", "team", 0},
        {"tag:team", "blue", 1}, {"tag:team", "red", 0}, {"tag:blue", "blue", 0},  {"image-id", "img-5sxbjnn0", 1},
    };
    for (const Case& c : cases) {
        CAPTURE(c.name);
        CAPTURE(c.value);
        CHECK(emulator.as_owner("DescribeImages", filter(c.name, c.value)).at("TotalCount").as_int64() == c.found);
    }
}

TEST_CASE("what an account adds can be bought by it, for the given price")
{
    Extended emulator;
    const auto order = purchase("X9.MEDIUM6", "img-5sxbjnn0", "ap-guangzhou-9");
    const json::object price = emulator.as_owner("InquiryPriceRunInstances", order);
    // 123.45 and a system disk of 50 GiB for 17.50.
    CHECK(price.at("Price").at("InstancePrice").at("OriginalPrice").to_number<double>() == 140.95);
    const std::string id = bought(emulator.as_owner("RunInstances", order));
    const json::object shown =
        emulator.as_owner("DescribeInstances", {{"InstanceIds", json::array{id}}}).at("InstanceSet").at(0).as_object();
    CHECK(shown.at("CPU") == 2);
    CHECK(shown.at("Memory") == 6);
    CHECK(shown.at("OsName") == "TencentOS Server 3.1");
    CHECK(shown.at("Placement").at("Zone") == "ap-guangzhou-9");
    // The simulation uses the same price.
    const json::object renewal =
        emulator.as_owner("InquiryPriceRenewInstances",
                          {{"InstanceIds", json::array{id}}, {"InstanceChargePrepaid", json::object{{"Period", 1}}}});
    CHECK(renewal.at("Price").at("InstancePrice").at("OriginalPrice").to_number<double>() == 140.95);

    CHECK(code_of(emulator.as_owner("RunInstances", purchase("X9.MEDIUM6", "img-making00", "ap-guangzhou-9"))) ==
          "InvalidParameterValue.InvalidImageState");
    CHECK(emulator.as_owner("DescribeZones", {}).at("ZoneSet").as_array().back().at("ZoneId") == "100009");
    const json::object offers =
        emulator.as_owner("DescribeZoneInstanceConfigInfos", filter("instance-type", "X9.MEDIUM6"));
    CHECK(offers.at("InstanceTypeQuotaSet").as_array().size() == 2 * 8);
}

TEST_CASE("a private image may keep its login, a public one may not")
{
    Extended emulator;
    const auto code = [&](std::string_view image) {
        return emulator.code(
            emulator.own("RunInstances", {{"Placement", json::object{{"Zone", "ap-guangzhou-3"}}},
                                          {"ImageId", image},
                                          {"InstanceType", "S5.MEDIUM2"},
                                          {"LoginSettings", json::object{{"KeepImageLogin", "true"}}}}));
    };
    CHECK(code("img-z7dbqlb0") == "OK");
    CHECK(code("img-eb30mz89") == "InvalidParameterValue");
}

TEST_CASE("a type that replaces a built-in one costs what its size costs")
{
    const auto price = [](std::string_view types) {
        test::Emulator emulator;
        json::value document = emulator.state();
        document.at("accounts").at(0).as_object()["Types"] = json::parse({types.data(), types.size()});
        emulator.control("PUT", "/_emulator/state", json::serialize(document));
        return emulator
            .response({.action = "InquiryPriceRunInstances",
                       .params = purchase("S5.MEDIUM4", "img-eb30mz89", "ap-guangzhou-3")})
            .at("Price")
            .at("InstancePrice")
            .at("OriginalPrice")
            .to_number<double>();
    };
    CHECK(price(R"([{"InstanceType":"S5.MEDIUM4","Cpu":64,"Memory":128}])") > 10 * price("[]"));
}

TEST_CASE("an hour of an added type costs its own price when time passes")
{
    Extended emulator;
    auto order = purchase("X9.MEDIUM6", "img-eb30mz89", "ap-guangzhou-9");
    order["InstanceChargeType"] = "POSTPAID_BY_HOUR";
    order.erase("InstanceChargePrepaid");
    bought(emulator.as_owner("RunInstances", order));
    const json::value moved =
        emulator.control("POST", "/_emulator/clock?account=100000000077", R"({"advance":"PT10H"})");
    // The price of an hour: 123.45 / 120 for the type and 17.50 / 120 for the disk, each in whole cents. Full hours are
    // charged, starting at half past eight.
    CHECK(moved.at("hours").at("total").as_int64() == (103 + 15) * 19 / 2);
}

TEST_CASE("a dedicated host takes instances of its types")
{
    Extended emulator;
    auto order = purchase("CDH_1C2G", "img-eb30mz89", "ap-guangzhou-9");
    order["InstanceChargeType"] = "CDHPAID";
    order.erase("InstanceChargePrepaid");
    for (const json::array& hosts : {json::array{}, json::array{"host-q88gab4i"}}) {
        CAPTURE(hosts);
        if (!hosts.empty())
            order.at("Placement").as_object()["HostIds"] = hosts;
        const std::string id = bought(emulator.as_owner("RunInstances", order));
        const json::object shown = emulator.as_owner("DescribeInstances", {{"InstanceIds", json::array{id}}})
                                       .at("InstanceSet")
                                       .at(0)
                                       .as_object();
        CHECK(shown.at("Placement").at("HostId") == "host-q88gab4i");
        CHECK(shown.at("CPU") == 1);
        CHECK(shown.at("Memory") == 2);
        CHECK(shown.at("InstanceType") == "CDH_1C2G");
    }
    order["InstanceType"] = "S5.MEDIUM4";
    CHECK(code_of(emulator.as_owner("RunInstances", order)) == "InvalidParameter.HostIdStandardInstanceTypeNotSupport");
    order["InstanceType"] = "CDH_1C2G";
    order.at("Placement").as_object()["Zone"] = "ap-guangzhou-3";
    CHECK(code_of(emulator.as_owner("RunInstances", order)) == "InvalidHostId.NotFound");
    order.at("Placement").as_object().erase("HostIds");
    CHECK(code_of(emulator.as_owner("RunInstances", order)) == "InvalidParameter.InstanceTypeSupportedHostNotFound");
    // Nothing was paid or frozen for them.
    const json::value after = emulator.state();
    const json::value& balance = after.at("accounts").as_array().back().at("Balance");
    CHECK(balance.at("Cash") == 100000000);
    CHECK(balance.at("Freeze") == 0);
}

TEST_CASE("an instance of a fixture has what its type says")
{
    Extended emulator;
    const json::object shown = emulator.as_owner("DescribeInstances", {}).at("InstanceSet").at(0).as_object();
    CHECK(shown.at("CPU") == 8);
    CHECK(shown.at("Memory") == 32);
    CHECK(json::serialize(shown.at("GPUInfo")) ==
          R"({"GPUCount":2,"GPUId":["0000:10:00.0","0000:11:00.0"],"GPUType":"NVIDIA X"})");
}

TEST_CASE("other accounts do not see the additions of one")
{
    Extended emulator;
    CHECK(
        emulator.code({.action = "RunInstances", .params = purchase("X9.MEDIUM6", "img-eb30mz89", "ap-guangzhou-3")}) ==
        "InvalidParameterValue.InstanceTypeNotFound");
    CHECK(
        emulator.code({.action = "RunInstances", .params = purchase("S5.MEDIUM4", "img-5sxbjnn0", "ap-guangzhou-3")}) ==
        "InvalidImageId.NotFound");
    CHECK(
        emulator.code({.action = "RunInstances", .params = purchase("S5.MEDIUM4", "img-eb30mz89", "ap-guangzhou-9")}) ==
        "InvalidZone.MismatchRegion");
    CHECK(emulator.response({.action = "DescribeImages", .params = filter("image-type", "PRIVATE_IMAGE")})
              .at("TotalCount")
              .as_int64() == 0);
}

TEST_CASE("what accounts add is exported, imported, replaced, and gone after a reset")
{
    Extended emulator;
    const json::value exported = emulator.state();
    emulator.control("PUT", "/_emulator/state", json::serialize(exported));
    CHECK(test::json_text_difference(json::serialize(emulator.state()), json::serialize(exported)) == "");

    // Other additions replace the first ones.
    json::value changed = exported;
    json::object& last = changed.at("accounts").as_array().back().as_object();
    last["Types"].as_array().front().as_object()["Cpu"] = 3;
    emulator.control("PUT", "/_emulator/state", json::serialize(changed));
    const std::string id =
        bought(emulator.as_owner("RunInstances", purchase("X9.MEDIUM6", "img-eb30mz89", "ap-guangzhou-3")));
    CHECK(
        emulator.as_owner("DescribeInstances", {{"InstanceIds", json::array{id}}}).at("InstanceSet").at(0).at("CPU") ==
        3);

    emulator.control("POST", "/_emulator/reset");
    CHECK_FALSE(json::serialize(emulator.state()).find("X9.MEDIUM6") != std::string::npos);
}

TEST_CASE("invalid additions are refused with their place")
{
    struct Case {
        std::string member;
        std::string told;
    };
    const Case cases[] = {
        {R"("Types": [{"InstanceType": "X9.A1", "Cpu": 1, "Memory": 1}, {"InstanceType": "X9.A1", "Cpu": 1, "Memory": 1}])",
         "x: accounts[0].Types[1]: 'X9.A1' appears twice"},
        {R"("Types": [{"InstanceType": "X9", "Cpu": 1, "Memory": 1}])",
         "x: accounts[0].Types[0].InstanceType: \"X9\" is malformed"},
        {R"("Types": [{"InstanceType": "X9.A1", "Cpu": 1}])",
         "x: accounts[0].Types[0]: the member 'Memory' is missing"},
        {R"("Zones": [{"Zone": "xx-nowhere-1"}])",
         "x: accounts[0].Zones[0].Zone: 'xx-nowhere-1' is not a zone of a known region, such as ap-guangzhou-9"},
        {R"("Zones": [{"Zone": "ap-mumbai-1"}])",
         "x: accounts[0].Zones[0].Zone: 'ap-mumbai-1' is not a zone of a known region, such as ap-guangzhou-9"},
        {R"("Hosts": [{"HostId": "host-12345678", "Zone": "ap-guangzhou-99"}])",
         "x: accounts[0].Hosts[0].Zone: there is no zone 'ap-guangzhou-99'; add it under \"Zones\""},
        {R"("Images": [{"ImageId": "img-12345678", "OsName": "x", "Platform": "x", "CreatedTime": "never"}])",
         "x: accounts[0].Images[0].CreatedTime: \"never\" is malformed"},
        {R"("Instances": [{"InstanceId": "ins-12345678", "InstanceType": "X9.A1", "Placement": {"Zone": "ap-guangzhou-3"}}])",
         "x: accounts[0].Instances[0].CPU: missing: the type 'X9.A1' is not in the catalogue; give the member, or add "
         "the type under \"Types\" of the account"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.member);
        const std::string document = R"({"format_version": 1, "accounts": [{"Uin": "1", )" + c.member + "}]}";
        try {
            to_accounts(read_document(document, "x"), "x", test::test_time);
            FAIL("it was read");
        } catch (const BadDocument& problem) {
            CHECK(std::string{problem.what()} == c.told);
        }
    }
}
