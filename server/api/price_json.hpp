#pragma once

#include "state/rules/pricing.hpp"

#include <boost/json/object.hpp>

#include <string>

// Prices as CVM answers them: ItemPrice in main units, not in cents (https://cloud.tencent.com/document/api/213/15726).

namespace cvm::api {

// The amount as the number in an answer. A double shows every number of cents exactly.
double main_units(state::Cents cents);

// The same as text, as short as it can be: "250", "12.5", "0.05".
std::string exact(state::Cents cents);

// What is paid in percent of the original price, to two decimal places; 100 for nothing.
double percent(const state::Price& price);

// OriginalPrice and DiscountPrice, as the example of InquiryPriceRenewInstances has it, and Discount, which ItemPrice
// documents for every answer (assumed for this one).
boost::json::object short_item(const state::Price& price);

// All members of ItemPrice, as the example of InquiryPriceRunInstances has it; those of hourly payment are 0.
boost::json::object prepaid_item(const state::Price& price);

// `first` is the price of an hour among the first 96.
boost::json::object hourly_item(const state::PriceTable& table, state::Cents first);

// The price of a GB of traffic.
boost::json::object traffic_item(const state::PriceTable& table);

} // namespace cvm::api
