#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/page.hpp"

#include <boost/json.hpp>
#include <boost/uuid/detail/md5.hpp>

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

std::string md5(std::string_view text)
{
    boost::uuids::detail::md5 hash;
    hash.process_bytes(text.data(), text.size());
    boost::uuids::detail::md5::digest_type digest{};
    hash.get_digest(digest);
    // The digest is four words, the bytes of each in memory order of the hash.
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const auto word : digest)
        for (const unsigned shift : {28U, 24U, 20U, 16U, 12U, 8U, 4U, 0U})
            hex += digits[(static_cast<unsigned>(word) >> shift) & 15U];
    return hex;
}

std::optional<Error> check(const Catalog& catalog, const Params& params)
{
    // Only what this server keeps has tags here: instances.
    const std::string service = params.string("ServiceType").value();
    if (service != "cvm")
        return error(Errc::invalid_parameter_value_service_type_invalid, service);
    const std::string prefix = params.string("ResourcePrefix").value();
    if (prefix != "instance")
        return error(Errc::invalid_parameter_value_resource_prefix_invalid, prefix);
    const std::string region = params.string("ResourceRegion").value();
    if (!catalog.cvm_regions.contains(region))
        return error(Errc::invalid_parameter_value_region_invalid, region);
    for (const std::string& id : params.strings("ResourceIds"))
        if (!well_formed_id(id, "ins"))
            return error(Errc::invalid_parameter_value_resource_id_invalid, id);
    const auto offset = params.integer("Offset").value_or(0);
    if (offset % params.integer("Limit").value_or(default_tag_limit) != 0)
        return error(Errc::invalid_parameter_value, std::to_string(offset), "Offset");
    return std::nullopt;
}

boost::json::array tags_of(const state::Instance& instance)
{
    boost::json::array tags;
    for (const auto& [key, value] : instance.attributes.tags) {
        tags.push_back(boost::json::object{{"ServiceType", "cvm"},
                                           {"TagKey", key},
                                           {"TagValue", value},
                                           {"TagKeyMd5", md5(key)},
                                           {"TagValueMd5", md5(value)},
                                           {"ResourceId", instance.id},
                                           {"Category", "Custom"}});
    }
    return tags;
}

Result<boost::json::object> handle(const Context& context, const Params& params)
{
    if (auto problem = check(context.catalog, params))
        return *problem;

    boost::json::array all;
    if (params.string("Category").value_or("All") != "System")
        for (const std::string& id : params.strings("ResourceIds")) {
            const auto instance = context.store.find_instance(context.call.account.uin, id);
            if (!instance || instance->region != params.string("ResourceRegion").value())
                continue;
            for (boost::json::value& tag : tags_of(*instance))
                all.push_back(std::move(tag));
        }
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
