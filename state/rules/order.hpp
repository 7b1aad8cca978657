#pragma once

#include "state/model/account.hpp"
#include "state/rules/pricing.hpp"

#include <chrono>
#include <string>
#include <string_view>

// The orders for instances and disks, as billing's DescribeDealsByCond reports them. Pure functions.

namespace cvm::state {

// The SubProductCode that billing uses for a resource: sp_cvm_s5 for an instance of the type S5.MEDIUM2, sp_cbs_premium
// for a disk of the type CLOUD_PREMIUM (fixtures/catalog/actions/DescribeRenewInstances.json).
std::string sub_product(const Instance& instance);
std::string sub_product(const Disk& disk);

// The ProductCode that billing uses for the resource with this id: p_cvm, p_cbs.
std::string_view product_of(std::string_view resource_id);

// An order for `months` from `begins_at` on. Instant{}: from the time when the order is placed.
Deal order_for(const Instance& instance, std::string_view action, std::chrono::months months, const Price& price,
               Instant begins_at = {});

// Likewise for a disk in `zone`.
Deal order_for(const Disk& disk, std::string_view zone, std::string_view action, std::chrono::months months,
               const Price& price, Instant begins_at = {});

} // namespace cvm::state
