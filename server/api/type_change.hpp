#pragma once

#include "server/api/instance_change.hpp"

#include <array>

// What ResetInstancesType and InquiryPriceResetInstancesType share.

namespace cvm::api {

inline constexpr Field one_instance_id{.name = "InstanceIds", .type = Type::strings, .required = true, .max_items = 1};
inline constexpr Field new_type_field{.name = "InstanceType", .type = Type::string, .required = true};

// Reads and checks the change (fixtures/catalog/actions/ResetInstancesType.json has the order and what is assumed): the
// instance, its charge type, state and operation, then the type, which the zone must offer, and whether the two go
// together.
Result<InstanceChange> read_type_change(const Context& context, const Params& params);

} // namespace cvm::api
