#include "server/api/action.hpp"
#include "server/api/places.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::api_describe_regions {

namespace {

constexpr std::array fields{
    Field{.name = "Product", .type = Type::string, .required = true},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const std::string product = params.string("Product").value();
    if (!has_places(product))
        return error(Errc::invalid_parameter, "no product `" + product + "` here");
    return list_regions(context, PlacesOf::api);
}

} // namespace

extern const Action action{
    .name = "DescribeRegions",
    .product = "api",
    .version = "2020-11-06",
    .region = Region::unused,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::api_describe_regions
