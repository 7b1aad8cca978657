// Changes of instances that cost money: the promised price, what is charged and refunded, and later effects.

#include "tests/support/emulator.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <cmath>
#include <string>

using namespace cvm;
namespace json = boost::json;

namespace {

test::Call cvm_call(const std::string& action, json::object params)
{
    return {.action = action, .params = std::move(params)};
}

json::object account(test::Emulator& emulator)
{
    return emulator.response({.action = "DescribeAccountBalance", .params = {}, .version = "2018-07-09"});
}

std::int64_t money(test::Emulator& emulator) { return account(emulator).at("Balance").to_number<std::int64_t>(); }

std::int64_t set_aside(test::Emulator& emulator)
{
    return account(emulator).at("FreezeAmount").to_number<std::int64_t>();
}

std::int64_t in_cents(const json::value& units) { return std::llround(units.to_number<double>() * 100); }

// The amount that an inquiry says must be paid now.
std::int64_t asked_for(test::Emulator& emulator, const std::string& action, const json::object& params)
{
    const json::object answer = emulator.response(cvm_call(action, params));
    std::int64_t sum = 0;
    for (const auto& [name, item] : answer.at("Price").as_object())
        sum += in_cents(item.at("DiscountPrice"));
    return sum;
}

std::int64_t refund_of(test::Emulator& emulator, const json::string& id)
{
    const json::object answer =
        emulator.response(cvm_call("InquiryPriceTerminateInstances", {{"InstanceIds", json::array{id}}}));
    return in_cents(answer.at("InstanceRefundsSet").at(0).at("Refunds"));
}

// A prepaid instance with a data disk and bandwidth.
json::string bought(test::Emulator& emulator, const std::string& charge_type = "PREPAID")
{
    json::object params{{"Placement", json::object{{"Zone", "ap-guangzhou-4"}}},
                        {"ImageId", "img-eb30mz89"},
                        {"InstanceType", "S5.MEDIUM2"},
                        {"InstanceChargeType", charge_type},
                        {"DataDisks", json::array{json::object{{"DiskSize", 30}, {"DiskType", "CLOUD_BSSD"}}}},
                        {"InternetAccessible", json::object{{"InternetMaxBandwidthOut", 3}}}};
    if (charge_type == "PREPAID")
        params["InstanceChargePrepaid"] = json::object{{"Period", 5}};
    return emulator.response(cvm_call("RunInstances", std::move(params))).at("InstanceIdSet").at(0).as_string();
}

json::object new_type(const json::string& id, const std::string& type)
{
    return {{"InstanceIds", json::array{id}}, {"InstanceType", type}};
}

json::object by_force(json::object params)
{
    params["ForceStop"] = true;
    return params;
}

// The changes, all upgrades, by their inquiry.
struct Change {
    std::string action;
    json::object params;
};

std::vector<Change> upgrades(const json::string& id)
{
    return {
        {"ResetInstancesType", new_type(id, "S5.LARGE16")},
        {"ResizeInstanceDisks", {{"InstanceId", id}, {"SystemDisk", json::object{{"DiskSize", 177}}}}},
        {"ResizeInstanceDisks", {{"InstanceId", id}, {"DataDisks", json::array{json::object{{"DiskSize", 230}}}}}},
        {"ResetInstancesInternetMaxBandwidth",
         {{"InstanceIds", json::array{id}}, {"InternetAccessible", json::object{{"InternetMaxBandwidthOut", 10}}}}}};
}

json::object forced(const Change& change)
{
    return change.action == "ResetInstancesInternetMaxBandwidth" ? change.params : by_force(change.params);
}

void books_hold(test::Emulator& emulator)
{
    const json::value sums = emulator.control("GET", "/_emulator/invariants");
    CHECK_MESSAGE(sums.at("ok").as_bool(), json::serialize(sums));
}

// Imports an account with one instance, given as in a fixture.
void import_instance(test::Emulator& emulator, json::object instance)
{
    json::value document = emulator.state();
    instance["Placement"] = json::object{{"Zone", "ap-guangzhou-3"}};
    instance["InstanceState"] = "STOPPED";
    document.at("accounts").at(0).as_object()["Instances"] = json::array{std::move(instance)};
    emulator.control("PUT", "/_emulator/state", json::serialize(document));
}

} // namespace

