#include "server/api/instance_change.hpp"

#include "server/api/instance_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/price_json.hpp"
#include "state/rules/change.hpp"
#include "state/rules/lifecycle.hpp"
#include "state/rules/order.hpp"
#include "state/rules/pricing.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace cvm::api {

namespace {

state::Deal order_of(const Context& context, const InstanceChange& change, std::string_view action,
                     const state::Price& price)
{
    const auto months = state::months_left(context.call.now, change.after.expires_at.value());
    return state::order_for(change.after, action, months.count, price, months.begin);
}

// Returns false if the available balance does not suffice.
bool settle_hours(const Context& context, state::Bookkeeper& books, InstanceChange& change)
{
    const state::PriceTable& prices = context.catalog.prices;
    state::charge_until(change.before, context.call.now, prices, books);
    change.after.charged_until = change.before.charged_until;
    change.after.frozen = state::hour_price(prices, change.after);
    return books.freeze_instead(change.after.id, change.before.frozen, change.after.frozen);
}

// Returns false if the available balance does not suffice.
bool settle_rest(const Context& context, state::Bookkeeper& books, const InstanceChange& change,
                 const CostOfChange& cost)
{
    if (cost.to_pay.discounted > state::Cents{})
        return books.buy(order_of(context, change, state::upgrade_action, cost.to_pay));
    if (cost.back > state::Cents{})
        books.give_back(order_of(context, change, state::downgrade_action, {cost.back, cost.back}));
    return true;
}

// The refund if the price of the remaining time falls from `whole` by `less`: first what upgrades paid; then, of what
// other orders paid, at most the same fraction as of the price, since these orders may have had another discount.
state::Cents part_for_less(const state::Refund& left, state::Cents less, state::Cents whole)
{
    const state::Cents of_upgrades = std::min(less, left.upgrades);
    const state::Cents rest = whole - left.upgrades;
    if (less == of_upgrades || rest <= state::Cents{})
        return std::min(less, left.total);
    return std::min(less,
                    of_upgrades + state::part_of(left.total - left.upgrades, (less - of_upgrades).value, rest.value));
}

} // namespace

CostOfChange cost_of(const Context& context, const InstanceChange& change)
{
    CostOfChange cost;
    if (!change.before.expires_at)
        return cost;
    const state::Price price =
        state::change_price(context.catalog.prices, change.before, change.after, context.call.now);
    if (price.discounted >= state::Cents{}) {
        cost.to_pay = {std::max(price.original, price.discounted), price.discounted};
        return cost;
    }
    const state::Refund left = remaining_refund(context, change.before.id, *change.before.expires_at);
    const state::Cents whole = state::rest_price(context.catalog.prices, change.before, context.call.now).discounted;
    cost.back = part_for_less(left, state::Cents{} - price.discounted, whole);
    cost.none_paid = left.deals.empty();
    return cost;
}

std::optional<Error> pay_for(const Context& context, state::Bookkeeper& books, InstanceChange& change)
{
    const state::PriceTable& prices = context.catalog.prices;
    const bool by_hour = state::pays_by_hour(change.before.charge_type) &&
                         state::hour_price(prices, change.before) != state::hour_price(prices, change.after);
    const CostOfChange cost = cost_of(context, change);
    if (!by_hour && cost.to_pay.discounted == state::Cents{} && cost.back == state::Cents{})
        return std::nullopt;
    if (context.store.has_unpaid_deal(context.call.account.uin))
        return error(Errc::invalid_account_unpaid_order);
    if (by_hour ? settle_hours(context, books, change) : settle_rest(context, books, change, cost))
        return std::nullopt;
    return error(Errc::invalid_account_insufficient_balance);
}

Result<boost::json::object> item_of(const Context& context, const InstanceChange& change)
{
    const CostOfChange cost = cost_of(context, change);
    if (cost.none_paid && documented(context.action, Errc::failed_operation_inquiry_refund_price_failed))
        return error(Errc::failed_operation_inquiry_refund_price_failed, change.before.id);
    if (cost.back == state::Cents{})
        return short_item(cost.to_pay);
    const state::Cents back = state::Cents{} - cost.back;
    return short_item({back, back});
}

} // namespace cvm::api
