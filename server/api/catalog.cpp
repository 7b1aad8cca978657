#include "server/api/catalog.hpp"

#include "server/api/instance_size.hpp"
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
    const json::value& names_of = file.at("names").at("regions");
    for (const json::value& region : file.at("cvm").at("regions").as_array())
        catalog.region_names.emplace_back(region.as_string(), names(names_of.at(region.as_string())));
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
                                  .description = text(entry, "name"),
                                  .architecture = text(entry, "architecture"),
                                  .platform = text(entry, "platform"),
                                  .size_gib = entry.at("size").as_int64(),
                                  .snapshots = std::vector<state::Snapshot>{}});
}

// The first step with enough cores, or the last step.
const json::value& network_step(const json::array& steps, std::int64_t cpu)
{
    const auto at =
        std::ranges::find_if(steps, [&](const json::value& step) { return step.at("cores").as_int64() >= cpu; });
    return at != steps.end() ? *at : steps.back();
}

// A size is given as its name, or as an object with the name as "size" and everything that name and family do not tell.
InstanceType load_instance_type(const json::object& family, const json::value& size, const SizeWords& words,
                                const json::array& network)
{
    static const json::object nothing;
    const json::object& more = size.is_object() ? size.get_object() : nothing;
    const std::string name{size.is_object() ? more.at("size").as_string() : size.as_string()};
    const auto known = read_size(name, words);
    if (!known)
        throw std::runtime_error{"fixtures/catalog/instance_types.json: '" + name + "' is no size"};
    const auto value = [&](std::string_view member, const json::value& otherwise) -> const json::value& {
        const json::value* found = more.if_contains(member);
        return found != nullptr ? *found : otherwise;
    };
    InstanceType type;
    type.family = family.at("family").as_string();
    type.name = type.family + "." + name;
    type.description = family.at("type_name").as_string();
    type.cpu = value("cpu", known->cpu).as_int64();
    type.memory_gib = known->memory_gib;
    type.gpu = value("gpu", std::int64_t{0}).as_int64();
    if (const json::value* cards = family.if_contains("gpu_type"))
        type.gpu_type = cards->as_string();
    if (const json::value* architecture = family.if_contains("architecture"))
        type.architecture = architecture->as_string();
    type.cpu_type = family.at("cpu_type").as_string();
    type.frequency = family.at("frequency").as_string();
    const json::value& step = network_step(network, type.cpu);
    type.bandwidth_gbps = value("bandwidth_gbps", step.at("bandwidth_gbps")).to_number<double>();
    type.pps = value("pps", step.at("pps")).as_int64();
    return type;
}

// Sets the monthly price of a type that the price table does not list. Pricing derives prices from cores and memory, so
// only types with GPU cards and types with their own price need an entry.
void set_price(const InstanceType& type, state::Cents per_gpu, state::PriceTable& prices)
{
    if (type.month) {
        prices.instance_types.insert_or_assign(type.name, *type.month);
        prices.hourly_instance_types.erase(type.name);
    } else if (type.gpu > 0) {
        prices.instance_types.try_emplace(type.name, prices.per_core * type.cpu +
                                                         prices.per_gib_memory * type.memory_gib + per_gpu * type.gpu);
    }
}

void load_instance_types(const json::value& file, Catalog& catalog)
{
    SizeWords words;
    for (const auto& [word, cores] : file.at("size_words").at("cores").as_object())
        words.emplace(word, cores.as_int64());
    const json::array& network = file.at("network").at("steps").as_array();
    for (const json::value& family : file.at("families").as_array())
        for (const json::value& size : family.at("sizes").as_array()) {
            catalog.instance_types.push_back(load_instance_type(family.as_object(), size, words, network));
            set_price(catalog.instance_types.back(), catalog.per_gpu, catalog.prices);
        }
    catalog.default_instance_type = text(file.at("default"), "type");
    const json::value& host = file.at("host_types");
    catalog.host_family = text(host, "family");
    catalog.max_host_cores = host.at("most_cores").as_int64();
    catalog.max_host_memory = host.at("most_memory").as_int64();
    catalog.sold_out = types_in_zones(file.at("sold_out"));
    catalog.not_offered = types_in_zones(file.at("not_offered"));
}

