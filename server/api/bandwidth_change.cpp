#include "server/api/bandwidth_change.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace cvm::api {

namespace {

using Day = std::chrono::sys_days; // in UTC+8

Day day_of(state::Instant instant) { return std::chrono::floor<std::chrono::days>(instant + state::beijing_offset); }

std::optional<Day> read_day(const std::string& text)
{
    const auto midnight = state::parse_beijing_time(text + " 00:00:00");
    return midnight ? std::optional{day_of(*midnight)} : std::nullopt;
}

// According to the page, bandwidth that is prepaid or paid by the hour changes for one instance at a time, and all
// instances of a batch must have the same charge type.
std::optional<Error> refuse_batch(std::span<const state::Instance> instances)
{
    const std::string& charged = instances.front().internet_charge_type;
    for (const state::Instance& instance : instances)
        if (instance.internet_charge_type != charged)
            return error(Errc::invalid_instance_not_supported, list_ids(instances));
    if (instances.size() > 1 && (charged == "BANDWIDTH_PREPAID" || charged == "BANDWIDTH_POSTPAID_BY_HOUR"))
        return error(Errc::invalid_parameter_value_limit_exceeded, "InstanceIds", std::to_string(instances.size()),
                     "1");
    return std::nullopt;
}

// The new bandwidth applies from today until the expiry; other days are not supported here.
std::optional<Error> refuse_days(const Params& params, const state::Instance& instance, state::Instant now)
{
    const auto refuse = [&](std::string_view name, Day only) -> std::optional<Error> {
        const auto text = params.string(name);
        if (!text || read_day(*text) == only)
            return std::nullopt;
        return error(Errc::invalid_parameter_value, *text, name);
    };
    if (auto problem = refuse("StartTime", day_of(now)))
        return problem;
    return refuse("EndTime", day_of(instance.expires_at.value_or(now)));
}

// Days can be given only for prepaid bandwidth.
std::optional<Error> refuse_any_day(const ActionName& action, const Params& params)
{
    for (const std::string name : {"StartTime", "EndTime"}) {
        const auto text = params.string(name);
        if (!text)
            continue;
        if (documented(action, Errc::invalid_parameter_combination))
            return error(Errc::invalid_parameter_combination, name, "InstanceIds");
        return error(Errc::invalid_parameter_value, *text, name);
    }
    return std::nullopt;
}

} // namespace

Result<std::vector<InstanceChange>> read_bandwidth_changes(const Context& context, const Params& params)
{
    auto instances = load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances.error();
    if (auto refusal = refuse_by_state(context.action, *instances))
        return *std::move(refusal);
    if (documented(context.action, Errc::operation_denied_instance_operation_in_progress)) {
        if (auto refusal = refuse_by_operation(context.action, *instances))
            return *std::move(refusal);
    }
    if (auto refusal = refuse_batch(*instances))
        return *std::move(refusal);
    const auto bandwidth = params.object("InternetAccessible")->integer("InternetMaxBandwidthOut");
    if (!bandwidth)
        return error(Errc::missing_parameter, "InternetAccessible.InternetMaxBandwidthOut");

    std::vector<InstanceChange> changes;
    for (state::Instance& instance : *instances) {
        const bool ahead = instance.internet_charge_type == "BANDWIDTH_PREPAID";
        // According to the page, prepaid bandwidth cannot be reduced.
        if (ahead && *bandwidth < instance.bandwidth_mbps)
            return error(Errc::invalid_parameter_value_range, std::to_string(*bandwidth),
                         "InternetAccessible.InternetMaxBandwidthOut");
        if (auto problem =
                ahead ? refuse_days(params, instance, context.call.now) : refuse_any_day(context.action, params))
            return *std::move(problem);
        changes.push_back({instance, std::move(instance)});
        changes.back().after.bandwidth_mbps = *bandwidth;
    }
    return changes;
}

} // namespace cvm::api
