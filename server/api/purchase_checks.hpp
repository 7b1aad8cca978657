#pragma once

#include "server/api/action.hpp"
#include "server/api/instance_settings.hpp"

#include <optional>
#include <string>

// The checks of a purchase, in the order in which read_purchase() makes them (assumed). Each returns the code of the
// action's page, or InvalidParameterValue if the page has none. For resources that are treated as existing although
// this server does not store them, see fixtures/catalog/actions/RunInstances.json.

namespace cvm::api {

using Problem = std::optional<Error>;

// Refuses every launch template: none exists.
Problem check_template(const ActionName& action, const Params& params);

// Refuses a zone that is not in the region, and one in which nothing can be bought, with `sold_out` if the action's
// page lists it.
Problem check_zone(const ActionName& action, const Catalog& catalog, std::string_view region, const std::string& name,
                   Errc sold_out);

// Checks the zone, and that the hosts exist: those that the account has from a fixture.
Problem check_place(const ActionName& action, const Catalog& catalog, std::string_view region, const Params& placement);

// The type with this name or, for CDHPAID, the type that the name encodes (CDH_1C1G). Refuses a type that is sold out
// in the zone or not offered there.
Result<InstanceType> choose_type(const ActionName& action, const Catalog& catalog, const std::string& name,
                                 state::ChargeType charge_type, const Zone& zone);

// The host for an instance: the first named one or, for an instance type for hosts, any host of the account in the
// zone. Empty if there is none. Hosts accept only instance types for hosts (assumed).
Result<std::string> choose_host(const ActionName& action, const Catalog& catalog, const Params& placement,
                                const InstanceType& type);

// Checks types, numbers and sizes of the data disks, and refuses every snapshot: none exists.
Problem check_data_disks(const ActionName& action, const state::PriceTable& prices, const Params& params);

// Checks the format of VPC and subnet; choose_subnet() checks whether they exist. Either as many addresses as instances
// or none must be given.
Problem check_network(const ActionName& action, const Params& params, std::int64_t count);

// Checks the internet charge type and refuses every bandwidth package: none exists.
Problem check_internet(const Params& params, state::ChargeType charge_type);

// CoreCount and ThreadPerCore must both be given; at most the cores of the type, and one or two threads.
Problem check_topology(const ActionName& action, const Params& params, const InstanceType& type);

// The bid for a spot instance must be at least the hourly price.
Problem check_bid(const state::PriceTable& prices, const Params& params, const state::Instance& draft);

// Checks ClientToken, the names of `count` instances, login, security groups and tags.
Problem check_words(const ActionName& action, const Catalog& catalog, const Params& params, const std::string& image_id,
                    std::int64_t count);

} // namespace cvm::api
