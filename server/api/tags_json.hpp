#pragma once

#include "state/model/instance_attributes.hpp"

#include <boost/json.hpp>

#include <vector>

namespace cvm::api {

// Tags as objects with Key and Value, in this order; some products use the opposite order (observed).
inline boost::json::array tags_json(const std::vector<state::KeyValue>& tags)
{
    boost::json::array items;
    for (const auto& [key, value] : tags)
        items.push_back(boost::json::object{{"Key", key}, {"Value", value}});
    return items;
}

} // namespace cvm::api
