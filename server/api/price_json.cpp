#include "server/api/price_json.hpp"

#include <boost/json.hpp>

#include <cmath>

#include <cstdlib>
#include <string_view>

namespace cvm::api {

namespace json = boost::json;

namespace {

json::object empty_item(std::string_view charge_unit)
{
    json::object item{{"UnitPrice", 0}, {"ChargeUnit", charge_unit}};
    for (const std::string_view name :
         {"OriginalPrice", "DiscountPrice", "Discount", "UnitPriceDiscount", "UnitPriceSecondStep",
          "UnitPriceDiscountSecondStep", "UnitPriceThirdStep", "UnitPriceDiscountThirdStep", "OriginalPriceThreeYear",
          "DiscountPriceThreeYear", "DiscountThreeYear", "OriginalPriceFiveYear", "DiscountPriceFiveYear",
          "DiscountFiveYear", "OriginalPriceOneYear", "DiscountPriceOneYear", "DiscountOneYear"})
        item[name] = 0;
    return item;
}

} // namespace

double percent(const state::Price& price)
{
    if (price.original == state::Cents{0})
        return 100;
    const double ratio = static_cast<double>(price.discounted.value) / static_cast<double>(price.original.value);
    // Rounded down to two decimals; the small addend absorbs floating-point errors.
    return std::floor(ratio * 10000 + 1e-6) / 100;
}

double main_units(state::Cents cents) { return static_cast<double>(cents.value) / 100; }

std::string exact(state::Cents cents)
{
    const std::int64_t rest = std::abs(cents.value % 100);
    std::string text = (cents.value < 0 ? "-" : "") + std::to_string(std::abs(cents.value / 100));
    if (rest != 0)
        text += "." + std::to_string(rest / 10) + (rest % 10 != 0 ? std::to_string(rest % 10) : "");
    return text;
}

json::object short_item(const state::Price& price)
{
    return {{"OriginalPrice", main_units(price.original)},
            {"DiscountPrice", main_units(price.discounted)},
            {"Discount", percent(price)}};
}

json::object prepaid_item(const state::Price& price)
{
    json::object item = empty_item("");
    item["OriginalPrice"] = main_units(price.original);
    item["DiscountPrice"] = main_units(price.discounted);
    item["Discount"] = percent(price);
    return item;
}

json::object hourly_item(const state::PriceTable& table, state::Cents first)
{
    const double second = main_units(percent_of(first, table.second_step_percent));
    const double third = main_units(percent_of(first, table.third_step_percent));
    json::object item = empty_item("HOUR");
    item["UnitPrice"] = item["UnitPriceDiscount"] = main_units(first);
    item["Discount"] = 100;
    item["UnitPriceSecondStep"] = item["UnitPriceDiscountSecondStep"] = second;
    item["UnitPriceThirdStep"] = item["UnitPriceDiscountThirdStep"] = third;
    return item;
}

json::object traffic_item(const state::PriceTable& table)
{
    json::object item = empty_item("GB");
    item["UnitPrice"] = item["UnitPriceDiscount"] = main_units(table.traffic_per_gb);
    item["Discount"] = 100;
    return item;
}

} // namespace cvm::api
