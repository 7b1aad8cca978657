#include "state/rules/refund.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace cvm::state {

namespace {

// The part of an amount for `left` of `whole` seconds, rounded down.
Cents part(Cents amount, std::chrono::seconds left, std::chrono::seconds whole)
{
    __extension__ using Wide = __int128; // cents times seconds of years may leave 64 bits
    return {static_cast<std::int64_t>(static_cast<Wide>(amount.value) * left.count() / whole.count())};
}

} // namespace

Refund refund(std::span<const Deal> deals, std::string_view resource_id, Instant now)
{
    Refund refund;
    for (const Deal& deal : deals) {
        if (deal.resource_id != resource_id || deal.status != DealStatus::shipped || deal.months <= 0)
            continue;
        const Instant end = add_months(deal.begins_at, std::chrono::months{deal.months});
        if (end <= now)
            continue;
        refund.total += part(deal.total, end - std::max(deal.begins_at, now), end - deal.begins_at);
        refund.deals.push_back(deal);
        refund.deals.back().status = DealStatus::refunded;
    }
    return refund;
}

} // namespace cvm::state
