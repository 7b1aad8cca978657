#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>

namespace cvm {

struct SchemaProblem {
    std::string path; // accounts[0].Instances[2].RenewFlag
    std::string what;
};

// The first thing in a document that fixtures/state.schema.json does not allow; nullopt for a good document.
std::optional<SchemaProblem> first_schema_problem(const boost::json::value& document);

} // namespace cvm
