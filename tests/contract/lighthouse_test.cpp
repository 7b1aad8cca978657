// Lighthouse through the whole server: its instances use the same clock and money as those of CVM, but are invisible to
// CVM.

#include "tests/support/emulator.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace cvm;
namespace json = boost::json;

namespace {

constexpr std::string_view id = "lhins-ruy9d2tw";
constexpr std::string_view disk_id = "lhdisk-p1zflrif";

test::Call by_owner(std::string_view action, json::object params, std::string_view version = "2020-03-24")
{
    return test::by("hosts",
                    {.action = std::string{action}, .params = std::move(params), .version = std::string{version}});
}

json::object on_instance(json::object more = {}, std::string_view name = id)
{
    more["InstanceIds"] = json::array{name};
    return more;
}

json::object renewal(int months) { return on_instance({{"InstanceChargePrepaid", json::object{{"Period", months}}}}); }

json::object instance(test::Emulator& emulator, std::string_view name = id)
{
    return emulator.response(by_owner("DescribeInstances", on_instance({}, name)))
        .at("InstanceSet")
        .as_array()
        .at(0)
        .as_object();
}

json::value admin(test::Emulator& emulator, std::string_view method, std::string_view resource,
                  std::string_view body = {})
{
    return emulator.control(method, "/_emulator/" + std::string{resource} + "?account=AKIDhostsEXAMPLE", body);
}

// In cents.
double balance(test::Emulator& emulator)
{
    return emulator.response(by_owner("DescribeAccountBalance", {}, "2018-07-09"))
        .at("RealBalance")
        .to_number<double>();
}

json::array orders_of(test::Emulator& emulator, std::string_view resource)
{
    return emulator
        .response(by_owner("DescribeDealsByCond",
                           {{"StartTime", "2026-01-01 00:00:00"},
                            {"EndTime", "2029-01-01 00:00:00"},
                            {"Limit", 100},
                            {"ResourceId", resource}},
                           "2018-07-09"))
        .at("Deals")
        .as_array();
}

void check_books(test::Emulator& emulator) { CHECK(admin(emulator, "GET", "invariants").at("ok").as_bool()); }

} // namespace

TEST_CASE("an instance of Lighthouse is renewed for a year by RenewInstances, at the price that was asked for")
{
    test::Emulator emulator;
    auto inquiry = renewal(12);
    inquiry["RenewDataDisk"] = true;
    inquiry["AlignInstanceExpiredTime"] = true;
    const auto price = emulator.response(by_owner("InquirePriceRenewInstances", inquiry));
    CHECK(price.at("Price").at("InstancePrice").at("DiscountPrice").to_number<double>() == doctest::Approx(510));
    const double before = balance(emulator);

    CHECK(emulator.code(by_owner("RenewInstances", renewal(12))) == "OK");
    CHECK(instance(emulator).at("ExpiredTime").as_string() == "2027-04-30T08:30:00Z");
    CHECK(before - balance(emulator) ==
          doctest::Approx(price.at("TotalPrice").at("DiscountPrice").to_number<double>() * 100));
    const auto disks =
        emulator.response(by_owner("DescribeDisks", {{"DiskIds", json::array{disk_id}}})).at("DiskSet").as_array();
    CHECK(disks.at(0).at("ExpiredTime").as_string() == "2027-04-30T08:30:00Z");
    const auto orders = orders_of(emulator, id);
    REQUIRE(orders.size() == 1);
    CHECK(orders[0].at("ProductCode").as_string() == "p_lighthouse");
    CHECK(orders[0].at("TimeSpan").as_int64() == 12);
    check_books(emulator);
}

TEST_CASE("an instance of Lighthouse is renewed for a year by its RenewFlag, a month at a time")
{
    test::Emulator emulator;
    CHECK(emulator.code(by_owner("ModifyInstancesRenewFlag", on_instance({{"RenewFlag", "NOTIFY_AND_AUTO_RENEW"}}))) ==
          "OK");
    admin(emulator, "POST", "clock", R"({"advance":"P12M"})");
    CHECK(instance(emulator).at("InstanceState").as_string() == "RUNNING");
    CHECK(instance(emulator).at("ExpiredTime").as_string() == "2027-04-28T08:30:00Z");
    const auto orders = orders_of(emulator, id);
    CHECK(orders.size() == 12);
    for (const json::value& order : orders)
        CHECK(order.at("RealTotalCost").as_int64() == 5000);
    // The disk is renewed by its own flag.
    CHECK(orders_of(emulator, disk_id).size() == 12);
    check_books(emulator);
}

