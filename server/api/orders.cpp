#include "server/api/orders.hpp"

#include "state/rules/lifecycle.hpp"
#include "state/rules/pricing.hpp"
#include "state/rules/refund.hpp"
#include "state/store/account_repository.hpp"

namespace cvm::api {

state::Cents hour_of(const Context& context, const state::Instance& instance)
{
    return state::hour_price(context.catalog.prices, instance);
}

state::Bookkeeper open_books(const Context& context)
{
    return {context.account, context.now, state::Cause::request, context.request_id};
}

bool buy_months(state::Bookkeeper& books, std::string_view instance_id, const state::RenewalPrice& price,
                std::chrono::months period, state::Instant from)
{
    bool paid = books.buy({.action = "renew",
                           .resource_id = std::string{instance_id},
                           .months = period.count(),
                           .total = price.instance.discounted + price.bandwidth.discounted,
                           .begins_at = from});
    for (const state::DiskRenewal& disk : price.disks)
        paid = paid && books.buy({.action = "renew",
                                  .resource_id = disk.disk_id,
                                  .months = disk.period.count(),
                                  .total = disk.price.discounted,
                                  .begins_at = disk.from});
    return paid;
}

void charge_usage(const Context& context, state::Bookkeeper& books, state::Instance& instance)
{
    state::charge_until(instance, context.now, context.catalog.prices, books);
}

void pay_back(const Context& context, state::Bookkeeper& books, std::string_view resource_id, std::string_view action)
{
    const std::string& uin = context.account.uin;
    const auto back = state::refund(context.store.list_deals_of(uin, resource_id), resource_id, context.now);
    for (const state::Deal& deal : back.deals)
        context.store.update_deal(uin, deal);
    if (back.total == state::Cents{0})
        return;
    books.give_back({.status = state::DealStatus::refunded,
                     .action = std::string{action},
                     .resource_id = std::string{resource_id},
                     .total = back.total});
}

void save_books(const Context& context, const state::Bookkeeper& books) { state::save(context.store, books); }

} // namespace cvm::api
