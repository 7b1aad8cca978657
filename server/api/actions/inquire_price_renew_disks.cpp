#include "server/api/lighthouse.hpp"
#include "server/api/price_json.hpp"

namespace cvm::api::inquire_price_renew_disks {

namespace {

constexpr std::array fields{
    Field{.name = "DiskIds", .type = Type::strings, .required = true, .max_items = 1},
    Field{.name = "RenewDiskChargePrepaid",
          .type = Type::object,
          .required = true,
          .members = lighthouse::disk_prepaid_fields},
};

namespace json = boost::json;

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto disks = lighthouse::load_disks(context, params.strings("DiskIds"));
    if (!disks)
        return disks.error();
    if (auto refusal = lighthouse::refuse_system_disks(*disks))
        return *refusal;
    const state::Disk& disk = disks->front().disk;
    const auto terms =
        lighthouse::read_disk_terms(disk.expires_at.value(), params.object("RenewDiskChargePrepaid").value());
    if (!terms)
        return terms.error();

    const state::PriceTable& prices = context.catalog.prices;
    const state::Cents month = state::disk_price(prices, disk, std::chrono::months{1}).original;
    const state::Price price = state::disk_price(prices, disk, terms->to_pay);
    json::object item = lighthouse::disk_price(month, price);
    // The other part in the documented example, backup points, has no price here.
    item["DetailPrices"] = json::array{json::object{{"PriceName", "DiskSpace"},
                                                    {"OriginUnitPrice", main_units(month)},
                                                    {"OriginalPrice", main_units(price.original)},
                                                    {"Discount", percent(price)},
                                                    {"DiscountPrice", main_units(price.discounted)}}};
    return json::object{{"DiskPrice", std::move(item)}};
}

} // namespace

extern const Action action{
    .name = "InquirePriceRenewDisks",
    .product = "lighthouse",
    .version = "2020-03-24",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::inquire_price_renew_disks