TEST_CASE(
    "an instance of Lighthouse that nobody renews is isolated, comes back by a renewal, and is released in the end")
{
    test::Emulator emulator;
    admin(emulator, "POST", "clock", R"({"advance":"P1M1D"})");
    const auto isolated = instance(emulator);
    CHECK(isolated.at("InstanceState").as_string() == "SHUTDOWN");
    CHECK(isolated.at("IsolatedTime").as_string() == "2026-04-30T08:30:00Z");
    CHECK(emulator.code(by_owner("RenewInstances", renewal(1))) == "OK");
    CHECK(instance(emulator).at("InstanceState").as_string() == "RUNNING");
    CHECK(instance(emulator).at("IsolatedTime").is_null());

    admin(emulator, "POST", "clock", R"({"advance":"P2M"})");
    CHECK(emulator.code(by_owner("DescribeInstances", on_instance())) == "ResourceNotFound.InstanceIdNotFound");
    // The disk continues with its own flag.
    const auto disks = emulator.response(by_owner("DescribeDisks", {})).at("DiskSet").as_array();
    REQUIRE(disks.size() == 1);
    CHECK(disks[0].at("DiskState").as_string() == "UNATTACHED");
    check_books(emulator);
}

TEST_CASE("IsolateInstances pays back what is left, with the data disks, and TerminateInstances ends it")
{
    test::Emulator emulator;
    const double before = balance(emulator);
    auto purchase = json::object{{"BundleId", "bundle2022_gen_02"},
                                 {"BlueprintId", "lhbp-5e8807lo"},
                                 {"InstanceChargePrepaid", json::object{{"Period", 12}}}};
    const auto made = emulator.response(by_owner("CreateInstances", purchase));
    const std::string bought{made.at("InstanceIdSet").as_array().at(0).as_string()};
    CHECK(bought.starts_with("lhins-"));
    CHECK(before - balance(emulator) == doctest::Approx(6000 * 12 * 0.85));
    CHECK(instance(emulator, bought).at("CPU").as_int64() == 2);
    CHECK(emulator.code(by_owner("TerminateInstances", on_instance({}, bought))) ==
          "UnsupportedOperation.InvalidInstanceState");
    CHECK(emulator.code(by_owner("IsolateInstances", on_instance({}, bought))) == "OK");
    CHECK(balance(emulator) == doctest::Approx(before));
    CHECK(instance(emulator, bought).at("InstanceState").as_string() == "SHUTDOWN");
    CHECK(emulator.code(by_owner("IsolateInstances", on_instance({}, bought))) ==
          "UnsupportedOperation.InvalidInstanceState");
    CHECK(emulator.code(by_owner("TerminateInstances", on_instance({}, bought))) == "OK");
    CHECK(emulator.code(by_owner("DescribeInstances", on_instance({}, bought))) ==
          "ResourceNotFound.InstanceIdNotFound");

    // The instance with a data disk is returned together with the disk.
    CHECK(emulator.code(by_owner("IsolateInstances", on_instance())) == "OK");
    admin(emulator, "POST", "clock", R"({"advance":"P9D"})");
    CHECK(emulator.code(by_owner("DescribeInstances", on_instance())) == "ResourceNotFound.InstanceIdNotFound");
    CHECK(emulator.code(by_owner("DescribeDisks", {{"DiskIds", json::array{disk_id}}})) ==
          "ResourceNotFound.DiskIdNotFound");
    check_books(emulator);
}

TEST_CASE("a data disk of Lighthouse is renewed until the expiry that is told")
{
    test::Emulator emulator;
    const auto terms = [](std::string_view deadline) {
        return json::object{{"DiskIds", json::array{disk_id}},
                            {"RenewDiskChargePrepaid", json::object{{"CurInstanceDeadline", deadline}}}};
    };
    CHECK(emulator.code(by_owner("RenewDisks", terms("2026-04-01 00:00:00"))) ==
          "InvalidParameterValue.InvalidCurInstanceDeadline");
    CHECK(emulator.code(by_owner("RenewDisks", terms("2026-07-15 08:00:00"))) == "OK");
    const auto disks = emulator.response(by_owner("DescribeDisks", {{"DiskIds", json::array{disk_id}}}));
    CHECK(disks.at("DiskSet").as_array().at(0).at("ExpiredTime").as_string() == "2026-07-15T00:00:00Z");
    CHECK(orders_of(emulator, disk_id).at(0).at("TimeSpan").as_int64() == 3); // begun months count whole
    check_books(emulator);
}

