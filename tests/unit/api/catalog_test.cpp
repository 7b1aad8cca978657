#include "server/api/action.hpp"
#include "server/api/catalog.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
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

TEST_CASE("the regions stand in the order of DescribeRegions, each with a zone")
{
    const api::Catalog& catalog = api::built_in_catalog();
    CHECK(catalog.region_names.front().first == "ap-guangzhou");
    CHECK(catalog.region_names.back().first == "sa-saopaulo");
    CHECK(catalog.region_names.size() == catalog.cvm_regions.size());
    for (const auto& [region, names] : catalog.region_names) {
        CAPTURE(region);
        CHECK(catalog.cvm_regions.contains(region));
        CHECK(std::ranges::count(catalog.zones, region, &api::Zone::region) > 0);
    }
    for (const std::string zone : {"ap-singapore-4", "ap-jakarta-2", "ap-shanghai-fsi-4"}) {
        CAPTURE(zone);
        REQUIRE(catalog.find_zone(zone) != nullptr);
        CHECK(catalog.find_zone(zone)->available);
    }
}

TEST_CASE("an instance type has the properties of its name and its family")
{
    struct Case {
        std::string name;
        std::int64_t cpu;
        std::int64_t memory;
        std::int64_t gpu = 0;
        std::string gpu_type{};
        std::string architecture = "x86_64";
    };
    const Case cases[] = {
        {"S1.SMALL1", 1, 1},
        {"S2.SMALL1", 1, 1},
        {"S3.SMALL1", 1, 1},
        {"S3.MEDIUM2", 2, 2},
        {"S4.LARGE8", 4, 8},
        {"S5.SMALL1", 1, 1},
        {"S5.MEDIUM4", 2, 4},
        {"S5.MEDIUM8", 2, 8},
        {"S5.LARGE16", 4, 16},
        {"S5.16XLARGE256", 64, 256},
        {"S5.21XLARGE320", 84, 320},
        {"S6.MEDIUM4", 2, 4},
        {"S8.MEDIUM8", 2, 8},
        {"SA1.SMALL1", 1, 1},
        {"SA1.MEDIUM4", 2, 4},
        {"SA2.SMALL1", 1, 1},
        {"SA2.SMALL2", 1, 2},
        {"SA2.SMALL4", 1, 4},
        {"SA3.MEDIUM4", 2, 4},
        {"SA4.LARGE8", 4, 8},
        {"SA5.MEDIUM2", 2, 2},
        {"SA5.MEDIUM4", 2, 4},
        {"M5.LARGE32", 4, 32},
        {"C3.LARGE8", 4, 8},
        {"C6.LARGE8", 4, 8},
        {"C6.23MEDIUM216", 46, 216},
        {"IT5.4XLARGE64", 16, 64},
        {"ITA5.LARGE16", 4, 16},
        {"BF1.MEDIUM4", 2, 4},
        {"SR1.MEDIUM4", 2, 4, 0, "", "arm"},
        {"GN7.2XLARGE32", 8, 32, 1, "NVIDIA T4"},
        {"GN7.20XLARGE320", 80, 320, 4, "NVIDIA T4"},
        {"GN10Xp.2XLARGE40", 10, 40, 1, "NVIDIA V100"},
        {"GN8.LARGE56", 6, 56, 1, "NVIDIA P40"},
    };
    const api::Catalog& catalog = api::built_in_catalog();
    for (const Case& c : cases) {
        CAPTURE(c.name);
        const api::InstanceType* type = catalog.find_instance_type(c.name);
        REQUIRE(type != nullptr);
        CHECK(type->family == c.name.substr(0, c.name.find('.')));
        CHECK(type->cpu == c.cpu);
        CHECK(type->memory_gib == c.memory);
        CHECK(type->gpu == c.gpu);
        CHECK(type->gpu_type == c.gpu_type);
        CHECK(type->architecture == c.architecture);
    }
}

TEST_CASE("at least 150 instance types can be bought, each once and for a price")
{
    const api::Catalog& catalog = api::built_in_catalog();
    CHECK(catalog.instance_types.size() >= 150);
    std::set<std::string> names;
    std::set<std::string> families;
    for (const api::InstanceType& type : catalog.instance_types) {
        CAPTURE(type.name);
        CHECK(names.insert(type.name).second);
        families.insert(type.family);
        CHECK(type.cpu > 0);
        CHECK(type.memory_gib > 0);
        CHECK((type.gpu > 0) == !type.gpu_type.empty());
        CHECK(type.bandwidth_gbps > 0);
        CHECK(type.pps > 0);
    }
    for (const std::string family : {"SA1", "SA2", "SA3", "SA4", "SA5", "S2", "S3", "S4", "S5", "S6", "S8", "M5", "C3",
                                     "C4", "C5", "C6", "IT5", "GN7", "BF1"}) {
        CAPTURE(family);
        CHECK(families.contains(family));
    }
}

TEST_CASE("GPU cards cost extra, and listed prices are unchanged")
{
    const state::PriceTable& prices = api::built_in_catalog().prices;
    CHECK(prices.instance_types.at("GN7.2XLARGE32") == state::Cents{8 * 3000 + 32 * 2000 + 1 * 150000});
    CHECK(prices.instance_types.at("GN10Xp.5XLARGE80") == state::Cents{20 * 3000 + 80 * 2000 + 2 * 150000});
    CHECK_FALSE(prices.instance_types.contains("S6.MEDIUM4")); // by the rule for cores and memory
    CHECK(prices.instance_types.at("S5.MEDIUM4") == state::Cents{13800});
}

TEST_CASE("the images of the documented examples and of current systems are there, x86 before ARM")
{
    const api::Catalog& catalog = api::built_in_catalog();
    for (const std::string id : {"img-pmqg1cw7", "img-dkwyg6sr", "img-9qabwvbn", "img-8toqc6s3", "img-487zeit5"}) {
        CAPTURE(id);
        CHECK(catalog.find_image(id) != nullptr);
    }
    for (const std::string word :
         {"OpenCloudOS Server", "TencentOS Server", "Ubuntu Server", "Debian", "CentOS", "Windows Server"}) {
        CAPTURE(word);
        const auto first = std::ranges::find_if(
            catalog.images, [&](const api::Image& image) { return image.name.find(word) != std::string::npos; });
        const bool found = first != catalog.images.end();
        REQUIRE(found);
        CHECK(first->architecture == "x86_64");
    }
    CHECK(std::ranges::count(catalog.images, 20, &api::Image::size_gib) > 0);
    std::set<std::string> ids;
    for (const api::Image& image : catalog.images) {
        CAPTURE(image.id);
        CHECK(ids.insert(image.id).second);
    }
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
    // Apart from S5 these are Lighthouse bundles, which share one table.
    for (const auto& [family, steps] : prices.family_discounts)
        if (family != "S5") {
            CAPTURE(family);
            check_steps(steps, {{1, 100}, {6, 88}, {12, 85}});
        }
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
        {"unknown name", "AllocateHosts", "2017-03-12", false},
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

TEST_CASE("a product is found by its version")
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
