#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <string>

namespace cvm::test {

// The text of a file below fixtures/, and the same as JSON. Throws if it cannot be read.
std::string fixture_text(const std::string& name);
boost::json::value fixture(const std::string& name);

// The pages of fixtures/catalog/actions/, in the order of their file names.
boost::json::array catalogue_actions();

} // namespace cvm::test
