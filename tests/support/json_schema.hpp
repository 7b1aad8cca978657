#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace cvm::test {

// The first violation of a JSON schema (draft 7) in a document, found by valijson: place and description; empty for a
// valid document. The schema is parsed each time.
std::string misfit(const boost::json::value& document, const boost::json::value& schema);

} // namespace cvm::test
