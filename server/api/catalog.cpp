#include "server/api/catalog.hpp"

#include "server/base/embedded.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <stdexcept>

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
    const json::value& hourly = file.at("hourly");
    table.hourly_instance_types = prices_by_name(hourly.at("instance_types"));
    table.hours_of_month_price = hourly.at("hours_of_month_price").at("value").as_int64();
    table.traffic_per_gb = cents(hourly.at("traffic_per_gb"));
    table.second_step_percent = hourly.at("after_hours").at("percent_after_96_hours").as_int64();
    table.third_step_percent = hourly.at("after_hours").at("percent_after_360_hours").as_int64();
    for (const auto& [family, entry] : file.at("period_discounts").as_object())
        if (family != "other")
            table.family_discounts.emplace(family, discounts(entry.at("steps")));
    table.other_discounts = discounts(file.at("period_discounts").at("other").at("steps"));
    return table;
}

std::string text(const json::value& entry, std::string_view name) { return std::string{entry.at(name).as_string()}; }

Names names(const json::value& entry) { return {text(entry, "en"), text(entry, "zh")}; }

std::set<std::pair<std::string, std::string>> types_in_zones(const json::value& list)
{
    std::set<std::pair<std::string, std::string>> found;
    for (const json::value& entry : list.at("list").as_array())
        found.emplace(text(entry, "type"), text(entry, "zone"));
    return found;
}

void load_places(const json::value& file, Catalog& catalog)
{
    for (const auto& [region, entry] : file.at("names").at("regions").as_object())
        catalog.region_names.emplace(region, names(entry));
    for (const json::value& entry : file.at("zones").at("list").as_array()) {
        const std::string zone = text(entry, "zone");
        catalog.zones.push_back({.name = zone,
                                 .id = text(entry, "id"),
                                 .region = region_of_zone(zone),
                                 .names = names(entry),
                                 .available = entry.at("state").as_string() == "AVAILABLE"});
    }
}

void load_images(const json::value& file, Catalog& catalog)
{
    for (const json::value& entry : file.at("images").as_array())
        catalog.images.push_back({.id = text(entry, "id"),
                                  .name = text(entry, "name"),
                                  .os_name = text(entry, "os_name"),
                                  .platform = text(entry, "platform"),
                                  .architecture = text(entry, "architecture"),
                                  .size_gib = entry.at("size").as_int64()});
}

void load_instance_types(const json::value& file, Catalog& catalog)
{
    for (const json::value& entry : file.at("types").as_array()) {
        const std::string type = text(entry, "type");
        catalog.instance_types.push_back({.name = type,
                                          .family = type.substr(0, type.find('.')),
                                          .description = text(entry, "type_name"),
                                          .cpu = entry.at("cpu").as_int64(),
                                          .memory_gib = entry.at("memory").as_int64(),
                                          .gpu = entry.at("gpu").as_int64(),
                                          .cpu_type = text(entry, "cpu_type"),
                                          .frequency = text(entry, "frequency"),
                                          .bandwidth_gbps = entry.at("bandwidth_gbps").to_number<double>(),
                                          .pps = entry.at("pps").as_int64()});
    }
    catalog.default_instance_type = text(file.at("default"), "type");
    catalog.sold_out = types_in_zones(file.at("sold_out"));
    catalog.not_offered = types_in_zones(file.at("not_offered"));
}

state::Stages stages(const json::value& entry)
{
    state::Stages stages;
    for (const json::value& day : entry.at("reminder_days").at("value").as_array())
        stages.reminders.emplace_back(day.as_int64());
    stages.usable_after = std::chrono::days{entry.at("usable_days_after_expiry").at("value").as_int64()};
    stages.recycle_bin = std::chrono::days{entry.at("recycle_bin_days").at("value").as_int64()};
    return stages;
}

void load_lifecycles(const json::value& file, Catalog& catalog)
{
    for (const json::value& entry : file.at("presets").as_array()) {
        const json::value& hourly = entry.at("paid_by_the_hour");
        const auto span = [&](std::string_view name) {
            return std::chrono::hours{hourly.at(name).at("value").as_int64()};
        };
        catalog.lifecycles.push_back({.name = text(entry, "name"),
                                      .instances = stages(entry.at("instances")),
                                      .disks = stages(entry.at("elastic_disks")),
                                      .arrears_grace = span("grace_hours"),
                                      .arrears_retention = span("retention_hours")});
    }
}

template <class T>
const T* find(const std::vector<T>& list, std::string T::*key, std::string_view value)
{
    const auto at = std::ranges::find(list, value, key);
    return at != list.end() ? &*at : nullptr;
}

Catalog load()
{
    Catalog catalog;
    const json::value region_file = json::parse(embedded_file("fixtures/catalog/regions.json"));
    load_places(region_file, catalog);
    load_images(json::parse(embedded_file("fixtures/catalog/images.json")), catalog);
    load_lifecycles(json::parse(embedded_file("fixtures/catalog/lifecycle.json")), catalog);
    load_instance_types(json::parse(embedded_file("fixtures/catalog/instance_types.json")), catalog);
    catalog.cvm_regions = regions(region_file.at("cvm"));
    catalog.other_regions = regions(region_file.at("other"));
    for (const auto& [name, region] : region_file.at("legacy").at("names").as_object())
        catalog.legacy_regions.emplace(name, region.as_string());
    catalog.legacy_default_region = region_file.at("legacy").at("default").as_string();
    catalog.prices = price_table(json::parse(embedded_file("fixtures/catalog/prices.json")));
    return catalog;
}

} // namespace

const Zone* Catalog::find_zone(std::string_view name) const { return find(zones, &Zone::name, name); }

const Image* Catalog::find_image(std::string_view id) const { return find(images, &Image::id, id); }

const InstanceType* Catalog::find_instance_type(std::string_view name) const
{
    return find(instance_types, &InstanceType::name, name);
}

const state::Lifecycle* Catalog::find_lifecycle(std::string_view name) const
{
    return name.empty() ? &lifecycles.front() : find(lifecycles, &state::Lifecycle::name, name);
}

const state::Lifecycle& Catalog::lifecycle_of(const state::Account& account) const
{
    const state::Lifecycle* found = find_lifecycle(account.lifecycle);
    if (found == nullptr)
        throw std::runtime_error{"the account " + account.uin + " has the unknown lifecycle '" + account.lifecycle +
                                 "'"};
    return *found;
}

Offer Catalog::offer(const InstanceType& type, const Zone& zone) const
{
    const std::pair pair{type.name, zone.name};
    return not_offered.contains(pair) ? Offer::never : sold_out.contains(pair) ? Offer::sold_out : Offer::on_sale;
}

std::string_view Catalog::legacy_region(std::string_view region) const
{
    const auto at = std::ranges::find(legacy_regions, region, [](const auto& pair) { return pair.second; });
    return at != legacy_regions.end() ? std::string_view{at->first} : region;
}

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
