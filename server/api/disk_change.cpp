#include "server/api/disk_change.hpp"

#include "server/api/disk_checks.hpp"
#include "server/api/disk_config.hpp"
#include "server/api/orders.hpp"
#include "state/rules/change.hpp"
#include "state/rules/order.hpp"
#include "state/store/account_repository.hpp"

namespace cvm::api {

std::optional<Error> refuse_expired_disks(const Context& context, std::span<const state::PlacedDisk> disks)
{
    for (const state::PlacedDisk& placed : disks)
        if (placed.disk.released || (placed.disk.expires_at && *placed.disk.expires_at <= context.call.now))
            return error(Errc::invalid_disk_expire, placed.disk.id);
    return std::nullopt;
}

std::optional<Error> check_growth(const state::Disk& disk, std::int64_t size)
{
    if (size < disk.size_gib)
        return error(Errc::invalid_parameter_value, std::to_string(size), "DiskSize");
    return check_disk_size(disk.type, size, "DiskSize");
}

std::optional<Error> pay_for_change(const Context& context, const state::PlacedDisk& before, const state::Disk& after)
{
    const state::Price price = state::change_price(context.catalog.prices, before.disk, after, context.call.now);
    if (price.discounted == state::Cents{})
        return std::nullopt;
    state::Bookkeeper books = open_books(context.call);
    const auto months = state::months_left(context.call.now, after.expires_at.value());
    if (!books.buy(state::order_for(after, before.zone, state::upgrade_action, months.count, price, months.begin)))
        return error(Errc::invalid_account_insufficient_balance);
    state::save(context.store, books);
    return std::nullopt;
}

} // namespace cvm::api
