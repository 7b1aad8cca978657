#pragma once

#include "state/model/calendar.hpp"
#include "state/model/money.hpp"

#include <string>
#include <vector>

namespace cvm::state {

// A voucher: money given by the vendor that pays for certain purchases only. The members are those of the vendor's
// VoucherInfos (DescribeVoucherInfo of billing 2018-07-09) and of its filter parameters.
struct Voucher {
    std::string id{};
    std::string code_id{}; // of the order that it came with
    std::string activity_id{};
    std::string name{};
    std::string remark{};
    std::string pay_mode = "*";          // prePay, postPay, riPay; "*" or empty: all
    std::string pay_scene = "*";         // purchase, renew, modify, separated by commas; "*" or empty: all
    std::vector<std::string> products{}; // product codes, such as p_cvm; empty: all
    std::string main_type = "no_price";  // or has_price
    std::string sub_type = "deduct";     // or discount, which is not used here
    bool cancelled = false;
    Cents nominal{}; // what it was worth when it was issued
    Cents used{};    // the sum of its uses
    Instant created_at{};
    Instant begins_at{};
    Instant ends_at{}; // it cannot be used from this time on

    Cents left() const { return nominal - used; }

    friend bool operator==(const Voucher&, const Voucher&) = default;
};

// The amount that a voucher paid towards an order.
struct VoucherUse {
    std::string voucher_id{};
    std::string order_id{};
    Instant at{};
    Cents amount{};

    friend bool operator==(const VoucherUse&, const VoucherUse&) = default;
};

} // namespace cvm::state
