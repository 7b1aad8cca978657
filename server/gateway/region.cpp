#include "server/gateway/region.hpp"

namespace cvm {

Result<std::string> resolve_region(const wire::Envelope& envelope, api::Region use, const api::Catalog& catalog)
{
    if (use == api::Region::unused)
        return std::string{};
    const bool legacy = wire::is_legacy(envelope.dialect);
    if (!envelope.region) {
        if (legacy)
            return catalog.legacy_default_region;
        return error(Errc::missing_parameter, "Region");
    }
    std::string region = *envelope.region;
    if (const auto old = catalog.legacy_regions.find(region); legacy && old != catalog.legacy_regions.end())
        region = old->second;
    if (catalog.cvm_regions.contains(region))
        return region;
    if (catalog.other_regions.contains(region))
        return error(Errc::unsupported_region);
    return error(Errc::invalid_parameter_value_common,
                 envelope.dialect == wire::Dialect::tc3 ? "X-TC-Region" : "Region");
}

} // namespace cvm
