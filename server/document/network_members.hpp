#pragma once

#include "server/document/members.hpp"
#include "state/model/network.hpp"

#include <boost/json/object.hpp>

namespace cvm {

// "Vpcs", "Subnets" and "SecurityGroups" of an account. Fails for a region that is not known, a block that no network
// may have, and a subnet outside of its VPC.
state::Networks read_networks(const boost::json::object& account, const members::JsonPath& place, state::Instant now);

// Adds the same members; empty lists are left out.
void write_networks(const state::Networks& networks, boost::json::object& account);

} // namespace cvm
