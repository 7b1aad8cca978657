#pragma once

#include "server/api/action.hpp"
#include "server/api/instance_settings.hpp"

#include <optional>
#include <string>

// The checks of a purchase, in the order in which read_purchase makes them (assumed). Each returns the code of the
// action's page, or InvalidParameterValue where the page has none. Which resources exist although this server does not
// keep them: fixtures/catalog/actions/RunInstances.json.

namespace cvm::api {

using Problem = std::optional<Error>;

// Refuses every launch template: none exists.
Problem check_template(const ActionName& action, const Params& params);

// Refuses a zone that is not in the region, and one in which nothing can be bought, with `sold_out` where the action's
// page lists it.
Problem check_zone(const ActionName& action, const Catalog& catalog, std::string_view region, const std::string& name,
                   Errc sold_out);

// Checks the zone, and that the hosts are there: those that the account has by a fixture.
Problem check_place(const ActionName& action, const Catalog& catalog, std::string_view region, const Params& placement);

// The type with this name, or the one that the name alone says (CDH_1C1G) for CDHPAID. Refuses a type that is sold out
// in the zone or not offered there.
Result<InstanceType> choose_type(const ActionName& action, const Catalog& catalog, const std::string& name,
                                 state::ChargeType charge_type, const Zone& zone);

// The host for an instance: the first that is named or, for a type of hosts, any of the account in the zone. Empty for
// none. Hosts take types of hosts alone (assumed).
Result<std::string> choose_host(const ActionName& action, const Catalog& catalog, const Params& placement,
                                const InstanceType& type);

// Checks types, numbers and sizes of the data disks and refuses every snapshot: none exists.
Problem check_data_disks(const ActionName& action, const state::PriceTable& prices, const Params& params);

// Checks the form of VPC and subnet; whether they were made is for choose_subnet(). As many addresses as instances, or
// none.
Problem check_network(const ActionName& action, const Params& params, std::int64_t count);

// Checks the internet charge type and refuses every bandwidth package: none exists.
Problem check_internet(const Params& params, state::ChargeType charge_type);

// CoreCount and ThreadPerCore must both be there; no more cores than the type has, one or two threads.
Problem check_topology(const ActionName& action, const Params& params, const InstanceType& type);

// The bid for a spot instance must reach the price of an hour.
Problem check_bid(const state::PriceTable& prices, const Params& params, const state::Instance& draft);

// Checks ClientToken, the names of `count` instances, login, security groups and tags.
Problem check_words(const ActionName& action, const Catalog& catalog, const Params& params, const std::string& image_id,
                    std::int64_t count);

} // namespace cvm::api
