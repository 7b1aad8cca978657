#include "server/api/disk_checks.hpp"

#include "server/api/instance_checks.hpp"
#include "state/rules/renewal.hpp"

#include <algorithm>

namespace cvm::api {

std::optional<Error> check_disk_ids(std::span<const std::string> ids, std::string_view parameter)
{
    for (const std::string& id : ids)
        if (!well_formed_id(id, "disk"))
            return error(Errc::invalid_parameter_value, id, parameter);
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (std::ranges::count(ids.first(i), ids[i]) > 0)
            return error(Errc::invalid_parameter_value, ids[i], std::string{parameter} + "." + std::to_string(i));
    return std::nullopt;
}

Result<std::vector<state::PlacedDisk>> load_disks(const Context& context, std::span<const std::string> ids,
                                                  std::string_view parameter)
{
    if (auto problem = check_disk_ids(ids, parameter))
        return *std::move(problem);
    std::vector<state::PlacedDisk> disks;
    for (const std::string& id : ids) {
        auto disk = context.store.find_disk(context.call.account.uin, id);
        if (!disk || disk->region != context.call.region)
            return error(Errc::invalid_disk_id_not_found, id);
        disks.push_back(*std::move(disk));
    }
    for (const std::string& id : ids)
        if (auto refusal = refuse_by_rule(context, id))
            return *std::move(refusal);
    return disks;
}

Result<state::Instance> load_instance_of_disks(const Context& context, const std::string& id)
{
    auto instances = load_instances(context, std::array{id});
    if (!instances)
        return instances.error();
    return std::move(instances->front());
}

std::optional<Error> refuse_disks_of_instances(std::span<const state::PlacedDisk> disks)
{
    for (const state::PlacedDisk& placed : disks)
        if (!placed.disk.portable)
            return error(Errc::invalid_disk_not_portable, placed.disk.id);
    return std::nullopt;
}

std::optional<Error> refuse_unpaid_disks(const Context& context, std::span<const state::PlacedDisk> disks)
{
    const std::string& uin = context.call.account.uin;
    if (!context.store.has_unpaid_deal(uin))
        return std::nullopt;
    const auto unpaid = context.store.list_unpaid_deals(uin);
    for (const state::PlacedDisk& placed : disks)
        if (std::ranges::count(unpaid, placed.disk.id, &state::Deal::resource_id) > 0)
            return error(Errc::trade_deal_conflict, placed.disk.id);
    return std::nullopt;
}

std::optional<Error> refuse_busy_disks(const Context& context, std::span<const state::PlacedDisk> disks, Errc code)
{
    for (const state::PlacedDisk& placed : disks) {
        if (placed.instance_id.empty())
            continue;
        const auto instance = context.store.view_instance(context.call.account.uin, placed.instance_id);
        if (instance && busy(*instance))
            return error(code, placed.disk.id);
    }
    return std::nullopt;
}

bool is_recycled(const Context& context, const state::PlacedDisk& placed)
{
    return state::in_recycle_bin(placed, context.catalog.lifecycle_of(context.call.account).of(placed.disk),
                                 context.call.now);
}

std::optional<Error> refuse_recycled_disks(const Context& context, std::span<const state::PlacedDisk> disks)
{
    for (const state::PlacedDisk& placed : disks)
        if (placed.disk.released || is_recycled(context, placed))
            return error(Errc::invalid_disk_not_supported, placed.disk.id);
    return std::nullopt;
}

std::optional<Error> refuse_disks_without_expiry(std::span<const state::PlacedDisk> disks)
{
    for (const state::PlacedDisk& placed : disks) {
        if (!placed.disk.portable)
            return error(Errc::invalid_disk_not_portable, placed.disk.id);
        // A disk that is to be released with its isolated instance is refused too, but not one that was returned
        // separately.
        if (!state::has_own_lifecycle(placed.disk) && !state::is_returned(placed))
            return error(Errc::invalid_disk_not_supported, placed.disk.id);
    }
    return std::nullopt;
}

bool is_disk_period(std::int64_t months) noexcept
{
    return (months >= 1 && months <= 12) || months == 24 || months == 36;
}

std::optional<DiskTerms> terms_until(state::Instant expiry, state::Instant until)
{
    if (until <= expiry)
        return std::nullopt;
    const std::chrono::months to_pay = state::months_to_reach(expiry, until);
    if (!state::within_calendar(expiry, to_pay))
        return std::nullopt;
    return DiskTerms{to_pay, until};
}

Result<DiskTerms> read_disk_terms(state::Instant expiry, const Params& prepaid, const std::string& path)
{
    const auto asked = prepaid.integer("Period").value();
    const std::chrono::months period{asked};
    state::Instant from = expiry;
    const auto deadline = prepaid.string("CurInstanceDeadline");
    if (deadline) {
        const auto instant = state::parse_beijing_time(*deadline);
        if (!instant)
            return error(Errc::invalid_parameter_value, *deadline, path + ".CurInstanceDeadline");
        from = *instant;
    }
    if (!is_disk_period(asked) || !state::within_calendar(from, period))
        return error(Errc::invalid_parameter_value, std::to_string(asked), path + ".Period");
    const state::Instant until = state::add_months(from, period);
    if (!deadline)
        return DiskTerms{period, until};
    if (const auto terms = terms_until(expiry, until))
        return *terms;
    return error(Errc::invalid_parameter_value, *deadline, path + ".CurInstanceDeadline");
}

} // namespace cvm::api
