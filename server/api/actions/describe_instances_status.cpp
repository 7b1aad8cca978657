#include "server/api/action.hpp"
#include "server/api/instance_list.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api {

namespace {

constexpr std::array fields{instance_ids_field, signed_offset_field, signed_limit_field};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto list = list_instances(context, params, {});
    if (!list)
        return list.error();
    boost::json::array states;
    for (const state::Instance& instance : list->instances)
        states.push_back({{"InstanceId", instance.id}, {"InstanceState", name(instance.state)}});
    return boost::json::object{{"TotalCount", list->total}, {"InstanceStatusSet", std::move(states)}};
}

} // namespace

extern const Action describe_instances_status{
    .name = "DescribeInstancesStatus",
    .legacy = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api
