#include "server/api/action.hpp"
#include "server/api/disk_change.hpp"
#include "server/api/disk_checks.hpp"
#include "server/api/disk_config.hpp"
#include "server/api/instance_change.hpp"
#include "server/api/orders.hpp"
#include "server/api/persist.hpp"
#include "state/rules/change.hpp"
#include "state/rules/order.hpp"
#include "state/store/account_repository.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace cvm::api::modify_disk_attributes {

namespace {

// The types that a disk can be changed to.
constexpr std::array<std::string_view, 2> types{"CLOUD_PREMIUM", "CLOUD_SSD"};
constexpr std::array<std::string_view, 2> burst_operations{"CREATE", "CANCEL"};

constexpr std::array fields{
    Field{.name = "DiskIds", .type = Type::strings, .required = true, .max_items = 100},
    Field{.name = "DiskName", .type = Type::string},
    Field{.name = "Portable", .type = Type::boolean},
    Field{.name = "ProjectId", .type = Type::unsigned_integer, .max = (std::int64_t{1} << 53) - 1},
    Field{.name = "DeleteWithInstance", .type = Type::boolean},
    Field{.name = "DiskType", .type = Type::string, .words = types},
    Field{.name = "BurstPerformanceOperation", .type = Type::string, .words = burst_operations},
};

// The parameters must change something; the type can only be changed alone, and for one disk.
std::optional<Error> check_own(const Params& params)
{
    constexpr std::array<std::string_view, 6> all{"DiskName",           "Portable", "ProjectId",
                                                  "DeleteWithInstance", "DiskType", "BurstPerformanceOperation"};
    const auto given = std::ranges::count_if(all, [&](std::string_view name) { return params.has(name); });
    if (given == 0)
        return error(Errc::missing_parameter, "DiskName");
    if (const auto type = params.string("DiskType"); type && (given > 1 || params.strings("DiskIds").size() > 1))
        return error(Errc::invalid_parameter_value, *type, "DiskType");
    if (params.boolean("Portable") == false)
        return error(Errc::invalid_parameter_value, "false", "Portable");
    if (const auto name = params.string("DiskName"))
        return check_disk_name(*name);
    return std::nullopt;
}

// What remained of the instance's orders contained `share` for the disk, which now gets its own order for that amount.
std::optional<Error> divide_orders(const Context& context, state::Bookkeeper& books, const state::Instance& instance,
                                   const state::Disk& disk, state::Cents share)
{
    if (share == state::Cents{})
        return std::nullopt;
    const auto months = state::months_left(context.call.now, disk.expires_at.value());
    if (!books.buy(
            state::order_for(disk, instance.zone, state::upgrade_action, months.count, {share, share}, months.begin)))
        return error(Errc::invalid_account_insufficient_balance);
    return std::nullopt;
}

// Makes a data disk of an instance elastic: if it is prepaid, until the expiry of the instance and with the instance's
// RenewFlag. The instance costs less without it.
std::optional<Error> make_elastic(const Context& context, state::Bookkeeper& books, const state::PlacedDisk& placed)
{
    if (placed.disk.portable)
        return std::nullopt;
    const auto instance = context.store.find_instance(context.call.account.uin, placed.instance_id).value();
    if (placed.disk.usage != state::DiskUsage::data || instance.state == state::InstanceState::shutdown)
        return error(Errc::invalid_disk_not_supported, placed.disk.id);
    InstanceChange change{.before = instance, .after = instance};
    state::Disk& disk = *std::ranges::find(change.after.disks, placed.disk.id, &state::Disk::id);
    disk.portable = true;
    disk.charge_type =
        state::pays_ahead(instance.charge_type) ? state::ChargeType::prepaid : state::ChargeType::postpaid_by_hour;
    disk.expires_at = instance.expires_at;
    disk.renew_flag = instance.renew_flag;
    const state::Cents share = cost_of(context, change).back;
    if (auto refusal = pay_for(context, books, change))
        return refusal;
    if (auto refusal = divide_orders(context, books, instance, disk, share))
        return refusal;
    save(context, std::move(change.after));
    state::save(context.store, books.take()); // the next disk may belong to the same instance
    return std::nullopt;
}

// Changes the type to a more expensive one; the difference is paid for the remaining time.
std::optional<Error> change_type(const Context& context, const state::PlacedDisk& before, state::PlacedDisk& after,
                                 const std::string& type)
{
    const state::PriceTable& prices = context.catalog.prices;
    constexpr std::chrono::months month{1};
    after.disk.type = type;
    if (!before.disk.portable ||
        state::disk_price(prices, after.disk, month).original <= state::disk_price(prices, before.disk, month).original)
        return error(Errc::invalid_disk_not_supported, before.disk.id);
    if (auto problem = check_disk_size(type, after.disk.size_gib, "DiskType"))
        return problem;
    if (auto refusal = refuse_expired_disks(context, std::span{&before, 1}))
        return refusal;
    if (auto refusal = refuse_unpaid_disks(context, std::span{&before, 1}))
        return refusal;
    return pay_for_change(context, before, after.disk);
}

std::optional<Error> change(const Context& context, const Params& params, const state::PlacedDisk& before)
{
    state::PlacedDisk after = before;
    if (const auto name = params.string("DiskName"))
        after.disk.name = *name;
    if (const auto with_instance = params.boolean("DeleteWithInstance")) {
        if (before.disk.usage != state::DiskUsage::data || !state::pays_by_hour(before.disk.charge_type))
            return error(Errc::invalid_disk_not_supported, before.disk.id);
        after.disk.delete_with_instance = *with_instance;
    }
    if (const auto burst = params.string("BurstPerformanceOperation")) {
        after.disk.burst_performance = *burst == "CREATE";
        if (auto problem = check_performance(context.action, after.disk, "BurstPerformanceOperation"))
            return problem;
    }
    if (const auto type = params.string("DiskType"))
        if (auto refusal = change_type(context, before, after, *type))
            return refusal;
    if (const auto project = params.integer("ProjectId")) {
        // An attached disk has the project of its instance.
        if (!before.disk.portable || !before.instance_id.empty())
            return error(Errc::invalid_disk_not_supported, before.disk.id);
        after.project_id = *project;
        // Saving over the existing disk would keep its old project.
        context.store.erase_disk(context.call.account.uin, before.disk.id);
    }
    save(context, after);
    return std::nullopt;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    if (auto problem = check_own(params))
        return *problem;
    const auto ids = params.strings("DiskIds");
    auto disks = load_disks(context, ids, "DiskIds");
    if (!disks)
        return disks.error();
    if (auto refusal = refuse_recycled_disks(context, *disks))
        return *refusal;
    if (params.has("Portable")) {
        state::Bookkeeper books = open_books(context.call);
        for (const state::PlacedDisk& placed : *disks)
            if (auto refusal = make_elastic(context, books, placed))
                return *refusal;
        disks = load_disks(context, ids, "DiskIds");
    }
    for (const state::PlacedDisk& placed : *disks)
        if (auto refusal = change(context, params, placed))
            return *refusal;
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ModifyDiskAttributes",
    .product = "cbs",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::modify_disk_attributes
