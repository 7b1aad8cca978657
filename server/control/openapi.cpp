#include "server/control/control.hpp"
#include "server/control/packed.hpp"

#include <boost/json.hpp>

namespace cvm::control {

Answer get_openapi() { return {200, boost::json::parse(unpacked(openapi_files().front().packed))}; }

} // namespace cvm::control
