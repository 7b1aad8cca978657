#pragma once

#include "server/api/action.hpp"

#include <span>
#include <string>
#include <vector>

// What the actions of CBS check, in this order: ids well formed, existence in this account and region, elasticity,
// charge type (facts: actions 7; the order is assumed).

namespace cvm::api {

// "disk-xxxxxxxx"; InvalidParameterValue otherwise.
std::optional<Error> check_disk_ids(std::span<const std::string> ids, std::string_view parameter);

// InvalidDiskId.NotFound.
Result<std::vector<state::PlacedDisk>> load_disks(const Context& context, std::span<const std::string> ids,
                                                  std::string_view parameter);

// InvalidDisk.NotPortable for one that follows its instance, InvalidDisk.NotSupported for one that is not prepaid.
std::optional<Error> refuse_disks_without_expiry(std::span<const state::PlacedDisk> disks);

// Whether a disk can be bought for so many months: 1 to 12, 24, 36.
bool is_disk_period(std::int64_t months) noexcept;

// The months for which a disk is paid when it is renewed by `period`: those from its own expiry to so many months after
// `instance_deadline`, if that is given, because it is to end with an instance (facts: actions 3.6).
std::chrono::months months_to_pay(const state::Disk& disk, std::chrono::months period,
                                  std::optional<state::Instant> instance_deadline);

} // namespace cvm::api
