#include "tests/support/show.hpp"

#include "server/base/json_text.hpp"

namespace cvm::test {

std::string shown(std::string_view text) { return json_text(boost::json::value(text)); }

std::string shown(const boost::json::value& value) { return json_text(value); }

} // namespace cvm::test
