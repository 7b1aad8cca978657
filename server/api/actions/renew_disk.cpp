#include "server/api/action.hpp"
#include "server/api/disk_checks.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "state/rules/order.hpp"
#include "state/rules/pricing.hpp"
#include "state/store/account_repository.hpp"

#include <algorithm>
#include <array>

namespace cvm::api {

namespace {

constexpr std::array fields{
    Field{.name = "DiskId", .type = Type::string, .required = true},
    Field{.name = "DiskChargePrepaid", .type = Type::object, .required = true, .members = disk_prepaid_fields},
};

// Refuses a disk for which another order is unpaid, or whose instance has a running operation.
std::optional<Error> refuse_busy(state::Store& store, const state::Account& account, const state::PlacedDisk& placed)
{
    const auto instance = store.find_instance(account.uin, placed.instance_id);
    if (instance && busy(*instance))
        return error(Errc::invalid_disk_busy, placed.disk.id);
    if (std::ranges::count(store.list_deals_of(account.uin, placed.disk.id), state::DealStatus::unpaid,
                           &state::Deal::status) > 0)
        return error(Errc::trade_deal_conflict, placed.disk.id);
    return std::nullopt;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    auto disks = load_disks(context, std::array{params.string("DiskId").value()}, "DiskId");
    if (!disks)
        return disks.error();
    if (auto refusal = refuse_disks_without_expiry(*disks))
        return *refusal;
    state::PlacedDisk& placed = disks->front();
    if (auto refusal = refuse_busy(context.store, context.call.account, placed))
        return *refusal;
    const Params prepaid = params.object("DiskChargePrepaid").value();
    const auto terms = read_disk_terms(placed.disk, prepaid, "DiskChargePrepaid");
    if (!terms)
        return terms.error();

    const state::Price price = state::disk_price(context.catalog.prices, placed.disk, terms->to_pay);
    state::Bookkeeper books = open_books(context.call);
    if (!books.buy(
            state::order_for(placed.disk, placed.zone, "renew", terms->to_pay, price, placed.disk.expires_at.value())))
        return error(Errc::invalid_account_insufficient_balance);
    // The flag that is left out stays as it is (assumed), as for instances.
    if (const auto flag = prepaid.string("RenewFlag"))
        placed.disk.renew_flag = state::parse<state::RenewFlag>(*flag);
    placed.disk.expires_at = terms->new_expiry;

    save(context, placed);
    state::save(context.store, books);
    return boost::json::object{};
}

} // namespace

extern const Action renew_disk{
    .name = "RenewDisk",
    .product = "cbs",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api
