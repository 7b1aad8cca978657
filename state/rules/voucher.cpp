#include "state/rules/voucher.hpp"

#include "state/rules/order.hpp"

#include <algorithm>
#include <tuple>

namespace cvm::state {

namespace {

// Whether the comma-separated list `words` contains `word` or stands for all words.
bool has_word(std::string_view words, std::string_view word)
{
    if (words.empty() || words == "*")
        return true;
    while (!words.empty()) {
        const auto end = std::min(words.find(','), words.size());
        if (words.substr(0, end) == word)
            return true;
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
}

std::string_view scene_of(const Deal& order)
{
    return order.action == "purchase" || order.action == "renew" ? std::string_view{order.action} : "modify";
}

} // namespace

VoucherStatus status_of(const Voucher& voucher, Instant now)
{
    if (voucher.cancelled)
        return VoucherStatus::cancelled;
    if (voucher.left() <= Cents{})
        return VoucherStatus::used;
    return now >= voucher.ends_at ? VoucherStatus::overdue : VoucherStatus::unused;
}

bool may_pay(const Voucher& voucher, const Deal& order, Instant now)
{
    return status_of(voucher, now) == VoucherStatus::unused && now >= voucher.begins_at &&
           voucher.sub_type == "deduct" && has_word(voucher.pay_mode, "prePay") &&
           has_word(voucher.pay_scene, scene_of(order)) &&
           (voucher.products.empty() || std::ranges::count(voucher.products, product_of(order.resource_id)) > 0);
}

std::vector<VoucherUse> vouchers_for(std::span<const Voucher> vouchers, const Deal& order, Instant now)
{
    std::vector<const Voucher*> fitting;
    for (const Voucher& voucher : vouchers)
        if (may_pay(voucher, order, now))
            fitting.push_back(&voucher);
    std::ranges::sort(fitting, {}, [](const Voucher* v) { return std::tuple{v->ends_at, v->left(), v->id}; });
    std::vector<VoucherUse> uses;
    Cents rest = order.total;
    for (const Voucher* voucher : fitting) {
        if (rest <= Cents{})
            break;
        const Cents amount = std::min(rest, voucher->left());
        uses.push_back({.voucher_id = voucher->id, .at = now, .amount = amount});
        rest -= amount;
    }
    return uses;
}

} // namespace cvm::state
