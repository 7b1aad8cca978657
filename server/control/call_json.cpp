#include "server/control/call_json.hpp"

#include "server/control/or_null.hpp"

#include <boost/json.hpp>

namespace cvm::control {

namespace json = boost::json;

json::object to_json(const calls::CallRecord& call)
{
    json::object o{
        {"number", call.number},
        {"RequestId", call.request_id},
        {"account", or_null(call.uin)},
        {"time", state::format_instant(call.time)},
        {"clock", call.clock ? json::value(state::format_instant(*call.clock)) : json::value(nullptr)},
        {"dialect", call.dialect},
        {"method", call.method},
        {"action", call.action},
        {"version", call.version},
        {"region", call.region},
        {"secret_id", call.secret_id},
        {"params", call.params.empty() ? json::value(nullptr) : json::parse(call.params)},
        {"code", or_null(call.code)},
        {"status", call.status == 0 ? json::value(nullptr) : json::value(call.status)},
        {"done", call.done},
        {"duration_us", call.duration.count()},
        {"fault", or_null(call.fault)},
    };
    if (call.refused || call.explained)
        o["signature"] = "/_emulator/signatures/" + call.request_id;
    return o;
}

} // namespace cvm::control
