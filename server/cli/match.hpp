#pragma once

#include "server/cli/given.hpp"

#include <boost/json/object.hpp>

// Converts flags that describe calls and faults to the JSON of /_emulator/faults and /_emulator/requests. All throw
// UsageError.

namespace cvm::cli {

// {"action", "region", "instance", "secret_id", "code", "params"}, with those members whose flags were given.
boost::json::object match_of(const Given& given);

// {"match", "when", "then", "ttl"}: a rule for POST /_emulator/faults.
boost::json::object fault_of(const Given& given);

// {"match", "exactly" | "at_least" | "at_most"} or {"in_order"}; the default is at least one matching call.
boost::json::object expectation_of(const Given& given);

} // namespace cvm::cli
