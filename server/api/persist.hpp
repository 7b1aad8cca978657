#pragma once

#include "server/api/action.hpp"

namespace cvm::api {

// Saves an instance with its next due time or, if its termination has ended, erases it with the disks that are deleted
// with it. Its other data disks become detached.
void save(const Context& context, state::Instance instance);

// Saves a disk, attached or detached.
void save(const Context& context, const state::PlacedDisk& disk);

} // namespace cvm::api
