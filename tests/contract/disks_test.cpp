// The life cycle of disks that were bought by calls: their prices, places, and later changes.

#include "tests/support/emulator.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace cvm;
namespace json = boost::json;

namespace {

test::Call call(const std::string& action, json::object params)
{
    return {.action = action, .params = std::move(params)};
}

json::object hourly(std::int64_t count = 1)
{
    return {{"Placement", json::object{{"Zone", "ap-guangzhou-3"}}},
            {"DiskChargeType", "POSTPAID_BY_HOUR"},
            {"DiskType", "CLOUD_PREMIUM"},
            {"DiskCount", count},
            {"DiskSize", 100}};
}

json::object prepaid(std::int64_t months, std::string_view zone = "ap-guangzhou-3")
{
    return {{"Placement", json::object{{"Zone", zone}}},
            {"DiskChargeType", "PREPAID"},
            {"DiskType", "CLOUD_SSD"},
            {"DiskSize", 100},
            {"DiskChargePrepaid", json::object{{"Period", months}}}};
}

class Disks {
public:
    std::int64_t balance()
    {
        return emulator.response({.action = "DescribeAccountBalance", .version = "2018-07-09"})
            .at("RealBalance")
            .as_int64();
    }

    json::array make(const json::object& wanted)
    {
        return emulator.response(call("CreateDisks", wanted)).at("DiskIdSet").as_array();
    }

    std::string make_one(const json::object& wanted) { return std::string{make(wanted).at(0).as_string()}; }

    std::string code(const std::string& action, json::object params)
    {
        return emulator.code(call(action, std::move(params)));
    }

    // As DescribeDisks shows it; empty if it is gone.
    json::object shown(const std::string& id)
    {
        const json::object answer = emulator.response(call("DescribeDisks", {{"DiskIds", json::array{id}}}));
        const json::array& set = answer.at("DiskSet").as_array();
        return set.empty() ? json::object{} : set.front().as_object();
    }

    std::string state(const std::string& id)
    {
        const json::object disk = shown(id);
        return disk.empty() ? "gone" : std::string{disk.at("DiskState").as_string()};
    }

    void advance(std::string_view by)
    {
        emulator.control("POST", "/_emulator/clock", json::serialize(json::object{{"advance", by}}));
    }

    // The answer of InquiryPriceResizeDisk, in cents.
    std::int64_t price_of_size(const std::string& id, std::int64_t size)
    {
        const json::object answer =
            emulator.response(call("InquiryPriceResizeDisk", {{"DiskId", id}, {"DiskSize", size}}));
        return std::llround(answer.at("DiskPrice").at("DiscountPrice").to_number<double>() * 100);
    }

    bool books_agree() { return emulator.control("GET", "/_emulator/invariants").at("ok").as_bool(); }

    test::Emulator emulator{};
};

json::array one(const std::string& id) { return {id}; }

} // namespace

TEST_CASE("a disk costs what its inquiry says, once for each ClientToken")
{
    Disks disks;
    json::object wanted = prepaid(3);
    wanted["DiskCount"] = 2;
    json::object asked = wanted;
    asked.erase("Placement");
    const json::object answer = disks.emulator.response(call("InquiryPriceCreateDisks", asked));
    const std::int64_t price = std::llround(answer.at("DiskPrice").at("DiscountPrice").to_number<double>() * 100);
    CHECK(price == 2 * 3 * 10000);
    wanted["ClientToken"] = "once";
    const std::int64_t before = disks.balance();
    const json::array made = disks.make(wanted);
    CHECK(made.size() == 2);
    CHECK(before - disks.balance() == price);
    CHECK(disks.make(wanted) == made);
    CHECK(before - disks.balance() == price);
    CHECK(disks.shown(std::string{made.at(0).as_string()}).at("DeadlineTime").as_string() == "2026-06-30 16:30:00");
    // Two actions do not share a token.
    CHECK(disks.code("RunInstances", {{"Placement", json::object{{"Zone", "ap-guangzhou-3"}}},
                                      {"ImageId", "img-eb30mz89"},
                                      {"ClientToken", "once"}}) == "InvalidParameterValue");
    // The state with the token can be imported.
    disks.emulator.control("PUT", "/_emulator/state", json::serialize(disks.emulator.state()));
    CHECK(disks.make(wanted) == made);
    CHECK(disks.books_agree());
}

