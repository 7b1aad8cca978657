#pragma once

#include "state/rules/pricing.hpp"

#include <boost/json/object.hpp>

#include <string>

// Prices in the answers of CVM: ItemPrice in main units, not in cents
// (https://cloud.tencent.com/document/api/213/15726).

namespace cvm::api {

// The amount as a number for an answer. A double represents every number of cents exactly enough to be printed.
double main_units(state::Cents cents);

// The same as the shortest possible text: "250", "12.5", "0.05".
std::string exact(state::Cents cents);

// The price to be paid in percent of the original price, to two decimal places; 100 if both are 0.
double percent(const state::Price& price);

// OriginalPrice and DiscountPrice, as in the example of InquiryPriceRenewInstances, and Discount, which ItemPrice
// documents for every answer (assumed for this one).
boost::json::object short_item(const state::Price& price);

// All members of ItemPrice, as in the example of InquiryPriceRunInstances; those for hourly payment are 0.
boost::json::object prepaid_item(const state::Price& price);

// `first` is the price of each of the first 96 hours.
boost::json::object hourly_item(const state::PriceTable& table, state::Cents first);

// The price of a GB of traffic.
boost::json::object traffic_item(const state::PriceTable& table);

} // namespace cvm::api
