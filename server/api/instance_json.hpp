#pragma once

#include "state/instance.hpp"

#include <boost/json/object.hpp>

namespace cvm::api {

// The vendor's Instance of DescribeInstances: every documented field in the order of the page, null where the page
// says so (facts: actions 2.1).
boost::json::object to_json(const state::Instance& instance);

// The members of Instance that this server only echoes, completed by defaults: `given` may name any of them, other
// names are ignored. The text goes into Instance::attributes.
std::string echoed_attributes(const boost::json::object& given);

// The names of the echoed members.
bool is_echoed(std::string_view name) noexcept;

} // namespace cvm::api