TEST_CASE("a disk that is returned is in the recycle bin with its money back, and gone by a second call or with time")
{
    Disks disks;
    const std::int64_t before = disks.balance();
    const std::string returned = disks.make_one(prepaid(1));
    const std::string forgotten = disks.make_one(prepaid(1));
    const std::string renewed = disks.make_one(prepaid(1));
    CHECK(disks.code("TerminateDisks", {{"DiskIds", json::array{returned, forgotten, renewed}}}) == "OK");
    CHECK(disks.balance() == before);
    for (const std::string& id : {returned, forgotten, renewed})
        CHECK(disks.state(id) == "TORECYCLE");
    // Only a renewal takes it out.
    CHECK(disks.code("AttachDisks", {{"DiskIds", one(renewed)}, {"InstanceId", "ins-r8hr2upy"}}) ==
          "InvalidDisk.NotSupported");
    CHECK(disks.code("ResizeDisk", {{"DiskId", renewed}, {"DiskSize", 200}}) == "InvalidDisk.Expire");
    CHECK(disks.code("InquiryPriceResizeDisk", {{"DiskId", renewed}, {"DiskSize", 200}}) == "InvalidDisk.Expire");
    CHECK(disks.code("ModifyDiskAttributes", {{"DiskIds", one(renewed)}, {"DiskName", "x"}}) ==
          "InvalidDisk.NotSupported");
    CHECK(disks.code("RenewDisk", {{"DiskId", renewed}, {"DiskChargePrepaid", json::object{{"Period", 1}}}}) == "OK");
    CHECK(disks.state(renewed) == "UNATTACHED");
    CHECK(disks.shown(renewed).at("DeadlineTime").as_string() == "2026-04-30 16:30:00");
    CHECK(before - disks.balance() == 10000);

    CHECK(disks.code("TerminateDisks", {{"DiskIds", one(returned)}}) == "OK");
    CHECK(disks.state(returned) == "gone");
    // Seven whole days (UTC+8) after the day of the return; the days for which an expired disk stays usable do not
    // count.
    disks.advance("P7D");
    CHECK(disks.state(forgotten) == "TORECYCLE");
    disks.emulator.control("PUT", "/_emulator/state", json::serialize(disks.emulator.state()));
    disks.advance("P1D");
    CHECK(disks.state(forgotten) == "gone");
    CHECK(disks.state(renewed) == "UNATTACHED");
    CHECK(disks.books_agree());
}

TEST_CASE("a disk grows for the difference of the time that is left, renews for more, and comes back with both")
{
    Disks disks;
    const std::int64_t before = disks.balance();
    const std::string id = disks.make_one(prepaid(1)); // until 30 April: 30 days
    disks.advance("P15D");
    const std::int64_t asked = disks.price_of_size(id, 200);
    CHECK(asked == std::int64_t{10000} * 15 * 24 * 3600 / 2'628'000); // 15 days, at 365/12 to a month, rounded down
    std::int64_t now = disks.balance();
    CHECK(disks.code("ResizeDisk", {{"DiskId", id}, {"DiskSize", 200}}) == "OK");
    CHECK(now - disks.balance() == asked);
    CHECK(disks.shown(id).at("DiskSize").as_int64() == 200);
    now = disks.balance();
    CHECK(disks.code("RenewDisk", {{"DiskId", id}, {"DiskChargePrepaid", json::object{{"Period", 1}}}}) == "OK");
    CHECK(now - disks.balance() == 20000);
    now = disks.balance();
    CHECK(disks.code("TerminateDisks", {{"DiskIds", one(id)}}) == "OK");
    CHECK(disks.balance() - now == 20000 + asked + 5000); // the month to come, the upgrade, half of the first month
    CHECK(before > disks.balance());
    CHECK(disks.books_agree());
}

