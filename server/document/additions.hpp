#pragma once

#include "server/document/members.hpp"
#include "state/model/catalog_items.hpp"

#include <boost/json/object.hpp>

#include <string>

// What an account adds to the catalogue, as members of its object in a document: Types, Images, Zones, Hosts, Roles.

namespace cvm {

// `uin` is the default creator of private images; durations count from `now`. Throws BadDocument for a zone outside of
// all known regions and for a duplicate name or id.
state::Additions read_additions(const boost::json::object& account, const members::JsonPath& place,
                                const std::string& uin, state::Instant now);

// Empty lists are omitted.
void write_additions(const state::Additions& additions, boost::json::object& account);

} // namespace cvm
