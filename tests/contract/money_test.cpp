// The promised price, the charge and the order must be equal, to the cent.

#include "tests/support/difference.hpp"
#include "tests/support/emulator.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

using namespace cvm;
namespace json = boost::json;

namespace {

constexpr std::array<std::int64_t, 16> periods{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36, 48, 60};

test::Call call(const std::string& action, json::object params, const std::string& version = "2017-03-12")
{
    return {.action = action, .params = std::move(params), .version = version};
}

std::int64_t balance(test::Emulator& emulator)
{
    return emulator.response(call("DescribeAccountBalance", {}, "2018-07-09")).at("RealBalance").as_int64();
}

std::int64_t cents(const json::value& units) { return std::llround(units.to_number<double>() * 100); }

// The sum of a Price.
std::int64_t promised(const json::object& answer)
{
    std::int64_t sum = 0;
    for (const auto& [name, item] : answer.at("Price").as_object())
        sum += cents(item.at("DiscountPrice"));
    return sum;
}

// The total of the orders of the latest call: those that are not yet in `known`.
std::int64_t ordered(test::Emulator& emulator, std::set<std::string>& known)
{
    std::int64_t sum = 0;
    const json::value document = emulator.state();
    for (const json::value& order : document.at("accounts").as_array().front().at("Orders").as_array())
        if (known.insert(std::string{order.at("OrderId").as_string()}).second)
            sum += order.at("RealTotalCost").as_int64();
    return sum;
}

json::object purchase(const std::string& type, std::int64_t months, std::int64_t count)
{
    return {{"Placement", json::object{{"Zone", "ap-guangzhou-4"}}},
            {"ImageId", "img-eb30mz89"},
            {"InstanceType", type},
            {"InstanceCount", count},
            {"InstanceChargeType", "PREPAID"},
            {"InstanceChargePrepaid", json::object{{"Period", months}}},
            {"SystemDisk", json::object{{"DiskType", "CLOUD_SSD"}, {"DiskSize", 57}}},
            {"DataDisks", json::array{json::object{{"DiskSize", 30}, {"DiskType", "CLOUD_BSSD"}}}},
            {"InternetAccessible", json::object{{"InternetMaxBandwidthOut", 3}}}};
}

// The types with their own price, and one type of each family, as far as they boot from the image of purchase().
std::vector<std::string> differently_priced(const api::Catalog& catalog)
{
    std::vector<std::string> found;
    std::set<std::string> families;
    for (const api::InstanceType& type : catalog.instance_types) {
        if (type.architecture != "x86_64")
            continue;
        const bool listed = catalog.prices.instance_types.contains(type.name) && type.gpu == 0;
        if (families.insert(type.family).second || listed)
            found.push_back(type.name);
    }
    return found;
}

} // namespace

TEST_CASE(
    "a purchase and a renewal cost what their inquiries say and what their orders say, for every family and period")
{
    test::Emulator emulator;
    json::value document = emulator.state();
    document.at("accounts").as_array().front().at("Balance").at("Cash") = 1'000'000'000'000;
    emulator.control("PUT", "/_emulator/state", json::serialize(document));
    std::set<std::string> known;
    ordered(emulator, known);
    // Every period with one type, and every family with one period for each price step.
    constexpr std::array<std::int64_t, 2> two_periods{1, 12};
    bool first = true;
    for (const std::string& type : differently_priced(emulator.catalog)) {
        const auto tried = std::exchange(first, false) ? std::span<const std::int64_t>{periods} : two_periods;
        for (const std::int64_t months : tried) {
            CAPTURE(type);
            CAPTURE(months);
            const json::object wanted = purchase(type, months, 2);
            const std::int64_t asked = promised(emulator.response(call("InquiryPriceRunInstances", wanted)));
            CHECK(asked > 0);
            const std::int64_t before = balance(emulator);
            const json::object made = emulator.response(call("RunInstances", wanted));
            REQUIRE(made.contains("InstanceIdSet"));
            CHECK(before - balance(emulator) == asked);
            CHECK(ordered(emulator, known) == asked);

            const json::object renewal{{"InstanceIds", made.at("InstanceIdSet")},
                                       {"InstanceChargePrepaid", json::object{{"Period", months}}}};
            CHECK(promised(emulator.response(call("InquiryPriceRenewInstances", renewal))) == asked);
            const std::int64_t between = balance(emulator);
            CHECK(emulator.code(call("RenewInstances", renewal)) == "OK");
            CHECK(between - balance(emulator) == asked);
            CHECK(ordered(emulator, known) == asked);
        }
    }
}

