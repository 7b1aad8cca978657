#pragma once

#include "server/api/action.hpp"

#include <cstdint>
#include <optional>
#include <span>

// Shared by ResizeDisk, its inquiry and the change of a disk's type.

namespace cvm::api {

// InvalidDisk.Expire for the first disk that is expired or in the recycle bin.
std::optional<Error> refuse_expired_disks(const Context& context, std::span<const state::PlacedDisk> disks);

// InvalidParameterValue for a DiskSize below the current size or above the maximum of the type.
std::optional<Error> check_growth(const state::Disk& disk, std::int64_t size);

// Pays the difference for the remaining time with a separate order: InvalidAccount.InsufficientBalance. An hourly disk
// costs nothing now. Does not save the disk itself.
std::optional<Error> pay_for_change(const Context& context, const state::PlacedDisk& before, const state::Disk& after);

} // namespace cvm::api
