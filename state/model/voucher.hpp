#pragma once

#include "state/model/calendar.hpp"
#include "state/model/money.hpp"

#include <string>
#include <vector>

namespace cvm::state {

// A voucher: money of the vendor for some purchases only. The members are those of the vendor's VoucherInfos
// (DescribeVoucherInfo of billing 2018-07-09) and of the parameters by which they are found.
struct Voucher {
    std::string id{};
    std::string code_id{}; // of the order that it came with
    std::string activity_id{};
    std::string name{};
    std::string remark{};
    std::string pay_mode = "*";          // prePay, postPay, riPay; "*" or empty: every one
    std::string pay_scene = "*";         // purchase, renew, modify, with commas between them; "*" or empty: every one
    std::vector<std::string> products{}; // their codes, such as p_cvm; empty: every one
    std::string main_type = "no_price";  // or has_price
    std::string sub_type = "deduct";     // or discount, which is not used here
    bool cancelled = false;
    Cents nominal{}; // what it was worth when it was issued
    Cents used{};    // the sum of its uses
    Instant created_at{};
    Instant begins_at{};
    Instant ends_at{}; // from then on it cannot be used

    Cents left() const { return nominal - used; }

    friend bool operator==(const Voucher&, const Voucher&) = default;
};

// What a voucher paid of an order.
struct VoucherUse {
    std::string voucher_id{};
    std::string order_id{};
    Instant at{};
    Cents amount{};

    friend bool operator==(const VoucherUse&, const VoucherUse&) = default;
};

} // namespace cvm::state
