#pragma once

#include "server/calls/pattern.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace cvm::control {

// What a pattern may contain: only what is known at the beginning of a call, or also its outcome.
enum class Known { at_first, at_last };

// {"action": "Renew*", "instance": "ins-r8hr2upy", "params": {"/InstanceChargePrepaid/Period": 1}, ...}. Problem 400.
calls::Pattern read_pattern(const boost::json::value& value, Known known);

// The inverse, with the values of secret parameters masked.
boost::json::object to_json(const calls::Pattern& pattern);

} // namespace cvm::control
