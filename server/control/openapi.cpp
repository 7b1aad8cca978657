#include "server/base/embedded.hpp"
#include "server/control/control.hpp"

#include <boost/json.hpp>

namespace cvm::control {

Answer get_openapi() { return {200, boost::json::parse(embedded_file("server/control/openapi.json"))}; }

} // namespace cvm::control