TEST_CASE("a change costs what its inquiry says, its order says so, and a return of the instance gives all of it back")
{
    for (const std::string advanced : {"PT0S", "P10D", "P4M29DT3H7M1S"}) {
        test::Emulator emulator;
        const json::string id = bought(emulator);
        emulator.control("POST", "/_emulator/clock", R"({"advance":")" + advanced + R"("})");
        for (const Change& change : upgrades(id)) {
            CAPTURE(advanced);
            CAPTURE(change.action);
            const std::int64_t before = money(emulator);
            const std::int64_t left = refund_of(emulator, id);
            const std::int64_t asked = asked_for(emulator, "InquiryPrice" + change.action, change.params);
            CHECK(asked > 0);
            CHECK(emulator.code(cvm_call(change.action, forced(change))) == "OK");
            CHECK(before - money(emulator) == asked);
            CHECK(refund_of(emulator, id) == left + asked);
            const json::value state = emulator.state();
            const json::value& order = state.at("accounts").at(0).at("Orders").as_array().back();
            CHECK(order.at("Action").as_string() == "upgrade");
            CHECK(order.at("RealTotalCost").as_int64() == asked);
            books_hold(emulator);
        }
        const std::int64_t before = money(emulator);
        const std::int64_t left = refund_of(emulator, id);
        CHECK(emulator.code(cvm_call("TerminateInstances", {{"InstanceIds", json::array{id}}})) == "OK");
        CHECK(money(emulator) == before + left);
        CHECK(refund_of(emulator, id) == 0);
        books_hold(emulator);
    }
}

TEST_CASE("a change to a larger type and immediately back costs nothing, however often")
{
    test::Emulator emulator;
    const json::string id = bought(emulator);
    emulator.control("POST", "/_emulator/clock", R"({"advance":"P17D"})");
    const std::int64_t before = money(emulator);
    const std::int64_t left = refund_of(emulator, id);
    for (int times = 0; times < 3; ++times) {
        const std::int64_t asked =
            asked_for(emulator, "InquiryPriceResetInstancesType", new_type(id, "S5.16XLARGE256"));
        CHECK(emulator.code(cvm_call("ResetInstancesType", by_force(new_type(id, "S5.16XLARGE256")))) == "OK");
        CHECK(asked_for(emulator, "InquiryPriceResetInstancesType", new_type(id, "S5.MEDIUM2")) == -asked);
        CHECK(emulator.code(cvm_call("ResetInstancesType", by_force(new_type(id, "S5.MEDIUM2")))) == "OK");
        CHECK(money(emulator) == before);
        CHECK(refund_of(emulator, id) == left);
        books_hold(emulator);
    }
}

TEST_CASE("a change to a cheaper type never refunds more than was paid")
{
    test::Emulator emulator;
    const json::string id = bought(emulator);
    const std::int64_t paid = refund_of(emulator, id);
    const std::int64_t before = money(emulator);
    CHECK(emulator.code(cvm_call("ResetInstancesType", by_force(new_type(id, "S5.SMALL1")))) == "OK");
    const std::int64_t back = money(emulator) - before;
    CHECK(back > 0);
    CHECK(refund_of(emulator, id) == paid - back);
    CHECK(emulator.code(cvm_call("TerminateInstances", {{"InstanceIds", json::array{id}}})) == "OK");
    CHECK(money(emulator) == before + paid);
    books_hold(emulator);
}

