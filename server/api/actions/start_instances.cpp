#include "server/api/action.hpp"
#include "server/api/addresses.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "state/rules/lifecycle.hpp"
#include "state/store/account_repository.hpp"

#include <array>
#include <utility>

namespace cvm::api::start_instances {

namespace {

constexpr std::array fields{
    required_instance_ids,
};

Result<Answer> handle(const Context& context, const Params& params)
{
    // The page lists a code for STOPPED too, the one state from which an instance can be started
    // (fixtures/catalog/actions/StartInstances.json).
    auto instances = load_workable(context, params.strings("InstanceIds"), state::InstanceState::stopped);
    if (!instances)
        return instances.error();

    state::Bookkeeper books = open_books(context.call);
    for (state::Instance& instance : *instances) {
        state::charge_until(instance, context.call.now, context.catalog.prices, books);
        if (state::stopped_without_charge(instance) && instance.attributes.public_ip_addresses) {
            // A different address than before (observed: recordings of 2022).
            ++books.account.resources;
            instance.attributes.public_ip_addresses = {public_address(books.account)};
        }
        instance.stop_charging_mode = state::StopChargingMode::not_applicable;
        begin_operation(context, instance, {state::InstanceState::starting, state::InstanceState::running});
        save(context, std::move(instance));
    }
    state::save(context.store, books);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "StartInstances",
    .writes = true,
    .legacy = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::start_instances
