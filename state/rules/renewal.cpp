#include "state/rules/renewal.hpp"

#include <algorithm>

namespace cvm::state {

namespace {

bool renews_with_instance(const Disk& disk, const RenewalTerms& terms)
{
    return terms.portable_data_disks && renewable_alone(disk);
}

} // namespace

void renew(Instance& instance, const RenewalTerms& terms)
{
    instance.expires_at = add_months(instance.expires_at.value(), terms.period);
    if (terms.renew_flag)
        instance.renew_flag = terms.renew_flag;
    if (instance.state == InstanceState::shutdown)
        instance.state = InstanceState::running;
    if (instance.restrict_state == RestrictState::expired)
        instance.restrict_state = RestrictState::normal;
    instance.isolated_source = IsolatedSource::notisolated;
    for (Disk& disk : instance.disks) {
        disk.released = false;
        if (renews_with_instance(disk, terms))
            disk.expires_at = std::max(disk.expires_at.value_or(*instance.expires_at), *instance.expires_at);
    }
}

Instance renewed(Instance instance, const RenewalTerms& terms)
{
    renew(instance, terms);
    return instance;
}

bool within_calendar(Instant expiry, std::chrono::months period) { return months_to_reach(expiry, latest) > period; }

RenewalPrice renewal_price(const PriceTable& table, const Instance& instance, const RenewalTerms& terms)
{
    RenewalPrice price{.instance = instance_price(table, instance, terms.period),
                       .bandwidth = bandwidth_price(table, instance, terms.period),
                       .disks = {}};
    for (const Disk& disk : instance.disks) {
        if (!renews_with_instance(disk, terms))
            continue;
        const Instant from = disk.expires_at.value_or(*instance.expires_at);
        const auto months = months_to_reach(from, add_months(*instance.expires_at, terms.period));
        if (months.count() > 0)
            price.disks.push_back({disk.id, from, months, disk_price(table, disk, months)});
    }
    return price;
}

} // namespace cvm::state
