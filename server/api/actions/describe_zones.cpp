#include "server/api/action.hpp"
#include "server/api/places.hpp"

#include <boost/json.hpp>

namespace cvm::api::describe_zones {

namespace {

Result<Answer> handle(const Context& context, const Params&) { return list_zones(context, PlacesOf::cvm); }

} // namespace

extern const Action action{
    .name = "DescribeZones",
    .legacy = true,
    .fields = {},
    .handle = handle,
};

} // namespace cvm::api::describe_zones
