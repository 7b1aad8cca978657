#include "server/api/action.hpp"
#include "server/api/tag_checks.hpp"
#include "server/api/tagged_resources.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::un_tag_resources {

namespace {

constexpr std::array fields{
    Field{.name = "ResourceList", .type = Type::strings, .required = true},
    Field{.name = "TagKeys", .type = Type::strings, .required = true},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto names = read_resource_list(context, params);
    if (!names)
        return names.error();
    auto keys = params.strings("TagKeys");
    if (keys.size() > max_tags_of_call)
        return error(Errc::limit_exceeded_tag_num_per_request, std::to_string(max_tags_of_call));
    if (auto problem = check_tag_keys(context.action, keys, "TagKeys"))
        return *std::move(problem);
    return change_all_tags(context, *names, {.set = {}, .removed = std::move(keys)});
}

} // namespace

extern const Action action{
    .name = "UnTagResources",
    .product = "tag",
    .version = "2018-08-13",
    .region = Region::unused,
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::un_tag_resources
