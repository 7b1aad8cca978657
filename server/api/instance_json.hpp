#pragma once

#include "server/base/json_text.hpp"
#include "state/model/instance.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace cvm::api {

// The vendor's Instance of DescribeInstances: every documented field in the order of the page, null where the page
// says so (https://cloud.tencent.com/document/api/213/15728).
void write(JsonWriter& out, const state::Instance& instance);

// The same as a tree, for the state document.
boost::json::object to_json(const state::Instance& instance);

// The attributes of an instance for which neither a fixture nor a purchase says anything else. All but the Uuid.
state::InstanceAttributes default_attributes();

// The Uuid of an instance for which no Uuid was given. It follows from the id.
std::string uuid_for(std::string_view instance_id);

} // namespace cvm::api
