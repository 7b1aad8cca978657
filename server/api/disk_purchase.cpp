#include "server/api/disk_purchase.hpp"

#include "server/api/disk_checks.hpp"
#include "server/api/disk_config.hpp"

namespace cvm::api {

namespace {

std::optional<Error> read_charge(state::Instant now, const Params& params, DiskPurchase& purchase)
{
    const auto prepaid = params.object("DiskChargePrepaid");
    if (purchase.draft.charge_type != state::ChargeType::prepaid)
        return std::nullopt;
    if (!prepaid)
        return error(Errc::missing_parameter, "DiskChargePrepaid");
    const auto terms = read_disk_terms(now, *prepaid, "DiskChargePrepaid");
    if (!terms)
        return terms.error();
    purchase.period = terms->to_pay;
    purchase.draft.expires_at = terms->new_expiry;
    purchase.draft.renew_flag = state::RenewFlag::notify_and_manual_renew; // documented
    if (const auto flag = prepaid->string("RenewFlag"))
        purchase.draft.renew_flag = state::parse<state::RenewFlag>(*flag);
    return std::nullopt;
}

} // namespace

Result<DiskPurchase> read_disk_purchase(const Context& context, const Params& params)
{
    DiskPurchase purchase;
    state::Disk& draft = purchase.draft;
    const std::string charge_type = params.string("DiskChargeType").value();
    if (charge_type == "CDCPAID") // this server has no dedicated clusters
        return error(Errc::invalid_parameter_value, charge_type, "DiskChargeType");
    draft.charge_type = state::parse<state::ChargeType>(charge_type).value();
    draft.type = params.string("DiskType").value();
    draft.portable = true;
    draft.delete_with_instance = false;
    draft.throughput_performance = params.integer("ThroughputPerformance").value_or(0);
    draft.burst_performance = params.boolean("BurstPerformance").value_or(false);
    const auto size = params.integer("DiskSize");
    if (!size)
        return error(Errc::missing_parameter, "DiskSize");
    draft.size_gib = *size;
    if (auto problem = check_disk_size(draft.type, draft.size_gib, "DiskSize"))
        return *std::move(problem);
    if (auto problem = check_performance(
            context.action, draft, draft.throughput_performance > 0 ? "ThroughputPerformance" : "BurstPerformance"))
        return *std::move(problem);
    purchase.count = params.integer("DiskCount").value_or(1);
    if (purchase.count < 1)
        return error(Errc::invalid_parameter_value, std::to_string(purchase.count), "DiskCount");
    if (purchase.count > max_disk_count)
        return error(Errc::invalid_parameter_value_limit_exceeded, "DiskCount", std::to_string(purchase.count),
                     std::to_string(max_disk_count));
    if (auto problem = read_charge(context.call.now, params, purchase))
        return *std::move(problem);
    return purchase;
}

state::Price price_of(const state::PriceTable& prices, const DiskPurchase& purchase)
{
    const state::Price each = state::disk_price(prices, purchase.draft, purchase.period);
    return {each.original * purchase.count, each.discounted * purchase.count};
}

} // namespace cvm::api
