#pragma once

#include "server/calls/call.hpp"

#include <boost/json/object.hpp>

namespace cvm::control {

// A call in the answers of the control API.
boost::json::object to_json(const calls::CallRecord& call);

} // namespace cvm::control
