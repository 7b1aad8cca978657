#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "state/rules/lifecycle.hpp"
#include "state/store/account_repository.hpp"

#include <array>
#include <utility>

namespace cvm::api::stop_instances {

namespace {

constexpr std::array<std::string_view, 2> modes{"KEEP_CHARGING", "STOP_CHARGING"};

constexpr std::array fields{
    required_instance_ids,
    Field{.name = "ForceStop", .type = Type::boolean},
    stop_type_field,
    Field{.name = "StoppedMode", .type = Type::string, .words = modes},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    if (params.has("ForceStop") && params.has("StopType"))
        return error(Errc::invalid_parameter_combination, "ForceStop", "StopType");
    auto instances = load_workable(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();

    const bool stops_charging = params.string("StoppedMode").value_or("KEEP_CHARGING") == "STOP_CHARGING";
    state::Bookkeeper books = open_books(context.call);
    for (state::Instance& instance : *instances) {
        state::charge_until(instance, context.call.now, context.catalog.prices, books);
        // STOP_CHARGING affects hourly instances only; for others it is ignored without an error (assumed).
        const bool by_the_hour = instance.charge_type == state::ChargeType::postpaid_by_hour;
        instance.stop_charging_mode = stops_charging && by_the_hour ? state::StopChargingMode::stop_charging
                                                                    : state::StopChargingMode::keep_charging;
        begin_operation(context, instance, {state::InstanceState::stopping, state::InstanceState::stopped});
        save(context, std::move(instance));
    }
    state::save(context.store, books);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "StopInstances",
    .writes = true,
    .legacy = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::stop_instances
