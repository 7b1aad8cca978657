#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/md5.hpp"
#include "server/api/page.hpp"
#include "server/api/tagged_resources.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api {

namespace {

constexpr std::array<std::string_view, 3> categories{"Custom", "System", "All"};
constexpr std::int64_t default_tag_limit = 15;

constexpr std::array fields{
    Field{.name = "ServiceType", .type = Type::string, .required = true},
    Field{.name = "ResourcePrefix", .type = Type::string, .required = true},
    Field{.name = "ResourceIds", .type = Type::strings, .required = true, .max_items = 50},
    Field{.name = "ResourceRegion", .type = Type::string, .required = true},
    Field{.name = "Offset", .type = Type::unsigned_integer},
    Field{.name = "Limit", .type = Type::unsigned_integer, .min = 1},
    Field{.name = "Category", .type = Type::string, .words = categories},
};

// The kinds of resources that have tags here, by ResourcePrefix.
struct Kind {
    std::string_view prefix;
    std::string_view id; // what the id begins with
    ResourceName (*name)(std::string_view region, std::string_view uin, std::string_view id);
};
constexpr std::array kinds{Kind{"instance", "ins", instance_name}, Kind{"volume", "disk", disk_name}};

const Kind* find_kind(std::string_view prefix)
{
    const auto at = std::ranges::find(kinds, prefix, &Kind::prefix);
    return at != kinds.end() ? &*at : nullptr;
}

std::optional<Error> check(const Catalog& catalog, const Params& params)
{
    // Only what this server keeps has tags here: instances and disks.
    const std::string service = params.string("ServiceType").value();
    if (service != "cvm")
        return error(Errc::invalid_parameter_value_service_type_invalid, service);
    const std::string prefix = params.string("ResourcePrefix").value();
    const Kind* kind = find_kind(prefix);
    if (kind == nullptr)
        return error(Errc::invalid_parameter_value_resource_prefix_invalid, prefix);
    const std::string region = params.string("ResourceRegion").value();
    if (!catalog.cvm_regions.contains(region))
        return error(Errc::invalid_parameter_value_region_invalid, region);
    for (const std::string& id : params.strings("ResourceIds"))
        if (!well_formed_id(id, kind->id))
            return error(Errc::invalid_parameter_value_resource_id_invalid, id);
    const auto offset = params.integer("Offset").value_or(0);
    if (offset % params.integer("Limit").value_or(default_tag_limit) != 0)
        return error(Errc::invalid_parameter_value, std::to_string(offset), "Offset");
    return std::nullopt;
}

void append(boost::json::array& all, std::string_view id, std::span<const state::KeyValue> tags)
{
    for (const auto& [key, value] : tags)
        all.push_back(boost::json::object{{"ServiceType", "cvm"},
                                          {"TagKey", key},
                                          {"TagValue", value},
                                          {"TagKeyMd5", md5(key)},
                                          {"TagValueMd5", md5(value)},
                                          {"ResourceId", id},
                                          {"Category", "Custom"}});
}

Result<Answer> handle(const Context& context, const Params& params)
{
    if (auto problem = check(context.catalog, params))
        return *problem;

    const Kind& kind = *find_kind(params.string("ResourcePrefix").value());
    const std::string region = params.string("ResourceRegion").value();
    boost::json::array all;
    if (params.string("Category").value_or("All") != "System")
        for (const std::string& id : params.strings("ResourceIds"))
            if (const auto tags = find_tags(context, kind.name(region, context.call.account.uin, id)))
                append(all, id, *tags);
    const auto offset = params.integer("Offset").value_or(0);
    const auto limit = params.integer("Limit").value_or(default_tag_limit);
    const auto total = std::ssize(all);
    const auto [begin, end] = window(total, offset, limit);
    boost::json::array page(all.begin() + begin, all.begin() + end);
    return boost::json::object{{"TotalCount", total}, {"Offset", offset}, {"Limit", limit}, {"Tags", std::move(page)}};
}

} // namespace

extern const Action describe_resource_tags_by_resource_ids{
    .name = "DescribeResourceTagsByResourceIds",
    .product = "tag",
    .version = "2018-08-13",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api
