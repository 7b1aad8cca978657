// What billing reports about an order, compared with the inquiry and the purchase.

#include "tests/support/emulator.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace cvm;
namespace json = boost::json;

namespace {

test::Call billing(const std::string& action, json::object params)
{
    return {.action = action, .params = std::move(params), .version = "2018-07-09"};
}

json::object purchase()
{
    return {{"Placement", json::object{{"Zone", "ap-guangzhou-3"}}},
            {"ImageId", "img-eb30mz89"},
            {"InstanceType", "S5.MEDIUM4"},
            {"InstanceChargeType", "PREPAID"},
            {"InstanceChargePrepaid", json::object{{"Period", 12}}}};
}

// The latest order of a resource.
json::object deal_of(test::Emulator& emulator, const std::string& resource)
{
    const json::object found = emulator.response(billing("DescribeDealsByCond", {{"StartTime", "2000-01-01 00:00:00"},
                                                                                 {"EndTime", "2999-12-31 00:00:00"},
                                                                                 {"Limit", 100},
                                                                                 {"StatusSet", json::array{4, 6}},
                                                                                 {"ResourceId", resource}}));
    return found.at("Deals").as_array().at(0).as_object();
}

std::string sub_product_of(test::Emulator& emulator, const std::string& resource)
{
    const json::object found = emulator.response(billing(
        "DescribeRenewInstances", {{"MaxResults", 1}, {"InstanceIdList", json::array{json::string{resource}}}}));
    return std::string{found.at("InstanceList").as_array().at(0).at("SubProductCode").as_string()};
}

} // namespace

TEST_CASE("an order tells the list price, what was paid and their ratio")
{
    test::Emulator emulator;
    const json::object asked = emulator.response({.action = "InquiryPriceRunInstances", .params = purchase()});
    const json::object price = asked.at("Price").at("InstancePrice").as_object();
    const auto cents = [&](std::string_view member) {
        return static_cast<std::int64_t>(price.at(member).to_number<double>() * 100 + 0.5);
    };
    REQUIRE(cents("OriginalPrice") > cents("DiscountPrice"));
    const json::object bought = emulator.response({.action = "RunInstances", .params = purchase()});
    const std::string id{bought.at("InstanceIdSet").as_array().at(0).as_string()};

    const json::object deal = deal_of(emulator, id);
    CHECK(deal.at("TotalCost").as_int64() == cents("OriginalPrice"));
    CHECK(deal.at("RealTotalCost").as_int64() == cents("DiscountPrice"));
    CHECK(deal.at("Policy").to_number<double>() == price.at("Discount").to_number<double>());
    CHECK(deal.at("Policy").to_number<double>() < 100);
    CHECK(deal.at("Price").as_int64() == cents("OriginalPrice") / 12);
    CHECK(deal.at("ZoneCode").as_string() == "ap-guangzhou-3");
    CHECK(deal.at("SubProductCode").as_string() == "sp_cvm_s5");
}

TEST_CASE("a resource has one product in its orders and among what can be renewed, and keeps it when it is gone")
{
    test::Emulator emulator;
    const json::object renewal{{"InstanceIds", json::array{"ins-5d8a23rs"}},
                               {"InstanceChargePrepaid", json::object{{"Period", 1}}},
                               {"RenewPortableDataDisk", true}};
    CHECK(emulator.code({.action = "RenewInstances", .params = renewal}) == "OK");
    const json::object disk{{"DiskId", "disk-looseone"}, {"DiskChargePrepaid", json::object{{"Period", 1}}}};
    CHECK(emulator.code({.action = "RenewDisk", .params = disk}) == "OK");
    for (const std::string id : {"ins-5d8a23rs", "disk-looseone"}) {
        CAPTURE(id);
        CHECK(deal_of(emulator, id).at("SubProductCode").as_string() == sub_product_of(emulator, id));
        CHECK_FALSE(deal_of(emulator, id).at("ZoneCode").as_string().empty());
    }
    const std::string before{deal_of(emulator, "ins-5d8a23rs").at("SubProductCode").as_string()};
    const json::object end{{"InstanceIds", json::array{"ins-5d8a23rs"}}};
    CHECK(emulator.code({.action = "TerminateInstances", .params = end}) == "OK"); // into the recycle bin
    CHECK(emulator.code({.action = "TerminateInstances", .params = end}) == "OK"); // and out of it
    CHECK(deal_of(emulator, "ins-5d8a23rs").at("SubProductCode").as_string() == before);
}
