#include "server/api/lighthouse.hpp"
#include "server/api/persist.hpp"

namespace cvm::api::lighthouse_modify_disks_renew_flag {

namespace {

constexpr std::array fields{
    Field{.name = "DiskIds", .type = Type::strings, .required = true, .max_items = 100},
    required_renew_flag_field,
};

Result<Answer> handle(const Context& context, const Params& params)
{
    auto disks = lighthouse::load_disks(context, params.strings("DiskIds"));
    if (!disks)
        return disks.error();
    if (auto refusal = lighthouse::refuse_system_disks(*disks))
        return *refusal;
    if (auto refusal = refuse_busy_disks(context, *disks, Errc::operation_denied_disk_operation_in_progress))
        return *refusal;
    for (state::PlacedDisk& placed : *disks) {
        placed.disk.renew_flag = state::parse<state::RenewFlag>(params.string("RenewFlag").value());
        save(context, placed);
    }
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ModifyDisksRenewFlag",
    .product = "lighthouse",
    .version = "2020-03-24",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::lighthouse_modify_disks_renew_flag
