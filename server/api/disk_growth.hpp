#pragma once

#include "server/api/instance_change.hpp"
#include "server/api/instance_settings.hpp"
#include "server/api/purchase.hpp"

#include <array>

// Shared by ResizeInstanceDisks and InquiryPriceResizeInstanceDisks.

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
    std::size_t disk; // index in Instance::disks
};

// Reads and checks the growth: that one of SystemDisk and DataDisks is given, the instance, its charge type, state and
// operation, then which disk grows, and to which size. For assumptions see
// fixtures/catalog/actions/ResizeInstanceDisks.json.
Result<DiskGrowth> read_disk_growth(const Context& context, const Params& params);

} // namespace cvm::api
