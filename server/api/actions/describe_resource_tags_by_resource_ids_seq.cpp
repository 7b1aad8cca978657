#include "server/api/action.hpp"
#include "server/api/tag_rows.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::describe_resource_tags_by_resource_ids_seq {

namespace {

constexpr std::array fields{
    service_type_field, resource_prefix_field, resource_ids_field, resource_region_field, offset_field, tag_limit_field,
};

Result<Answer> handle(const Context& context, const Params& params)
{
    if (auto problem = check_tagged_ids(context.catalog, params))
        return *std::move(problem);
    if (auto problem = check_tag_page(context.action, params))
        return *std::move(problem);
    return tag_page(rows_of_tagged_ids(context, params), params, "Tags");
}

} // namespace

extern const Action action{
    .name = "DescribeResourceTagsByResourceIdsSeq",
    .product = "tag",
    .version = "2018-08-13",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_resource_tags_by_resource_ids_seq
