#include "server/api/action.hpp"
#include "server/api/disk_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "state/rules/order.hpp"
#include "state/store/account_repository.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::modify_disks_charge_type {

namespace {

constexpr std::array fields{
    Field{.name = "DiskIds", .type = Type::strings, .required = true, .max_items = 100},
    Field{.name = "DiskChargePrepaid", .type = Type::object, .members = disk_prepaid_fields},
    Field{.name = "DiskChargePostpaid", .type = Type::boolean},
};

std::optional<Error> refuse(const Context& context, std::span<const state::PlacedDisk> disks, bool ahead)
{
    if (auto refusal = refuse_disks_of_instances(disks))
        return refusal;
    if (auto refusal = refuse_recycled_disks(context, disks))
        return refusal;
    for (const state::PlacedDisk& placed : disks) {
        const bool expired = placed.disk.expires_at && *placed.disk.expires_at <= context.call.now;
        if (state::renewable_alone(placed.disk) == ahead || expired)
            return error(Errc::invalid_disk_not_supported, placed.disk.id);
    }
    if (auto refusal = refuse_busy_disks(context, disks))
        return refusal;
    return refuse_unpaid_disks(context, disks);
}

// Makes the disk prepaid, with a renewal order, as for an instance. False if the available balance does not suffice.
bool pay_ahead(const Context& context, state::Bookkeeper& books, state::PlacedDisk& placed, const DiskTerms& terms,
               state::RenewFlag flag)
{
    const state::Price price = state::disk_price(context.catalog.prices, placed.disk, terms.to_pay);
    placed.disk.charge_type = state::ChargeType::prepaid;
    placed.disk.expires_at = terms.new_expiry;
    placed.disk.renew_flag = flag;
    return books.buy(state::order_for(placed.disk, placed.zone, "renew", terms.to_pay, price, context.call.now));
}

// Makes the disk hourly and refunds what remains of its months.
void pay_by_hour(const Context& context, state::Bookkeeper& books, state::PlacedDisk& placed)
{
    refund_orders(context.store, books, context.call.now, placed.disk.id, placed.disk.expires_at.value(), "preToPost");
    placed.disk.charge_type = state::ChargeType::postpaid_by_hour;
    placed.disk.expires_at.reset();
    placed.disk.renew_flag.reset();
    placed.disk.renew_months = 1;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto prepaid = params.object("DiskChargePrepaid");
    const bool by_hour = params.boolean("DiskChargePostpaid").value_or(false);
    if (prepaid && by_hour)
        return error(Errc::invalid_parameter_exclusive, "DiskChargePrepaid", "DiskChargePostpaid");
    if (!prepaid && !by_hour)
        return error(Errc::missing_parameter, "DiskChargePrepaid");
    auto disks = load_disks(context, params.strings("DiskIds"), "DiskIds");
    if (!disks)
        return disks.error();
    if (auto refusal = refuse(context, *disks, prepaid.has_value()))
        return *refusal;
    state::Bookkeeper books = open_books(context.call);
    for (state::PlacedDisk& placed : *disks) {
        if (prepaid) {
            const auto terms = read_disk_terms(context.call.now, *prepaid, "DiskChargePrepaid");
            if (!terms)
                return terms.error();
            const auto flag = prepaid->string("RenewFlag").value_or("NOTIFY_AND_MANUAL_RENEW"); // documented
            if (!pay_ahead(context, books, placed, *terms, state::parse<state::RenewFlag>(flag).value()))
                return error(Errc::invalid_account_insufficient_balance);
        } else {
            pay_by_hour(context, books, placed);
        }
        save(context, placed);
    }
    state::save(context.store, books);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ModifyDisksChargeType",
    .product = "cbs",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::modify_disks_charge_type
