#pragma once

#include "server/api/instance_change.hpp"

#include <array>

// Shared by ResetInstancesType and InquiryPriceResetInstancesType.

namespace cvm::api {

inline constexpr Field one_instance_id{.name = "InstanceIds", .type = Type::strings, .required = true, .max_items = 1};
inline constexpr Field new_type_field{.name = "InstanceType", .type = Type::string, .required = true};

// Reads and checks the change: the instance, its charge type, state and operation, then the type, which must be on sale
// in the zone, and whether both are compatible. For the order and for assumptions see
// fixtures/catalog/actions/ResetInstancesType.json.
Result<InstanceChange> read_type_change(const Context& context, const Params& params);

} // namespace cvm::api
