#include "server/api/action.hpp"
#include "server/api/disk_checks.hpp"
#include "server/api/persist.hpp"

#include <array>

namespace cvm::api::modify_disks_renew_flag {

namespace {

constexpr std::array fields{
    Field{.name = "DiskIds", .type = Type::strings, .required = true, .max_items = 100},
    required_renew_flag_field,
    Field{.name = "AutoRenewPeriod", .type = Type::unsigned_integer},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto months = params.integer("AutoRenewPeriod").value_or(1);
    if (!is_disk_period(months))
        return error(Errc::invalid_parameter_value, std::to_string(months), "AutoRenewPeriod");
    auto disks = load_disks(context, params.strings("DiskIds"), "DiskIds");
    if (!disks)
        return disks.error();
    // The page has no code for a disk without its own expiry: the error names it as a wrong value (assumed).
    for (const state::PlacedDisk& placed : *disks)
        if (!state::renewable_alone(placed.disk))
            return error(Errc::invalid_parameter_value, placed.disk.id, "DiskIds");

    for (state::PlacedDisk& placed : *disks) {
        placed.disk.renew_flag = state::parse<state::RenewFlag>(params.string("RenewFlag").value());
        placed.disk.renew_months = months;
        save(context, placed);
    }
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ModifyDisksRenewFlag",
    .product = "cbs",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::modify_disks_renew_flag
