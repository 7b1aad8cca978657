#pragma once

#include "server/api/action.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The elastic disks for sale (https://cloud.tencent.com/document/product/362/2353): types, sizes, extra performance.

namespace cvm::api {

// Values of DiskType.
inline constexpr std::array<std::string_view, 5> elastic_disk_types{"CLOUD_PREMIUM", "CLOUD_BSSD", "CLOUD_SSD",
                                                                    "CLOUD_HSSD", "CLOUD_TSSD"};

// Values of DiskChargeType.
inline constexpr std::array<std::string_view, 3> disk_charge_types{"PREPAID", "POSTPAID_BY_HOUR", "CDCPAID"};

// In GiB.
inline constexpr std::int64_t max_disk_size = 32000;
inline constexpr std::int64_t disk_size_step = 1; // https://cloud.tencent.com/document/api/362/15628, its example

// The minimum size of a data disk of the type, in GiB (fixtures/catalog/actions/CreateDisks.json).
std::int64_t min_disk_size(std::string_view type) noexcept;

// The minimum size, in GiB, of a disk with extra performance.
inline constexpr std::int64_t min_performance_size = 460;

// Whether extra performance can be bought for the type.
bool is_fast_disk(std::string_view type) noexcept;

// The maximum extra performance beyond what the size gives, in MB/s (fixtures/catalog/actions/CreateDisks.json).
inline constexpr std::int64_t max_extra_performance = 650;

// InvalidParameterValue for a DiskName of more than 60 bytes.
std::optional<Error> check_disk_name(const std::string& name);

// InvalidParameterValue for `parameter` if a disk of the type cannot have this size.
std::optional<Error> check_disk_size(std::string_view type, std::int64_t size, std::string_view parameter);

// Refuses extra or burst performance for a disk that cannot have it: InvalidParameter.DiskConfigNotSupported, or
// InvalidParameterValue for `parameter` if the action's page does not list that code.
std::optional<Error> check_performance(const ActionName& action, const state::Disk& disk, std::string_view parameter);

} // namespace cvm::api
