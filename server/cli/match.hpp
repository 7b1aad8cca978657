#pragma once

#include "server/cli/given.hpp"

#include <boost/json/object.hpp>

// Flags that describe calls and faults, as the JSON of /_emulator/faults and /_emulator/requests. All throw UsageError.

namespace cvm::cli {

// {"action", "region", "instance", "secret_id", "code", "params"}, of those flags that were given.
boost::json::object match_of(const Given& given);

// {"match", "when", "then", "ttl"}: a rule for POST /_emulator/faults.
boost::json::object fault_of(const Given& given);

// {"match", "exactly" | "at_least" | "at_most"} or {"in_order"}; one matching call at least if nothing is said.
boost::json::object expectation_of(const Given& given);

} // namespace cvm::cli
