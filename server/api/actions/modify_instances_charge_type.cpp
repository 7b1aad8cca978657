#include "server/api/action.hpp"
#include "server/api/charge_type_change.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "state/rules/lifecycle.hpp"
#include "state/rules/pricing.hpp"
#include "state/store/account_repository.hpp"

namespace cvm::api::modify_instances_charge_type {

namespace {

constexpr auto fields = charge_type_fields(20);

// Charges the hours up to now, then buys the new period. False if the available balance does not suffice.
bool pay_ahead(const state::PriceTable& prices, state::Instant now, state::Instance instance,
               const ChargeTypeChange& change, state::Bookkeeper& books)
{
    const state::RenewalPrice price = price_of_change(prices, now, instance, change);
    state::charge_until(instance, now, prices, books);
    books.thaw(instance.id, instance.frozen);
    // The order of a conversion is a renewal order (fixtures/catalog/actions/ModifyInstancesChargeType.json).
    return buy_months(books, instance, price, change.period, now);
}

// Refunds what remains of the orders for the instance and the elastic disks that change with it, and freezes the price
// of an hour. False if the available balance does not suffice.
bool give_back(state::Store& store, state::Instant now, const state::Instance& before, const state::Instance& after,
               state::Bookkeeper& books)
{
    refund_orders(store, books, now, before.id, before.expires_at.value(), "preToPost");
    for (std::size_t i = 0; i < before.disks.size(); ++i)
        if (state::renewable_alone(before.disks[i]) && !state::renewable_alone(after.disks[i]))
            refund_orders(store, books, now, before.disks[i].id, before.disks[i].expires_at.value(), "preToPost");
    return books.freeze(after.id, after.frozen);
}

std::optional<Error> refuse(const Context& context, std::span<const state::Instance> instances,
                            const ChargeTypeChange& change)
{
    if (auto refusal = refuse_change(context.action, context.call.now, instances, change))
        return refusal;
    if (auto refusal = refuse_by_state(context.action, instances))
        return refusal;
    if (auto refusal = refuse_by_operation(context.action, instances))
        return refusal;
    if (change.ahead()) {
        if (auto refusal = refuse_period(change.period.count(), context.call.now))
            return refusal;
    }
    if (context.store.has_unpaid_deal(context.call.account.uin))
        return error(Errc::invalid_account_unpaid_order);
    return std::nullopt;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto change = read_change(params);
    if (!change)
        return change.error();
    const auto instances = load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();
    if (auto refusal = refuse(context, *instances, *change))
        return *refusal;

    state::Bookkeeper books = open_books(context.call);
    for (const state::Instance& before : *instances) {
        state::Instance after = changed(before, *change, context.call.now);
        after.frozen = change->ahead() ? state::Cents{} : state::hour_price(context.catalog.prices, after);
        const bool paid = change->ahead() ? pay_ahead(context.catalog.prices, context.call.now, before, *change, books)
                                          : give_back(context.store, context.call.now, before, after, books);
        if (!paid)
            return error(Errc::invalid_account_insufficient_balance);
        begin_operation(context, after);
        save(context, after);
    }
    state::save(context.store, books);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ModifyInstancesChargeType",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::modify_instances_charge_type
