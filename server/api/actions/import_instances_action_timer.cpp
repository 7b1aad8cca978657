#include "server/api/action.hpp"
#include "server/api/action_timers.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/persist.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::import_instances_action_timer {

namespace {

constexpr std::array fields{
    required_instance_ids,
    Field{.name = "ActionTimer", .type = Type::object, .required = true, .members = timer_members},
};

// Only instances that are not prepaid can have a timer, and at most one each.
std::optional<Error> refuse_timer(std::span<const state::Instance> instances)
{
    for (const state::Instance& instance : instances) {
        if (state::pays_ahead(instance.charge_type))
            return error(Errc::unsupported_operation_not_support_import_instances_action_timer);
        if (instance.terminates_at)
            return error(Errc::failed_operation_mut_action_timer_exist, instance.id);
    }
    return std::nullopt;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    auto instances = load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();
    if (auto refusal = refuse_by_state(context.action, *instances))
        return *std::move(refusal);
    const auto time = read_action_time(context, params.object("ActionTimer").value());
    if (!time)
        return time.error();
    if (auto refusal = refuse_timer(*instances))
        return *std::move(refusal);

    boost::json::array ids;
    for (state::Instance& instance : *instances) {
        instance.terminates_at = *time;
        ids.push_back(boost::json::string{timer_id(state::timer_of(instance).value())});
        save(context, std::move(instance));
    }
    boost::json::object answer;
    answer["ActionTimerIds"] = std::move(ids);
    return answer;
}

} // namespace

extern const Action action{
    .name = "ImportInstancesActionTimer",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::import_instances_action_timer
