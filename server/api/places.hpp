#pragma once

#include "server/api/action.hpp"

#include <boost/json/array.hpp>

#include <string_view>

// Regions and zones as the products region (2022-06-27) and api (2020-11-06) list them: those of CVM.

namespace cvm::api {

// Whether this server knows where the product is.
bool has_places(std::string_view product) noexcept;

// Members in the order of the examples in the documentation. `full`: with those of the console, which are null for
// everybody else, and the parent of an edge zone, of which there is none here.
boost::json::array regions_as_json(const Context& context, bool full);
boost::json::array zones_as_json(const Context& context, bool full); // of the region of the call

} // namespace cvm::api
