#include "server/api/action.hpp"
#include "server/api/tag_rows.hpp"
#include "server/api/tagged_resources.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::describe_resource_tags {

namespace {

constexpr std::string_view object_storage = "cos";

constexpr std::array fields{
    Field{.name = "CreateUin", .type = Type::unsigned_integer},
    Field{.name = "ResourceRegion", .type = Type::string},
    Field{.name = "ServiceType", .type = Type::string},
    Field{.name = "ResourcePrefix", .type = Type::string},
    Field{.name = "ResourceId", .type = Type::string},
    offset_field,
    tag_limit_field,
    Field{.name = "CosResourceId", .type = Type::unsigned_integer, .max = 1},
};

// Selects resources; nullopt: any.
struct Wanted {
    std::optional<std::string> region;
    std::optional<std::string> service;
    std::optional<std::string> prefix; // before the first slash
    std::optional<std::string> id;     // after the last slash
    bool of_cos = false;               // if an id is given
};

Wanted read_wanted(const Params& params)
{
    return {.region = params.string("ResourceRegion"),
            .service = params.string("ServiceType"),
            .prefix = params.string("ResourcePrefix"),
            .id = params.string("ResourceId"),
            .of_cos = params.integer("CosResourceId") == 1};
}

bool is_wanted(const ResourceName& name, const Wanted& wanted)
{
    const std::string_view resource = name.resource;
    const auto slash = resource.find('/');
    const auto prefix = slash == std::string_view::npos ? std::string_view{} : resource.substr(0, slash);
    const auto id = resource.substr(resource.rfind('/') + 1);
    return (!wanted.region || name.region == *wanted.region) && (!wanted.service || name.service == *wanted.service) &&
           (!wanted.prefix || prefix == *wanted.prefix) &&
           (!wanted.id || (id == *wanted.id && (name.service == object_storage) == wanted.of_cos));
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const Wanted wanted = read_wanted(params);
    if (wanted.of_cos && !wanted.id)
        return error(Errc::missing_parameter, "ResourceId");
    if (auto problem = check_tag_page(context.action, params))
        return *std::move(problem);
    boost::json::array rows;
    const auto creator = params.integer("CreateUin");
    if (!creator || std::to_string(*creator) == context.call.account.uin)
        for (const TaggedResource& resource : tagged_resources(context))
            if (is_wanted(resource.name, wanted))
                append_tag_rows(rows, resource.name, resource.tags);
    return tag_page(rows, params, "Rows");
}

} // namespace

extern const Action action{
    .name = "DescribeResourceTags",
    .product = "tag",
    .version = "2018-08-13",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_resource_tags
