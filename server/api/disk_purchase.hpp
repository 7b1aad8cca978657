#pragma once

#include "server/api/action.hpp"

#include <chrono>
#include <cstdint>

// Shared by CreateDisks and InquiryPriceCreateDisks: the parameters that describe elastic disks, and their checks.

namespace cvm::api {

// A requested purchase.
struct DiskPurchase {
    state::Disk draft; // a template for each disk; without id, name and tags
    std::int64_t count = 1;
    std::chrono::months period{}; // 0 unless prepaid
};

// The maximum number of disks in one call (assumed).
inline constexpr std::int64_t max_disk_count = 50;

// Reads and checks DiskChargeType, DiskType, DiskSize, DiskCount, ThroughputPerformance, BurstPerformance and
// DiskChargePrepaid.
Result<DiskPurchase> read_disk_purchase(const Context& context, const Params& params);

// The price of all disks of the purchase for its period; 0 if they are paid by the hour.
state::Price price_of(const state::PriceTable& prices, const DiskPurchase& purchase);

} // namespace cvm::api
