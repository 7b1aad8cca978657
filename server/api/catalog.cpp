#include "server/api/catalog.hpp"

#include "server/embedded.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace cvm::api {

namespace json = boost::json;

namespace {

std::set<std::string, std::less<>> regions(const json::value& list)
{
    std::set<std::string, std::less<>> found;
    for (const json::value& region : list.at("regions").as_array())
        found.emplace(region.as_string());
    return found;
}

state::Cents cents(const json::value& entry) { return {entry.at("cents").as_int64()}; }

std::map<std::string, state::Cents, std::less<>> prices_by_name(const json::value& table)
{
    std::map<std::string, state::Cents, std::less<>> found;
    for (const auto& [name, entry] : table.as_object())
        found.emplace(name, cents(entry));
    return found;
}

std::vector<state::PriceTable::Discount> discounts(const json::value& steps)
{
    std::vector<state::PriceTable::Discount> found;
    for (const json::value& step : steps.as_array())
        found.push_back({std::chrono::months{step.at("from_months").as_int64()}, step.at("percent").as_int64()});
    return found;
}

state::PriceTable price_table(const json::value& file)
{
    state::PriceTable table;
    table.instance_types = prices_by_name(file.at("instance_types"));
    table.per_core = cents(file.at("other_instance_types").at("core"));
    table.per_gib_memory = cents(file.at("other_instance_types").at("gib_memory"));
    table.disk_types = prices_by_name(file.at("disk_types_per_gib"));
    table.other_disk_per_gib = cents(file.at("other_disk_types_per_gib"));
    table.bandwidth_per_mbps = cents(file.at("bandwidth_per_mbps"));
    for (const auto& [family, entry] : file.at("period_discounts").as_object())
        if (family != "other")
            table.family_discounts.emplace(family, discounts(entry.at("steps")));
    table.other_discounts = discounts(file.at("period_discounts").at("other").at("steps"));
    return table;
}

Catalog load()
{
    Catalog catalog;
    const json::value region_file = json::parse(embedded_file("fixtures/catalog/regions.json"));
    catalog.cvm_regions = regions(region_file.at("cvm"));
    catalog.other_regions = regions(region_file.at("other"));
    for (const auto& [name, region] : region_file.at("legacy").at("names").as_object())
        catalog.legacy_regions.emplace(name, region.as_string());
    catalog.legacy_default_region = region_file.at("legacy").at("default").as_string();
    catalog.prices = price_table(json::parse(embedded_file("fixtures/catalog/prices.json")));
    return catalog;
}

} // namespace

const Catalog& built_in_catalog()
{
    static const Catalog catalog = load();
    return catalog;
}

std::string region_of_zone(std::string_view zone)
{
    const auto hyphen = zone.rfind('-');
    if (hyphen == std::string_view::npos || hyphen + 1 == zone.size() ||
        !std::ranges::all_of(zone.substr(hyphen + 1), [](char c) { return c >= '0' && c <= '9'; }))
        return {};
    return std::string{zone.substr(0, hyphen)};
}

bool is_region(std::string_view name)
{
    const Catalog& catalog = built_in_catalog();
    return catalog.cvm_regions.contains(name) || catalog.other_regions.contains(name);
}

} // namespace cvm::api
