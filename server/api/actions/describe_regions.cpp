#include "server/api/action.hpp"

#include <boost/json.hpp>

namespace cvm::api {

namespace {

Result<boost::json::object> handle(const Context& context, const Params&)
{
    boost::json::array regions;
    for (const auto& [region, names] : context.catalog.region_names)
        regions.push_back(
            boost::json::object{{"RegionState", "AVAILABLE"},
                                {"Region", region},
                                {"RegionName", context.call.language == Language::chinese ? names.zh : names.en}});
    return boost::json::object{{"TotalCount", regions.size()}, {"RegionSet", regions}};
}

} // namespace

extern const Action describe_regions{
    .name = "DescribeRegions",
    .region = Region::unused,
    .legacy = true,
    .fields = {},
    .handle = handle,
};

} // namespace cvm::api
