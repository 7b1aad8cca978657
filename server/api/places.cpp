#include "server/api/places.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api {

namespace json = boost::json;

namespace {

// What an instance consists of; these are in the same places.
constexpr std::array<std::string_view, 3> products{"cvm", "cbs", "vpc"};

const std::string& in_language(const Names& names, Language language)
{
    return language == Language::chinese ? names.zh : names.en;
}

} // namespace

bool has_places(std::string_view product) noexcept { return std::ranges::find(products, product) != products.end(); }

json::array regions_as_json(const Context& context, bool full)
{
    json::array regions;
    for (const auto& [region, names] : context.catalog.region_names) {
        const std::string& name = in_language(names, context.call.language);
        regions.push_back(full ? json::object{{"RegionIdMC", nullptr},
                                              {"LocationMC", nullptr},
                                              {"RegionState", "AVAILABLE"},
                                              {"RegionNameMC", nullptr},
                                              {"Region", region},
                                              {"RegionTypeMC", nullptr},
                                              {"RegionName", name}}
                               : json::object{{"Region", region}, {"RegionName", name}, {"RegionState", "AVAILABLE"}});
    }
    return regions;
}

json::array zones_as_json(const Context& context, bool full)
{
    json::array zones;
    for (const Zone& zone : context.catalog.zones) {
        if (zone.region != context.call.region)
            continue;
        const std::string& name = in_language(zone.names, context.call.language);
        const std::string_view state = zone.available ? "AVAILABLE" : "UNAVAILABLE";
        zones.push_back(
            full ? json::object{{"Zone", zone.name},
                                {"ZoneIdMC", nullptr},
                                {"ZoneId", zone.id},
                                {"ParentZoneName", nullptr},
                                {"ParentZoneId", nullptr},
                                {"ParentZone", nullptr},
                                {"ZoneState", state},
                                {"MachineRoomTypeMC", nullptr},
                                {"ZoneType", "availability-zone"},
                                {"ZoneName", name}}
                 : json::object{{"ZoneState", state}, {"ZoneId", zone.id}, {"Zone", zone.name}, {"ZoneName", name}});
    }
    return zones;
}

} // namespace cvm::api
