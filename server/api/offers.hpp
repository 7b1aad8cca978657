#pragma once

#include "server/api/catalog.hpp"

#include <boost/json/object.hpp>

#include <string_view>
#include <vector>

// Which instance types exist in which zones, for the actions that list them without prices.

namespace cvm::api {

// An instance type in a zone, on sale or sold out. Both pointers point into the catalogue.
struct TypeInZone {
    const InstanceType* type;
    const Zone* zone;
    bool on_sale;
};

// Ordered by zone, as in the catalogue, without the types that a zone never has.
std::vector<TypeInZone> types_in_zones(const Catalog& catalog, std::string_view region);

// The vendor's InstanceTypeConfig (https://cloud.tencent.com/document/api/213/15753#InstanceTypeConfig). The memory of
// a GPU card is null: it is not known here.
boost::json::object type_config(const TypeInZone& offered);

} // namespace cvm::api
