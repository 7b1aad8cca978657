#include "server/api/action.hpp"
#include "server/api/filter.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/instance_settings.hpp"
#include "server/api/page.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <iterator>

namespace cvm::api::describe_images {

namespace {

constexpr std::array fields{
    Field{.name = "ImageIds", .type = Type::strings, .max_items = 100},
    filters_field,
    offset_field,
    Field{.name = "Limit", .type = Type::unsigned_integer}, // an out-of-range Limit has its own error code here
    Field{.name = "InstanceType", .type = Type::string},
};

using Words = std::vector<std::string>;
Words keys(const Image& image)
{
    Words found;
    std::ranges::transform(image.tags, std::back_inserter(found), &state::KeyValue::key);
    return found;
}

Words values(const Image& image)
{
    Words found;
    std::ranges::transform(image.tags, std::back_inserter(found), &state::KeyValue::value);
    return found;
}

constexpr std::string_view public_image = "PUBLIC_IMAGE";
constexpr std::string_view tag_filter = "tag:";
constexpr std::array<TextFilter<Image>, 9> filters{{
    {"image-id", [](const Image& image) { return Words{image.id}; }},
    {"image-type", [](const Image& image) { return Words{image.type}; }},
    {"image-name", [](const Image& image) { return Words{image.name}; }, true},
    {"platform", [](const Image& image) { return Words{image.platform}; }, true},
    {"tag-key", keys},
    {"tag-value", values},
    {tag_filter, values}, // values of the tag whose key is in the filter's name: has_tag
    // No image is in a dedicated cluster.
    {"dedicated-cluster-id", [](const Image&) { return Words{}; }},
    {"cdc-cache-status", [](const Image&) { return Words{}; }},
}};
constexpr std::size_t max_values = 5;

bool has_tag(const Image& image, const Filter& filter)
{
    const std::string_view key = std::string_view{filter.name}.substr(tag_filter.size());
    return std::ranges::any_of(image.tags, [&](const state::KeyValue& tag) {
        return tag.key == key && std::ranges::find(filter.values, tag.value) != filter.values.end();
    });
}

bool chosen(const Image& image, std::span<const Filter> given)
{
    return passes<Image>(image, filters, given) && std::ranges::all_of(given, [&](const Filter& filter) {
               return !filter.name.starts_with(tag_filter) || has_tag(image, filter);
           });
}

// The members in the recorded order (cloud-custodian, 2022). ImageFamily and ImageDeprecated are newer.
boost::json::object to_json(const Image& image)
{
    namespace json = boost::json;
    json::object o{{"OsName", image.os_name},
                   {"ImageSize", image.size_gib},
                   {"ImageType", image.type},
                   {"CreatedTime", image.created_at ? json::value(state::format_instant(*image.created_at)) : nullptr},
                   {"ImageDescription", image.description},
                   {"ImageSource", image.source},
                   {"ImageId", image.id},
                   {"ImageName", image.name},
                   {"ImageCreator", image.creator},
                   {"ImageState", image.state},
                   {"SyncPercent", nullptr},
                   {"CreatePercent", nullptr},
                   {"IsSupportAutoInstallGPUDriver", false},
                   {"GPUDriverList", json::array{}},
                   {"ImageFormat", image.format}};
    if (image.snapshots) {
        json::array snapshots;
        for (const state::Snapshot& snapshot : *image.snapshots)
            snapshots.push_back(json::object{
                {"SnapshotId", snapshot.id}, {"DiskUsage", snapshot.usage}, {"DiskSize", snapshot.size_gib}});
        o["SnapshotSet"] = std::move(snapshots);
    }
    o["_ImageClass"] = "SystemImage";
    o["Architecture"] = image.architecture;
    o["Platform"] = image.platform;
    o["IsSupportCloudinit"] = true;
    o["isSupportCloudinit"] = true;
    o["LicenseType"] = image.license_type;
    json::array tags;
    for (const state::KeyValue& tag : image.tags)
        tags.push_back(
            json::object{{"tagKey", tag.key}, {"tagValue", tag.value}, {"Key", tag.key}, {"Value", tag.value}});
    o["Tags"] = std::move(tags);
    if (image.family || image.type == public_image) {
        o["ImageFamily"] = image.family ? json::value(*image.family) : nullptr;
        o["ImageDeprecated"] = false;
    }
    return o;
}

std::optional<Error> check(const ActionName& action, const Catalog& catalog, const Params& params,
                           std::span<const Filter> given)
{
    if (params.has("ImageIds") && params.has("Filters"))
        return error(Errc::invalid_parameter_invalid_parameter_coexist_image_ids_filters);
    for (const std::string& id : params.strings("ImageIds"))
        if (!well_formed_id(id, "img"))
            return error(Errc::invalid_image_id_malformed, id);
    if (auto problem = check_filters<Image>(filters, given, max_values))
        return problem;
    if (const auto limit = params.integer("Limit"); limit && (*limit < limit_field.min || *limit > limit_field.max))
        return error(Errc::invalid_parameter_value_invalid_parameter_value_limit, std::to_string(*limit));
    if (const auto type = params.string("InstanceType")) {
        if (auto problem = check_instance_type(action, catalog, *type))
            return problem;
    }
    return std::nullopt;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto given = read_filters(params);
    if (auto problem = check(context.action, context.catalog, params, given))
        return *problem;

    const auto ids = params.strings("ImageIds");
    const std::string type = params.string("InstanceType").value_or("");
    std::vector<const Image*> found;
    for (const Image& image : context.catalog.images)
        if ((ids.empty() || std::ranges::find(ids, image.id) != ids.end()) && chosen(image, given) &&
            (type.empty() || boots_from(context.catalog, type, image)))
            found.push_back(&image);
    const auto total = std::ssize(found);
    boost::json::array images;
    const auto [begin, end] = read_page(params, total);
    for (auto at = begin; at < end; ++at)
        images.push_back(to_json(*found[static_cast<std::size_t>(at)]));
    return boost::json::object{{"TotalCount", total}, {"ImageSet", std::move(images)}};
}

} // namespace

extern const Action action{
    .name = "DescribeImages",
    .legacy = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_images
