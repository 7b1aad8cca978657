#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/isolation.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "state/rules/lifecycle.hpp"
#include "state/store/account_repository.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::terminate_instances {

namespace {

constexpr std::array fields{
    required_instance_ids,
    Field{.name = "ReleaseAddress", .type = Type::boolean},
    Field{.name = "ReleasePrepaidDataDisks", .type = Type::boolean},
};

std::optional<Error> refuse(const Context& context, std::span<const state::Instance> instances)
{
    // Not found rather than InstanceStateLaunchFailed (observed: fixtures/catalog/actions/TerminateInstances.json).
    for (const state::Instance& instance : instances)
        if (instance.state == state::InstanceState::launch_failed)
            return error(Errc::invalid_instance_id_not_found, instance.id);
    if (auto refusal = refuse_mixed_pricing(instances))
        return refusal;
    for (const state::Instance& instance : instances)
        if (instance.attributes.disable_api_termination)
            return error(Errc::unsupported_operation_instances_protected, instance.id);
    if (auto refusal = refuse_by_state(context.action, instances))
        return refusal;
    // A second call while the first is still running also gets this code (observed: the Terraform provider and cloudmux
    // wait for SHUTDOWN because of it).
    for (const state::Instance& instance : instances)
        if (busy(instance))
            return error(Errc::operation_denied_instance_operation_in_progress, instance.id);
    if (context.store.has_unpaid_deal(context.call.account.uin))
        return error(Errc::invalid_account_unpaid_order);
    return std::nullopt;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    auto instances = load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();
    if (auto refusal = refuse(context, *instances))
        return *refusal;

    const bool with_prepaid_disks = params.boolean("ReleasePrepaidDataDisks").value_or(false);
    state::Bookkeeper books = open_books(context.call);
    for (state::Instance& instance : *instances) {
        if (with_prepaid_disks)
            release_disks(context, books, instance);
        if (state::pays_ahead(instance.charge_type) && instance.state != state::InstanceState::shutdown) {
            isolate(context, books, instance);
        } else {
            state::charge_until(instance, context.call.now, context.catalog.prices, books);
            books.thaw(instance.id, instance.frozen);
            instance.frozen = {};
            begin_operation(context, instance, {state::InstanceState::terminating, state::InstanceState::terminating});
        }
        save(context, instance);
    }
    state::save(context.store, books);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "TerminateInstances",
    .writes = true,
    .legacy = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::terminate_instances