TEST_CASE("a disk cannot be paid for months that end after the calendar")
{
    Disks disks;
    disks.emulator.control("POST", "/_emulator/clock", R"({"set":"2026-04-01T00:00:00Z","frozen":true})");
    json::object wanted = prepaid(1);
    wanted["DiskChargePrepaid"] = json::object{{"Period", 1}, {"CurInstanceDeadline", "9999-11-30 00:00:00"}};
    CHECK(disks.code("CreateDisks", wanted) == "InvalidParameterValue");
    CHECK(disks.books_agree());
}

TEST_CASE("a disk that was bought until a date is refunded only until then")
{
    Disks disks;
    disks.emulator.control("POST", "/_emulator/clock", R"({"set":"2026-12-01T00:00:00Z","frozen":true})");
    json::object wanted = prepaid(1);
    wanted["DiskChargePrepaid"] = json::object{{"Period", 1}, {"CurInstanceDeadline", "2026-12-02 08:00:00"}};
    const std::int64_t before = disks.balance();
    const std::string id = disks.make_one(wanted);
    CHECK(before - disks.balance() == 20000); // two months, the second of which ends on 2 January
    disks.emulator.control("POST", "/_emulator/clock", R"({"set":"2027-01-01T23:00:00Z"})");
    const std::int64_t now = disks.balance();
    CHECK(disks.code("TerminateDisks", {{"DiskIds", one(id)}}) == "OK");
    CHECK(disks.balance() - now == 20000 / (32 * 24)); // an hour
    CHECK(disks.books_agree());
}

TEST_CASE("a disk that has expired does not get another type")
{
    Disks disks;
    json::object wanted = prepaid(1);
    wanted["DiskType"] = "CLOUD_PREMIUM";
    wanted["DiskSize"] = 1000;
    const std::string id = disks.make_one(wanted);
    const json::object dearer{{"DiskIds", one(id)}, {"DiskType", "CLOUD_SSD"}};
    disks.advance("P1M2D");
    CHECK(disks.code("ModifyDiskAttributes", dearer) == "InvalidParameterValue"); // the page has no nearer code
}

namespace {

// Creates an instance with two data disks that follow it; returns its id and theirs.
std::vector<std::string> instance_with_disks(Disks& disks, json::object params)
{
    const json::object data{{"DiskType", "CLOUD_PREMIUM"}, {"DiskSize", 1000}};
    params["Placement"] = json::object{{"Zone", "ap-guangzhou-3"}};
    params["ImageId"] = "img-eb30mz89";
    params["InstanceType"] = "S5.MEDIUM4";
    params["DataDisks"] = json::array{data, data};
    const json::object made = disks.emulator.response(call("RunInstances", std::move(params)));
    std::vector<std::string> ids{std::string{made.at("InstanceIdSet").at(0).as_string()}};
    const json::value instance = disks.emulator.instance(ids.front());
    for (const json::value& disk : instance.at("DataDisks").as_array())
        ids.emplace_back(disk.at("DiskId").as_string());
    return ids;
}

json::object elastic(const std::vector<std::string>& ids)
{
    return {{"DiskIds", json::array{ids.at(1), ids.at(2)}}, {"Portable", true}};
}

} // namespace

TEST_CASE("disks of an instance that is paid by the hour become elastic together")
{
    Disks disks;
    const auto ids = instance_with_disks(disks, {{"InstanceChargeType", "POSTPAID_BY_HOUR"}});
    disks.emulator.control("POST", "/_emulator/clock", R"({"frozen":true})");
    disks.advance("PT40M");
    CHECK(disks.code("ModifyDiskAttributes", elastic(ids)) == "OK");
    CHECK(disks.books_agree());
}

