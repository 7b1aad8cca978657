#include "server/api/action.hpp"
#include "server/api/disk_config.hpp"
#include "server/api/disk_price_json.hpp"
#include "server/api/instance_settings.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cvm::api::describe_disk_config_quota {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 2> inquiry_types{"INQUIRY_CBS_CONFIG", "INQUIRY_CVM_CONFIG"};
constexpr std::array<std::string_view, 2> charge_types{"PREPAID", "POSTPAID_BY_HOUR"};

constexpr std::array fields{
    Field{.name = "InquiryType", .type = Type::string, .required = true, .words = inquiry_types},
    Field{.name = "DiskChargeType", .type = Type::string, .words = charge_types},
    Field{.name = "InstanceFamilies", .type = Type::strings, .max_items = 100},
    Field{.name = "DiskTypes", .type = Type::strings, .max_items = 100},
    Field{.name = "Zones", .type = Type::strings, .max_items = 100},
    Field{.name = "Memory", .type = Type::unsigned_integer},
    Field{.name = "DiskUsage", .type = Type::string, .words = state::Names<state::DiskUsage>::all},
    Field{.name = "CPU", .type = Type::unsigned_integer},
    Field{.name = "DedicatedClusterId", .type = Type::string},
};

// An item of the answer.
struct Config {
    const Zone& zone;
    std::optional<std::string_view> family; // of instances that the disk can be used with; nullopt: without an instance
    std::string_view type;
    state::DiskUsage usage;
    bool ahead;
};

// Whether a list contains the name, or is empty.
bool names(const std::vector<std::string>& list, std::string_view word)
{
    return list.empty() || std::ranges::find(list, word) != list.end();
}

// The instance families with a matching type on sale in the zone.
std::set<std::string_view> families_in(const Catalog& catalog, const Zone& zone, const Params& params)
{
    const auto named = params.strings("InstanceFamilies");
    const auto cores = params.integer("CPU");
    const auto memory = params.integer("Memory");
    std::set<std::string_view> families;
    for (const InstanceType& type : catalog.instance_types)
        if (names(named, type.family) && type.cpu == cores.value_or(type.cpu) &&
            type.memory_gib == memory.value_or(type.memory_gib) && catalog.offer(type, zone) == Offer::on_sale)
            families.insert(type.family);
    return families;
}

// The limits of a system disk are those of RunInstances.
std::pair<std::int64_t, std::int64_t> sizes(const Config& config)
{
    if (config.usage == state::DiskUsage::system)
        return {min_system_disk, max_system_disk};
    return {min_disk_size(config.type), max_disk_size};
}

json::object to_json(const Catalog& catalog, const Config& config)
{
    const auto [least, most] = sizes(config);
    state::Disk smallest;
    smallest.type = config.type;
    smallest.size_gib = least;
    return {{"Available", config.zone.available},
            {"DiskChargeType", config.ahead ? "PREPAID" : "POSTPAID_BY_HOUR"},
            {"Zone", config.zone.name},
            {"InstanceFamily", config.family ? json::value(*config.family) : json::value(nullptr)},
            {"DiskType", config.type},
            {"StepSize", disk_size_step},
            {"ExtraPerformanceRange",
             is_fast_disk(config.type) ? json::value(json::array{0, max_extra_performance}) : json::value(nullptr)},
            {"DeviceClass", nullptr},
            {"DiskUsage", name(config.usage)},
            {"MinDiskSize", least},
            {"MaxDiskSize", most},
            {"Price", config.ahead
                          ? prepaid_disk_item(state::disk_price(catalog.prices, smallest, std::chrono::months{1}))
                          : hourly_disk_item(state::hourly_disk_price(catalog.prices, smallest))}};
}

// Adds the requested configurations of a zone and, for an inquiry with instances, of a family.
void add(json::array& set, const Catalog& catalog, const Params& params, const Zone& zone,
         std::optional<std::string_view> family)
{
    const auto types = params.strings("DiskTypes");
    // A disk that is bought without an instance is a data disk.
    const auto usage = params.string("DiskUsage").value_or(family ? "" : "DATA_DISK");
    const auto charge_type = params.string("DiskChargeType").value_or("");
    for (const std::string_view type : elastic_disk_types) {
        if (!names(types, type))
            continue;
        for (const state::DiskUsage each : {state::DiskUsage::system, state::DiskUsage::data})
            for (const bool ahead : {true, false}) {
                const Config config{zone, family, type, each, ahead};
                const bool sold = family || (each == state::DiskUsage::data && type != "CLOUD_TSSD");
                if (sold && (usage.empty() || usage == name(each)) &&
                    (charge_type.empty() || charge_type == charge_types[ahead ? 0 : 1]))
                    set.push_back(to_json(catalog, config));
            }
    }
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const Catalog& catalog = context.catalog;
    const auto zones = params.strings("Zones");
    for (const std::string& zone : zones)
        if (region_of_zone(zone) != context.call.region)
            return error(Errc::invalid_parameter_value, zone, "Zones");
    const bool with_instances = params.string("InquiryType") == "INQUIRY_CVM_CONFIG";
    json::array set;
    for (const Zone& zone : catalog.zones) {
        if (zone.region != context.call.region || !names(zones, zone.name))
            continue;
        if (!with_instances)
            add(set, catalog, params, zone, std::nullopt);
        else
            for (const std::string_view family : families_in(catalog, zone, params))
                add(set, catalog, params, zone, family);
    }
    json::object answer;
    answer["DiskConfigSet"] = std::move(set);
    return answer;
}

} // namespace

extern const Action action{
    .name = "DescribeDiskConfigQuota",
    .product = "cbs",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_disk_config_quota
