#include "server/api/fields.hpp"

#include "server/api/action.hpp"
#include "tests/fuzz/server.hpp"
#include "tests/fuzz/target.hpp"

#include <boost/json.hpp>

namespace cvm::fuzz {

namespace json = boost::json;

namespace {

void check(std::span<const api::Field> fields, const json::object& given, api::Source source, api::Unknown unknown)
{
    const auto decoded = api::decode(fields, given, source, unknown);
    if (!decoded)
        return expect_told(decoded.error());
    const auto again = api::decode(fields, *decoded, api::Source::json, api::Unknown::refused);
    expect(again.has_value(), "what was accepted is accepted again", json::serialize(*decoded));
    expect(*again == *decoded, "what was decoded stays as it is", json::serialize(*again));
}

} // namespace

// "RenewInstances", followed by a JSON object in the next lines: the parameters for all actions of that name. Accepted
// values have the declared types.
void fields(std::string_view input)
{
    const std::string_view name = take_line(input);
    json::parse_options options;
    options.max_depth = 32;
    boost::system::error_code ec;
    const json::value given = json::parse({input.data(), input.size()}, ec, {}, options);
    if (ec || !given.is_object())
        return;
    for (const api::Action* action : api::all_actions()) {
        if (action->name != name)
            continue;
        const auto legacy = action->legacy_fields.empty() ? action->fields : action->legacy_fields;
        check(action->fields, given.get_object(), api::Source::json, api::Unknown::refused);
        check(legacy, given.get_object(), api::Source::form, api::Unknown::ignored);
    }
}

} // namespace cvm::fuzz