TEST_CASE("after a change a renewal costs the new price")
{
    test::Emulator emulator;
    const json::string id = bought(emulator);
    const json::object renewal{{"InstanceIds", json::array{id}},
                               {"InstanceChargePrepaid", json::object{{"Period", 1}}}};
    std::int64_t old = asked_for(emulator, "InquiryPriceRenewInstances", renewal);
    for (const Change& change : upgrades(id)) {
        CHECK(emulator.code(cvm_call(change.action, forced(change))) == "OK");
        const std::int64_t asked = asked_for(emulator, "InquiryPriceRenewInstances", renewal);
        CHECK(asked > old);
        old = asked;
    }
    const std::int64_t before = money(emulator);
    CHECK(emulator.code(cvm_call("RenewInstances", renewal)) == "OK");
    CHECK(before - money(emulator) == old);
    books_hold(emulator);
}

TEST_CASE("an instance that is paid by the hour costs its new price from the change on")
{
    test::Emulator emulator;
    const std::int64_t first = set_aside(emulator);
    const json::string id = bought(emulator, "POSTPAID_BY_HOUR");
    const std::int64_t hour = set_aside(emulator) - first;
    emulator.control("POST", "/_emulator/clock", R"({"advance":"PT30M"})");
    const std::int64_t before = money(emulator);
    CHECK(emulator.code(cvm_call("ResetInstancesType", by_force(new_type(id, "S5.LARGE16")))) == "OK");
    CHECK(set_aside(emulator) - first > hour);
    const std::int64_t after = money(emulator) + set_aside(emulator);
    CHECK(before + first + hour - after <= hour); // half of an old hour, rounded down, and others' hours
    const json::value state = emulator.state();
    for (const json::value& order : state.at("accounts").at(0).at("Orders").as_array())
        CHECK(order.at("ResourceId").as_string() != id);
    books_hold(emulator);
}

TEST_CASE("a type that does not go together with what the instance has is refused")
{
    struct Case {
        std::string_view instance; // as in a fixture
        std::string type;
        std::string code;
    };
    const Case cases[] = {
        {R"({"InstanceType":"SR1.MEDIUM4"})", "S5.MEDIUM4", "UnsupportedOperation.UnsupportedARMChangeInstanceFamily"},
        {R"({"InstanceType":"SR1.MEDIUM4"})", "SR1.MEDIUM8", "OK"},
        {R"({"InstanceType":"GN7.5XLARGE80"})", "S5.MEDIUM4", "UnsupportedOperation.HeterogeneousChangeInstanceFamily"},
        {R"({"InstanceType":"GN7.5XLARGE80"})", "GN7.20XLARGE320", "OK"},
        {R"({"SystemDisk":{"DiskType":"CLOUD_HSSD"}})", "S5.MEDIUM4", "UnsupportedOperation.SystemDiskType"},
        {R"({"DataDisks":[{"DiskId":"ldisk-aaaaaaaa","DiskType":"LOCAL_BASIC","DiskSize":50}]})", "S5.MEDIUM4",
         "UnsupportedOperation.LocalDataDiskChangeInstanceFamily"},
        {R"({"DataDisks":[{"DiskId":"ldisk-aaaaaaaa","DiskType":"LOCAL_BASIC","DiskSize":50}]})", "S2.MEDIUM4", "OK"},
        {R"({"InstanceChargeType":"CDHPAID"})", "S5.MEDIUM4", "InvalidInstance.NotSupported"},
        {R"({"InstanceType":"MINE.MEDIUM4","CPU":2,"Memory":4})", "S5.MEDIUM4", "OK"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.instance);
        test::Emulator emulator;
        json::object instance = json::parse(c.instance).as_object();
        instance["InstanceId"] = "ins-aaaaaaaa";
        instance.emplace("InstanceType", "S2.SMALL1");
        import_instance(emulator, std::move(instance));
        CHECK(emulator.code(cvm_call("ResetInstancesType", new_type("ins-aaaaaaaa", c.type))) == c.code);
    }
}

