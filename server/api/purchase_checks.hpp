#pragma once

#include "server/api/action.hpp"
#include "server/api/instance_settings.hpp"

#include <optional>
#include <string>

// What is checked of instances that somebody wants to buy, in the order in which read_purchase asks (assumed). Each
// answers with the code of the action's page, or InvalidParameterValue where it has none.

namespace cvm::api {

using Problem = std::optional<Error>;

// Launch templates are not kept here.
Problem check_template(const Context& context, const Params& params);

// Zone and hosts; hosts are not kept here.
Problem check_place(const Context& context, const Params& placement);

// Whether the type can be had in the zone.
Problem check_offer(const Context& context, const std::string& type_name, const Zone& zone);

// Types, sizes and snapshots; snapshots are not kept here.
Problem check_data_disks(const Context& context, const Params& params);

// Networks are not kept here: every well-formed one exists. As many addresses as instances, or none.
Problem check_network(const Context& context, const Params& params, std::int64_t count);

// How bandwidth is charged; bandwidth packages are not kept here.
Problem check_internet(const Params& params, state::ChargeType charge_type);

// Both members, within what the type has.
Problem check_topology(const Context& context, const Params& params, const InstanceType& type);

// What is bid for a spot instance reaches the price of an hour.
Problem check_bid(const Context& context, const Params& params, const state::Instance& draft);

// ClientToken, names, login, security groups and tags. `count` instances are named.
Problem check_words(const Context& context, const Params& params, const std::string& image_id, std::int64_t count);

} // namespace cvm::api
