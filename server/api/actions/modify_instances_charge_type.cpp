#include "server/api/action.hpp"
#include "server/api/charge_type_change.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"

namespace cvm::api {

namespace {

constexpr auto fields = charge_type_fields(20);

// Charges the hours up to now, then buys the new period. False if the available balance does not suffice.
bool pay_ahead(const Context& context, state::Instance instance, const ChargeTypeChange& change,
               state::Bookkeeper& books)
{
    const state::RenewalPrice price = price_of_change(context, instance, change);
    charge_usage(context, books, instance);
    books.thaw(instance.id, instance.frozen);
    // The order of a conversion is a renewal order (fixtures/catalog/actions/ModifyInstancesChargeType.json).
    return buy_months(books, instance.id, price, change.period, context.now);
}

// Refunds the rest of the orders of the instance and of the elastic disks that change with it, and freezes the price of
// an hour. False if the available balance does not suffice.
bool give_back(const Context& context, const state::Instance& before, const state::Instance& after,
               state::Bookkeeper& books)
{
    pay_back(context, books, before.id, "preToPost");
    for (std::size_t i = 0; i < before.disks.size(); ++i)
        if (state::renewable_alone(before.disks[i]) && !state::renewable_alone(after.disks[i]))
            pay_back(context, books, before.disks[i].id, "preToPost");
    return books.freeze(after.id, after.frozen);
}

std::optional<Error> refuse(const Context& context, std::span<const state::Instance> instances,
                            const ChargeTypeChange& change)
{
    if (auto refusal = refuse_change(context, instances, change))
        return refusal;
    if (auto refusal = refuse_by_state(context, instances))
        return refusal;
    if (auto refusal = refuse_by_operation(context, instances))
        return refusal;
    if (change.ahead()) {
        if (auto refusal = refuse_period(change.period.count(), context.now))
            return refusal;
    }
    if (context.store.has_unpaid_deal(context.account.uin))
        return error(Errc::invalid_account_unpaid_order);
    return std::nullopt;
}

Result<boost::json::object> handle(const Context& context, const Params& params)
{
    const auto change = read_change(params);
    if (!change)
        return change.error();
    const auto instances = load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();
    if (auto refusal = refuse(context, *instances, *change))
        return *refusal;

    state::Bookkeeper books = open_books(context);
    for (const state::Instance& before : *instances) {
        state::Instance after = changed(before, *change, context.now);
        after.frozen = change->ahead() ? state::Cents{} : hour_of(context, after);
        const bool paid =
            change->ahead() ? pay_ahead(context, before, *change, books) : give_back(context, before, after, books);
        if (!paid)
            return error(Errc::invalid_account_insufficient_balance);
        begin_operation(context, after);
        save(context, after);
    }
    save_books(context, books);
    return boost::json::object{};
}

} // namespace

extern const Action modify_instances_charge_type{
    .name = "ModifyInstancesChargeType",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api
