#pragma once

#include "state/model/account.hpp"

#include <span>
#include <string_view>
#include <vector>

// What vouchers pay. Pure functions.

namespace cvm::state {

// The words of VoucherInfos.Status. `delivered` is documented, but which voucher is in that state is not: none is.
enum class VoucherStatus { unused, used, delivered, cancelled, overdue };
template <>
struct Names<VoucherStatus> {
    static constexpr std::array<std::string_view, 5> all{"unUsed", "used", "delivered", "cancel", "overdue"};
};

VoucherStatus status_of(const Voucher& voucher, Instant now);

// Whether a voucher may pay an order that is paid at `now`: it is valid, something is left of it, and the pay mode, the
// scene and the product are among its own.
bool may_pay(const Voucher& voucher, const Deal& order, Instant now);

// What vouchers pay of an order's total, without the id of the order: the one that ends first is used first, among
// those the one of which less is left, then by id (assumed). A voucher may be used in parts.
std::vector<VoucherUse> vouchers_for(std::span<const Voucher> vouchers, const Deal& order, Instant now);

} // namespace cvm::state
