#include "server/api/action.hpp"
#include "server/api/tag_checks.hpp"
#include "server/api/tagged_resources.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::tag_resources {

namespace {

constexpr std::array fields{
    Field{.name = "ResourceList", .type = Type::strings, .required = true},
    Field{.name = "Tags", .type = Type::objects, .required = true, .members = tag_fields},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto names = read_resource_list(context, params);
    if (!names)
        return names.error();
    if (params.objects("Tags").size() > max_tags_of_call)
        return error(Errc::limit_exceeded_tag_num_per_request, std::to_string(max_tags_of_call));
    auto tags = read_tags(context.action, params, "Tags");
    if (!tags)
        return tags.error();
    return change_all_tags(context, *names, {.set = *std::move(tags), .removed = {}});
}

} // namespace

extern const Action action{
    .name = "TagResources",
    .product = "tag",
    .version = "2018-08-13",
    .region = Region::unused,
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::tag_resources
