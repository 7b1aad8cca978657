#include "server/api/lighthouse.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "state/rules/order.hpp"
#include "state/store/account_repository.hpp"

namespace cvm::api::renew_disks {

namespace {

constexpr std::array fields{
    Field{.name = "DiskIds", .type = Type::strings, .required = true, .max_items = 50},
    Field{.name = "RenewDiskChargePrepaid",
          .type = Type::object,
          .required = true,
          .members = lighthouse::disk_prepaid_fields},
    Field{.name = "AutoVoucher", .type = Type::boolean},
};

std::optional<Error> refuse(const Context& context, std::span<const state::PlacedDisk> disks)
{
    // A disk that was returned separately is restored; one that is to be released with its instance can only be
    // restored with it.
    for (const state::PlacedDisk& placed : disks)
        if (!state::has_own_lifecycle(placed.disk) && !state::is_returned(placed))
            return error(Errc::unsupported_operation_invalid_disk_state, placed.disk.id);
    return refuse_busy_disks(context, disks, Errc::unsupported_operation_disk_latest_operation_unfinished);
}

Result<Answer> handle(const Context& context, const Params& params)
{
    auto disks = lighthouse::load_disks(context, params.strings("DiskIds"));
    if (!disks)
        return disks.error();
    if (auto refusal = refuse(context, *disks))
        return *refusal;
    const Params prepaid = params.object("RenewDiskChargePrepaid").value();
    const auto flag = prepaid.string("RenewFlag");

    state::Bookkeeper books = open_books(context.call);
    if (params.boolean("AutoVoucher").value_or(false))
        state::use_vouchers(context.store, books);
    for (state::PlacedDisk& placed : *disks) {
        const state::Instant expiry = placed.disk.expires_at.value();
        const auto terms = lighthouse::read_disk_terms(expiry, prepaid);
        if (!terms)
            return terms.error();
        const state::Price price = state::disk_price(context.catalog.prices, placed.disk, terms->to_pay);
        if (!books.buy(state::order_for(placed.disk, placed.zone, "renew", terms->to_pay, price, expiry)))
            return error(Errc::failed_operation_insufficient_balance);
        if (flag)
            placed.disk.renew_flag = state::parse<state::RenewFlag>(*flag);
        placed.disk.expires_at = terms->new_expiry;
        placed.disk.released = false;
        save(context, placed);
    }
    state::save(context.store, books);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "RenewDisks",
    .product = "lighthouse",
    .version = "2020-03-24",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::renew_disks
