#pragma once

#include "server/api/action.hpp"
#include "server/api/renewal_request.hpp"

#include <array>
#include <span>
#include <string>
#include <vector>

// The checks of the actions on dedicated hosts, in this order (assumed): format and uniqueness of ids, existence in
// this account and region, charge type, period.

namespace cvm::api {

inline constexpr Field host_ids_field{.name = "HostIds", .type = Type::strings, .required = true, .max_items = 100};
inline constexpr std::array host_prepaid_fields{
    Field{.name = "Period", .type = Type::unsigned_integer, .required = true},
    renew_flag_field,
};
inline constexpr Field host_prepaid_field{
    .name = "HostChargePrepaid", .type = Type::object, .required = true, .members = host_prepaid_fields};

// The current hosts of the account in the region of the call; hosts come from fixtures only.
std::vector<Host> list_hosts(const Context& context);

// The hosts in the order of the ids, all prepaid and renewable by `months`. InvalidHostId.Malformed,
// InvalidHostId.NotFound, InvalidHost.NotSupported for one that is not prepaid, InvalidPeriod for a period other than 1
// to 12, 24 and 36 months.
Result<std::vector<Host>> load_renewable_hosts(const Context& context, std::span<const std::string> ids,
                                               std::int64_t months);

} // namespace cvm::api
