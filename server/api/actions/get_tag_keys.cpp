#include "server/api/action.hpp"
#include "server/api/page.hpp"
#include "server/api/pagination_token.hpp"
#include "server/api/tagged_resources.hpp"

#include <boost/json.hpp>

#include <array>
#include <set>

namespace cvm::api::get_tag_keys {

namespace json = boost::json;

namespace {

constexpr std::int64_t default_page = 50;
constexpr std::int64_t largest_page = 1000;
constexpr std::array<std::string_view, 3> categories{"Custom", "System", "All"};

constexpr std::array fields{
    Field{.name = "PaginationToken", .type = Type::string},
    Field{.name = "MaxResults", .type = Type::unsigned_integer, .min = 1, .max = largest_page},
    Field{.name = "Category", .type = Type::string, .words = categories},
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
    const auto category = params.string("Category").value_or("All");
    const std::string request = json::serialize(json::array{context.action.name, context.call.account.uin, category});
    const auto token = params.string("PaginationToken").value_or("");
    const auto offset = read_pagination_token(token, request);
    if (!offset)
        return error(Errc::invalid_parameter_pagination_token_invalid, token);

    const json::array all = category == "System" ? json::array{} : keys_in_use(context);
    const auto total = std::ssize(all);
    const auto [begin, end] = window(total, *offset, params.integer("MaxResults").value_or(default_page));
    return json::object{{"PaginationToken", end < total ? pagination_token(request, end) : ""},
                        {"TagKeys", json::array(all.begin() + begin, all.begin() + end)}};
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
