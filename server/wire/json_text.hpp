#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace cvm::wire {

// Compact JSON as the real service writes it. Boost.JSON writes 76.5 as 7.65E1; prices must look like prices.
std::string json_text(const boost::json::value& value);

} // namespace cvm::wire
