#pragma once

#include "state/model/instance.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace cvm::api {

// The vendor's Instance of DescribeInstances: every documented field in the order of the page, null where the page
// says so (https://cloud.tencent.com/document/api/213/15728).
boost::json::object to_json(const state::Instance& instance);

// The members of Instance that this server only echoes, completed by defaults: `given` may name any of them, other
// names are ignored. The text goes into Instance::attributes.
std::string echoed_attributes(const boost::json::object& given);

// Sets one of the echoed members.
void set_attribute(state::Instance& instance, std::string_view name, boost::json::value value);

// The Uuid of an instance for which no Uuid was given. It follows from the id.
std::string uuid_for(std::string_view instance_id);

// The names of the echoed members.
bool is_echoed(std::string_view name) noexcept;

} // namespace cvm::api
