#include "tests/support/json_schema.hpp"

#include <boost/json.hpp>

// Third-party headers have warnings of their own.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>
#pragma GCC diagnostic pop

namespace cvm::test {

namespace json = boost::json;

std::string misfit(const json::value& document, const json::value& schema)
{
    valijson::Schema parsed;
    valijson::SchemaParser{valijson::SchemaParser::kDraft7}.populateSchema(valijson::adapters::BoostJsonAdapter{schema},
                                                                           parsed);
    valijson::ValidationResults results;
    if (valijson::Validator{}.validate(parsed, valijson::adapters::BoostJsonAdapter{document}, &results))
        return {};
    // The innermost problem comes first; the following ones only say that the outer parts failed because of it.
    valijson::ValidationResults::Error first;
    results.popError(first);
    std::string place;
    for (const std::string& step : first.context)
        place += step;
    return place + ": " + first.description;
}

} // namespace cvm::test
