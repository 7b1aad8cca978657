#include "server/api/lighthouse.hpp"
#include "server/api/renewal_request.hpp"

namespace cvm::api::inquire_price_create_instances {

namespace {

constexpr std::array fields{
    Field{.name = "BundleId", .type = Type::string, .required = true},
    Field{.name = "InstanceChargePrepaid", .type = Type::object, .required = true, .members = prepaid_fields},
    Field{.name = "InstanceCount", .type = Type::integer, .min = 1, .max = 30},
    Field{.name = "BlueprintId", .type = Type::string},
};

namespace json = boost::json;

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto bundle = lighthouse::find_bundle(context.catalog, params.string("BundleId").value());
    if (!bundle)
        return bundle.error();
    if (const auto id = params.string("BlueprintId"))
        if (const auto blueprint = lighthouse::find_blueprint(context.catalog, *id); !blueprint)
            return blueprint.error();
    const auto period = params.object("InstanceChargePrepaid")->integer("Period").value();
    if (auto problem = lighthouse::refuse_period(period, context.call.now, "InstanceChargePrepaid.Period", true))
        return *problem;

    const state::Instance draft = lighthouse::draft_of(**bundle);
    const state::PriceTable& prices = context.catalog.prices;
    const state::Cents month = state::instance_price(prices, draft, std::chrono::months{1}).original;
    const state::Price one = state::instance_price(prices, draft, std::chrono::months{period});
    const auto count = params.integer("InstanceCount").value_or(1);
    return json::object{
        {"Price", json::object{{"InstancePrice",
                                lighthouse::instance_price(month, {one.original * count, one.discounted * count})}}}};
}

} // namespace

extern const Action action{
    .name = "InquirePriceCreateInstances",
    .product = "lighthouse",
    .version = "2020-03-24",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::inquire_price_create_instances