TEST_CASE("disks that become elastic keep their part of the orders")
{
    Disks disks;
    disks.emulator.control("POST", "/_emulator/clock", R"({"frozen":true})");
    const std::int64_t before = disks.balance();
    const auto ids = instance_with_disks(
        disks, {{"InstanceChargeType", "PREPAID"}, {"InstanceChargePrepaid", json::object{{"Period", 12}}}});
    const std::int64_t paid = before - disks.balance();
    CHECK(disks.code("ModifyDiskAttributes", elastic(ids)) == "OK");
    CHECK(before - disks.balance() == paid); // nothing but the orders has changed
    CHECK(disks.code("DetachDisks", {{"DiskIds", json::array{ids[1], ids[2]}}}) == "OK");
    const std::int64_t with_instance = disks.balance();
    CHECK(disks.code("TerminateInstances", {{"InstanceIds", json::array{ids[0]}}}) == "OK");
    const std::int64_t of_instance = disks.balance() - with_instance;
    CHECK(disks.code("TerminateDisks", {{"DiskIds", json::array{ids[1], ids[2]}}}) == "OK");
    CHECK(of_instance < paid / 2);
    CHECK(before - disks.balance() == 0);
    CHECK(disks.books_agree());
}

TEST_CASE("an upgrade of a disk without an order of months is given back for the time that is left")
{
    Disks disks;
    disks.emulator.control("POST", "/_emulator/clock", R"({"frozen":true})");
    const std::int64_t before = disks.balance();
    CHECK(disks.code("ResizeDisk", {{"DiskId", "disk-looseone"}, {"DiskSize", 1100}}) == "OK");
    CHECK(disks.balance() < before);
    CHECK(disks.code("TerminateDisks", {{"DiskIds", one("disk-looseone")}}) == "OK");
    CHECK(disks.balance() == before);
    CHECK(disks.books_agree());
}

TEST_CASE("disks go on instances of their zone and come off again")
{
    Disks disks;
    const std::string far = disks.make_one(prepaid(1, "ap-guangzhou-4"));
    CHECK(disks.code("AttachDisks", {{"DiskIds", one(far)}, {"InstanceId", "ins-r8hr2upy"}}) ==
          "ResourceUnavailable.ZoneNotMatch");
    const json::array most = disks.make(hourly(20));
    for (std::size_t i = 0; i < most.size(); i += 10) {
        const json::array ten(most.begin() + static_cast<std::ptrdiff_t>(i),
                              most.begin() + static_cast<std::ptrdiff_t>(i) + 10);
        CHECK(disks.code("AttachDisks",
                         {{"DiskIds", ten}, {"InstanceId", "ins-r8hr2upy"}, {"DeleteWithInstance", true}}) == "OK");
    }
    CHECK(disks.code("AttachDisks", {{"DiskIds", json::array{"disk-looseone"}}, {"InstanceId", "ins-r8hr2upy"}}) ==
          "LimitExceeded.InstanceAttachedDisk");
    const std::string first{most.at(0).as_string()};
    CHECK(disks.state(first) == "ATTACHED");
    CHECK(disks.emulator.instance("ins-r8hr2upy").at("DataDisks").as_array().size() == 20);
    CHECK(disks.code("DetachDisks", {{"DiskIds", one(first)}}) == "OK");
    CHECK(disks.state(first) == "UNATTACHED");
    CHECK(disks.emulator.instance("ins-r8hr2upy").at("DataDisks").as_array().size() == 19);
    CHECK(disks.code("AttachDisks", {{"DiskIds", json::array{"disk-looseone"}}, {"InstanceId", "ins-r8hr2upy"}}) ==
          "OK");
    // Disks to be deleted with the instance are deleted, the prepaid one stays.
    for (int times = 0; times < 2; ++times)
        CHECK(disks.code("TerminateInstances", {{"InstanceIds", json::array{"ins-r8hr2upy"}}}) == "OK");
    CHECK(disks.state(std::string{most.at(1).as_string()}) == "gone");
    CHECK(disks.state(first) == "UNATTACHED");
    CHECK(disks.state("disk-looseone") == "UNATTACHED");
    CHECK(disks.books_agree());
}

