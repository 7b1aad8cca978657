#include "server/api/action.hpp"
#include "server/api/filter.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/instance_settings.hpp"
#include "server/api/page.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api {

namespace {

constexpr std::array fields{
    Field{.name = "ImageIds", .type = Type::strings, .max_items = 100},
    filters_field,
    offset_field,
    Field{.name = "Limit", .type = Type::unsigned_integer}, // a Limit out of range has a code of its own here
    Field{.name = "InstanceType", .type = Type::string},
};

using Words = std::vector<std::string>;
constexpr std::array<TextFilter<Image>, 9> filters{{
    {"image-id", [](const Image& image) { return Words{image.id}; }},
    {"image-type", [](const Image&) { return Words{"PUBLIC_IMAGE"}; }},
    {"image-name", [](const Image& image) { return Words{image.name}; }, true},
    {"platform", [](const Image& image) { return Words{image.platform}; }, true},
    // A public image has none of these.
    {"tag-key", [](const Image&) { return Words{}; }},
    {"tag-value", [](const Image&) { return Words{}; }},
    {"tag:", [](const Image&) { return Words{}; }},
    {"dedicated-cluster-id", [](const Image&) { return Words{}; }},
    {"cdc-cache-status", [](const Image&) { return Words{}; }},
}};
constexpr std::size_t max_values = 5;

boost::json::object to_json(const Image& image)
{
    return {{"ImageId", image.id},
            {"OsName", image.os_name},
            {"ImageType", "PUBLIC_IMAGE"},
            {"CreatedTime", nullptr},
            {"ImageName", image.name},
            {"ImageDescription", image.name},
            {"ImageSize", image.size_gib},
            {"Architecture", image.architecture},
            {"ImageState", "NORMAL"},
            {"Platform", image.platform},
            {"ImageCreator", "tencent"},
            {"ImageSource", "OFFICIAL"},
            {"SyncPercent", nullptr},
            {"IsSupportCloudinit", true},
            {"SnapshotSet", boost::json::array{}},
            {"Tags", boost::json::array{}},
            {"LicenseType", "TencentCloud"},
            {"ImageFamily", nullptr},
            {"ImageDeprecated", false}};
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

Result<boost::json::object> handle(const Context& context, const Params& params)
{
    const auto given = read_filters(params);
    if (auto problem = check(context.action, context.catalog, params, given))
        return *problem;

    const auto ids = params.strings("ImageIds");
    const std::string type = params.string("InstanceType").value_or("");
    std::vector<const Image*> found;
    for (const Image& image : context.catalog.images)
        if ((ids.empty() || std::ranges::find(ids, image.id) != ids.end()) && passes<Image>(image, filters, given) &&
            (type.empty() || boots_from(type, image)))
            found.push_back(&image);
    const auto total = std::ssize(found);
    boost::json::array images;
    const auto [begin, end] =
        window(total, params.integer("Offset").value_or(0), params.integer("Limit").value_or(default_limit));
    for (auto at = begin; at < end; ++at)
        images.push_back(to_json(*found[static_cast<std::size_t>(at)]));
    return boost::json::object{{"TotalCount", total}, {"ImageSet", std::move(images)}};
}

} // namespace

extern const Action describe_images{
    .name = "DescribeImages",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api
