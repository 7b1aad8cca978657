#include "server/api/offers.hpp"

#include <boost/json.hpp>

namespace cvm::api {

std::vector<TypeInZone> types_in_zones(const Catalog& catalog, std::string_view region)
{
    std::vector<TypeInZone> found;
    for (const Zone& zone : catalog.zones) {
        if (zone.region != region)
            continue;
        for (const InstanceType& type : catalog.instance_types)
            if (const Offer offer = catalog.offer(type, zone); offer != Offer::never)
                found.push_back({&type, &zone, zone.available && offer == Offer::on_sale});
    }
    return found;
}

boost::json::object type_config(const TypeInZone& offered)
{
    const InstanceType& type = *offered.type;
    const bool cards = type.gpu > 0;
    return {{"Zone", offered.zone->name},
            {"InstanceType", type.name},
            {"InstanceFamily", type.family},
            {"GPU", type.gpu},
            {"CPU", type.cpu},
            {"Memory", type.memory_gib},
            {"FPGA", 0},
            {"GpuCount", type.gpu},
            {"GpuType", type.gpu_type},
            {"GpuMemory", cards ? boost::json::value(nullptr) : boost::json::value(0)}};
}

} // namespace cvm::api
