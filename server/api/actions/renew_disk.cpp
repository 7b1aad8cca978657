#include "server/api/action.hpp"
#include "server/api/disk_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "state/rules/order.hpp"
#include "state/rules/pricing.hpp"
#include "state/store/account_repository.hpp"

#include <array>

namespace cvm::api::renew_disk {

namespace {

constexpr std::array fields{
    Field{.name = "DiskId", .type = Type::string, .required = true},
    Field{.name = "DiskChargePrepaid", .type = Type::object, .required = true, .members = disk_prepaid_fields},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    auto disks = load_disks(context, std::array{params.string("DiskId").value()}, "DiskId");
    if (!disks)
        return disks.error();
    if (auto refusal = refuse_disks_without_expiry(*disks))
        return *refusal;
    state::PlacedDisk& placed = disks->front();
    if (auto refusal = refuse_busy_disks(context, *disks))
        return *refusal;
    if (auto refusal = refuse_unpaid_disks(context, *disks))
        return *refusal;
    const Params prepaid = params.object("DiskChargePrepaid").value();
    const auto terms = read_disk_terms(placed.disk.expires_at.value(), prepaid, "DiskChargePrepaid");
    if (!terms)
        return terms.error();

    const state::Price price = state::disk_price(context.catalog.prices, placed.disk, terms->to_pay);
    state::Bookkeeper books = open_books(context.call);
    state::use_vouchers(context.store, books);
    if (!books.buy(
            state::order_for(placed.disk, placed.zone, "renew", terms->to_pay, price, placed.disk.expires_at.value())))
        return error(Errc::invalid_account_insufficient_balance);
    // If the flag is not given, it does not change (assumed), as for instances.
    if (const auto flag = prepaid.string("RenewFlag"))
        placed.disk.renew_flag = state::parse<state::RenewFlag>(*flag);
    placed.disk.expires_at = terms->new_expiry;
    placed.disk.released = false; // it leaves the recycle bin

    save(context, placed);
    state::save(context.store, books);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "RenewDisk",
    .product = "cbs",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::renew_disk
