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
    // Percent of the list price to pay from so many months on, ascending, the first for 1 month.
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

    // By the hour. What is not listed costs a part of its month.
    std::map<std::string, Cents, std::less<>> hourly_instance_types{};
    std::int64_t hours_of_month_price = 1;
    Cents traffic_per_gb{};
    std::int64_t second_step_percent = 100; // of the price of the first 96 hours, up to the 360th
    std::int64_t third_step_percent = 100;  // after it
};

// A quotation: what the list says and what is to be paid.
struct Price {
    Cents original;
    Cents discounted;

    friend Price operator+(Price a, Price b) { return {a.original + b.original, a.discounted + b.discounted}; }
    friend bool operator==(const Price&, const Price&) = default;
};

// CPU, memory and the disks that follow the instance, for `period` months. Only CPU and memory are discounted
// (fixtures/catalog/prices.json, period_discounts).
Price instance_price(const PriceTable& table, const Instance& instance, std::chrono::months period);

// Bandwidth that is paid ahead; nothing for the other ways of charging it.
Price bandwidth_price(const PriceTable& table, const Instance& instance, std::chrono::months period);

Price disk_price(const PriceTable& table, const Disk& disk, std::chrono::months period);

// The first of the hours that an instance with the disks that follow it costs; begun cents count whole.
Cents hourly_price(const PriceTable& table, const Instance& instance);

// An hour of the bandwidth, where it is charged by the hour; nothing for the other ways of charging it.
Cents hourly_bandwidth_price(const PriceTable& table, const Instance& instance);

// The first of the hours of an instance with its bandwidth: what is set aside for it.
Cents hour_price(const PriceTable& table, const Instance& instance);

// What an instance that is paid by the hour costs with its bandwidth from `from` until `until`: the price of an hour by
// the second, rounded down. Its hours after the 96th and the 360th are cheaper (fixtures/catalog/prices.json, hourly);
// stopped without charge it costs its disks alone (fixtures/catalog/actions/StopInstances.json).
Cents usage_price(const PriceTable& table, const Instance& instance, Instant from, Instant until);

} // namespace cvm::state
