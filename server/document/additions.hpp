#pragma once

#include "server/document/members.hpp"
#include "state/model/catalog_items.hpp"

#include <boost/json/object.hpp>

#include <string>

// What an account adds to the catalogue, as members of its object in a document: Types, Images, Zones, Hosts, Roles.

namespace cvm {

// `uin` is the maker of private images that name none; times count from `now`. Throws BadDocument for a zone of no
// known region and for the same name or id twice.
state::Additions read_additions(const boost::json::object& account, const members::JsonPath& place,
                                const std::string& uin, state::Instant now);

// Lists that are empty are left out.
void write_additions(const state::Additions& additions, boost::json::object& account);

} // namespace cvm
