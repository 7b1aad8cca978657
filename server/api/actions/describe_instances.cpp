#include "server/api/action.hpp"
#include "server/api/instance_filters.hpp"
#include "server/api/instance_json.hpp"
#include "server/api/instance_list.hpp"

#include <array>

namespace cvm::api::describe_instances {

namespace {

constexpr std::array fields{
    instance_ids_field,
    filters_field,
    signed_offset_field,
    signed_limit_field,
};

Result<Answer> handle(const Context& context, const Params& params)
{
    if (params.has("InstanceIds") && params.has("Filters"))
        return error(Errc::invalid_parameter_exclusive, "InstanceIds", "Filters");
    const auto filters = read_filters(params);
    if (auto problem = check_filters(filters, context.call.region))
        return *problem;

    const auto list = list_instances(context, params, filters);
    if (!list)
        return list.error();
    ResponseWriter answer{context.call.form};
    answer.member("TotalCount", list->total);
    answer.name("InstanceSet");
    answer.json().begin_array();
    for (const auto& instance : list->instances)
        context.instance_texts.write(answer.json(), instance);
    answer.json().end_array();
    return answer;
}

} // namespace

extern const Action action{
    .name = "DescribeInstances",
    .legacy = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_instances
