#pragma once

#include "server/api/action.hpp"

namespace cvm::api {

// Saves an instance with the time when it is next due, or, once its termination has ended, erases it with the disks
// that are deleted with it. Its other data disks are on no instance from then on.
void save(const Context& context, state::Instance instance);

// Saves a disk where it is, on an instance or on none.
void save(const Context& context, const state::PlacedDisk& disk);

} // namespace cvm::api
