#pragma once

#include "server/calls/call.hpp"

#include <boost/json/object.hpp>

namespace cvm::control {

// A call as the control surface tells it.
boost::json::object to_json(const calls::CallRecord& call);

} // namespace cvm::control
