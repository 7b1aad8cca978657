#pragma once

#include "state/rules/pricing.hpp"

#include <boost/json/object.hpp>

#include <string_view>

// Prices in the answers of CBS, Price and DetailPrice: in main units, both as numbers and as texts
// (https://cloud.tencent.com/document/api/362/15669#Price). Members that do not apply are null.

namespace cvm::api {

// A prepaid price.
boost::json::object prepaid_disk_item(const state::Price& price);

// The price of an hour.
boost::json::object hourly_disk_item(state::Cents hour);

// The item with PriceName and PriceTitle added, for a list of parts of a price.
boost::json::object named_disk_item(boost::json::object item, std::string_view name, std::string_view title);

} // namespace cvm::api
