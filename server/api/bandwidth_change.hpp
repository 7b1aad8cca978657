#pragma once

#include "server/api/instance_change.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/purchase.hpp"

#include <array>
#include <vector>

// Shared by ResetInstancesInternetMaxBandwidth and InquiryPriceResetInstancesInternetMaxBandwidth.

namespace cvm::api {

inline constexpr std::array bandwidth_change_fields{
    required_instance_ids,
    Field{.name = "InternetAccessible", .type = Type::object, .required = true, .members = internet_members},
    Field{.name = "StartTime", .type = Type::string},
    Field{.name = "EndTime", .type = Type::string},
};

// Reads and checks the changes, in the order of the ids: the instances, their states and operations, whether they can
// be changed together, then bandwidth and days. For assumptions see
// fixtures/catalog/actions/ResetInstancesInternetMaxBandwidth.json.
Result<std::vector<InstanceChange>> read_bandwidth_changes(const Context& context, const Params& params);

} // namespace cvm::api
