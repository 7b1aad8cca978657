#pragma once

#include "server/api/action.hpp"

#include <cstddef>
#include <optional>
#include <span>

// Elastic disks go on instances and leave them. An attached disk has the zone, the project and the creation time of its
// instance (fixtures/catalog/actions/AttachDisks.json).

namespace cvm::api {

// Most data disks on an instance (https://cloud.tencent.com/document/product/362/5145).
inline constexpr std::size_t max_data_disks = 20;

// Refuses an instance that takes no disks now: InvalidInstance.NotSupported for one in the recycle bin, being destroyed
// or never made, ResourceBusy for one with a running operation, LimitExceeded.InstanceAttachedDisk where `more` disks
// are too many.
std::optional<Error> refuse_attachment(const Context& context, const state::Instance& instance, std::size_t more);

// Attaches disks that are on no instance, and saves all. `delete_with_instance`: those that are paid by the hour are to
// go with it.
void attach(const Context& context, state::Instance instance, std::span<const state::PlacedDisk> disks,
            bool delete_with_instance);

// Takes an elastic disk off its instance, and saves both.
void detach(const Context& context, const state::PlacedDisk& placed);

} // namespace cvm::api
