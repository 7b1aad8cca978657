#pragma once

#include "state/model/account.hpp"

#include <span>
#include <string_view>
#include <vector>

// What vouchers pay. Pure functions.

namespace cvm::state {

// The words of VoucherInfos.Status. `delivered` is documented, but its meaning is not: no voucher is in that state.
enum class VoucherStatus { unused, used, delivered, cancelled, overdue };
template <>
struct Names<VoucherStatus> {
    static constexpr std::array<std::string_view, 5> all{"unUsed", "used", "delivered", "cancel", "overdue"};
};

VoucherStatus status_of(const Voucher& voucher, Instant now);

// Whether a voucher may pay an order that is paid at `now`: it is valid, it has money left, and it covers the pay mode,
// the scene and the product of the order.
bool may_pay(const Voucher& voucher, const Deal& order, Instant now);

// What vouchers pay towards an order; the ids of the order are left empty. The voucher that ends first is used first,
// then the one with less money left, then by id (assumed). A voucher may be used in parts.
std::vector<VoucherUse> vouchers_for(std::span<const Voucher> vouchers, const Deal& order, Instant now);

} // namespace cvm::state
