#include "server/api/charge_type_change.hpp"

namespace cvm::api {

std::optional<Error> refuse_change(std::span<const state::Instance> instances, const ChargeTypeChange& change)
{
    const auto from = change.ahead() ? state::ChargeType::postpaid_by_hour : state::ChargeType::prepaid;
    for (const state::Instance& instance : instances) {
        if (instance.charge_type == state::ChargeType::underwrite &&
            change.renew_flag != state::RenewFlag::notify_and_auto_renew)
            return error(Errc::unsupported_operation_underwriting_instance_type_only_support_auto_renew, instance.id);
        if (instance.charge_type != from)
            return error(Errc::unsupported_operation_instance_charge_type, instance.id);
        if (change.ahead() && (instance.internet_charge_type == "BANDWIDTH_POSTPAID_BY_HOUR" ||
                               instance.stop_charging_mode == state::StopChargingMode::stop_charging))
            return error(Errc::invalid_instance_not_supported, instance.id);
    }
    return std::nullopt;
}

Result<ChargeTypeChange> read_change(const Context& context, const Params& params)
{
    ChargeTypeChange change{.target =
                                state::parse<state::ChargeType>(params.string("InstanceChargeType").value()).value(),
                            .portable_data_disks = params.boolean("ModifyPortableDataDisk").value_or(false)};
    if (!change.ahead())
        return change;
    const auto prepaid = params.object("InstanceChargePrepaid");
    if (!prepaid)
        return error(Errc::missing_parameter, "InstanceChargePrepaid");
    const auto period = prepaid->integer("Period").value();
    if (auto refusal = refuse_period(period, context.now))
        return *std::move(refusal);
    change.period = std::chrono::months{period};
    if (const auto flag = prepaid->string("RenewFlag"))
        change.renew_flag = state::parse<state::RenewFlag>(*flag).value();
    return change;
}

ChangePrice price_of_change(const state::PriceTable& table, const state::Instance& instance,
                            const ChargeTypeChange& change)
{
    if (!change.ahead())
        return {};
    ChangePrice price{state::instance_price(table, instance, change.period),
                      state::bandwidth_price(table, instance, change.period)};
    if (change.portable_data_disks)
        for (const state::Disk& disk : instance.disks)
            if (disk.portable && disk.charge_type == state::ChargeType::postpaid_by_hour)
                price.instance = price.instance + state::disk_price(table, disk, change.period);
    return price;
}

} // namespace cvm::api
