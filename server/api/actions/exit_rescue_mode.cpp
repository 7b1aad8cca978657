#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/persist.hpp"

#include <array>

namespace cvm::api::exit_rescue_mode {

namespace {

constexpr std::array fields{
    Field{.name = "InstanceId", .type = Type::string, .required = true},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    auto instances = load_workable(context, std::array{params.string("InstanceId").value()});
    if (!instances)
        return instances.error();
    state::Instance& instance = instances->front();
    // If the page has no code for the state, this code says that there is no rescue mode to leave.
    if (instance.state != state::InstanceState::rescue_mode)
        return error(Errc::invalid_instance_not_supported, instance.id);

    begin_operation(context, instance, {state::InstanceState::exit_rescue_mode, state::InstanceState::running});
    save(context, instance);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ExitRescueMode",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::exit_rescue_mode
