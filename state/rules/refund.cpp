#include "state/rules/refund.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>

namespace cvm::state {

Cents part_of(Cents amount, std::chrono::seconds left, std::chrono::seconds whole)
{
    __extension__ using Wide = __int128; // cents times seconds of years may leave 64 bits
    const Wide part = static_cast<Wide>(amount.value) * left.count() / whole.count();
    if (part > std::numeric_limits<std::int64_t>::max() || part < std::numeric_limits<std::int64_t>::min())
        throw std::overflow_error{"Cents: part out of range"};
    return {static_cast<std::int64_t>(part)};
}

Refund refund(std::span<const Deal> deals, std::string_view resource_id, Instant now)
{
    Refund refund;
    Instant paid_until = earliest; // by the orders so far
    for (const Deal& deal : deals) {
        if (deal.resource_id != resource_id || deal.status != DealStatus::shipped)
            continue;
        const bool upgrade = deal.action == upgrade_action;
        if (deal.months <= 0 && !upgrade)
            continue;
        const Instant end = deal.months > 0 ? add_months(deal.begins_at, std::chrono::months{deal.months}) : paid_until;
        if (!upgrade)
            paid_until = std::max(paid_until, end);
        if (end <= now || end <= deal.begins_at)
            continue;
        const bool less = deal.action == downgrade_action;
        const bool change = less || upgrade;
        const Instant begin = change ? std::min(std::max(deal.begins_at, deal.created_at), end) : deal.begins_at;
        const Cents unused =
            begin < end ? part_of(deal.total - deal.voucher, end - std::max(begin, now), end - begin) : Cents{};
        refund.total = less ? refund.total - unused : refund.total + unused;
        refund.deals.push_back(deal);
        refund.deals.back().status = DealStatus::refunded;
    }
    refund.total = std::max(refund.total, Cents{});
    return refund;
}

} // namespace cvm::state
