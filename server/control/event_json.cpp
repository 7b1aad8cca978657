#include "server/control/event_json.hpp"

namespace cvm::control {

namespace json = boost::json;

json::object to_json(const state::Event& event)
{
    json::object o;
    o.reserve(10); // of the members that an event may have
    o["time"] = state::format_instant(event.at);
    o["event"] = name(event.kind);
    if (!event.resource_id.empty())
        o["resource"] = event.resource_id;
    if (!event.detail.empty())
        o["operation"] = event.detail;
    o["why"] = name(event.why);
    if (!event.order_id.empty())
        o["order"] = event.order_id;
    if (event.price != state::Cents{})
        o["price"] = event.price.value;
    if (event.expires_at)
        o["expires"] = state::format_instant(*event.expires_at);
    o["balance_before"] = event.before.value;
    o["balance_after"] = event.after.value;
    return o;
}

json::array to_json(std::span<const state::Event> events)
{
    json::array list;
    list.reserve(events.size());
    for (const state::Event& event : events)
        list.push_back(to_json(event));
    return list;
}

} // namespace cvm::control
