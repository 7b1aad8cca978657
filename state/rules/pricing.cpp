#include "state/rules/pricing.hpp"

#include "state/model/lighthouse.hpp"

namespace cvm::state {

namespace {

Cents monthly_compute(const PriceTable& table, const Instance& instance)
{
    if (const auto known = table.instance_types.find(instance.type); known != table.instance_types.end())
        return known->second;
    return table.per_core * instance.cpu + table.per_gib_memory * instance.memory_gib;
}

std::int64_t percent_to_pay(const PriceTable& table, std::string_view instance_type, std::chrono::months period)
{
    const auto family = table.family_discounts.find(instance_type.substr(0, instance_type.find('.')));
    std::int64_t percent = 100;
    for (const auto& step : family != table.family_discounts.end() ? family->second : table.other_discounts)
        if (period >= step.from)
            percent = step.percent;
    return percent;
}

Price undiscounted(Cents monthly, std::chrono::months period)
{
    const Cents total = monthly * period.count();
    return {total, total};
}

Cents part_of_month(const PriceTable& table, Cents monthly)
{
    return {(monthly + Cents{table.hours_of_month_price - 1}).value / table.hours_of_month_price};
}

// Whether the disk is paid with its instance and is not part of a Lighthouse bundle.
bool is_paid_with_instance(const Disk& disk) { return !disk.portable && !is_lighthouse(disk.id); }

Cents disks_by_hour(const PriceTable& table, const Instance& instance)
{
    Cents price;
    for (const Disk& disk : instance.disks)
        if (is_paid_with_instance(disk))
            price += hourly_disk_price(table, disk);
    return price;
}

} // namespace

Price instance_price(const PriceTable& table, const Instance& instance, std::chrono::months period)
{
    const Cents compute = monthly_compute(table, instance) * period.count();
    Price price{compute, percent_of(compute, percent_to_pay(table, instance.type, period))};
    for (const Disk& disk : instance.disks)
        if (is_paid_with_instance(disk))
            price = price + disk_price(table, disk, period);
    return price;
}

Price bandwidth_price(const PriceTable& table, const Instance& instance, std::chrono::months period)
{
    if (instance.internet_charge_type != "BANDWIDTH_PREPAID")
        return {};
    return undiscounted(table.bandwidth_per_mbps * instance.bandwidth_mbps, period);
}

Price disk_price(const PriceTable& table, const Disk& disk, std::chrono::months period)
{
    const auto known = table.disk_types.find(disk.type);
    const Cents per_gib = known != table.disk_types.end() ? known->second : table.other_disk_per_gib;
    return undiscounted(per_gib * disk.size_gib, period);
}

Cents hourly_disk_price(const PriceTable& table, const Disk& disk)
{
    return part_of_month(table, disk_price(table, disk, std::chrono::months{1}).discounted);
}

Cents hourly_price(const PriceTable& table, const Instance& instance)
{
    const auto known = table.hourly_instance_types.find(instance.type);
    return disks_by_hour(table, instance) + (known != table.hourly_instance_types.end()
                                                 ? known->second
                                                 : part_of_month(table, monthly_compute(table, instance)));
}

Cents hourly_bandwidth_price(const PriceTable& table, const Instance& instance)
{
    if (instance.internet_charge_type != "BANDWIDTH_POSTPAID_BY_HOUR")
        return {};
    return part_of_month(table, table.bandwidth_per_mbps * instance.bandwidth_mbps);
}

Cents hour_price(const PriceTable& table, const Instance& instance)
{
    return hourly_price(table, instance) + hourly_bandwidth_price(table, instance);
}

Cents usage_price(const PriceTable& table, const Instance& instance, Instant from, Instant until)
{
    using std::chrono::hours;
    Cents hour = hour_price(table, instance);
    if (stopped_without_charge(instance)) {
        hour = disks_by_hour(table, instance);
    } else {
        const auto used = from - instance.hourly_since.value_or(from);
        if (used >= hours{360})
            hour = percent_of(hour, table.third_step_percent);
        else if (used >= hours{96})
            hour = percent_of(hour, table.second_step_percent);
    }
    return {(hour * (until - from).count()).value / std::chrono::seconds{hours{1}}.count()};
}

} // namespace cvm::state
