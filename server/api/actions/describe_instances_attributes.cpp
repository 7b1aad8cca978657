#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::describe_instances_attributes {

namespace {

constexpr std::array<std::string_view, 1> attributes{"UserData"};

constexpr std::array fields{
    Field{.name = "Attributes", .type = Type::strings, .required = true, .words = attributes},
    required_instance_ids,
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto instances = load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();

    boost::json::array set;
    for (const state::Instance& instance : *instances)
        set.push_back(boost::json::object{
            {"InstanceId", instance.id},
            {"Attributes", boost::json::object{{"UserData", instance.attributes.user_data.value_or("")}}}});
    boost::json::object answer;
    answer["InstanceSet"] = std::move(set);
    return answer;
}

} // namespace

extern const Action action{
    .name = "DescribeInstancesAttributes",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_instances_attributes
