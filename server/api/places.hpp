#pragma once

#include "server/api/action.hpp"

#include <boost/json/object.hpp>

#include <string_view>

// Regions and zones as each product lists them: cvm, region (2022-06-27) and api (2020-11-06). Those of CVM.

namespace cvm::api {

// Whose list it is. Members stand in the order of the recordings (regions of cvm) or of the examples in the
// documentation. `region` has those of the console too, which are null for everybody else, and the parent of an edge
// zone, of which there is none here.
enum class PlacesOf { cvm, api, region };

// Whether this server knows where the product is.
bool has_places(std::string_view product) noexcept;

const std::string& in_language(const Names& names, Language language);

// {"TotalCount", "RegionSet"}.
boost::json::object list_regions(const Context& context, PlacesOf product);

// {"TotalCount", "ZoneSet"}: the zones of the region of the call.
boost::json::object list_zones(const Context& context, PlacesOf product);

} // namespace cvm::api
