#include "server/api/orders.hpp"

#include "state/rules/refund.hpp"

namespace cvm::api {

state::Bookkeeper open_books(const Call& call)
{
    return {call.account, call.now, state::Cause::request, call.request_id};
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

void pay_back(state::Store& store, state::Bookkeeper& books, state::Instant now, std::string_view resource_id,
              std::string_view action)
{
    const std::string& uin = books.account.uin;
    const auto back = state::refund(store.list_deals_of(uin, resource_id), resource_id, now);
    for (const state::Deal& deal : back.deals)
        store.update_deal(uin, deal);
    if (back.total == state::Cents{0})
        return;
    books.give_back({.status = state::DealStatus::refunded,
                     .action = std::string{action},
                     .resource_id = std::string{resource_id},
                     .total = back.total});
}

} // namespace cvm::api
