#include "state/refund.hpp"

namespace cvm::state {

Refund refund(std::span<const Deal> deals, std::string_view resource_id, Instant now)
{
    Refund refund;
    for (const Deal& deal : deals) {
        if (deal.resource_id != resource_id || deal.status != DealStatus::shipped || deal.months <= 0)
            continue;
        const Instant end = add_months(deal.begins_at, std::chrono::months{deal.months});
        if (end <= now)
            continue;
        const std::int64_t span = (end - deal.begins_at).count();
        const std::int64_t left = deal.begins_at >= now ? span : (end - now).count();
        // total * left / span, in two parts because the product may leave 64 bits.
        refund.total += Cents{deal.total.value / span * left + deal.total.value % span * left / span};
        refund.deals.push_back(deal);
        refund.deals.back().status = DealStatus::refunded;
    }
    return refund;
}

} // namespace cvm::state
