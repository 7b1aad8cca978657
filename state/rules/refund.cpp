#include "state/rules/refund.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>

namespace cvm::state {

Cents part_of(Cents amount, std::int64_t left, std::int64_t whole)
{
    __extension__ using Wide = __int128; // cents times the seconds of years may exceed 64 bits
    const Wide part = static_cast<Wide>(amount.value) * left / whole;
    if (part > std::numeric_limits<std::int64_t>::max() || part < std::numeric_limits<std::int64_t>::min())
        throw std::overflow_error{"Cents: part out of range"};
    return {static_cast<std::int64_t>(part)};
}

Refund refund(std::span<const Deal> deals, std::string_view resource_id, Instant now, Instant expiry)
{
    Refund refund;
    for (const Deal& deal : deals) {
        if (deal.resource_id != resource_id || deal.status != DealStatus::shipped || deal.months <= 0)
            continue;
        const Instant end = std::min(add_months(deal.begins_at, std::chrono::months{deal.months}), expiry);
        if (end <= now || end <= deal.begins_at)
            continue;
        const bool less = deal.action == downgrade_action;
        const bool change = less || deal.action == upgrade_action;
        const Instant begin = change ? std::min(std::max(deal.begins_at, deal.created_at), end) : deal.begins_at;
        const Cents unused =
            begin < end ? part_of(deal.total - deal.voucher, end - std::max(begin, now), end - begin) : Cents{};
        refund.total = less ? refund.total - unused : refund.total + unused;
        if (change)
            refund.upgrades = less ? refund.upgrades - unused : refund.upgrades + unused;
        refund.deals.push_back(deal);
        refund.deals.back().status = DealStatus::refunded;
    }
    refund.total = std::max(refund.total, Cents{});
    refund.upgrades = std::clamp(refund.upgrades, Cents{}, refund.total);
    return refund;
}

} // namespace cvm::state
