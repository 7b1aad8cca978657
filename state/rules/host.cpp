#include "state/rules/host.hpp"

namespace cvm::state {

HostState host_state(const Host& host, Instant now)
{
    return host.expires_at && *host.expires_at <= now ? HostState::expired : HostState::running;
}

Price host_price(const PriceTable& table, const Host& host, std::chrono::months period)
{
    const Cents month = host.month.value_or(table.per_core * host.cpu + table.per_gib_memory * host.memory_gib);
    const Cents all = month * period.count();
    return {all, all};
}

Host renewed(Host host, std::chrono::months period, std::optional<RenewFlag> flag)
{
    host.expires_at = add_months(host.expires_at.value(), period);
    if (flag)
        host.renew_flag = flag;
    return host;
}

Deal order_for(const Host& host, std::string_view action, std::chrono::months months, const Price& price)
{
    Deal deal;
    deal.action = action;
    deal.resource_id = host.id;
    deal.months = months.count();
    deal.original = price.original;
    deal.total = price.discounted;
    deal.begins_at = host.expires_at.value();
    deal.sub_product = "sp_cvm_cdh";
    deal.zone = host.zone;
    return deal;
}

} // namespace cvm::state
