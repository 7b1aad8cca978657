#include "server/api/action.hpp"
#include "server/api/places.hpp"

#include <boost/json.hpp>

namespace cvm::api::describe_regions {

namespace {

Result<Answer> handle(const Context& context, const Params&) { return list_regions(context, PlacesOf::cvm); }

} // namespace

extern const Action action{
    .name = "DescribeRegions",
    .region = Region::unused,
    .legacy = true,
    .fields = {},
    .handle = handle,
};

} // namespace cvm::api::describe_regions
