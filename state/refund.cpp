#include "state/refund.hpp"

#include <ranges>

namespace cvm::state {

Refund refund(std::span<const Deal> deals, std::string_view resource_id, Instant expires_at, Instant now)
{
    Refund refund;
    Instant end = expires_at;
    for (const Deal& deal : std::views::reverse(deals)) {
        if (deal.resource_id != resource_id || deal.status != DealStatus::shipped || deal.months <= 0)
            continue;
        if (end <= now)
            break;
        const Instant begin = add_months(end, std::chrono::months{-deal.months});
        // Whole seconds of whole years times cents may leave 64 bits, so the fraction is taken in parts of a million.
        constexpr std::int64_t parts = 1'000'000;
        const std::int64_t left = begin >= now ? parts : (end - now).count() * parts / (end - begin).count();
        refund.total += Cents{(deal.total * left).value / parts};
        refund.order_ids.push_back(deal.order_id);
        end = begin;
    }
    return refund;
}

} // namespace cvm::state
