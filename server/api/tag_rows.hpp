#pragma once

#include "server/api/action.hpp"
#include "server/api/page.hpp"
#include "server/api/resource_name.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

// Shared by the actions that list pairs of a resource and a tag.

namespace cvm::api {

inline constexpr std::int64_t default_tag_limit = 15;
inline constexpr Field tag_limit_field{.name = "Limit", .type = Type::unsigned_integer, .min = 1};

// The parameters that select one kind of resource in a region: instances (ResourcePrefix instance) or disks (volume).
inline constexpr Field service_type_field{.name = "ServiceType", .type = Type::string, .required = true};
inline constexpr Field resource_prefix_field{.name = "ResourcePrefix", .type = Type::string, .required = true};
inline constexpr Field resource_region_field{.name = "ResourceRegion", .type = Type::string, .required = true};
inline constexpr Field resource_ids_field{
    .name = "ResourceIds", .type = Type::strings, .required = true, .max_items = 50};

// Refuses another service, prefix or region, or an id of another kind, each with its own code.
std::optional<Error> check_tagged_ids(const Catalog& catalog, const Params& params);

// The rows for ResourceIds, in the same order; a resource that does not exist has no rows.
boost::json::array rows_of_tagged_ids(const Context& context, const Params& params);

// An offset must be a multiple of the limit (documented): InvalidParameterValue.OffsetInvalid where the action's page
// has it, else InvalidParameterValue.
std::optional<Error> check_tag_page(const ActionName& action, const Params& params);

// Appends one row for each tag.
void append_tag_rows(boost::json::array& rows, const ResourceName& resource, std::span<const state::KeyValue> tags);

// TotalCount, Offset, Limit, and the rows of that page as the member `list`.
boost::json::object tag_page(const boost::json::array& rows, const Params& params, std::string_view list);

} // namespace cvm::api
