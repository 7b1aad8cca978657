#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::describe_instances_operation_limit {

namespace {

constexpr std::array<std::string_view, 2> operations{"INSTANCE_DEGRADE", "INTERNET_CHARGE_TYPE_CHANGE"};

// How often an instance may be downgraded, or its bandwidth charge type changed (assumed:
// fixtures/catalog/actions/DescribeInstancesOperationLimit.json). This server implements neither action, so the count
// stays 0.
constexpr std::int64_t operation_limit = 5;

constexpr std::array fields{
    required_instance_ids,
    Field{.name = "Operation", .type = Type::string, .required = true, .words = operations},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto instances = load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();

    boost::json::array set;
    for (const state::Instance& instance : *instances)
        set.push_back(boost::json::object{{"Operation", params.string("Operation").value()},
                                          {"InstanceId", instance.id},
                                          {"CurrentCount", 0},
                                          {"LimitCount", operation_limit}});
    boost::json::object answer;
    answer["InstanceOperationLimitSet"] = std::move(set);
    return answer;
}

} // namespace

extern const Action action{
    .name = "DescribeInstancesOperationLimit",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_instances_operation_limit
