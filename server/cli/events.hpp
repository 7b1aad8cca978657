#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace cvm::cli {

// The `events` of an answer, amounts in yuan, and an empty line; empty if there are none. Throws BadAnswer.
std::string event_table(const boost::json::value& answer);

} // namespace cvm::cli
