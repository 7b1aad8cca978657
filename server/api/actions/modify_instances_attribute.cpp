#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/instance_settings.hpp"
#include "server/api/network_checks.hpp"
#include "server/api/persist.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::modify_instances_attribute {

namespace {

constexpr std::array<std::string_view, 3> role_types{"user", "system", "service_linked"};

constexpr std::array fields{
    required_instance_ids,
    Field{.name = "InstanceName", .type = Type::string},
    Field{.name = "UserData", .type = Type::string},
    Field{.name = "SecurityGroups", .type = Type::strings},
    Field{.name = "CamRoleName", .type = Type::string},
    Field{.name = "HostName", .type = Type::string},
    Field{.name = "DisableApiTermination", .type = Type::boolean},
    Field{.name = "CamRoleType", .type = Type::string, .words = role_types},
    Field{.name = "AutoReboot", .type = Type::boolean},
    Field{.name = "EnableJumboFrame", .type = Type::boolean},
};

// A call changes exactly one of these.
constexpr std::array<std::string_view, 7> attributes{"InstanceName",    "UserData", "SecurityGroups",
                                                     "CamRoleName",     "HostName", "DisableApiTermination",
                                                     "EnableJumboFrame"};

// The name of the attribute that the call changes.
Result<std::string_view> attribute_of(const Params& params)
{
    std::string_view found;
    for (const std::string_view name : attributes) {
        if (!params.has(name))
            continue;
        if (!found.empty())
            return error(Errc::invalid_parameter_exclusive, found, name);
        found = name;
    }
    if (found.empty())
        return error(Errc::missing_parameter, params.has("CamRoleType")  ? "CamRoleName"
                                              : params.has("AutoReboot") ? "HostName"
                                                                         : "InstanceName");
    return found;
}

// The maximum length of an InstanceName, in characters, on the Chinese page; 128 on the international one.
constexpr std::size_t max_new_name = 60;

// Decided by the image or, if it is not in the catalogue, by the name of the operating system.
bool runs_windows(const Catalog& catalog, const state::InstanceAttributes& of)
{
    if (catalog.find_image(of.image_id) != nullptr)
        return windows(catalog, of.image_id);
    return of.os_name.starts_with("Windows");
}

std::optional<Error> check_host_name(const Context& context, const std::string& name,
                                     std::span<const state::Instance> instances)
{
    for (const state::Instance& instance : instances)
        if (auto problem = check_host_name(context.action, name, runs_windows(context.catalog, instance.attributes)))
            return problem;
    return std::nullopt;
}

std::optional<Error> check_value(const Context& context, const Params& params,
                                 std::span<const state::Instance> instances)
{
    const ActionName& action = context.action;
    if (const auto name = params.string("InstanceName"))
        return check_instance_name(action, *name, max_new_name);
    if (const auto data = params.string("UserData"))
        return check_user_data(action, *data);
    if (const auto role = params.string("CamRoleName"))
        return check_role_name(action, *role);
    if (const auto name = params.string("HostName"))
        return check_host_name(context, *name, instances);
    const auto groups = params.strings("SecurityGroups");
    if (auto problem = check_security_groups(groups, Errc::limit_exceeded_associate_usg_limit_exceeded, "an instance"))
        return problem;
    return check_groups_exist(context, groups);
}

void change(state::Instance& instance, std::string_view attribute, const Params& params)
{
    if (attribute == "InstanceName")
        instance.name = params.string(attribute).value();
    else if (attribute == "UserData")
        instance.attributes.user_data = params.string(attribute);
    else if (attribute == "SecurityGroups")
        instance.attributes.security_group_ids = params.strings(attribute);
    else if (attribute == "CamRoleName")
        instance.attributes.cam_role_name = params.string(attribute);
    else if (attribute == "HostName")
        instance.attributes.host_name = params.string(attribute).value();
    else if (attribute == "DisableApiTermination")
        instance.attributes.disable_api_termination = params.boolean(attribute).value();
    else
        instance.attributes.enable_jumbo_frame = params.boolean(attribute).value();
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto attribute = attribute_of(params);
    if (!attribute)
        return attribute.error();
    auto instances = load_workable(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();
    if (auto problem = check_value(context, params, *instances))
        return *problem;

    const bool reboots = *attribute == "HostName" && params.boolean("AutoReboot").value_or(true);
    for (state::Instance& instance : *instances) {
        change(instance, *attribute, params);
        if (reboots && instance.state == state::InstanceState::running)
            begin_operation(context, instance, {state::InstanceState::rebooting, state::InstanceState::running});
        else
            begin_operation(context, instance);
        save(context, instance);
    }
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ModifyInstancesAttribute",
    .writes = true,
    .legacy = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::modify_instances_attribute
