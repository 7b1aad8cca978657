#include "server/api/action.hpp"
#include "server/api/pagination_token.hpp"
#include "server/api/tagged_resources.hpp"

#include <boost/json.hpp>

#include <array>
#include <set>

namespace cvm::api::get_tag_keys {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    pagination_token_field,
    max_results_field,
    category_field,
};

// The distinct keys, in the order in which the resources have them.
json::array keys_in_use(const Context& context)
{
    json::array keys;
    std::set<std::string> seen;
    for (const TaggedResource& resource : tagged_resources(context))
        for (const state::KeyValue& tag : resource.tags)
            if (seen.insert(tag.key).second)
                keys.emplace_back(tag.key);
    return keys;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    return answer_tag_page(context, params, "TagKeys", keys_in_use(context));
}

} // namespace

extern const Action action{
    .name = "GetTagKeys",
    .product = "tag",
    .version = "2018-08-13",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::get_tag_keys
