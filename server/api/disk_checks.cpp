#include "server/api/disk_checks.hpp"

#include "server/api/instance_checks.hpp"

namespace cvm::api {

std::optional<Error> check_disk_ids(std::span<const std::string> ids, std::string_view parameter)
{
    for (const std::string& id : ids)
        if (!well_formed_id(id, "disk"))
            return error(Errc::invalid_parameter_value, id, parameter);
    return std::nullopt;
}

Result<std::vector<state::PlacedDisk>> load_disks(const Context& context, std::span<const std::string> ids,
                                                  std::string_view parameter)
{
    if (auto problem = check_disk_ids(ids, parameter))
        return *std::move(problem);
    std::vector<state::PlacedDisk> disks;
    for (const std::string& id : ids) {
        auto disk = context.store.find_disk(context.account.uin, id);
        if (!disk || disk->region != context.region)
            return error(Errc::invalid_disk_id_not_found, id);
        disks.push_back(*std::move(disk));
    }
    for (const std::string& id : ids)
        if (auto refusal = refuse_by_rule(context, id))
            return *std::move(refusal);
    return disks;
}

std::optional<Error> refuse_disks_without_expiry(std::span<const state::PlacedDisk> disks)
{
    for (const state::PlacedDisk& placed : disks) {
        if (!placed.disk.portable)
            return error(Errc::invalid_disk_not_portable, placed.disk.id);
        if (!state::renewable_alone(placed.disk))
            return error(Errc::invalid_disk_not_supported, placed.disk.id);
    }
    return std::nullopt;
}

bool is_disk_period(std::int64_t months) noexcept
{
    return (months >= 1 && months <= 12) || months == 24 || months == 36;
}

std::chrono::months months_to_pay(const state::Disk& disk, std::chrono::months period,
                                  std::optional<state::Instant> instance_deadline)
{
    if (!instance_deadline)
        return period;
    return state::months_to_reach(disk.expires_at.value(), state::add_months(*instance_deadline, period));
}

} // namespace cvm::api
