#include "server/api/action.hpp"
#include "server/api/instance_list.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::describe_instances_status {

namespace {

constexpr std::array fields{instance_ids_field, signed_offset_field, signed_limit_field};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto list = list_instances(context, params, {});
    if (!list)
        return list.error();
    ResponseWriter answer{context.call.form};
    answer.member("TotalCount", list->total);
    answer.name("InstanceStatusSet");
    JsonWriter& out = answer.json();
    out.begin_array();
    for (const auto& instance : list->instances) {
        out.begin_object();
        out.member("InstanceId", instance->id);
        out.member("InstanceState", name(instance->state));
        out.end_object();
    }
    out.end_array();
    return answer;
}

} // namespace

extern const Action action{
    .name = "DescribeInstancesStatus",
    .legacy = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_instances_status
