#include "server/api/actions/actions.hpp"

#include <boost/json.hpp>

namespace cvm::api {

namespace {

Result<boost::json::object> handle(const Context& context, const Params&)
{
    boost::json::array regions;
    for (const auto& [region, names] : context.catalog.region_names)
        regions.push_back(
            boost::json::object{{"Region", region},
                                {"RegionName", context.language == Language::chinese ? names.zh : names.en},
                                {"RegionState", "AVAILABLE"}});
    return boost::json::object{{"TotalCount", regions.size()}, {"RegionSet", regions}};
}

} // namespace

const Action describe_regions{
    .name = "DescribeRegions",
    .product = "cvm",
    .version = "2017-03-12",
    .region = Region::unused,
    .writes = false,
    .legacy = false,
    .fields = {},
    .handle = handle,
};

} // namespace cvm::api
