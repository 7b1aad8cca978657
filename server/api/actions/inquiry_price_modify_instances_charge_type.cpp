#include "server/api/action.hpp"
#include "server/api/charge_type_change.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/price_json.hpp"

namespace cvm::api::inquiry_price_modify_instances_charge_type {

namespace {

constexpr auto fields = charge_type_fields(100);

// The refund for an instance and the elastic disks that change with it.
std::optional<state::Cents> back_for(const Context& context, const state::Instance& before,
                                     const state::Instance& after)
{
    const auto refund = remaining_refund(context, before.id, before.expires_at.value());
    if (refund.deals.empty())
        return std::nullopt;
    state::Cents back = refund.total;
    for (std::size_t i = 0; i < before.disks.size(); ++i)
        if (state::renewable_alone(before.disks[i]) && !state::renewable_alone(after.disks[i]))
            back += remaining_refund(context, before.disks[i].id, before.disks[i].expires_at.value()).total;
    return back;
}

boost::json::object price_ahead(const state::PriceTable& prices, state::Instant now,
                                std::span<const state::Instance> instances, const ChargeTypeChange& change)
{
    state::RenewalPrice sum;
    for (const state::Instance& instance : instances) {
        const state::RenewalPrice price = price_of_change(prices, now, instance, change);
        sum.instance = sum.instance + price.with_disks();
        sum.bandwidth = sum.bandwidth + price.bandwidth;
    }
    boost::json::object price;
    price["InstancePrice"] = short_item(sum.instance);
    if (sum.bandwidth != state::Price{})
        price["BandwidthPrice"] = short_item(sum.bandwidth);
    return price;
}

// The price of an hour; the refund is a negative price (assumed).
Result<boost::json::object> price_by_hour(const Context& context, std::span<const state::Instance> instances,
                                          const ChargeTypeChange& change)
{
    state::Cents hour;
    state::Cents bandwidth_hour;
    state::Cents back;
    for (const state::Instance& before : instances) {
        const state::Instance after = changed(before, change, context.call.now);
        const auto refund = back_for(context, before, after);
        if (!refund)
            return error(Errc::failed_operation_inquiry_refund_price_failed, before.id);
        back += *refund;
        hour += state::hourly_price(context.catalog.prices, after);
        bandwidth_hour += state::hourly_bandwidth_price(context.catalog.prices, after);
    }
    boost::json::object item = hourly_item(context.catalog.prices, hour);
    item["OriginalPrice"] = item["DiscountPrice"] = -main_units(back);
    boost::json::object price;
    price["InstancePrice"] = std::move(item);
    if (bandwidth_hour != state::Cents{})
        price["BandwidthPrice"] = hourly_item(context.catalog.prices, bandwidth_hour);
    return price;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto change = read_change(params);
    if (!change)
        return change.error();
    const auto instances = load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();
    if (auto refusal = refuse_change(context.action, context.call.now, *instances, *change))
        return *refusal;
    if (change->ahead()) {
        if (auto refusal = refuse_period(change->period.count(), context.call.now))
            return *refusal;
    }

    Result<boost::json::object> price = change->ahead()
                                            ? price_ahead(context.catalog.prices, context.call.now, *instances, *change)
                                            : price_by_hour(context, *instances, *change);
    if (!price)
        return price.error();
    boost::json::object answer;
    answer["Price"] = *std::move(price);
    return answer;
}

} // namespace

extern const Action action{
    .name = "InquiryPriceModifyInstancesChargeType",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::inquiry_price_modify_instances_charge_type
