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
        // Cents times the seconds of years may leave 64 bits, so the fraction is taken in parts of a million.
        constexpr std::int64_t parts = 1'000'000;
        const std::int64_t left =
            deal.begins_at >= now ? parts : (end - now).count() * parts / (end - deal.begins_at).count();
        refund.total += Cents{(deal.total * left).value / parts};
        refund.deals.push_back(deal);
        refund.deals.back().status = DealStatus::refunded;
    }
    return refund;
}

} // namespace cvm::state
