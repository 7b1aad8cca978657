#include "server/api/host_checks.hpp"

#include "server/api/instance_checks.hpp"
#include "server/api/renewal_request.hpp"

#include <algorithm>
#include <set>

namespace cvm::api {

std::vector<Host> list_hosts(const Context& context)
{
    std::vector<Host> hosts = context.store.list_additions(context.call.account).hosts;
    std::erase_if(hosts, [&](const Host& host) { return region_of_zone(host.zone) != context.call.region; });
    return hosts;
}

Result<std::vector<Host>> load_renewable_hosts(const Context& context, std::span<const std::string> ids,
                                               std::int64_t months)
{
    std::set<std::string_view> seen;
    for (const std::string& id : ids) {
        if (!well_formed_id(id, "host"))
            return error(Errc::invalid_host_id_malformed, id);
        if (!seen.insert(id).second)
            return error(Errc::invalid_parameter_value, id, "HostIds");
    }
    const std::vector<Host> own = list_hosts(context);
    std::vector<Host> found;
    for (const std::string& id : ids) {
        const auto at = std::ranges::find(own, id, &Host::id);
        if (at == own.end())
            return error(Errc::invalid_host_id_not_found, id);
        found.push_back(*at);
    }
    for (const Host& host : found)
        if (host.charge_type != state::ChargeType::prepaid)
            return error(Errc::invalid_host_not_supported, host.id);
    for (const Host& host : found)
        if (auto refusal = refuse_period(months, host.expires_at.value(), true))
            return *std::move(refusal);
    return found;
}

} // namespace cvm::api
