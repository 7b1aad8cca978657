#include "server/api/action.hpp"
#include "server/api/disk_change.hpp"
#include "server/api/disk_checks.hpp"
#include "server/api/persist.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::resize_disk {

namespace {

constexpr std::array fields{
    Field{.name = "DiskSize", .type = Type::unsigned_integer, .required = true},
    Field{.name = "DiskId", .type = Type::string},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto id = params.string("DiskId");
    if (!id)
        return error(Errc::missing_parameter, "DiskId");
    const auto disks = load_disks(context, std::array{*id}, "DiskId");
    if (!disks)
        return disks.error();
    // A disk that is not elastic is resized by ResizeInstanceDisks.
    if (!disks->front().disk.portable)
        return error(Errc::invalid_disk_not_supported, *id);
    if (auto refusal = refuse_expired_disks(context, *disks))
        return *refusal;
    if (auto refusal = refuse_busy_disks(context, *disks))
        return *refusal;
    state::PlacedDisk after = disks->front();
    after.disk.size_gib = params.integer("DiskSize").value();
    if (after.disk.size_gib <= disks->front().disk.size_gib)
        return error(Errc::invalid_parameter_value, std::to_string(after.disk.size_gib), "DiskSize");
    if (auto problem = check_growth(disks->front().disk, after.disk.size_gib))
        return *problem;
    if (auto refusal = refuse_unpaid_disks(context, *disks))
        return *refusal;
    if (auto refusal = pay_for_change(context, disks->front(), after.disk))
        return *refusal;
    save(context, after);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ResizeDisk",
    .product = "cbs",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::resize_disk
