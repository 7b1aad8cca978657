#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/persist.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::modify_instances_project {

namespace {

// The limit of a state document: whole numbers that are exact as doubles.
constexpr std::int64_t max_target_project_id = (std::int64_t{1} << 53) - 1;

constexpr std::array fields{
    required_instance_ids,
    Field{.name = "ProjectId", .type = Type::integer, .required = true},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    auto instances = load_workable(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();
    // This server has no projects: every number in the valid range is treated as existing (assumed).
    const std::int64_t project = params.integer("ProjectId").value();
    if (project < 0 || project > max_target_project_id)
        return error(Errc::invalid_project_id_not_found, std::to_string(project));

    for (state::Instance& instance : *instances) {
        instance.project_id = project;
        begin_operation(context, instance);
        save(context, instance);
    }
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ModifyInstancesProject",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::modify_instances_project
