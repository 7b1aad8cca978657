#include "server/api/action.hpp"
#include "server/api/tag_checks.hpp"
#include "server/api/tagged_resources.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api::modify_resource_tags {

namespace {

constexpr std::array tag_key_object_members{
    Field{.name = "TagKey", .type = Type::string, .required = true},
};

constexpr std::array fields{
    Field{.name = "Resource", .type = Type::string, .required = true},
    Field{.name = "ReplaceTags", .type = Type::objects, .members = tag_fields, .max_items = max_tags_of_call},
    Field{
        .name = "DeleteTags", .type = Type::objects, .members = tag_key_object_members, .max_items = max_tags_of_call},
};

Result<TagChange> read_change(const ActionName& action, const Params& params)
{
    TagChange change;
    if (!params.has("ReplaceTags") && !params.has("DeleteTags"))
        return error(Errc::missing_parameter, "ReplaceTags");
    auto tags = read_tags(action, params, "ReplaceTags");
    if (!tags)
        return tags.error();
    change.set = *std::move(tags);
    for (const Params& tag : params.objects("DeleteTags"))
        change.removed.push_back(tag.string("TagKey").value());
    if (auto problem = check_tag_keys(action, change.removed, "DeleteTags"))
        return *std::move(problem);
    for (const std::string& key : change.removed)
        if (std::ranges::find(change.set, key, &state::KeyValue::key) != change.set.end())
            return error(Errc::invalid_parameter_value_delete_tags_param_error, key);
    return change;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const std::string text = params.string("Resource").value();
    const auto name = parse_resource_name(text, context.call.account.uin);
    if (!name)
        return error(Errc::invalid_parameter_value_resource_description_error, text);
    const auto change = read_change(context.action, params);
    if (!change)
        return change.error();
    if (auto problem = change_tags(context, *name, *change))
        return *std::move(problem);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ModifyResourceTags",
    .product = "tag",
    .version = "2018-08-13",
    .region = Region::unused,
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::modify_resource_tags
