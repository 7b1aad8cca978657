#include "server/api/action.hpp"
#include "server/api/disk_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "state/rules/lifecycle.hpp"
#include "state/store/account_repository.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api::terminate_disks {

namespace {

constexpr std::array fields{
    Field{.name = "DiskIds", .type = Type::strings, .required = true, .max_items = 50},
    Field{.name = "DeleteSnapshot", .type = Type::integer, .min = 0, .max = 1},
};

std::optional<Error> refuse(const Context& context, std::span<const state::PlacedDisk> disks)
{
    for (const state::PlacedDisk& placed : disks)
        if (!placed.disk.portable)
            return error(Errc::resource_unavailable_not_supported, placed.disk.id);
    if (auto refusal = refuse_busy_disks(context, disks, Errc::resource_busy))
        return refusal;
    for (const state::PlacedDisk& placed : disks)
        if (!placed.instance_id.empty())
            return error(Errc::unsupported_operation);
    return refuse_unpaid_disks(context, disks);
}

// Moves the disk into the recycle bin: refunds its remaining time and sets its expiry to now.
void give_back(const Context& context, state::Bookkeeper& books, state::PlacedDisk placed)
{
    refund_orders(context.store, books, context.call.now, placed.disk.id, placed.disk.expires_at.value(), "refund");
    placed.disk.expires_at = std::min(placed.disk.expires_at.value(), context.call.now);
    placed.disk.released = true;
    save(context, placed);
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto disks = load_disks(context, params.strings("DiskIds"), "DiskIds");
    if (!disks)
        return disks.error();
    if (auto refusal = refuse(context, *disks))
        return *refusal;
    state::Bookkeeper books = open_books(context.call);
    for (const state::PlacedDisk& placed : *disks) {
        if (state::renewable_alone(placed.disk) && !is_recycled(context, placed))
            give_back(context, books, placed);
        else
            context.store.erase_disk(context.call.account.uin, placed.disk.id);
    }
    state::save(context.store, books);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "TerminateDisks",
    .product = "cbs",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::terminate_disks
