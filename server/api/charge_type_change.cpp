#include "server/api/charge_type_change.hpp"

#include "server/api/instance_checks.hpp"

namespace cvm::api {

namespace {

// Whether an elastic disk changes together with its instance.
bool converts(const state::Disk& disk, const ChargeTypeChange& change)
{
    return !disk.portable || (change.portable_data_disks && disk.charge_type != change.target);
}

} // namespace

Result<ChargeTypeChange> read_change(const Params& params)
{
    ChargeTypeChange change{.target =
                                state::parse<state::ChargeType>(params.string("InstanceChargeType").value()).value(),
                            .portable_data_disks = params.boolean("ModifyPortableDataDisk").value_or(false)};
    if (!change.ahead())
        return change;
    const auto prepaid = params.object("InstanceChargePrepaid");
    if (!prepaid)
        return error(Errc::missing_parameter, "InstanceChargePrepaid");
    change.period = std::chrono::months{prepaid->integer("Period").value()};
    if (const auto flag = prepaid->string("RenewFlag"))
        change.renew_flag = state::parse<state::RenewFlag>(*flag).value();
    return change;
}

std::optional<Error> refuse_change(const ActionName& action, state::Instant now,
                                   std::span<const state::Instance> instances, const ChargeTypeChange& change)
{
    constexpr auto underwritten = Errc::unsupported_operation_underwriting_instance_type_only_support_auto_renew;
    const auto from = change.ahead() ? state::ChargeType::postpaid_by_hour : state::ChargeType::prepaid;
    for (const state::Instance& instance : instances) {
        if (instance.charge_type == state::ChargeType::underwrite && change.ahead() &&
            change.renew_flag != state::RenewFlag::notify_and_auto_renew && documented(action, underwritten))
            return error(underwritten, instance.id);
        if (instance.charge_type != from)
            return error(Errc::unsupported_operation_instance_charge_type, instance.id);
        if (change.ahead() &&
            (instance.internet_charge_type == "BANDWIDTH_POSTPAID_BY_HOUR" || state::stopped_without_charge(instance)))
            return error(Errc::invalid_instance_not_supported, instance.id);
        // An expired disk attached to it prevents a change from PREPAID to POSTPAID_BY_HOUR
        // (fixtures/catalog/actions/ModifyInstancesChargeType.json).
        for (const state::Disk& disk : instance.disks)
            if (!change.ahead() && state::has_own_lifecycle(disk) && *disk.expires_at <= now)
                return error(Errc::invalid_instance_not_supported, instance.id);
    }
    return std::nullopt;
}

state::RenewalPrice price_of_change(const state::PriceTable& prices, state::Instant now,
                                    const state::Instance& instance, const ChargeTypeChange& change)
{
    state::RenewalPrice price;
    if (!change.ahead())
        return price;
    price.instance = state::instance_price(prices, instance, change.period);
    price.bandwidth = state::bandwidth_price(prices, instance, change.period);
    for (const state::Disk& disk : instance.disks)
        if (disk.portable && converts(disk, change))
            price.disks.push_back({disk.id, now, change.period, state::disk_price(prices, disk, change.period)});
    return price;
}

state::Instance changed(state::Instance instance, const ChargeTypeChange& change, state::Instant now)
{
    instance.charge_type = change.target;
    if (change.ahead()) {
        instance.expires_at = state::add_months(now, change.period);
        instance.renew_flag = change.renew_flag;
        instance.hourly_since = instance.charged_until = std::nullopt;
        instance.terminates_at.reset(); // only instances that are not prepaid have timers (assumed)
    } else {
        instance.hourly_since = instance.charged_until = now;
        instance.expires_at.reset();
        instance.renew_flag.reset();
        if (instance.internet_charge_type == "BANDWIDTH_PREPAID")
            instance.internet_charge_type =
                instance.bandwidth_mbps > 0 ? "BANDWIDTH_POSTPAID_BY_HOUR" : "TRAFFIC_POSTPAID_BY_HOUR";
    }
    for (state::Disk& disk : instance.disks) {
        if (!converts(disk, change))
            continue;
        disk.charge_type = change.target;
        if (disk.portable) {
            disk.expires_at = instance.expires_at;
            disk.renew_flag = instance.renew_flag;
        }
    }
    return instance;
}

} // namespace cvm::api
