#pragma once

#include "server/document/members.hpp"
#include "state/model/network.hpp"

#include <boost/json/object.hpp>

namespace cvm {

// Reads "Vpcs", "Subnets" and "SecurityGroups" of an account. Throws BadDocument for an unknown region, an invalid
// block of a network, and a subnet outside of its VPC.
state::Networks read_networks(const boost::json::object& account, const members::JsonPath& place, state::Instant now);

// Adds the same members; empty lists are omitted.
void write_networks(const state::Networks& networks, boost::json::object& account);

} // namespace cvm
