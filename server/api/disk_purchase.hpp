#pragma once

#include "server/api/action.hpp"

#include <chrono>
#include <cstdint>

// What CreateDisks and InquiryPriceCreateDisks share: the parameters that describe elastic disks and their checks.

namespace cvm::api {

// A purchase that a request describes.
struct DiskPurchase {
    state::Disk draft; // of each disk; without id, name and tags
    std::int64_t count = 1;
    std::chrono::months period{}; // to be paid; 0 unless paid ahead
};

// Most disks of one call (assumed).
inline constexpr std::int64_t max_disk_count = 50;

// Reads and checks DiskChargeType, DiskType, DiskSize, DiskCount, ThroughputPerformance, BurstPerformance and
// DiskChargePrepaid.
Result<DiskPurchase> read_disk_purchase(const Context& context, const Params& params);

// All disks of the purchase for its period; 0 if they are paid by the hour.
state::Price price_of(const state::PriceTable& prices, const DiskPurchase& purchase);

} // namespace cvm::api
