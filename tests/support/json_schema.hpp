#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace cvm::test {

// What in a document a JSON schema (draft 7) does not allow, by valijson: where the first thing is, and what; empty for
// a good document. The schema is read each time.
std::string misfit(const boost::json::value& document, const boost::json::value& schema);

} // namespace cvm::test
