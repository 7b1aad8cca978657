#include "server/api/actions/actions.hpp"
#include "server/api/charge_type_change.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/orders.hpp"
#include "state/payment.hpp"

namespace cvm::api {

namespace {

constexpr auto fields = charge_type_fields(20);

// Takes the price of the new period. nullopt if the money does not suffice.
std::optional<state::Balance> pay_ahead(const Context& context, const state::Instance& instance,
                                        const ChargeTypeChange& change, state::Account& account,
                                        std::vector<state::Deal>& deals)
{
    const state::RenewalPrice price = price_of_change(context, instance, change);
    // The vendor calls the order of a conversion a renewal (facts: actions 3.9).
    state::place_order(deals, account, context.now,
                       {.action = "renew",
                        .resource_id = instance.id,
                        .months = change.period.count(),
                        .total = price.instance.discounted + price.bandwidth.discounted});
    for (const state::DiskRenewal& disk : price.disks)
        state::place_order(deals, account, context.now,
                           {.action = "renew",
                            .resource_id = disk.disk_id,
                            .months = disk.period.count(),
                            .total = disk.price.discounted});
    return state::pay(state::thaw(account.balance, instance.frozen), price.total().discounted);
}

// Gives back what is left of the instance and of the elastic disks that change with it, and sets an hour aside. nullopt
// if the money does not suffice.
std::optional<state::Balance> give_back(const Context& context, const state::Instance& before,
                                        const state::Instance& after, state::Account& account,
                                        std::vector<state::Deal>& deals)
{
    pay_back(context, account, before.id, "preToPost", deals);
    for (std::size_t i = 0; i < before.disks.size(); ++i)
        if (state::renewable_alone(before.disks[i]) && !state::renewable_alone(after.disks[i]))
            pay_back(context, account, before.disks[i].id, "preToPost", deals);
    return state::freeze(account.balance, after.frozen);
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

    state::Account account = context.account;
    std::vector<state::Deal> deals;
    for (const state::Instance& before : *instances) {
        state::Instance after = changed(before, *change, context.now);
        after.frozen = change->ahead() ? state::Cents{} : hour_of(context, after);
        const auto balance = change->ahead() ? pay_ahead(context, before, *change, account, deals)
                                             : give_back(context, before, after, account, deals);
        if (!balance)
            return error(Errc::invalid_account_insufficient_balance);
        account.balance = *balance;
        begin_operation(context, after);
        context.store.save_instance(account.uin, after);
    }
    save_orders(context, account, deals);
    return boost::json::object{};
}

} // namespace

const Action modify_instances_charge_type{
    .name = "ModifyInstancesChargeType",
    .product = "cvm",
    .version = "2017-03-12",
    .region = Region::required,
    .writes = true,
    .legacy = false,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api
