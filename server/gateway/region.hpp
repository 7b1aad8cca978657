#pragma once

#include "server/api/action.hpp"
#include "server/wire/envelope.hpp"

#include <string>

namespace cvm {

// The region of a request, by its API 3.0 name; empty for an action that uses none. Errors: MissingParameter (Region),
// InvalidParameterValue for an unknown region, UnsupportedRegion for one without these actions
// (fixtures/catalog/regions.json). The legacy API also accepts short names, and uses a default region if none is given.
Result<std::string> resolve_region(const wire::Envelope& envelope, api::Region use, const api::Catalog& catalog);

} // namespace cvm
