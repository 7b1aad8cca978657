#include "server/api/disk_price_json.hpp"

#include "server/api/price_json.hpp"

namespace cvm::api {

boost::json::object prepaid_disk_item(const state::Price& price)
{
    const double original = main_units(price.original);
    const double discounted = main_units(price.discounted);
    return {{"OriginalPrice", original},
            {"DiscountPrice", discounted},
            {"OriginalPriceHigh", exact(price.original)},
            {"DiscountPriceHigh", exact(price.discounted)},
            {"UnitPrice", nullptr},
            {"UnitPriceDiscount", nullptr},
            {"UnitPriceHigh", nullptr},
            {"UnitPriceDiscountHigh", nullptr},
            {"ChargeUnit", nullptr}};
}

boost::json::object hourly_disk_item(state::Cents hour)
{
    return {{"OriginalPrice", nullptr},      {"DiscountPrice", nullptr},
            {"OriginalPriceHigh", nullptr},  {"DiscountPriceHigh", nullptr},
            {"UnitPrice", main_units(hour)}, {"UnitPriceDiscount", main_units(hour)},
            {"UnitPriceHigh", exact(hour)},  {"UnitPriceDiscountHigh", exact(hour)},
            {"ChargeUnit", "HOUR"}};
}

boost::json::object named_disk_item(boost::json::object item, std::string_view name, std::string_view title)
{
    item["PriceTitle"] = title;
    item["PriceName"] = name;
    return item;
}

} // namespace cvm::api
