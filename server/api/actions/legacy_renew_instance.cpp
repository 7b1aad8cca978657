#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/legacy_instance.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "state/rules/order.hpp"
#include "state/rules/renewal.hpp"
#include "state/store/account_repository.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::legacy_renew_instance {

namespace {

constexpr std::array fields{
    Field{.name = "instanceId", .type = Type::string, .required = true},
    Field{.name = "period", .type = Type::integer, .required = true, .min = 1, .max = 36},
};

// The page has one code for all states in which an instance cannot be renewed; the states are assumed to be those of
// API 3.0.
bool renewable(const state::Instance& instance)
{
    using enum state::InstanceState;
    constexpr std::array between{pending, starting, stopping, rebooting, terminating, launch_failed};
    return state::pays_ahead(instance.charge_type) &&
           instance.restrict_state != state::RestrictState::protectively_isolated &&
           std::ranges::find(between, instance.state) == between.end() && !busy(instance);
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const std::string id = params.string("instanceId").value();
    auto instance = find_legacy_instance(context.store, context.call, id);
    if (!instance)
        return error(Errc::invalid_instance_id_not_found, id);
    if (auto refusal = refuse_by_rule(context, instance->id))
        return *refusal;
    const state::RenewalTerms terms{.period = std::chrono::months{params.integer("period").value()},
                                    .renew_flag = std::nullopt,
                                    .portable_data_disks = false};
    if (!renewable(*instance) || !state::within_calendar(instance->expires_at.value(), terms.period))
        return error(Errc::operation_constraints_invaild_instance_status, id);
    if (context.store.has_unpaid_deal(context.call.account.uin))
        return error(Errc::operation_fail_system_busy);
    const state::Price price = state::renewal_price(context.catalog.prices, *instance, terms).total();
    state::Bookkeeper books = open_books(context.call);
    state::use_vouchers(context.store, books);
    if (!books.buy(state::order_for(*instance, "renew", terms.period, price, instance->expires_at.value())))
        return error(Errc::operation_constraints_account_balance_not_enough);
    *instance = state::renewed(std::move(*instance), terms);
    begin_operation(context, *instance);
    instance->latest_operation->name = "RenewInstances"; // the name in API 3.0

    save(context, *instance);
    state::save(context.store, books);
    boost::json::object answer;
    answer["dealId"] = books.orders.front().order_id;
    return answer;
}

} // namespace

extern const Action action{
    .name = "RenewInstance",
    .version = "",
    .writes = true,
    .legacy = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::legacy_renew_instance