TEST_CASE("a change from hours to months costs what its inquiry says, and the way back refunds it")
{
    for (const std::int64_t months : periods) {
        CAPTURE(months);
        test::Emulator emulator;
        const json::object to_months{{"InstanceIds", json::array{"ins-postpaid"}},
                                     {"InstanceChargeType", "PREPAID"},
                                     {"InstanceChargePrepaid", json::object{{"Period", months}}}};
        const std::int64_t asked =
            promised(emulator.response(call("InquiryPriceModifyInstancesChargeType", to_months)));
        const std::int64_t before = balance(emulator);
        CHECK(emulator.code(call("ModifyInstancesChargeType", to_months)) == "OK");
        CHECK(before - balance(emulator) == asked);

        const json::object to_hours{{"InstanceIds", json::array{"ins-postpaid"}},
                                    {"InstanceChargeType", "POSTPAID_BY_HOUR"}};
        const json::object back = emulator.response(call("InquiryPriceModifyInstancesChargeType", to_hours));
        CHECK(promised(back) == -asked);
        CHECK(emulator.code(call("ModifyInstancesChargeType", to_hours)) == "OK");
        const json::object money = emulator.response(call("DescribeAccountBalance", {}, "2018-07-09"));
        CHECK(money.at("CashAccountBalance").as_int64() == before);
        CHECK(money.at("FreezeAmount").as_int64() == cents(back.at("Price").at("InstancePrice").at("UnitPrice")));
    }
}

TEST_CASE("the hour that a purchase freezes is unfrozen when the instance is gone")
{
    test::Emulator emulator;
    json::object wanted = purchase("S5.MEDIUM2", 1, 3);
    wanted["InstanceChargeType"] = "POSTPAID_BY_HOUR";
    wanted.erase("InstanceChargePrepaid");
    wanted["InternetAccessible"] =
        json::object{{"InternetChargeType", "BANDWIDTH_POSTPAID_BY_HOUR"}, {"InternetMaxBandwidthOut", 5}};
    const json::object price = emulator.response(call("InquiryPriceRunInstances", wanted)).at("Price").as_object();
    const std::int64_t hour =
        cents(price.at("InstancePrice").at("UnitPrice")) + cents(price.at("BandwidthPrice").at("UnitPrice"));
    const std::int64_t before = balance(emulator);
    const json::object made = emulator.response(call("RunInstances", wanted));
    CHECK(before - balance(emulator) == hour);
    CHECK(emulator.code(call("TerminateInstances", {{"InstanceIds", made.at("InstanceIdSet")}})) == "OK");
    CHECK(balance(emulator) == before);
    CHECK(emulator.response(call("DescribeInstances", {{"InstanceIds", made.at("InstanceIdSet")}}))
              .at("TotalCount")
              .as_int64() == 0);
}

TEST_CASE("a ClientToken buys once")
{
    test::Emulator emulator;
    json::object wanted = purchase("S5.MEDIUM2", 1, 2);
    wanted["ClientToken"] = "a token";
    const json::object first = emulator.response(call("RunInstances", wanted));
    const std::string after = json::serialize(emulator.state());
    CHECK(emulator.response(call("RunInstances", wanted)).at("InstanceIdSet") == first.at("InstanceIdSet"));
    CHECK(test::json_text_difference(json::serialize(emulator.state()), after) == "");
    wanted["DryRun"] = true;
    CHECK_FALSE(emulator.response(call("RunInstances", wanted)).contains("InstanceIdSet"));
    wanted.erase("DryRun");
    wanted["ClientToken"] = "another token";
    CHECK(emulator.response(call("RunInstances", wanted)).at("InstanceIdSet") != first.at("InstanceIdSet"));
}