TEST_CASE("a data disk that becomes elastic makes an hour of its instance cheaper")
{
    Disks disks;
    const json::object made =
        disks.emulator.response(call("RunInstances", {{"Placement", json::object{{"Zone", "ap-guangzhou-3"}}},
                                                      {"ImageId", "img-eb30mz89"},
                                                      {"InstanceChargeType", "POSTPAID_BY_HOUR"},
                                                      {"DataDisks", json::array{json::object{{"DiskSize", 100}}}}}));
    const std::string instance{made.at("InstanceIdSet").at(0).as_string()};
    const json::array on_it = disks.emulator.instance(instance).at("DataDisks").as_array();
    const std::string id{on_it.at(0).at("DiskId").as_string()};
    const std::int64_t before = disks.balance();
    CHECK(disks.code("DetachDisks", {{"DiskIds", one(id)}}) == "InvalidDisk.NotPortable");
    CHECK(disks.code("ModifyDiskAttributes", {{"DiskIds", one(id)}, {"Portable", true}}) == "OK");
    CHECK(disks.balance() - before == 30); // a 120th of a month of 100 GiB, rounded up, is no longer set aside
    CHECK(disks.code("DetachDisks", {{"DiskIds", one(id)}}) == "OK");
    CHECK(disks.shown(id).at("DiskChargeType").as_string() == "POSTPAID_BY_HOUR");
    disks.advance("P1D");
    CHECK(disks.books_agree());
}

TEST_CASE("a disk changes between hours and months, and the money with it")
{
    Disks disks;
    const std::int64_t before = disks.balance();
    const std::string id = disks.make_one(hourly());
    CHECK(disks.balance() == before);
    CHECK(disks.code("ModifyDisksChargeType",
                     {{"DiskIds", one(id)}, {"DiskChargePrepaid", json::object{{"Period", 2}}}}) == "OK");
    CHECK(before - disks.balance() == 7000);
    CHECK(disks.shown(id).at("RenewFlag").as_string() == "NOTIFY_AND_MANUAL_RENEW");
    CHECK(disks.code("ModifyDisksChargeType", {{"DiskIds", one(id)}, {"DiskChargePostpaid", true}}) == "OK");
    CHECK(disks.balance() == before);
    CHECK(disks.shown(id).at("DeadlineTime").as_string().empty());
    CHECK(disks.books_agree());

    test::Call poor =
        call("ModifyDisksChargeType", {{"DiskIds", json::array{"disk-nomoneyd"}}, {"DiskChargePostpaid", true}});
    poor.secret_id = "AKIDnomoneyEXAMPLE";
    poor.secret_key = "nomoneykeyEXAMPLE";
    CHECK(disks.emulator.code(poor) == "OK");
    poor.params = {{"DiskIds", json::array{"disk-nomoneyd"}}, {"DiskChargePrepaid", json::object{{"Period", 1}}}};
    CHECK(disks.emulator.code(poor) == "InvalidAccount.InsufficientBalance");
}

TEST_CASE("a bought disk is renewed automatically, or passes through the recycle bin")
{
    Disks disks;
    json::object wanted = prepaid(1);
    const std::string manual = disks.make_one(wanted);
    wanted["DiskChargePrepaid"] = json::object{{"Period", 1}, {"RenewFlag", "NOTIFY_AND_AUTO_RENEW"}};
    const std::string automatic = disks.make_one(wanted);
    disks.advance("P31D"); // usable for a week
    CHECK(disks.state(manual) == "UNATTACHED");
    CHECK(disks.code("ResizeDisk", {{"DiskId", manual}, {"DiskSize", 200}}) == "InvalidDisk.Expire");
    CHECK(disks.shown(automatic).at("DeadlineTime").as_string() == "2026-05-30 16:30:00");
    disks.advance("P7D");
    CHECK(disks.state(manual) == "TORECYCLE");
    disks.advance("P8D");
    CHECK(disks.state(manual) == "gone");
    CHECK(disks.books_agree());
}
