#pragma once

#include "server/api/action.hpp"

#include <cstddef>
#include <optional>
#include <span>

// Attaches elastic disks to instances and detaches them. An attached disk has the zone, the project and the creation
// time of its instance (fixtures/catalog/actions/AttachDisks.json).

namespace cvm::api {

// The maximum number of data disks on an instance (https://cloud.tencent.com/document/product/362/5145).
inline constexpr std::size_t max_data_disks = 20;

// Refuses an instance to which no disks can be attached now: InvalidInstance.NotSupported if it is in the recycle bin,
// being destroyed or failed to launch, ResourceBusy if an operation is running, LimitExceeded.InstanceAttachedDisk if
// `more` disks would be too many.
std::optional<Error> refuse_attachment(const Context& context, const state::Instance& instance, std::size_t more);

// Attaches detached disks, and saves all. `delete_with_instance`: hourly disks are deleted together with the instance.
void attach(const Context& context, state::Instance instance, std::span<const state::PlacedDisk> disks,
            bool delete_with_instance);

// Detaches an elastic disk from its instance, and saves both.
void detach(const Context& context, const state::PlacedDisk& placed);

} // namespace cvm::api
