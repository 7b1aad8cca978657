#pragma once

#include "server/api/action.hpp"
#include "server/wire/envelope.hpp"

#include <string>

namespace cvm {

// The region that a request works in, by its API 3.0 name; empty for an action that uses none. MissingParameter
// (Region), InvalidParameterValue for one that does not exist, UnsupportedRegion for one without these actions
// (fixtures/catalog/regions.json). The legacy API knows short names too and works without a region in a default one.
Result<std::string> resolve_region(const wire::Envelope& envelope, api::Region use, const api::Catalog& catalog);

} // namespace cvm
