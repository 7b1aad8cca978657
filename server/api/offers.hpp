#pragma once

#include "server/api/catalog.hpp"

#include <boost/json/object.hpp>

#include <string_view>
#include <vector>

// Which instance types there are where, as the actions that list them without prices tell.

namespace cvm::api {

// An instance type that a zone has, on sale or sold out. Borrows both from the catalogue.
struct TypeInZone {
    const InstanceType* type;
    const Zone* zone;
    bool on_sale;
};

// Zone by zone, in the order of the catalogue, without the types that a zone never has.
std::vector<TypeInZone> types_in_zones(const Catalog& catalog, std::string_view region);

// The vendor's InstanceTypeConfig (https://cloud.tencent.com/document/api/213/15753#InstanceTypeConfig). The memory of
// a card is null: it is not known here.
boost::json::object type_config(const TypeInZone& offered);

} // namespace cvm::api
