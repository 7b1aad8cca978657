#include "server/api/action.hpp"
#include "server/api/filter.hpp"
#include "server/api/instance_settings.hpp"
#include "server/api/price_json.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api {

namespace {

constexpr std::array fields{filters_field};

// An instance type in a zone, an item of the answer.
struct Config {
    const InstanceType& type;
    const Zone& zone;
    state::ChargeType charge_type;
};

using Words = std::vector<std::string>;
constexpr std::array<TextFilter<Config>, 4> filters{{
    {"zone", [](const Config& config) { return Words{config.zone.name}; }},
    {"instance-family", [](const Config& config) { return Words{config.type.family}; }},
    {"instance-type", [](const Config& config) { return Words{config.type.name}; }},
    {"instance-charge-type", [](const Config& config) { return Words{std::string{name(config.charge_type)}}; }},
}};
constexpr std::size_t max_values = 1;

boost::json::object to_json(const Catalog& catalog, const Config& config)
{
    const InstanceType& type = config.type;
    state::Instance instance;
    instance.type = type.name;
    instance.cpu = type.cpu;
    instance.memory_gib = type.memory_gib;
    const bool on_sale = config.zone.available && catalog.offer(type, config.zone) == Offer::on_sale;
    const auto month = std::chrono::months{1};
    return {{"Zone", config.zone.name},
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
            {"Price", state::pays_ahead(config.charge_type)
                          ? prepaid_item(state::instance_price(catalog.prices, instance, month))
                          : hourly_item(catalog.prices, state::hourly_price(catalog.prices, instance))},
            {"SoldOutReason", on_sale ? "" : "No stock in this zone."},
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

Result<boost::json::object> handle(const Context& context, const Params& params)
{
    const auto given = read_filters(params);
    if (auto problem = check_filters<Config>(filters, given, max_values))
        return *problem;
    for (const Filter& filter : given) {
        const std::string& value = filter.values.front();
        if (filter.name == "zone" && region_of_zone(value) != context.call.region)
            return error(Errc::invalid_zone_mismatch_region, value);
        if (filter.name == "instance-type" && !well_formed_instance_type(value))
            return error(Errc::invalid_instance_type_malformed, value);
    }

    boost::json::array set;
    for (const Zone& zone : context.catalog.zones) {
        if (zone.region != context.call.region)
            continue;
        for (const InstanceType& type : context.catalog.instance_types)
            for (const auto charge_type : {state::ChargeType::prepaid, state::ChargeType::postpaid_by_hour}) {
                const Config config{type, zone, charge_type};
                if (context.catalog.offer(type, zone) != Offer::never && passes<Config>(config, filters, given))
                    set.push_back(to_json(context.catalog, config));
            }
    }
    boost::json::object answer;
    answer["InstanceTypeQuotaSet"] = std::move(set);
    return answer;
}

} // namespace

extern const Action describe_zone_instance_config_infos{
    .name = "DescribeZoneInstanceConfigInfos",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api
