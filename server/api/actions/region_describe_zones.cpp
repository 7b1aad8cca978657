#include "server/api/action.hpp"
#include "server/api/places.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::region_describe_zones {

namespace {

constexpr std::array fields{
    Field{.name = "Product", .type = Type::string, .required = true},
    Field{.name = "Scene", .type = Type::integer, .min = 0, .max = 1},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const std::string product = params.string("Product").value();
    if (!has_places(product))
        return error(Errc::unsupported_operation);
    return list_zones(context, PlacesOf::region);
}

} // namespace

extern const Action action{
    .name = "DescribeZones",
    .product = "region",
    .version = "2022-06-27",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::region_describe_zones
