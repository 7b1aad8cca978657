#pragma once

#include "server/api/action.hpp"

#include <boost/json/object.hpp>

#include <vector>

// Networks in answers. Times are in Beijing time, as in billing (assumed).

namespace cvm::api {

boost::json::object to_json(const state::Vpc& vpc, const std::vector<state::KeyValue>& tags);
boost::json::object to_json(const state::Subnet& subnet, const std::vector<state::KeyValue>& tags,
                            std::int64_t used_addresses);
boost::json::object to_json(const state::SecurityGroup& group, const std::vector<state::KeyValue>& tags);

} // namespace cvm::api
