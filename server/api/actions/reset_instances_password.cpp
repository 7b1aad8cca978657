#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/instance_settings.hpp"
#include "server/api/persist.hpp"
#include "server/base/text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api::reset_instances_password {

namespace {

// The maximum length of a UserName, in characters (https://cloud.tencent.com/document/api/213/15736).
constexpr std::size_t max_user_name = 64;

constexpr std::array fields{
    required_instance_ids,
    Field{.name = "Password", .type = Type::string, .required = true},
    Field{.name = "UserName", .type = Type::string},
    Field{.name = "ForceStop", .type = Type::boolean},
};

// If one of the instances runs Windows, its stricter rules apply.
std::optional<Error> check_values(const Context& context, const Params& params,
                                  std::span<const state::Instance> instances)
{
    const std::string user = params.string("UserName").value_or("");
    if (characters(user) > max_user_name)
        return error(Errc::invalid_parameter_value_too_long, user);
    const std::string password = params.string("Password").value();
    const bool any_windows = std::ranges::any_of(instances, [&](const state::Instance& instance) {
        return windows(context.catalog, instance.attributes.image_id);
    });
    constexpr int kinds = 3;
    if (auto problem = check_password(context.action, password, any_windows, kinds))
        return problem;
    const std::string_view own_name = user.empty() ? std::string_view{"Administrator"} : std::string_view{user};
    if (password.starts_with('/') || (any_windows && password.find(own_name) != std::string::npos))
        return error(Errc::invalid_parameter_value_invalid_password);
    return std::nullopt;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const bool stops = params.boolean("ForceStop").value_or(false);
    auto instances = load_workable(context, params.strings("InstanceIds"),
                                   stops ? std::optional{state::InstanceState::running} : std::nullopt);
    if (!instances)
        return instances.error();
    if (auto problem = check_values(context, params, *instances))
        return *problem;

    for (state::Instance& instance : *instances) {
        if (instance.state == state::InstanceState::running)
            begin_operation(context, instance, {state::InstanceState::stopping, state::InstanceState::running});
        else
            begin_operation(context, instance);
        save(context, instance);
    }
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ResetInstancesPassword",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::reset_instances_password
