#include "server/control/control.hpp"

#include <boost/json.hpp>

namespace cvm::control {

Answer get_health(state::Store& store)
{
    boost::json::object health{{"status", "ok"}, {"version", CVM_VERSION}};
    const auto why = store.why_broken();
    if (why) {
        health["status"] = "broken";
        health["reason"] = *why;
    }
    return {why ? 503U : 200U, std::move(health)};
}

} // namespace cvm::control
