#include "server/api/action.hpp"
#include "server/api/catalog.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cvm;

TEST_CASE("a zone without a hyphen and a number has no region")
{
    struct Case {
        std::string zone;
        std::string region;
    };
    const Case cases[] = {
        {"", ""},
        {"3", ""},
        {"guangzhou", ""},
        {"ap-guangzhou", ""},
        {"ap-guangzhou-", ""},
        {"ap-guangzhou-x", ""},
        {"ap-guangzhou-3a", ""},
        {"ap-guangzhou-3-", ""},
        {"ap-guangzhou--3", "ap-guangzhou-"},
        {"-3", ""},
        {"ap-guangzhou-3", "ap-guangzhou"},
        {"ap-guangzhou-12", "ap-guangzhou"},
        {"ap-shanghai-fsi-1", "ap-shanghai-fsi"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.zone);
        CHECK(api::region_of_zone(c.zone) == c.region);
    }
}

TEST_CASE("the embedded catalog holds regions and their short names")
{
    const api::Catalog catalog = api::built_in_catalog();
    CHECK(catalog.cvm_regions.size() == 18);
    CHECK(catalog.cvm_regions.contains("ap-guangzhou"));
    CHECK_FALSE(catalog.cvm_regions.contains("ap-mumbai"));
    CHECK(catalog.other_regions.contains("ap-mumbai"));
    for (const std::string& region : catalog.other_regions) {
        CAPTURE(region);
        CHECK_FALSE(catalog.cvm_regions.contains(region));
    }
    for (const auto& [name, region] : catalog.legacy_regions) {
        const std::string shown{name};
        CAPTURE(shown);
        CHECK((catalog.cvm_regions.contains(region) || catalog.other_regions.contains(region)));
    }
    CHECK(catalog.legacy_regions.at("gz") == "ap-guangzhou");
    CHECK(catalog.cvm_regions.contains(catalog.legacy_default_region));
}

TEST_CASE("the embedded catalog holds prices and the discounts of long periods")
{
    using state::PriceTable;
    const PriceTable prices = api::built_in_catalog().prices;
    CHECK(prices.instance_types.at("S2.SMALL1") == state::Cents{5900});
    CHECK(prices.instance_types.at("S5.16XLARGE256") == state::Cents{888450});
    CHECK(prices.disk_types.at("CLOUD_PREMIUM") == state::Cents{35});
    CHECK(prices.per_core > state::Cents{0});
    CHECK(prices.per_gib_memory > state::Cents{0});
    CHECK(prices.other_disk_per_gib > state::Cents{0});
    CHECK(prices.bandwidth_per_mbps > state::Cents{0});

    struct Step {
        int from;
        std::int64_t percent;
    };
    const auto check_steps = [](const std::vector<PriceTable::Discount>& steps, std::initializer_list<Step> expected) {
        REQUIRE(steps.size() == expected.size());
        std::size_t i = 0;
        for (const Step& step : expected) {
            CAPTURE(step.from);
            CHECK(steps[i].from == std::chrono::months{step.from});
            CHECK(steps[i].percent == step.percent);
            ++i;
        }
    };
    CHECK(prices.family_discounts.size() == 1);
    check_steps(prices.family_discounts.at("S5"),
                {{1, 87}, {3, 78}, {6, 73}, {12, 69}, {24, 55}, {36, 41}, {48, 33}, {60, 27}});
    check_steps(prices.other_discounts, {{1, 100}, {6, 88}, {12, 83}, {24, 70}, {36, 50}});
}

TEST_CASE("an action is found by its exact name and version")
{
    struct Case {
        std::string what;
        std::string name;
        std::string version;
        bool found;
    };
    const Case cases[] = {
        {"unknown name", "RenewHosts", "2017-03-12", false},
        {"another case", "renewinstances", "2017-03-12", false},
        {"part of a name", "RenewInstance", "2017-03-12", false},
        {"empty name", "", "2017-03-12", false},
        {"unknown version", "RenewInstances", "2017-03-13", false},
        {"another product's", "RenewInstances", "2018-07-09", false},
        {"no version", "RenewInstances", "", false},
        {"a name of the API without versions", "RenewInstance", "", true},
        {"the last of the list", "TerminateInstances", "2017-03-12", true},
        {"the first of the list", "DescribeAccountBalance", "2018-07-09", true},
        {"a prefix of another one", "DescribeInstances", "2017-03-12", true},
        {"the same name without a version", "DescribeInstances", "", true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const api::Action* action = api::find_action(c.name, c.version);
        REQUIRE((action != nullptr) == c.found);
        if (action != nullptr)
            CHECK(std::pair{action->name, action->version} ==
                  std::pair<std::string_view, std::string_view>{c.name, c.version});
    }
}

TEST_CASE("a version tells its product")
{
    CHECK_FALSE(api::known_version("", "cvm"));
    CHECK_FALSE(api::known_version("2017-03-13", "cvm"));
    CHECK_FALSE(api::known_version("2017-03-12", "billing"));
    CHECK_FALSE(api::known_version("2017-03-12", ""));
    CHECK(api::known_version("2017-03-12", "cvm"));
    CHECK(api::known_version("2017-03-12", "cbs"));
    CHECK(api::known_version("2018-07-09", "billing"));
    CHECK(api::known_product("cbs"));
    CHECK_FALSE(api::known_product("cb"));
    CHECK_FALSE(api::known_product(""));
    CHECK(api::product_of_version("2017-03-12") == "cvm");
    CHECK(api::product_of_version("2018-07-09") == "billing");
    CHECK(api::product_of_version("1999-01-01") == "cvm");
}
