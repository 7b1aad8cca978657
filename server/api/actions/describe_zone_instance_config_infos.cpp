#include "server/api/action.hpp"
#include "server/api/filter.hpp"
#include "server/api/instance_settings.hpp"
#include "server/api/price_json.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace cvm::api::describe_zone_instance_config_infos {

namespace {

constexpr std::array fields{filters_field};

// An instance type in a zone, an item of the answer.
struct Config {
    const InstanceType* type;
    const Zone* zone;
    state::ChargeType charge_type;
};

using Words = std::vector<std::string>;
constexpr std::string_view charge_type_filter = "instance-charge-type";
constexpr std::string_view sort_filter = "sort-keys";
constexpr std::array<TextFilter<Config>, 5> filters{{
    {"zone", [](const Config& config) { return Words{config.zone->name}; }},
    {"instance-family", [](const Config& config) { return Words{config.type->family}; }},
    {"instance-type", [](const Config& config) { return Words{config.type->name}; }},
    {charge_type_filter, [](const Config& config) { return Words{std::string{name(config.charge_type)}}; }},
    {sort_filter, [](const Config&) { return Words{}; }}, // does not filter, but sorts: read_sort_keys
}};
constexpr std::size_t max_values = 100;

// The charge types in the answer without the filter (assumed), and with it.
constexpr std::array default_charge_types{state::ChargeType::prepaid, state::ChargeType::postpaid_by_hour};
constexpr std::array all_charge_types{state::ChargeType::prepaid, state::ChargeType::postpaid_by_hour,
                                      state::ChargeType::cdhpaid, state::ChargeType::spotpaid,
                                      state::ChargeType::cdcpaid};

// "cpu:desc", "mem:asc".
struct SortKey {
    std::int64_t InstanceType::*figure;
    bool descending;
};

std::optional<SortKey> read_sort_key(std::string_view text)
{
    struct Word {
        std::string_view word;
        SortKey key;
    };
    constexpr std::array words{
        Word{"cpu:asc", {&InstanceType::cpu, false}},
        Word{"cpu:desc", {&InstanceType::cpu, true}},
        Word{"mem:asc", {&InstanceType::memory_gib, false}},
        Word{"mem:desc", {&InstanceType::memory_gib, true}},
    };
    const auto at = std::ranges::find(words, text, &Word::word);
    return at != words.end() ? std::optional{at->key} : std::nullopt;
}

// Orders two types by the first key in which they differ.
bool before(const InstanceType& a, const InstanceType& b, std::span<const SortKey> keys)
{
    for (const auto& [figure, descending] : keys)
        if (a.*figure != b.*figure)
            return descending ? a.*figure > b.*figure : a.*figure < b.*figure;
    return false;
}

// An instance on a dedicated host or in a dedicated cluster has no price of its own.
boost::json::object price(const Catalog& catalog, const state::Instance& instance, state::ChargeType charge_type)
{
    if (state::pays_ahead(charge_type))
        return prepaid_item(state::instance_price(catalog.prices, instance, std::chrono::months{1}));
    return hourly_item(catalog.prices, state::pays_by_hour(charge_type) ? state::hourly_price(catalog.prices, instance)
                                                                        : state::Cents{});
}

boost::json::object to_json(const Catalog& catalog, const Config& config)
{
    const InstanceType& type = *config.type;
    state::Instance instance;
    instance.type = type.name;
    instance.cpu = type.cpu;
    instance.memory_gib = type.memory_gib;
    const bool on_sale = config.zone->available && catalog.offer(type, *config.zone) == Offer::on_sale;
    return {{"Zone", config.zone->name},
            {"InstanceType", type.name},
            {"InstanceChargeType", name(config.charge_type)},
            {"NetworkCard", 0},
            {"Externals", boost::json::object{}},
            {"Cpu", type.cpu},
            {"Memory", type.memory_gib},
            {"InstanceFamily", type.family},
            {"TypeName", type.description},
            {"LocalDiskTypeList", boost::json::array{}},
            {"Status", on_sale ? "SELL" : "SOLD_OUT"},
            {"Price", price(catalog, instance, config.charge_type)},
            {"SoldOutReason", on_sale ? "" : code_of(Errc::resources_sold_out_specified_instance_type)},
            {"InstanceBandwidth", type.bandwidth_gbps},
            {"InstancePps", type.pps},
            {"StorageBlockAmount", 0},
            {"CpuType", type.cpu_type},
            {"Gpu", type.gpu},
            {"Fpga", 0},
            {"Remark", ""},
            {"GpuCount", type.gpu},
            {"Frequency", type.frequency},
            {"StatusCategory", on_sale ? "EnoughStock" : "WithoutStock"}};
}

// Refuses malformed values, zones of another region, and unknown sort keys.
std::optional<Error> check_values(std::string_view region, const Filter& filter)
{
    for (const std::string& value : filter.values) {
        if (filter.name == "zone" && region_of_zone(value) != region)
            return error(Errc::invalid_zone_mismatch_region, value, region);
        if (filter.name == "instance-type" && !well_formed_instance_type(value))
            return error(Errc::invalid_instance_type_malformed, value);
        if (filter.name == sort_filter && !read_sort_key(value))
            return error(Errc::invalid_parameter_value, value, sort_filter);
    }
    return std::nullopt;
}

std::vector<Config> configs(const Catalog& catalog, std::string_view region, std::span<const Filter> given)
{
    const bool any_charge_type = std::ranges::find(given, charge_type_filter, &Filter::name) != given.end();
    const std::span<const state::ChargeType> charge_types =
        any_charge_type ? std::span<const state::ChargeType>{all_charge_types} : default_charge_types;
    std::vector<Config> found;
    for (const Zone& zone : catalog.zones) {
        if (zone.region != region)
            continue;
        for (const InstanceType& type : catalog.instance_types) {
            if (catalog.offer(type, zone) == Offer::never)
                continue;
            for (const state::ChargeType charge_type : charge_types)
                if (const Config config{&type, &zone, charge_type}; passes<Config>(config, filters, given))
                    found.push_back(config);
        }
    }
    return found;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    auto given = read_filters(params);
    if (auto problem = check_filters<Config>(filters, given, max_values))
        return *problem;
    std::vector<SortKey> keys;
    for (const Filter& filter : given) {
        if (auto problem = check_values(context.call.region, filter))
            return *problem;
        if (filter.name == sort_filter)
            for (const std::string& value : filter.values)
                keys.push_back(read_sort_key(value).value());
    }
    std::erase_if(given, [](const Filter& filter) { return filter.name == sort_filter; });

    auto found = configs(context.catalog, context.call.region, given);
    std::ranges::stable_sort(found, [&](const Config& a, const Config& b) { return before(*a.type, *b.type, keys); });
    boost::json::array set;
    for (const Config& config : found)
        set.push_back(to_json(context.catalog, config));
    boost::json::object answer;
    answer["InstanceTypeQuotaSet"] = std::move(set);
    return answer;
}

} // namespace

extern const Action action{
    .name = "DescribeZoneInstanceConfigInfos",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_zone_instance_config_infos
