#include "server/control/control.hpp"

#include <boost/json.hpp>

namespace cvm::control {

Answer get_health() { return {200, boost::json::object{{"status", "ok"}, {"version", CVM_VERSION}}}; }

} // namespace cvm::control
