#include "server/api/orders.hpp"

#include "server/api/instance_checks.hpp"
#include "state/rules/order.hpp"

#include <algorithm>

namespace cvm::api {

state::Bookkeeper open_books(const Call& call)
{
    return {call.account, call.now, state::Cause::request, call.request_id};
}

std::string_view product_name_of_orders(std::string_view resource_id)
{
    const std::string_view product = state::product_of(resource_id);
    return product == "p_lighthouse" ? "轻量应用服务器" : product == "p_cbs" ? "云硬盘" : "云服务器 CVM";
}

bool buy_months(state::Bookkeeper& books, const state::Instance& instance, const state::RenewalPrice& price,
                std::chrono::months period, state::Instant from)
{
    bool paid = books.buy(state::order_for(instance, "renew", period, price.instance + price.bandwidth, from));
    for (const state::DiskRenewal& renewal : price.disks) {
        const state::Disk& disk = *std::ranges::find(instance.disks, renewal.disk_id, &state::Disk::id);
        paid = paid &&
               books.buy(state::order_for(disk, instance.zone, "renew", renewal.period, renewal.price, renewal.from));
    }
    return paid;
}

state::Refund remaining_refund(const Context& context, std::string_view resource_id, state::Instant expiry)
{
    return state::refund(context.store.list_deals_of(context.call.account.uin, resource_id), resource_id,
                         context.call.now, expiry);
}

std::optional<Error> refuse_mixed_pricing(std::span<const state::Instance> instances)
{
    for (const state::Instance& instance : instances)
        if (instance.charge_type != instances.front().charge_type)
            return error(Errc::unsupported_operation_instance_mixed_pricing_model, list_ids(instances));
    return std::nullopt;
}

void refund_orders(state::Store& store, state::Bookkeeper& books, state::Instant now, std::string_view resource_id,
                   state::Instant expiry, std::string_view action)
{
    const std::string& uin = books.account.uin;
    const auto back = state::refund(store.list_deals_of(uin, resource_id), resource_id, now, expiry);
    for (const state::Deal& deal : back.deals)
        store.update_deal(uin, deal);
    if (back.total == state::Cents{0})
        return;
    books.give_back({.status = state::DealStatus::refunded,
                     .action = std::string{action},
                     .resource_id = std::string{resource_id},
                     .total = back.total,
                     .original = back.total,
                     .sub_product = back.deals.front().sub_product,
                     .zone = back.deals.front().zone});
}

} // namespace cvm::api
