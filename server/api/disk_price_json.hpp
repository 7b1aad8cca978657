#pragma once

#include "state/rules/pricing.hpp"

#include <boost/json/object.hpp>

#include <string_view>

// Prices as CBS answers them, Price and DetailPrice: in main units and, as text, once more
// (https://cloud.tencent.com/document/api/362/15669#Price). What does not apply is null.

namespace cvm::api {

// What is paid ahead.
boost::json::object prepaid_disk_item(const state::Price& price);

// What an hour costs.
boost::json::object hourly_disk_item(state::Cents hour);

// The item as a part of a price: with PriceName and PriceTitle.
boost::json::object named_disk_item(boost::json::object item, std::string_view name, std::string_view title);

} // namespace cvm::api
