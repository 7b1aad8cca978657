#pragma once

#include "server/document/quick_schema.hpp"

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

// The same for any schema (JSON Schema, draft 7), which is read each time.
std::optional<SchemaProblem> first_schema_problem(const boost::json::value& document, const boost::json::value& schema);

// fixtures/state.schema.json.
const QuickSchema& quick_state_schema();

} // namespace cvm
