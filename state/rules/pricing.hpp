#pragma once

#include "state/model/instance.hpp"
#include "state/model/money.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace cvm::state {

// What months and hours of instances and disks cost. Read from fixtures/catalog/prices.json, which says where each
// figure comes from.
struct PriceTable {
    // `percent` of the list price is paid for periods of at least `from`. Ascending, beginning with 1 month.
    struct Discount {
        std::chrono::months from;
        std::int64_t percent;
    };

    std::map<std::string, Cents, std::less<>> instance_types; // a month of CPU and memory
    Cents per_core;                                           // a month, for other types
    Cents per_gib_memory;                                     // a month, for other types
    std::map<std::string, Cents, std::less<>> disk_types;     // a month of 1 GiB
    Cents other_disk_per_gib;
    Cents bandwidth_per_mbps; // a month
    std::map<std::string, std::vector<Discount>, std::less<>>
        family_discounts; // by the part of the type before the dot
    std::vector<Discount> other_discounts;

    // Hourly prices. A type that is not listed costs its monthly price divided by hours_of_month_price.
    std::map<std::string, Cents, std::less<>> hourly_instance_types{};
    std::int64_t hours_of_month_price = 1;
    Cents traffic_per_gb{};
    std::int64_t second_step_percent = 100; // of the price of an hour, after the 96th hour
    std::int64_t third_step_percent = 100;  // likewise, after the 360th hour
};

// The list price, and the price to be paid.
struct Price {
    Cents original;
    Cents discounted;

    friend Price operator+(Price a, Price b) { return {a.original + b.original, a.discounted + b.discounted}; }
    friend bool operator==(const Price&, const Price&) = default;
};

// The price of CPU, memory and the disks that follow the instance, for `period` months. Only CPU and memory are
// discounted (fixtures/catalog/prices.json, period_discounts).
Price instance_price(const PriceTable& table, const Instance& instance, std::chrono::months period);

// The price of prepaid bandwidth for `period` months; 0 for the other internet charge types.
Price bandwidth_price(const PriceTable& table, const Instance& instance, std::chrono::months period);

// The price of a disk for `period` months, without a discount.
Price disk_price(const PriceTable& table, const Disk& disk, std::chrono::months period);

// The price of an hour of a disk that is paid by the hour, rounded up to a cent.
Cents hourly_disk_price(const PriceTable& table, const Disk& disk);

// The price of one of the first 96 hours of an instance and of the disks that follow it. Parts of a monthly price are
// rounded up to whole cents.
Cents hourly_price(const PriceTable& table, const Instance& instance);

// The price of an hour of bandwidth that is charged by the hour; 0 for the other internet charge types.
Cents hourly_bandwidth_price(const PriceTable& table, const Instance& instance);

// The sum of the two: the amount that is frozen for an hourly instance.
Cents hour_price(const PriceTable& table, const Instance& instance);

// The price of an hourly instance with its bandwidth from `from` until `until`: the hourly price in proportion to the
// seconds, rounded down. Hours after the 96th and the 360th are cheaper (fixtures/catalog/prices.json, hourly). While
// the instance is stopped without charge, only its disks are charged (fixtures/catalog/actions/StopInstances.json).
Cents usage_price(const PriceTable& table, const Instance& instance, Instant from, Instant until);

} // namespace cvm::state
