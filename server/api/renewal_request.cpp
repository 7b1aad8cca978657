#include "server/api/renewal_request.hpp"

#include "server/api/instance_checks.hpp"

#include <algorithm>

namespace cvm::api {

namespace {

constexpr std::array<std::int64_t, 16> periods{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36, 48, 60};
constexpr std::size_t legacy_periods = 14; // also for hosts

bool is_offered(std::int64_t period, std::span<const std::int64_t> allowed)
{
    return std::ranges::find(allowed, period) != allowed.end();
}

Error invalid_period(std::int64_t period, std::span<const std::int64_t> allowed)
{
    std::string list;
    for (const std::int64_t months : allowed)
        list += (list.empty() ? "" : ", ") + std::to_string(months);
    return error(Errc::invalid_period, std::to_string(period), list);
}

} // namespace

std::optional<Error> refuse_charge_types(std::span<const state::Instance> instances, Errc none_prepaid)
{
    const auto ahead = std::ranges::count_if(instances, state::pays_ahead, &state::Instance::charge_type);
    if (ahead == std::ssize(instances))
        return std::nullopt;
    if (ahead > 0)
        return error(Errc::invalid_parameter_value_instance_not_supported_mix_pricing_model, list_ids(instances));
    return error(none_prepaid, instances.front().id);
}

std::optional<Error> refuse_period(std::int64_t period, std::span<const state::Instance> instances, bool legacy)
{
    const auto allowed = std::span{periods}.first(legacy ? legacy_periods : periods.size());
    const auto in_calendar = [&](const state::Instance& instance) {
        return state::within_calendar(instance.expires_at.value(), std::chrono::months{period});
    };
    if (!is_offered(period, allowed) || !std::ranges::all_of(instances, in_calendar))
        return invalid_period(period, allowed);
    return std::nullopt;
}

std::optional<Error> refuse_period(std::int64_t period, state::Instant from, bool short_list)
{
    const auto allowed = std::span{periods}.first(short_list ? legacy_periods : periods.size());
    if (!is_offered(period, allowed) || !state::within_calendar(from, std::chrono::months{period}))
        return invalid_period(period, allowed);
    return std::nullopt;
}

state::RenewalTerms renewal_terms(const Params& prepaid, const Params& params)
{
    const auto flag = prepaid.string("RenewFlag");
    return {
        .period = std::chrono::months{prepaid.integer("Period").value()},
        .renew_flag = flag ? state::parse<state::RenewFlag>(*flag) : std::nullopt,
        .portable_data_disks = params.boolean("RenewPortableDataDisk").value_or(true),
    };
}

} // namespace cvm::api
