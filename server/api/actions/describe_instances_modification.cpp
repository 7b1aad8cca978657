#include "server/api/action.hpp"
#include "server/api/filter.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/offers.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api::describe_instances_modification {

namespace {

constexpr Field few_instance_ids{.name = "InstanceIds", .type = Type::strings, .required = true, .max_items = 20};
constexpr std::array fields{
    few_instance_ids,
    filters_field,
};

std::string_view status_of(const TypeInZone& offered) { return offered.on_sale ? "SELL" : "UNAVAILABLE"; }

constexpr std::array<TextFilter<TypeInZone>, 1> status_filters{{
    {"status", [](const TypeInZone& offered) { return std::vector{std::string{status_of(offered)}}; }},
}};
constexpr std::size_t max_statuses = 2;

// Whether the instance can change to the type: a different type for the same processor (assumed).
bool can_become(const Catalog& catalog, const state::Instance& instance, const InstanceType& type)
{
    const InstanceType* own = catalog.find_instance_type(instance.type);
    return type.name != instance.type && (own == nullptr || own->architecture == type.architecture);
}

boost::json::object to_json(const TypeInZone& offered)
{
    return {{"Status", status_of(offered)},
            {"Message", offered.on_sale ? "" : code_of(Errc::resources_sold_out_specified_instance_type)},
            {"InstanceTypeConfig", type_config(offered)}};
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto given = read_filters(params);
    if (auto problem = check_filters<TypeInZone>(status_filters, given, max_statuses))
        return *std::move(problem);
    const auto instances = load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();
    if (auto refusal = refuse_by_state(context.action, *instances))
        return *std::move(refusal);
    const std::string zone = instances->empty() ? "" : instances->front().zone;
    if (!std::ranges::all_of(*instances, [&](const state::Instance& instance) { return instance.zone == zone; }))
        return error(Errc::failed_operation_zone_inconsistent);

    boost::json::array set;
    for (const TypeInZone& offered : types_in_zones(context.catalog, context.call.region)) {
        const auto fits = [&](const state::Instance& instance) {
            return can_become(context.catalog, instance, *offered.type);
        };
        if (offered.zone->name == zone && std::ranges::all_of(*instances, fits) &&
            passes<TypeInZone>(offered, status_filters, given))
            set.push_back(to_json(offered));
    }
    boost::json::object answer;
    answer["TotalCount"] = set.size();
    answer["InstanceTypeConfigStatusSet"] = std::move(set);
    return answer;
}

} // namespace

extern const Action action{
    .name = "DescribeInstancesModification",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_instances_modification