TEST_CASE("an unpaid order blocks renewals until it is paid, and paying it renews")
{
    test::Emulator emulator;
    const auto as_debtor = [](test::Call made) {
        made.secret_id = "AKIDunpaidEXAMPLE";
        made.secret_key = "unpaidkeyEXAMPLE";
        return made;
    };
    const auto renew = as_debtor(call("RenewInstances", {{"InstanceIds", json::array{"ins-unpaid00"}},
                                                         {"InstanceChargePrepaid", json::object{{"Period", 1}}}}));
    const std::string expiry{emulator.instance("ins-unpaid00").at("ExpiredTime").as_string()};
    for (const std::string big_deal : {"20260101710000000000001", "20260101710000000000002"}) {
        CHECK(emulator.code(renew) == "InvalidAccount.UnpaidOrder");
        CHECK(emulator.code(as_debtor(call("PayDeals", {{"BigDealIds", json::array{big_deal}}}, "2018-07-09"))) ==
              "OK");
    }
    CHECK(expiry == "2026-04-30T08:30:00Z");
    CHECK(emulator.instance("ins-unpaid00").at("ExpiredTime").as_string() == "2026-06-30T08:30:00Z");
    // The last order is for an instance that no longer exists, and can never be delivered.
    CHECK(emulator.code(renew) == "InvalidAccount.UnpaidOrder");
}

TEST_CASE("an elastic disk outlives its instance unless it is released with it")
{
    for (const bool released : {false, true}) {
        CAPTURE(released);
        test::Emulator emulator;
        const auto terminate = call("TerminateInstances", {{"InstanceIds", json::array{"ins-5d8a23rs"}},
                                                           {"ReleasePrepaidDataDisks", released}});
        CHECK(emulator.code(terminate) == "OK");
        CHECK(emulator.instance("ins-5d8a23rs").at("InstanceState").as_string() == "SHUTDOWN");
        CHECK(emulator.code(terminate) == "OK");
        const json::object left =
            emulator.response(call("DescribeDisks", {{"DiskIds", json::array{"disk-5d8a23r1", "disk-5d8a23rs"}}}));
        CHECK(left.at("TotalCount").as_int64() == (released ? 0 : 1));
        if (released)
            continue;
        const json::value& disk = left.at("DiskSet").as_array().front();
        CHECK(disk.at("DiskState").as_string() == "UNATTACHED");
        CHECK(disk.at("DeadlineTime").as_string() == "2026-04-20 16:30:00");
        CHECK(emulator.code(call("RenewDisk", {{"DiskId", "disk-5d8a23r1"},
                                               {"DiskChargePrepaid", json::object{{"Period", 1}}}})) == "OK");
    }
}

TEST_CASE("what a renewal paid for elastic disks stays with them when their instance is given back")
{
    test::Emulator emulator;
    const json::object renewal{{"InstanceIds", json::array{"ins-5d8a23rs"}},
                               {"InstanceChargePrepaid", json::object{{"Period", 12}}}};
    const std::int64_t before = balance(emulator);
    CHECK(emulator.code(call("RenewInstances", renewal)) == "OK");
    const std::int64_t paid = before - balance(emulator);
    json::object without_disk = renewal;
    without_disk["RenewPortableDataDisk"] = false;
    const std::int64_t for_instance = promised(emulator.response(call("InquiryPriceRenewInstances", without_disk)));
    CHECK(for_instance < paid);
    CHECK(emulator.code(call("TerminateInstances", {{"InstanceIds", json::array{"ins-5d8a23rs"}}})) == "OK");
    CHECK(balance(emulator) == before - paid + for_instance);
    // If the disk is released with the instance, its part is refunded too.
    CHECK(emulator.code(call("TerminateInstances", {{"InstanceIds", json::array{"ins-5d8a23rs"}},
                                                    {"ReleasePrepaidDataDisks", true}})) == "OK");
    CHECK(balance(emulator) == before);
}

