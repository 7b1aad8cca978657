#include "state/rules/order.hpp"

#include "state/model/lighthouse.hpp"

#include <algorithm>

namespace cvm::state {

namespace {

std::string lower(std::string_view text)
{
    std::string all{text};
    std::ranges::transform(all, all.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return all;
}

Deal order(std::string_view action, std::chrono::months months, const Price& price, Instant begins_at)
{
    Deal deal;
    deal.action = action;
    deal.months = months.count();
    deal.original = price.original;
    deal.total = price.discounted;
    deal.begins_at = begins_at;
    return deal;
}

} // namespace

std::string sub_product(const Instance& instance)
{
    return is_lighthouse(instance.id) ? "sp_lighthouse_instance" // assumed
                                      : "sp_cvm_" + lower(instance.type.substr(0, instance.type.find('.')));
}

std::string sub_product(const Disk& disk)
{
    return is_lighthouse(disk.id) ? "sp_lighthouse_disk" // assumed
                                  : "sp_cbs_" + lower(disk.type.substr(disk.type.find('_') + 1));
}

std::string_view product_of(std::string_view resource_id)
{
    return resource_id.starts_with("disk-") ? "p_cbs" : is_lighthouse(resource_id) ? "p_lighthouse" : "p_cvm";
}

Deal order_for(const Instance& instance, std::string_view action, std::chrono::months months, const Price& price,
               Instant begins_at)
{
    Deal deal = order(action, months, price, begins_at);
    deal.resource_id = instance.id;
    deal.sub_product = sub_product(instance);
    deal.zone = instance.zone;
    return deal;
}

Deal order_for(const Disk& disk, std::string_view zone, std::string_view action, std::chrono::months months,
               const Price& price, Instant begins_at)
{
    Deal deal = order(action, months, price, begins_at);
    deal.resource_id = disk.id;
    deal.sub_product = sub_product(disk);
    deal.zone = zone;
    return deal;
}

} // namespace cvm::state
