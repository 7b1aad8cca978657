#include "server/api/action.hpp"
#include "server/api/page.hpp"
#include "server/api/pagination_token.hpp"
#include "server/api/tag_checks.hpp"
#include "server/api/tagged_resources.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api::get_resources {

namespace json = boost::json;

namespace {

constexpr std::int64_t default_page = 50;
constexpr std::int64_t largest_page = 200;
constexpr std::size_t max_filters_by_tag = 6;
constexpr std::size_t max_values_of_filter = 10;

constexpr std::array tag_filter_members{
    Field{.name = "TagKey", .type = Type::string, .required = true},
    Field{.name = "TagValue", .type = Type::strings},
};

constexpr std::array fields{
    Field{.name = "ResourceList", .type = Type::strings},
    Field{.name = "TagFilters", .type = Type::objects, .members = tag_filter_members},
    pagination_token_field,
    Field{.name = "MaxResults", .type = Type::unsigned_integer, .min = 1, .max = largest_page},
};

// A resource passes if it has the key with one of the values or, if there are no values, with any value.
struct TagFilter {
    std::string key;
    std::vector<std::string> values;
};

Result<std::vector<TagFilter>> read_tag_filters(const ActionName& action, const Params& params)
{
    std::vector<TagFilter> filters;
    std::vector<std::string> keys;
    for (const Params& filter : params.objects("TagFilters")) {
        filters.push_back({filter.string("TagKey").value(), filter.strings("TagValue")});
        keys.push_back(filters.back().key);
    }
    if (filters.size() > max_filters_by_tag)
        return error(Errc::limit_exceeded_tag_num_per_request, std::to_string(max_filters_by_tag));
    if (auto problem = check_tag_keys(action, keys, "TagFilters"))
        return *std::move(problem);
    for (const TagFilter& filter : filters) {
        if (filter.values.size() > max_values_of_filter)
            return error(Errc::limit_exceeded_tag_value, std::to_string(max_values_of_filter));
        for (const std::string& value : filter.values)
            if (auto problem = check_tag_value(action, value, "TagFilters"))
                return *std::move(problem);
    }
    return filters;
}

bool passes(const TaggedResource& resource, const std::vector<TagFilter>& filters)
{
    return std::ranges::all_of(filters, [&](const TagFilter& filter) {
        return std::ranges::any_of(resource.tags, [&](const state::KeyValue& tag) {
            return tag.key == filter.key &&
                   (filter.values.empty() || std::ranges::find(filter.values, tag.value) != filter.values.end());
        });
    });
}

json::object to_json(const TaggedResource& resource)
{
    json::array tags;
    for (const auto& [key, value] : resource.tags)
        tags.push_back(json::object{{"TagKey", key}, {"TagValue", value}, {"Category", "Custom"}});
    return {{"Resource", resource.name.text()}, {"Tags", std::move(tags)}};
}

json::object answer(const std::vector<TaggedResource>& resources, Window window, std::string next)
{
    json::array list;
    for (auto at = window.begin; at < window.end; ++at)
        list.push_back(to_json(resources[static_cast<std::size_t>(at)]));
    return {{"PaginationToken", std::move(next)}, {"ResourceTagMappingList", std::move(list)}};
}

// Everything that calls for the pages of one list have in common.
std::string fingerprint(const Context& context, const std::vector<TagFilter>& filters)
{
    json::array text{context.action.name, context.call.account.uin};
    for (const TagFilter& filter : filters)
        text.push_back(json::array{filter.key, json::array(filter.values.begin(), filter.values.end())});
    return json::serialize(text);
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto names = read_resource_list(context, params);
    if (!names)
        return names.error();
    const auto filters = read_tag_filters(context.action, params);
    if (!filters)
        return filters.error();
    const std::string request = fingerprint(context, *filters);
    const auto token = params.string("PaginationToken").value_or("");
    const auto offset = read_pagination_token(token, request);
    if (!offset)
        return error(Errc::invalid_parameter_pagination_token_invalid, token);

    auto resources = names->empty() ? tagged_resources(context) : tagged_resources(context, *names);
    std::erase_if(resources, [&](const TaggedResource& resource) { return !passes(resource, *filters); });
    const auto total = std::ssize(resources);
    // If resources are named, all are returned, whatever MaxResults is.
    if (!names->empty())
        return answer(resources, {0, total}, "");
    const Window page = window(total, *offset, params.integer("MaxResults").value_or(default_page));
    return answer(resources, page, page.end < total ? pagination_token(request, page.end) : "");
}

} // namespace

extern const Action action{
    .name = "GetResources",
    .product = "tag",
    .version = "2018-08-13",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::get_resources
