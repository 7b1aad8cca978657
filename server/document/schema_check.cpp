#include "server/document/schema_check.hpp"

#include "server/base/embedded.hpp"

#include <boost/json.hpp>

// Headers of others with warnings of their own.
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

#include <string_view>

namespace cvm {

namespace json = boost::json;

namespace {

std::unique_ptr<valijson::Schema> parsed_schema(const json::value& text)
{
    auto parsed = std::make_unique<valijson::Schema>();
    valijson::SchemaParser{valijson::SchemaParser::kDraft7}.populateSchema(valijson::adapters::BoostJsonAdapter{text},
                                                                           *parsed);
    return parsed;
}

json::value state_schema_text() { return json::parse(embedded_file("fixtures/state.schema.json")); }

const valijson::Schema& state_schema()
{
    static const auto loaded = parsed_schema(state_schema_text());
    return *loaded;
}

// "[accounts]", "[0]", "[Uin]" -> "accounts[0].Uin". The first element is the library's word for the document.
std::string to_path(const std::vector<std::string>& context)
{
    std::string path;
    for (std::size_t i = 1; i < context.size(); ++i) {
        const std::string_view name = std::string_view{context[i]}.substr(1, context[i].size() - 2);
        const bool index = !name.empty() && name.find_first_not_of("0123456789") == std::string_view::npos;
        if (index)
            path += context[i];
        else
            path += (path.empty() ? "" : ".") + std::string{name};
    }
    return path;
}

const json::value* value_at(const json::value& document, const std::vector<std::string>& context)
{
    const json::value* at = &document;
    for (std::size_t i = 1; i < context.size() && at != nullptr; ++i) {
        const std::string name = context[i].substr(1, context[i].size() - 2);
        if (const auto* o = at->if_object())
            at = o->if_contains(name);
        else if (const auto* a = at->if_array())
            at = a->if_contains(std::stoul(name));
        else
            at = nullptr;
    }
    return at;
}

// The library's sentence, shorter and with the value that it is about.
std::string describe(std::string_view sentence, const json::value* value)
{
    const auto quoted_after = [&](std::string_view words) {
        const auto begin = sentence.find('\'', sentence.find(words) + words.size());
        return std::string{sentence.substr(begin, sentence.rfind('\'') - begin + 1)};
    };
    if (sentence.starts_with("Object contains a property"))
        return "unknown member " + quoted_after("constraints");
    if (sentence.starts_with("Missing required property"))
        return "the member " + quoted_after("property") + " is missing";
    std::string shown = value != nullptr ? json::serialize(*value) : std::string{};
    if (shown.size() > 60)
        shown = shown.substr(0, 60) + "...";
    if (sentence.starts_with("Failed to match against any enum"))
        return shown + " is not one of the words allowed here";
    if (sentence.starts_with("Failed to match regex"))
        return shown + " is malformed";
    if (sentence.starts_with("Value type not permitted"))
        return shown + " is of the wrong type";
    return shown + ": " + std::string{sentence};
}

std::optional<SchemaProblem> first_problem(const json::value& document, const valijson::Schema& schema)
{
    valijson::ValidationResults results;
    const valijson::adapters::BoostJsonAdapter adapter{document};
    if (valijson::Validator{}.validate(schema, adapter, &results))
        return std::nullopt;
    // The innermost problem comes first; what follows only says that the outer ones failed because of it.
    valijson::ValidationResults::Error first;
    results.popError(first);
    return SchemaProblem{to_path(first.context), describe(first.description, value_at(document, first.context))};
}

} // namespace

const QuickSchema& quick_state_schema()
{
    static const QuickSchema loaded{state_schema_text()};
    return loaded;
}

std::optional<SchemaProblem> first_schema_problem(const json::value& document)
{
    if (quick_state_schema().allows(document))
        return std::nullopt;
    return first_problem(document, state_schema());
}

std::optional<SchemaProblem> first_schema_problem(const json::value& document, const json::value& schema)
{
    return first_problem(document, *parsed_schema(schema));
}

} // namespace cvm
