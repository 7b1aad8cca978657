#include "server/api/tag_rows.hpp"

#include "server/api/instance_checks.hpp"
#include "server/api/md5.hpp"
#include "server/api/tagged_resources.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api {

namespace {

// A kind of resource that is looked up by id, identified by ResourcePrefix.
struct TaggedKind {
    std::string_view prefix;
    std::string_view id; // prefix of the ids
    ResourceName (*name)(std::string_view region, std::string_view uin, std::string_view id);
};
constexpr std::array tagged_kinds{TaggedKind{"instance", "ins", instance_name},
                                  TaggedKind{"volume", "disk", disk_name}};

const TaggedKind* find_tagged_kind(std::string_view prefix)
{
    const auto at = std::ranges::find(tagged_kinds, prefix, &TaggedKind::prefix);
    return at != tagged_kinds.end() ? &*at : nullptr;
}

} // namespace

std::optional<Error> check_tagged_ids(const Catalog& catalog, const Params& params)
{
    const std::string service = params.string("ServiceType").value();
    if (service != "cvm")
        return error(Errc::invalid_parameter_value_service_type_invalid, service);
    const std::string prefix = params.string("ResourcePrefix").value();
    const TaggedKind* kind = find_tagged_kind(prefix);
    if (kind == nullptr)
        return error(Errc::invalid_parameter_value_resource_prefix_invalid, prefix);
    const std::string region = params.string("ResourceRegion").value();
    if (!catalog.cvm_regions.contains(region))
        return error(Errc::invalid_parameter_value_region_invalid, region);
    for (const std::string& id : params.strings("ResourceIds"))
        if (!well_formed_id(id, kind->id))
            return error(Errc::invalid_parameter_value_resource_id_invalid, id);
    return std::nullopt;
}

boost::json::array rows_of_tagged_ids(const Context& context, const Params& params)
{
    const TaggedKind& kind = *find_tagged_kind(params.string("ResourcePrefix").value());
    const std::string region = params.string("ResourceRegion").value();
    boost::json::array rows;
    for (const std::string& id : params.strings("ResourceIds")) {
        const ResourceName name = kind.name(region, context.call.account.uin, id);
        if (const auto tags = find_tags(context, name))
            append_tag_rows(rows, name, *tags);
    }
    return rows;
}

std::optional<Error> check_tag_page(const ActionName& action, const Params& params)
{
    const auto offset = params.integer("Offset").value_or(0);
    if (offset % params.integer("Limit").value_or(default_tag_limit) == 0)
        return std::nullopt;
    return refuse_value(action, Errc::invalid_parameter_value_offset_invalid, std::to_string(offset), "Offset");
}

void append_tag_rows(boost::json::array& rows, const ResourceName& resource, std::span<const state::KeyValue> tags)
{
    const std::string id = resource.resource.substr(resource.resource.rfind('/') + 1);
    for (const auto& [key, value] : tags)
        rows.push_back(boost::json::object{{"ServiceType", resource.service},
                                           {"TagKey", key},
                                           {"TagValue", value},
                                           {"TagKeyMd5", md5(key)},
                                           {"TagValueMd5", md5(value)},
                                           {"ResourceId", id},
                                           {"Category", "Custom"}});
}

boost::json::object tag_page(const boost::json::array& rows, const Params& params, std::string_view list)
{
    const auto offset = params.integer("Offset").value_or(0);
    const auto limit = params.integer("Limit").value_or(default_tag_limit);
    const auto total = std::ssize(rows);
    const auto [begin, end] = window(total, offset, limit);
    return {{"TotalCount", total},
            {"Offset", offset},
            {"Limit", limit},
            {list, boost::json::array(rows.begin() + begin, rows.begin() + end)}};
}

} // namespace cvm::api
