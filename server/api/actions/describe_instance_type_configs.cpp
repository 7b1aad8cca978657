#include "server/api/action.hpp"
#include "server/api/filter.hpp"
#include "server/api/instance_settings.hpp"
#include "server/api/offers.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::describe_instance_type_configs {

namespace {

constexpr std::array fields{
    filters_field,
};

using Words = std::vector<std::string>;
constexpr std::array<TextFilter<TypeInZone>, 3> type_filters{{
    {"zone", [](const TypeInZone& offered) { return Words{offered.zone->name}; }},
    {"instance-family", [](const TypeInZone& offered) { return Words{offered.type->family}; }},
    {"instance-type", [](const TypeInZone& offered) { return Words{offered.type->name}; }},
}};
constexpr std::size_t max_type_values = 1;

// Refuses zones of another region, and values that cannot be instance types.
std::optional<Error> check_type_values(std::string_view region, const Filter& filter)
{
    for (const std::string& value : filter.values) {
        if (filter.name == "zone" && region_of_zone(value) != region)
            return error(Errc::invalid_zone_mismatch_region, value, region);
        if (filter.name == "instance-type" && !well_formed_instance_type(value))
            return error(Errc::invalid_instance_type_malformed, value);
    }
    return std::nullopt;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto given = read_filters(params);
    if (auto problem = check_filters<TypeInZone>(type_filters, given, max_type_values))
        return *std::move(problem);
    for (const Filter& filter : given)
        if (auto problem = check_type_values(context.call.region, filter))
            return *std::move(problem);

    boost::json::array set;
    for (const TypeInZone& offered : types_in_zones(context.catalog, context.call.region))
        if (passes<TypeInZone>(offered, type_filters, given))
            set.push_back(type_config(offered));
    boost::json::object answer;
    answer["InstanceTypeConfigSet"] = std::move(set);
    return answer;
}

} // namespace

extern const Action action{
    .name = "DescribeInstanceTypeConfigs",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_instance_type_configs
