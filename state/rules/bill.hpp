#pragma once

#include "state/model/account.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The bill of a month, computed from the ledger lines between the account and the vendor. Pure functions.

namespace cvm::state {

// A month of the vendor's calendar (UTC+8).
struct BillMonth {
    Instant begins{};
    Instant ends{}; // the beginning of the next one

    friend bool operator==(const BillMonth&, const BillMonth&) = default;
};

// The month that contains `instant`.
BillMonth bill_month_of(Instant instant);

// "2026-11"; nullopt for another form and for a year before 1970 or after 9998.
std::optional<BillMonth> parse_bill_month(std::string_view text);

std::string format_bill_month(const BillMonth& month);

// How many months `later` begins after `earlier`; negative if before.
std::int64_t months_between(const BillMonth& earlier, const BillMonth& later);

// Payments by source. Refunds are negative. Debt counts as cash, which pays it later (assumed).
struct Payments {
    Cents cash{};
    Cents transfer{};  // from the income into the account
    Cents incentive{}; // from the present balance
    Cents voucher{};

    Cents total() const { return cash + transfer + incentive + voucher; }
    Payments& operator+=(const Payments& other);

    friend bool operator==(const Payments&, const Payments&) = default;
};

// What a payment was for, in the vendor's terms.
enum class BillAction { purchase, renewal, change, refund, to_hourly, hours, other };
template <>
struct Names<BillAction> {
    static constexpr std::array<std::string_view, 7> all{
        "prepay_purchase", "prepay_renew",     "prepay_modify", "prepay_return",
        "pre_to_post",     "postpay_deduct_h", "other"};
};

// A line of a bill: an order, or one day's use of a resource that is paid by the hour.
struct BillEntry {
    std::string order_id{}; // empty: hourly use
    std::string resource_id{};
    std::string sub_product{}; // of the order; empty: unknown
    std::string zone{};        // of the order; empty: unknown
    BillAction action{};
    bool prepaid = false;
    Instant paid_at{}; // for hourly use: when the first hour of the day was charged
    Instant begins{};  // start of the paid period
    Instant ends{};
    std::int64_t months = 0;     // of the order
    std::chrono::seconds used{}; // for hourly use
    Cents original{};            // the list price; for hourly use, what was paid, since the ledger has no list price
    Payments paid{};

    friend bool operator==(const BillEntry&, const BillEntry&) = default;
};

using FindDeal = std::function<std::optional<Deal>(const std::string& order_id)>;

// The bill entries for these ledger lines, in the same order. Lines that are not payments to or from the vendor are
// ignored. `find_deal` is called once for each order.
std::vector<BillEntry> bill_of(std::span<const LedgerLine> lines, const FindDeal& find_deal);

// A sum of entries.
struct BillSum {
    Payments paid{};
    Cents original{};

    void add(const BillEntry& entry);

    friend bool operator==(const BillSum&, const BillSum&) = default;
};

BillSum sum_of(std::span<const BillEntry> entries);

// Sums the entries in groups of equal `key(entry)`.
template <class Key>
auto sums_by(std::span<const BillEntry> entries, const Key& key)
{
    std::map<decltype(key(entries.front())), BillSum> sums;
    for (const BillEntry& entry : entries)
        sums[key(entry)].add(entry);
    return sums;
}

// part / whole in hundredths of a percent, rounded; 0 if either is not positive, as in the example of the vendor's
// page.
std::int64_t ratio(Cents part, Cents whole);

} // namespace cvm::state