TEST_CASE("a disk to be released is kept when its instance returns from the recycle bin")
{
    test::Emulator emulator;
    const json::array id{"ins-5d8a23rs"};
    CHECK(emulator.code(call("TerminateInstances", {{"InstanceIds", id}, {"ReleasePrepaidDataDisks", true}})) == "OK");
    CHECK(emulator.code(call("RenewInstances",
                             {{"InstanceIds", id}, {"InstanceChargePrepaid", json::object{{"Period", 1}}}})) == "OK");
    for (int times = 0; times < 2; ++times)
        CHECK(emulator.code(call("TerminateInstances", {{"InstanceIds", id}})) == "OK");
    CHECK(emulator.response(call("DescribeDisks", {{"DiskIds", json::array{"disk-5d8a23r1"}}}))
              .at("TotalCount")
              .as_int64() == 1);
}

TEST_CASE("a data disk that is not to go with its instance stays, with the instance's expiry")
{
    test::Emulator emulator;
    json::object wanted = purchase("S5.MEDIUM2", 1, 1);
    wanted["DataDisks"] = json::array{json::object{{"DiskSize", 20}, {"DeleteWithInstance", false}}};
    const json::value ids = emulator.response(call("RunInstances", wanted)).at("InstanceIdSet");
    const std::string id{ids.as_array().front().as_string()};
    const std::string disk{emulator.instance(id).at("DataDisks").as_array().front().at("DiskId").as_string()};
    for (int times = 0; times < 2; ++times)
        CHECK(emulator.code(call("TerminateInstances", {{"InstanceIds", ids}})) == "OK");
    const json::object left = emulator.response(call("DescribeDisks", {{"DiskIds", json::array{json::string{disk}}}}));
    REQUIRE(left.at("TotalCount").as_int64() == 1);
    CHECK(left.at("DiskSet").as_array().front().at("Portable").as_bool());
}

TEST_CASE("money that is set aside for one instance is not touched when another one ends or changes")
{
    test::Emulator emulator;
    const auto frozen = [&] {
        return emulator.response(call("DescribeAccountBalance", {}, "2018-07-09")).at("FreezeAmount").as_int64();
    };
    json::object wanted = purchase("S5.MEDIUM2", 1, 1);
    wanted["InstanceChargeType"] = "POSTPAID_BY_HOUR";
    wanted.erase("InstanceChargePrepaid");
    CHECK(emulator.response(call("RunInstances", wanted)).contains("InstanceIdSet"));
    const std::int64_t aside = frozen();
    CHECK(aside > 0);
    // It existed before anything was frozen.
    CHECK(emulator.code(call("TerminateInstances", {{"InstanceIds", json::array{"ins-postpaid"}}})) == "OK");
    CHECK(frozen() == aside);
    // With prepaid bandwidth.
    const json::array id{"ins-5d8a23rs"};
    CHECK(emulator.code(call("ModifyInstancesChargeType",
                             {{"InstanceIds", id}, {"InstanceChargeType", "POSTPAID_BY_HOUR"}})) == "OK");
    CHECK(frozen() > aside);
    CHECK(emulator.code(call("TerminateInstances", {{"InstanceIds", id}})) == "OK");
    CHECK(frozen() == aside);
}

TEST_CASE("a larger system disk is given back with its instance")
{
    test::Emulator emulator;
    const std::int64_t before = balance(emulator);
    CHECK(emulator.code(call("ResetInstance", {{"InstanceId", "ins-r8hr2upy"},
                                               {"SystemDisk", json::object{{"DiskSize", 1024}}}})) == "OK");
    CHECK(balance(emulator) < before);
    CHECK(emulator.code(call("TerminateInstances", {{"InstanceIds", json::array{"ins-r8hr2upy"}}})) == "OK");
    CHECK(balance(emulator) == before);
}
