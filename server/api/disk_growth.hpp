#pragma once

#include "server/api/instance_change.hpp"
#include "server/api/instance_settings.hpp"
#include "server/api/purchase.hpp"

#include <array>

// What ResizeInstanceDisks and InquiryPriceResizeInstanceDisks share.

namespace cvm::api {

inline constexpr std::array disk_growth_fields{
    Field{.name = "InstanceId", .type = Type::string, .required = true},
    Field{.name = "DataDisks", .type = Type::objects, .members = data_disk_members, .max_items = 1},
    Field{.name = "ForceStop", .type = Type::boolean},
    system_disk_field,
    Field{.name = "ResizeOnline", .type = Type::boolean},
};

// A change in which one disk grows.
struct DiskGrowth {
    InstanceChange change;
    std::size_t disk; // its place among the disks of the instance
};

// Reads and checks the growth (fixtures/catalog/actions/ResizeInstanceDisks.json has what is assumed): that one of
// SystemDisk and DataDisks is given, the instance, its charge type, state and operation, then which disk grows, and to
// which size.
Result<DiskGrowth> read_disk_growth(const Context& context, const Params& params);

} // namespace cvm::api
