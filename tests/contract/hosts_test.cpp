// Dedicated hosts and the clock, through the whole server.

#include "tests/support/emulator.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace cvm;
namespace json = boost::json;

namespace {

constexpr std::string_view id = "host-ey16rkyg";

test::Call by_owner(std::string_view action, json::object params)
{
    return test::by("hosts", {.action = std::string{action}, .params = std::move(params)});
}

json::object renewal(int months)
{
    return {{"HostIds", json::array{id}}, {"HostChargePrepaid", json::object{{"Period", months}}}};
}

json::object host(test::Emulator& emulator)
{
    const json::object filter{{"Name", "host-id"}, {"Values", json::array{id}}};
    return emulator.response(by_owner("DescribeHosts", {{"Filters", json::array{filter}}}))
        .at("HostSet")
        .as_array()
        .at(0)
        .as_object();
}

json::value admin(test::Emulator& emulator, std::string_view method, std::string_view resource,
                  std::string_view body = {})
{
    return emulator.control(method, "/_emulator/" + std::string{resource} + "?account=AKIDhostsEXAMPLE", body);
}

double balance(test::Emulator& emulator)
{
    return emulator.response(test::by("hosts", {.action = "DescribeAccountBalance", .version = "2018-07-09"}))
        .at("RealBalance")
        .to_number<double>();
}

} // namespace

TEST_CASE("a host that has expired runs again once it is renewed, from its old expiry on")
{
    test::Emulator emulator;
    CHECK(host(emulator).at("HostState").as_string() == "RUNNING");
    CHECK(host(emulator).at("ExpiredTime").as_string() == "2026-04-30T08:30:00Z");
    admin(emulator, "POST", "clock", R"({"advance":"P40D"})");
    CHECK(host(emulator).at("HostState").as_string() == "EXPIRED");

    const double before = balance(emulator);
    const double price = emulator.response(by_owner("InquiryPriceRenewHosts", renewal(2)))
                             .at("Price")
                             .at("HostPrice")
                             .at("DiscountPrice")
                             .to_number<double>();
    CHECK(emulator.code(by_owner("RenewHosts", renewal(2))) == "OK");
    CHECK(host(emulator).at("HostState").as_string() == "RUNNING");
    CHECK(host(emulator).at("ExpiredTime").as_string() == "2026-06-30T08:30:00Z");
    CHECK(before - balance(emulator) == doctest::Approx(price * 100));
    CHECK(admin(emulator, "GET", "invariants").at("ok").as_bool());

    const json::value state = admin(emulator, "GET", "state");
    admin(emulator, "PUT", "state", json::serialize(state));
    CHECK(admin(emulator, "GET", "state") == state);
    // An older state has an earlier expiry.
    json::value older = state;
    for (json::value& one : older.at("accounts").at(0).at("Hosts").as_array())
        if (one.at("HostId").as_string() == id)
            one.as_object()["ExpiredTime"] = "2026-05-30T08:30:00Z";
    admin(emulator, "PUT", "state", json::serialize(older));
    CHECK(host(emulator).at("ExpiredTime").as_string() == "2026-05-30T08:30:00Z");
}

TEST_CASE("a renewal of hosts happens wholly or not at all")
{
    test::Emulator emulator;
    const double before = balance(emulator);
    // The first could be paid, both cannot: the second has a price of its own.
    json::object both = renewal(36);
    both["HostIds"] = json::array{id, "host-priced00"};
    CHECK(emulator.code(by_owner("RenewHosts", both)) == "InvalidAccount.InsufficientBalance");
    CHECK(balance(emulator) == before);
    CHECK(host(emulator).at("ExpiredTime").as_string() == "2026-04-30T08:30:00Z");
    CHECK(admin(emulator, "GET", "invariants").at("ok").as_bool());
}
