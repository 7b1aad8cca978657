#pragma once

#include "server/api/action.hpp"

#include <cstdint>
#include <optional>
#include <span>

// What ResizeDisk, its inquiry and the change of a disk's type share.

namespace cvm::api {

// InvalidDisk.Expire for the first disk whose time is over, or which is in the recycle bin.
std::optional<Error> refuse_expired_disks(const Context& context, std::span<const state::PlacedDisk> disks);

// InvalidParameterValue for a DiskSize that is less than the disk has, or more than its type can have.
std::optional<Error> check_growth(const state::Disk& disk, std::int64_t size);

// Pays the difference for the time that is left, by an order of its own: InvalidAccount.InsufficientBalance. A disk
// that is paid by the hour costs nothing now. The disk itself is not saved.
std::optional<Error> pay_for_change(const Context& context, const state::PlacedDisk& before, const state::Disk& after);

} // namespace cvm::api