TEST_CASE("which data disk grows must be said where there are several")
{
    test::Emulator emulator;
    json::object instance = json::parse(R"({"InstanceId":"ins-aaaaaaaa","DataDisks":[
        {"DiskId":"disk-aaaaaaa1","DiskSize":50},{"DiskId":"disk-aaaaaaa2","DiskSize":50},
        {"DiskId":"ldisk-aaaaaaa3","DiskType":"LOCAL_BASIC","DiskSize":50}]})")
                                .as_object();
    import_instance(emulator, std::move(instance));
    const auto grow = [&](json::object disk) {
        return emulator.code(
            cvm_call("ResizeInstanceDisks", {{"InstanceId", "ins-aaaaaaaa"}, {"DataDisks", json::array{disk}}}));
    };
    CHECK(grow({{"DiskSize", 100}}) == "MissingParameter");
    CHECK(grow({{"DiskSize", 100}, {"DiskId", "ldisk-aaaaaaa3"}}) == "UnsupportedOperation.InvalidDataDisk");
    CHECK(grow({{"DiskSize", 100}, {"DiskId", "disk-aaaaaaa4"}}) == "UnsupportedOperation.InvalidDataDisk");
    CHECK(grow({{"DiskSize", 100}, {"DiskId", "disk-aaaaaaa2"}}) == "OK");
    const json::value state = emulator.state();
    const json::value& disks = state.at("accounts").at(0).at("Instances").at(0).at("DataDisks");
    CHECK(disks.at(0).at("DiskSize").as_int64() == 50);
    CHECK(disks.at(1).at("DiskSize").as_int64() == 100);
}

TEST_CASE("a downgrade refunds no greater part of the orders than of the price")
{
    test::Emulator emulator;
    const std::int64_t before = money(emulator);
    const json::object params{{"Placement", json::object{{"Zone", "ap-guangzhou-4"}}},
                              {"ImageId", "img-eb30mz89"},
                              {"InstanceType", "S5.16XLARGE256"},
                              {"InstanceChargeType", "PREPAID"},
                              {"InstanceChargePrepaid", json::object{{"Period", 60}}}};
    const json::string id = emulator.response(cvm_call("RunInstances", params)).at("InstanceIdSet").at(0).as_string();
    emulator.control("POST", "/_emulator/clock", R"({"advance":"P2Y"})");
    REQUIRE(emulator.code(cvm_call("ResetInstancesType", by_force(new_type(id, "S5.MEDIUM2")))) == "OK");
    const std::int64_t left = refund_of(emulator, id);
    CHECK(left > 0);
    // Three of five years of the smaller one.
    emulator.control("POST", "/_emulator/reset");
    json::object smaller = params;
    smaller["InstanceType"] = "S5.MEDIUM2";
    const std::int64_t start = money(emulator);
    REQUIRE(emulator.code(cvm_call("RunInstances", smaller)) == "OK");
    const std::int64_t price = start - money(emulator);
    CHECK(before == start);
    CHECK(left > price * 3 / 10);
    CHECK(left < price);
}

TEST_CASE("an account in debt may change to a lower hourly price")
{
    test::Emulator emulator;
    const json::string id = bought(emulator, "POSTPAID_BY_HOUR");
    REQUIRE(emulator.code(cvm_call("ResetInstancesType", by_force(new_type(id, "S5.LARGE16")))) == "OK");
    emulator.control("POST", "/_emulator/clock", R"({"frozen":true})");
    const std::int64_t cash = money(emulator);
    json::object state = emulator.state().as_object();
    state.at("accounts").at(0).at("Balance").as_object()["Cash"] = 0;
    CHECK(cash > 0);
    emulator.control("PUT", "/_emulator/state", json::serialize(state));
    CHECK(emulator.code(cvm_call("ResetInstancesType", by_force(new_type(id, "S5.4XLARGE64")))) ==
          "InvalidAccount.InsufficientBalance");
    CHECK(emulator.code(cvm_call("ResetInstancesType", by_force(new_type(id, "S5.MEDIUM2")))) == "OK");
}
