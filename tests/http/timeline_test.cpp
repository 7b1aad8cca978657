// /_emulator/timeline over a real socket. The outlook of an instance is compared with the simulation in
// tests/unit/state/rules/outlook_test.cpp.
#include "tests/support/http/server_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace cvm::http::test {

namespace {

std::vector<std::string> ids(const json::value& page)
{
    std::vector<std::string> found;
    for (const json::value& item : page.at("items").as_array())
        found.push_back(text(item.at("id")));
    return found;
}

} // namespace

TEST_CASE("the timeline shows when each instance and elastic disk expires and its outlook")
{
    Served served;
    const json::value page = served.control("GET", "/_emulator/timeline");
    CHECK(text(page.at("account")) == "100000000001");
    CHECK(page.at("left_out") == 0);
    CHECK(page.at("next").is_null());
    const json::array& items = page.at("items").as_array();
    const auto find = [&](std::string_view id) {
        const auto* at =
            std::ranges::find_if(items, [&](const json::value& item) { return text(item.at("id")) == id; });
        REQUIRE(at != items.end());
        return at->as_object();
    };
    const json::object instance = find("ins-r8hr2upy");
    CHECK(text(instance.at("kind")) == "instance");
    CHECK(text(instance.at("state")) == "RUNNING");
    CHECK(text(instance.at("charge_type")) == "PREPAID");
    CHECK(text(instance.at("renew_flag")) == "NOTIFY_AND_MANUAL_RENEW");
    CHECK(instance.at("isolated") == instance.at("expires"));
    CHECK(text(instance.at("released")) > text(instance.at("isolated")));
    CHECK(instance.at("auto_renews") == false);
    CHECK(instance.at("instance").is_null());
    const json::object disk = find("disk-5d8a23r1");
    CHECK(text(disk.at("kind")) == "disk");
    CHECK(text(disk.at("state")) == "ATTACHED");
    CHECK(text(disk.at("instance")) == "ins-5d8a23rs");
    CHECK(text(find("disk-looseone").at("state")) == "UNATTACHED");
    CHECK(find("disk-looseone").at("instance").is_null());
    const json::object hourly = find("ins-postpaid");
    for (const char* date : {"expires", "isolated", "released", "renew_flag"})
        CHECK(hourly.at(date).is_null());
    CHECK(find("ins-isolated").at("state") == "SHUTDOWN");

    // Items with an expiry come first, ordered by it.
    std::string before;
    for (const json::value& item : items) {
        const std::string expires = item.at("expires").is_null() ? "never" : text(item.at("expires"));
        CHECK(before <= expires);
        before = expires;
    }
}

TEST_CASE("the time line is read page by page, and time that passes is seen")
{
    Served served;
    const std::vector<std::string> all = ids(served.control("GET", "/_emulator/timeline"));
    std::vector<std::string> found;
    std::string after;
    do {
        const json::value page = served.control("GET", "/_emulator/timeline?limit=7" + after);
        for (const std::string& id : ids(page))
            found.push_back(id);
        CHECK(page.at("left_out") == all.size() - found.size());
        after = page.at("next").is_null() ? "" : "&after=" + text(page.at("next"));
    } while (!after.empty());
    CHECK(found == all);
    CHECK(served.problem("GET", "/_emulator/timeline?after=ins-nosuch00", "", 409).find("without `after`") !=
          std::string::npos);
    CHECK(served.problem("GET", "/_emulator/timeline?limit=10001", "", 400) ==
          "`limit` must be a whole number, 0 to 10000");
    served.problem("GET", "/_emulator/timeline?account=42", "", 404);

    const auto released = [&] {
        const auto now = ids(served.control("GET", "/_emulator/timeline"));
        return std::ranges::count(now, std::string{"ins-isolated"}) == 0;
    };
    CHECK_FALSE(released());
    served.control("POST", "/_emulator/clock", R"({"advance":"P10D"})");
    CHECK(released());
}

} // namespace cvm::http::test
