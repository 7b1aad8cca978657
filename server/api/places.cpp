#include "server/api/places.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace cvm::api {

namespace json = boost::json;

namespace {

// The products of an instance and its parts; they have the same regions.
constexpr std::array<std::string_view, 3> products{"cvm", "cbs", "vpc"};

json::object region(std::string_view name, const std::string& shown, PlacesOf product)
{
    switch (product) {
    case PlacesOf::cvm:
        return {{"RegionState", "AVAILABLE"}, {"Region", name}, {"RegionName", shown}};
    case PlacesOf::api:
        return {{"Region", name}, {"RegionName", shown}, {"RegionState", "AVAILABLE"}};
    case PlacesOf::region:
        return {{"RegionIdMC", nullptr},   {"LocationMC", nullptr}, {"RegionState", "AVAILABLE"},
                {"RegionNameMC", nullptr}, {"Region", name},        {"RegionTypeMC", nullptr},
                {"RegionName", shown}};
    }
    throw std::logic_error{"PlacesOf out of range"};
}

json::object zone(const Zone& zone, const std::string& shown, PlacesOf product)
{
    const std::string_view state = zone.available ? "AVAILABLE" : "UNAVAILABLE";
    switch (product) {
    case PlacesOf::cvm:
        return {{"Zone", zone.name}, {"ZoneName", shown}, {"ZoneId", zone.id}, {"ZoneState", state}};
    case PlacesOf::api:
        return {{"ZoneState", state}, {"ZoneId", zone.id}, {"Zone", zone.name}, {"ZoneName", shown}};
    case PlacesOf::region:
        return {{"Zone", zone.name},         {"ZoneIdMC", nullptr},          {"ZoneId", zone.id},
                {"ParentZoneName", nullptr}, {"ParentZoneId", nullptr},      {"ParentZone", nullptr},
                {"ZoneState", state},        {"MachineRoomTypeMC", nullptr}, {"ZoneType", "availability-zone"},
                {"ZoneName", shown}};
    }
    throw std::logic_error{"PlacesOf out of range"};
}

} // namespace

bool has_places(std::string_view product) noexcept { return std::ranges::find(products, product) != products.end(); }

const std::string& in_language(const Names& names, Language language)
{
    return language == Language::chinese ? names.zh : names.en;
}

json::object list_regions(const Context& context, PlacesOf product)
{
    json::array regions;
    for (const auto& [name, names] : context.catalog.region_names)
        regions.push_back(region(name, in_language(names, context.call.language), product));
    const auto total = regions.size();
    return {{"TotalCount", total}, {"RegionSet", std::move(regions)}};
}

json::object list_zones(const Context& context, PlacesOf product)
{
    json::array zones;
    for (const Zone& one : context.catalog.zones)
        if (one.region == context.call.region)
            zones.push_back(zone(one, in_language(one.names, context.call.language), product));
    const auto total = zones.size();
    return {{"TotalCount", total}, {"ZoneSet", std::move(zones)}};
}

} // namespace cvm::api
