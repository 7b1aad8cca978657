#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/instance_settings.hpp"
#include "server/api/persist.hpp"

#include <array>

namespace cvm::api::enter_rescue_mode {

namespace {

constexpr std::array fields{
    Field{.name = "InstanceId", .type = Type::string, .required = true},
    Field{.name = "Password", .type = Type::string, .required = true},
    Field{.name = "Username", .type = Type::string},
    Field{.name = "ForceStop", .type = Type::boolean},
    stop_type_field,
};

Result<Answer> handle(const Context& context, const Params& params)
{
    auto instances = load_workable(context, std::array{params.string("InstanceId").value()});
    if (!instances)
        return instances.error();
    if (auto problem = check_password(context.action, params.string("Password").value()))
        return *problem;

    state::Instance& instance = instances->front();
    begin_operation(context, instance, {state::InstanceState::enter_rescue_mode, state::InstanceState::rescue_mode});
    save(context, instance);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "EnterRescueMode",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::enter_rescue_mode