void load_bundles(const json::value& file, Catalog& catalog)
{
    for (const json::value& entry : file.at("bundles").as_array()) {
        catalog.bundles.push_back({.id = text(entry, "id"),
                                   .type = text(entry, "type"),
                                   .description = names(entry.at("description")),
                                   .label = text(entry, "label"),
                                   .cpu = entry.at("cpu").as_int64(),
                                   .memory_gib = entry.at("memory").as_int64(),
                                   .disk_type = text(entry, "system_disk_type"),
                                   .disk_size = entry.at("system_disk_size").as_int64(),
                                   .bandwidth_mbps = entry.at("bandwidth").as_int64(),
                                   .traffic_gb = entry.at("monthly_traffic").as_int64(),
                                   .on_linux = entry.at("linux").as_bool(),
                                   .on_windows = entry.at("windows").as_bool(),
                                   .sold_out = entry.at("sold_out").as_bool()});
        const std::string& id = catalog.bundles.back().id;
        catalog.prices.instance_types.emplace(id, cents(entry.at("month")));
        catalog.prices.family_discounts.emplace(id, discounts(file.at("period_discounts").at("steps")));
    }
    for (const json::value& entry : file.at("blueprints").as_array())
        catalog.blueprints.push_back({.id = text(entry, "id"),
                                      .platform = text(entry, "platform"),
                                      .platform_type = text(entry, "platform_type"),
                                      .os_name = text(entry, "os_name")});
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
                                      .arrears_retention = span("retention_hours"),
                                      .lighthouse = stages(entry.at("lighthouse"))});
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
    json::monotonic_resource memory; // of trees that are freed together
    const auto parsed = [&](const char* name) { return json::parse(embedded_file(name), &memory); };
    const json::value region_file = parsed("fixtures/catalog/regions.json");
    load_places(region_file, catalog);
    load_images(parsed("fixtures/catalog/images.json"), catalog);
    load_lifecycles(parsed("fixtures/catalog/lifecycle.json"), catalog);
    const json::value price_file = parsed("fixtures/catalog/prices.json");
    catalog.prices = price_table(price_file);
    catalog.per_gpu = cents(price_file.at("other_instance_types").at("gpu"));
    load_instance_types(parsed("fixtures/catalog/instance_types.json"), catalog);
    load_bundles(parsed("fixtures/catalog/bundles.json"), catalog);
    catalog.cvm_regions = regions(region_file.at("cvm"));
    catalog.other_regions = regions(region_file.at("other"));
    for (const auto& [name, region] : region_file.at("legacy").at("names").as_object())
        catalog.legacy_regions.emplace(name, region.as_string());
    catalog.legacy_default_region = region_file.at("legacy").at("default").as_string();
    return catalog;
}

// Replaces the items with the same key by those of `added`, or appends them.
template <class T>
void merge(std::vector<T>& list, std::string T::*key, const std::vector<T>& added)
{
    for (const T& item : added)
        if (const auto at = std::ranges::find(list, item.*key, key); at != list.end())
            *at = item;
        else
            list.push_back(item);
}

} // namespace

const Zone* Catalog::find_zone(std::string_view name) const { return find(zones, &Zone::name, name); }

const Image* Catalog::find_image(std::string_view id) const { return find(images, &Image::id, id); }

const InstanceType* Catalog::find_instance_type(std::string_view name) const
{
    return find(instance_types, &InstanceType::name, name);
}

const Host* Catalog::find_host(std::string_view id) const { return find(hosts, &Host::id, id); }

const Bundle* Catalog::find_bundle(std::string_view id) const { return find(bundles, &Bundle::id, id); }

const Blueprint* Catalog::find_blueprint(std::string_view id) const { return find(blueprints, &Blueprint::id, id); }

std::optional<InstanceType> Catalog::host_type(std::string_view name) const
{
    const auto size = read_host_type(name, host_family);
    if (!size || size->cpu > max_host_cores || size->memory_gib > max_host_memory)
        return std::nullopt;
    return InstanceType{
        .name = std::string{name}, .family = host_family, .cpu = size->cpu, .memory_gib = size->memory_gib};
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

Catalog extended(const Catalog& catalog, const state::Additions& additions)
{
    Catalog whole = catalog;
    merge(whole.instance_types, &InstanceType::name, additions.types);
    merge(whole.images, &Image::id, additions.images);
    merge(whole.zones, &Zone::name, additions.zones);
    merge(whole.hosts, &Host::id, additions.hosts);
    for (const InstanceType& type : additions.types) {
        // Prices of a replaced type no longer apply.
        whole.prices.instance_types.erase(type.name);
        whole.prices.hourly_instance_types.erase(type.name);
        set_price(type, whole.per_gpu, whole.prices);
    }
    return whole;
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
