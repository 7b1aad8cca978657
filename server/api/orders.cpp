#include "server/api/orders.hpp"

#include "state/payment.hpp"
#include "state/pricing.hpp"
#include "state/refund.hpp"

namespace cvm::api {

state::Cents hour_of(const Context& context, const state::Instance& instance)
{
    return state::hourly_price(context.catalog.prices, instance) +
           state::hourly_bandwidth_price(context.catalog.prices, instance);
}

void pay_back(const Context& context, state::Account& account, std::string_view resource_id, std::string_view action,
              std::vector<state::Deal>& of_call)
{
    const auto back = state::refund(context.store.list_deals_of(account.uin, resource_id), resource_id, context.now);
    for (const state::Deal& deal : back.deals)
        context.store.update_deal(account.uin, deal);
    if (back.total == state::Cents{0})
        return;
    account.balance = state::give_back(account.balance, back.total);
    state::place_order(of_call, account, context.now,
                       {.status = state::DealStatus::refunded,
                        .action = std::string{action},
                        .resource_id = std::string{resource_id},
                        .total = back.total});
}

void save_orders(const Context& context, const state::Account& account, const std::vector<state::Deal>& of_call)
{
    for (const state::Deal& deal : of_call)
        context.store.add_deal(account.uin, deal);
    context.store.save_account(account);
}

} // namespace cvm::api
