#include "server/api/action.hpp"

#include <boost/json.hpp>

namespace cvm::api {

namespace {

Result<boost::json::object> handle(const Context& context, const Params&)
{
    boost::json::array zones;
    for (const Zone& zone : context.catalog.zones)
        if (zone.region == context.call.region)
            zones.push_back(boost::json::object{
                {"Zone", zone.name},
                {"ZoneName", context.call.language == Language::chinese ? zone.names.zh : zone.names.en},
                {"ZoneId", zone.id},
                {"ZoneState", zone.available ? "AVAILABLE" : "UNAVAILABLE"}});
    return boost::json::object{{"TotalCount", zones.size()}, {"ZoneSet", zones}};
}

} // namespace

extern const Action describe_zones{
    .name = "DescribeZones",
    .legacy = true,
    .fields = {},
    .handle = handle,
};

} // namespace cvm::api