TEST_CASE("CVM and CBS see nothing of Lighthouse, and Lighthouse nothing of them")
{
    test::Emulator emulator;
    CHECK(emulator.response(by_owner("DescribeInstances", {})).at("TotalCount").as_int64() == 5);
    CHECK(emulator.response(by_owner("DescribeDisks", {})).at("TotalCount").as_int64() == 7);
    for (const std::string_view action : {"DescribeInstances", "DescribeInstancesStatus", "DescribeDisks"})
        CHECK(emulator.response(by_owner(action, {}, "2017-03-12")).at("TotalCount").as_int64() == 0);
    for (const std::string_view action : {"DescribeInstances", "StopInstances", "TerminateInstances"})
        CHECK(emulator.code(by_owner(action, on_instance(), "2017-03-12")) ==
              "InvalidParameterValue.InstanceIdMalformed");
    CHECK(emulator.code(by_owner("StopInstances", on_instance({}, "ins-r8hr2upy"))) ==
          "InvalidParameterValue.InstanceIdMalformed");
    CHECK(emulator.response({.action = "DescribeInstances", .version = "2020-03-24"}).at("TotalCount").as_int64() == 0);
}

TEST_CASE("billing and tags know the instances of Lighthouse by their product")
{
    test::Emulator emulator;
    const auto listed =
        emulator.response(by_owner("DescribeRenewInstances", {{"MaxResults", 100}}, "2018-07-09")).at("InstanceList");
    REQUIRE(listed.as_array().size() == 7);
    for (const json::value& item : listed.as_array())
        CHECK(item.at("ProductCode").as_string() == "p_lighthouse");
    const json::object setting{{"ProductCode", "p_lighthouse"},
                               {"RegionCode", "ap-guangzhou"},
                               {"InstanceId", id},
                               {"RenewFlag", "NOTIFY_AND_AUTO_RENEW"},
                               {"RenewPeriod", "3"}};
    auto as_cvm = setting;
    as_cvm["ProductCode"] = "p_cvm";
    CHECK(emulator.response(by_owner("SetRenewal", as_cvm, "2018-07-09")).at("InstanceList").as_array().size() == 1);
    CHECK(instance(emulator).at("RenewFlag").as_string() == "NOTIFY_AND_MANUAL_RENEW");
    CHECK(emulator.response(by_owner("SetRenewal", setting, "2018-07-09")).at("InstanceList").as_array().empty());
    CHECK(instance(emulator).at("RenewFlag").as_string() == "NOTIFY_AND_AUTO_RENEW");
    const auto tagged = emulator.response(by_owner("GetResources", {}, "2018-08-13"));
    CHECK(json::serialize(tagged).find("qcs::lighthouse:ap-guangzhou:uin/100000000012:instance/lhins-ruy9d2tw") !=
          std::string::npos);
}

TEST_CASE("an account with instances of Lighthouse comes back as it was exported")
{
    test::Emulator emulator;
    CHECK(emulator.code(by_owner("StopInstances", on_instance())) == "OK");
    const auto shown = emulator.call(by_owner("DescribeInstances", {}));
    const auto disks = emulator.call(by_owner("DescribeDisks", {}));
    const json::value state = admin(emulator, "GET", "state");
    admin(emulator, "PUT", "state", json::serialize(state));
    CHECK(admin(emulator, "GET", "state") == state);
    CHECK(emulator.call(by_owner("DescribeInstances", {})) == shown);
    CHECK(emulator.call(by_owner("DescribeDisks", {})) == disks);
    CHECK(emulator.response(by_owner("DescribeInstances", {}, "2017-03-12")).at("TotalCount").as_int64() == 0);
}

TEST_CASE("a disk cannot be paid for months that end after the calendar")
{
    test::Emulator emulator;
    const auto until = [&](std::string_view deadline) {
        return emulator.code(
            by_owner("RenewDisks", {{"DiskIds", json::array{disk_id}},
                                    {"RenewDiskChargePrepaid", json::object{{"CurInstanceDeadline", deadline}}}}));
    };
    CHECK(until("9999-12-31 00:00:00") == "InvalidParameterValue.InvalidCurInstanceDeadline");
    CHECK(until("2026-12-31 00:00:00") == "OK");
    CHECK(admin(emulator, "GET", "invariants").at("ok").as_bool());
}
