#include "server/api/action.hpp"
#include "server/api/pagination_token.hpp"
#include "server/api/tag_checks.hpp"
#include "server/api/tagged_resources.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace cvm::api::get_tag_values {

namespace json = boost::json;

namespace {

constexpr std::size_t max_keys = 20;

constexpr std::array fields{
    Field{.name = "TagKeys", .type = Type::strings, .required = true},
    pagination_token_field,
    max_results_field,
    category_field,
};

std::optional<Error> check(const std::vector<std::string>& keys)
{
    if (keys.size() > max_keys)
        return error(Errc::limit_exceeded);
    for (const std::string& key : keys)
        if (flaw_of_tag_key(key) == TagFlaw::reserved)
            return error(Errc::invalid_parameter_value_reserved_tag_key, key, "TagKeys");
    return std::nullopt;
}

// The distinct pairs, in the order in which the resources have them.
json::array values_of(const Context& context, const std::vector<std::string>& keys)
{
    json::array tags;
    std::set<std::pair<std::string, std::string>> seen;
    for (const TaggedResource& resource : tagged_resources(context))
        for (const auto& [key, value] : resource.tags)
            if (std::ranges::find(keys, key) != keys.end() && seen.emplace(key, value).second)
                tags.push_back(json::object{{"TagKey", key}, {"TagValue", value}});
    return tags;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto keys = params.strings("TagKeys");
    if (auto problem = check(keys))
        return *std::move(problem);
    return answer_tag_page(context, params, "Tags", values_of(context, keys), json::array(keys.begin(), keys.end()));
}

} // namespace

extern const Action action{
    .name = "GetTagValues",
    .product = "tag",
    .version = "2018-08-13",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::get_tag_values
