#include "server/api/actions/actions.hpp"
#include "server/api/charge_type_change.hpp"
#include "server/api/instance_checks.hpp"
#include "state/payment.hpp"
#include "state/refund.hpp"

namespace cvm::api {

namespace {

constexpr auto fields = charge_type_fields(20);

// Pays for the new period, which begins now, or gives back what is left of the old one and sets an hour aside. nullopt
// if the money does not suffice.
std::optional<state::Balance> settle_money(const Context& context, const state::Instance& instance,
                                           const ChargeTypeChange& change, state::Account& account,
                                           std::vector<state::Deal>& deals)
{
    const state::PriceTable& table = context.catalog.prices;
    const state::Cents hour = state::hourly_price(table, instance) + state::hourly_bandwidth_price(table, instance);
    if (change.ahead()) {
        const ChangePrice price = price_of_change(table, instance, change);
        const state::Cents cost = price.instance.discounted + price.bandwidth.discounted;
        // The vendor calls the order of a conversion a renewal (facts: actions 3.9).
        state::place_order(
            deals, account, context.now,
            {.action = "renew", .resource_id = instance.id, .months = change.period.count(), .total = cost});
        return state::pay(state::thaw(account.balance, hour), cost);
    }
    const auto back = state::refund(context.store.list_deals(account.uin), instance.id, context.now);
    for (const state::Deal& deal : back.deals)
        context.store.update_deal(account.uin, deal);
    if (back.total > state::Cents{0})
        state::place_order(deals, account, context.now,
                           {.status = state::DealStatus::refunded,
                            .action = "preToPost",
                            .resource_id = instance.id,
                            .total = back.total});
    return state::freeze(state::give_back(account.balance, back.total), hour);
}

state::Instance changed(state::Instance instance, const ChargeTypeChange& change, state::Instant now)
{
    instance.charge_type = change.target;
    if (change.ahead()) {
        instance.expires_at = state::add_months(now, change.period);
        instance.renew_flag = change.renew_flag;
    } else {
        instance.expires_at.reset();
        instance.renew_flag.reset();
        if (instance.internet_charge_type == "BANDWIDTH_PREPAID")
            instance.internet_charge_type = "BANDWIDTH_POSTPAID_BY_HOUR";
    }
    for (state::Disk& disk : instance.disks) {
        if (disk.portable && (!change.portable_data_disks || disk.charge_type == change.target))
            continue;
        disk.charge_type = change.target;
        if (disk.portable) {
            disk.expires_at = instance.expires_at;
            disk.renew_flag = instance.renew_flag;
        }
    }
    return instance;
}

Result<boost::json::object> handle(const Context& context, const Params& params)
{
    const auto change = read_change(context, params);
    if (!change)
        return change.error();
    auto instances = load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();
    if (auto refusal = refuse_change(*instances, *change))
        return *refusal;
    if (auto refusal = refuse_by_state(context, *instances))
        return *refusal;
    if (auto refusal = refuse_by_operation(context, *instances))
        return *refusal;
    if (context.store.has_unpaid_deal(context.account.uin))
        return error(Errc::invalid_account_unpaid_order);

    state::Account account = context.account;
    std::vector<state::Deal> deals;
    for (state::Instance& instance : *instances) {
        const auto balance = settle_money(context, instance, *change, account, deals);
        if (!balance)
            return error(Errc::invalid_account_insufficient_balance);
        account.balance = *balance;
        instance = changed(std::move(instance), *change, context.now);
        begin_operation(context, instance);
        context.store.save_instance(account.uin, instance);
    }
    for (const state::Deal& deal : deals)
        context.store.add_deal(account.uin, deal);
    context.store.save_account(account);
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
