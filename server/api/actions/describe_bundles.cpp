#include "server/api/lighthouse.hpp"
#include "server/api/page.hpp"
#include "server/api/places.hpp"

#include <algorithm>
#include <utility>

namespace cvm::api::describe_bundles {

namespace {

constexpr std::array fields{
    Field{.name = "BundleIds", .type = Type::strings, .max_items = 100},
    signed_offset_field,
    signed_limit_field,
    filters_field,
    Field{.name = "Zones", .type = Type::strings},
    Field{.name = "BlueprintId", .type = Type::string},
};

namespace json = boost::json;

using Words = std::vector<std::string>;

Words platforms(const Bundle& bundle)
{
    Words all;
    if (bundle.on_linux)
        all.emplace_back("LINUX_UNIX");
    if (bundle.on_windows)
        all.emplace_back("WINDOWS");
    return all;
}

constexpr std::array<TextFilter<Bundle>, 4> filters{{
    {"bundle-id", [](const Bundle& b) { return Words{b.id}; }},
    {"support-platform-type", platforms},
    {"bundle-type", [](const Bundle& b) { return Words{b.type}; }},
    {"bundle-state", [](const Bundle&) { return Words{"ONLINE"}; }},
}};
constexpr std::size_t max_values = 5;

json::object to_json(const Context& context, const Bundle& bundle)
{
    const state::Price month =
        state::instance_price(context.catalog.prices, lighthouse::draft_of(bundle), std::chrono::months{1});
    return {{"BundleId", bundle.id},
            {"CPU", bundle.cpu},
            {"Memory", bundle.memory_gib},
            {"SystemDiskType", bundle.disk_type},
            {"SystemDiskSize", bundle.disk_size},
            {"InternetMaxBandwidthOut", bundle.bandwidth_mbps},
            {"InternetChargeType", "TRAFFIC_POSTPAID_BY_HOUR"},
            {"MonthlyTraffic", bundle.traffic_gb},
            {"Price", json::object{{"InstancePrice", lighthouse::instance_price(month.original, month)}}},
            {"SupportLinuxUnixPlatform", bundle.on_linux},
            {"SupportWindowsPlatform", bundle.on_windows},
            {"BundleType", bundle.type},
            {"BundleTypeDescription", in_language(bundle.description, context.call.language)},
            {"BundleSalesState", bundle.sold_out ? "SOLD_OUT" : "AVAILABLE"},
            {"BundleDisplayLabel", bundle.label},
            {"TrafficUnlimited", false}};
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto given = read_filters(params);
    if (auto problem = lighthouse::check_filters<Bundle>(context, params, "BundleIds", filters, given, max_values))
        return *problem;
    const auto ids = params.strings("BundleIds");
    for (const std::string& id : ids)
        if (auto bundle = lighthouse::find_bundle(context.catalog, id); !bundle)
            return bundle.error();
    const Blueprint* blueprint = context.catalog.find_blueprint(params.string("BlueprintId").value_or(""));
    if (params.has("BlueprintId") && blueprint == nullptr)
        return error(Errc::invalid_parameter_value, params.string("BlueprintId").value(), "BlueprintId");

    std::vector<const Bundle*> found;
    for (const Bundle& bundle : context.catalog.bundles)
        if ((ids.empty() || std::ranges::find(ids, bundle.id) != ids.end()) &&
            (blueprint == nullptr || bundle.runs(*blueprint)) && passes<Bundle>(bundle, filters, given))
            found.push_back(&bundle);
    const auto total = std::ssize(found);
    const auto [begin, end] = read_page(params, total);
    json::array set;
    for (auto at = begin; at < end; ++at)
        set.push_back(to_json(context, *found[static_cast<std::size_t>(at)]));
    return json::object{{"BundleSet", std::move(set)}, {"TotalCount", total}};
}

} // namespace

extern const Action action{
    .name = "DescribeBundles",
    .product = "lighthouse",
    .version = "2020-03-24",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_bundles
