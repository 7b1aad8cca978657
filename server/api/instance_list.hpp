#pragma once

#include "server/api/action.hpp"
#include "server/api/instance_filters.hpp"
#include "server/api/page.hpp"
#include "state/store/store.hpp"

#include <memory>
#include <span>
#include <vector>

// Shared by DescribeInstances and DescribeInstancesStatus: InstanceIds, Offset and Limit.

namespace cvm::api {

inline constexpr Field instance_ids_field{.name = "InstanceIds", .type = Type::strings, .max_items = 100};

struct InstanceList {
    std::int64_t total; // before Offset and Limit
    std::vector<std::shared_ptr<const state::Instance>> instances;
};

// The instances of the region that are named by InstanceIds or pass the filters, newest first, cut to Offset and Limit.
// Ids that do not exist are skipped, since the pages list no code for them
// (https://cloud.tencent.com/document/api/213/15728); malformed ids are refused.
Result<InstanceList> list_instances(const Context& context, const Params& params, std::span<const Filter> filters);

} // namespace cvm::api
