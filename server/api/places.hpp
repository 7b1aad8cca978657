#pragma once

#include "server/api/action.hpp"

#include <boost/json/object.hpp>

#include <string_view>

// Regions and zones as listed by each product: cvm, region (2022-06-27) and api (2020-11-06). They are those of CVM.

namespace cvm::api {

// The product whose list is written. The order of the members is that of the recordings (regions of cvm) or of the
// examples in the documentation. The list of `region` also has the console's members, which are null for everybody
// else, and the parent of an edge zone; there are no edge zones here.
enum class PlacesOf { cvm, api, region };

// Whether this server knows the regions of the product.
bool has_places(std::string_view product) noexcept;

const std::string& in_language(const Names& names, Language language);

// {"TotalCount", "RegionSet"}.
boost::json::object list_regions(const Context& context, PlacesOf product);

// {"TotalCount", "ZoneSet"}: the zones of the region of the call.
boost::json::object list_zones(const Context& context, PlacesOf product);

} // namespace cvm::api
