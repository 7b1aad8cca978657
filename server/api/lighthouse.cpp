#include "server/api/lighthouse.hpp"

#include "server/api/instance_json.hpp"
#include "server/api/persist.hpp"
#include "server/api/price_json.hpp"
#include "server/api/tags_json.hpp"
#include "state/rules/renewal.hpp"

#include <algorithm>
#include <set>

namespace cvm::api::lighthouse {

namespace json = boost::json;

using state::InstanceState;

namespace {

std::optional<Error> check_ids(std::span<const std::string> ids, std::string_view prefix, Errc malformed)
{
    for (const std::string& id : ids)
        if (!well_formed_id(id, prefix))
            return error(malformed, id);
    std::set<std::string_view> seen;
    for (const std::string& id : ids)
        if (!seen.insert(id).second)
            return error(Errc::invalid_parameter_value_duplicated, id);
    return std::nullopt;
}

std::optional<Error> refuse_by_rules(const Context& context, std::span<const std::string> ids)
{
    for (const std::string& id : ids)
        if (auto refusal = refuse_by_rule(context, id))
            return refusal;
    return std::nullopt;
}

} // namespace

Result<std::vector<state::Instance>> load_instances(const Context& context, std::span<const std::string> ids)
{
    if (auto problem = check_ids(ids, "lhins", Errc::invalid_parameter_value_instance_id_malformed))
        return *std::move(problem);
    auto instances = context.store.find_instances(context.call.account.uin, ids);
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (i >= instances.size() || instances[i].id != ids[i] || instances[i].region != context.call.region)
            return error(Errc::resource_not_found_instance_id_not_found, ids[i]);
    if (auto refusal = refuse_by_rules(context, ids))
        return *std::move(refusal);
    return instances;
}

Result<std::vector<state::Instance>> load_workable(const Context& context, const Params& params,
                                                   std::span<const InstanceState> works_in)
{
    auto instances = lighthouse::load_instances(context, params.strings("InstanceIds"));
    if (!instances)
        return instances;
    for (const state::Instance& instance : *instances) {
        if (instance.state == InstanceState::pending &&
            documented(context.action, Errc::operation_denied_instance_creating))
            return error(Errc::operation_denied_instance_creating, instance.id);
        if (busy(instance))
            return error(Errc::unsupported_operation_latest_operation_unfinished, instance.id);
        if (std::ranges::find(works_in, instance.state) == works_in.end())
            return error(Errc::unsupported_operation_invalid_instance_state, instance.id);
    }
    return instances;
}

Result<Answer> operate(const Context& context, const Params& params, InstanceState from, state::Transition transition)
{
    auto instances = load_workable(context, params, std::array{from});
    if (!instances)
        return instances.error();
    for (state::Instance& instance : *instances) {
        begin_operation(context, instance, transition);
        save(context, std::move(instance));
    }
    return json::object{};
}

Result<std::vector<state::PlacedDisk>> load_disks(const Context& context, std::span<const std::string> ids)
{
    if (auto problem = check_ids(ids, "lhdisk", Errc::invalid_parameter_value_invalid_disk_id_malformed))
        return *std::move(problem);
    std::vector<state::PlacedDisk> disks;
    for (const std::string& id : ids) {
        auto disk = context.store.find_disk(context.call.account.uin, id);
        if (!disk || disk->region != context.call.region)
            return error(Errc::resource_not_found_disk_id_not_found, id);
        disks.push_back(*std::move(disk));
    }
    if (auto refusal = refuse_by_rules(context, ids))
        return *std::move(refusal);
    return disks;
}

std::optional<Error> refuse_system_disks(std::span<const state::PlacedDisk> disks)
{
    for (const state::PlacedDisk& placed : disks)
        if (!state::renewable_alone(placed.disk))
            return error(Errc::operation_denied_disk_usage_not_support_operation, placed.disk.id);
    return std::nullopt;
}

std::optional<Error> refuse_period(std::int64_t period, state::Instant from, std::string_view parameter,
                                   bool of_purchase)
{
    const bool offered = is_disk_period(period) || (of_purchase && (period == 48 || period == 60));
    if (!offered || !state::within_calendar(from, std::chrono::months{period}))
        return error(Errc::invalid_parameter_value, std::to_string(period), parameter);
    return std::nullopt;
}

Result<DiskTerms> read_disk_terms(state::Instant expiry, const Params& prepaid)
{
    const auto period = prepaid.integer("Period");
    const auto deadline = prepaid.string("CurInstanceDeadline");
    if (period.has_value() == deadline.has_value())
        return error(Errc::missing_parameter_missing_parameter_period_cur_instance_deadline);
    if (period) {
        if (auto problem = refuse_period(*period, expiry, "RenewDiskChargePrepaid.Period"))
            return *std::move(problem);
        const std::chrono::months months{*period};
        return DiskTerms{months, state::add_months(expiry, months)};
    }
    const auto until = state::parse_beijing_time(*deadline);
    const auto terms = until ? terms_until(expiry, *until) : std::nullopt;
    if (!terms)
        return error(Errc::invalid_parameter_value_invalid_cur_instance_deadline, *deadline);
    return *terms;
}

Result<const Bundle*> find_bundle(const Catalog& catalog, const std::string& id)
{
    if (const Bundle* bundle = catalog.find_bundle(id))
        return bundle;
    return error(Errc::invalid_parameter_bundle_id_not_found, id);
}

Result<const Blueprint*> find_blueprint(const Catalog& catalog, const std::string& id)
{
    if (!well_formed_id(id, "lhbp"))
        return error(Errc::invalid_parameter_value_blueprint_id_malformed, id);
    if (const Blueprint* blueprint = catalog.find_blueprint(id))
        return blueprint;
    return error(Errc::resource_not_found_blueprint_id_not_found, id);
}

state::Instance draft_of(const Bundle& bundle)
{
    state::Instance draft;
    draft.type = bundle.id;
    draft.cpu = bundle.cpu;
    draft.memory_gib = bundle.memory_gib;
    draft.renew_flag = state::RenewFlag::notify_and_manual_renew;
    draft.internet_charge_type = "TRAFFIC_POSTPAID_BY_HOUR";
    draft.bandwidth_mbps = bundle.bandwidth_mbps;
    state::Disk& system = draft.disks.emplace_back();
    system.id = "lhdisk-"; // its price is included in the price of the bundle
    system.usage = state::DiskUsage::system;
    system.type = bundle.disk_type;
    system.size_gib = bundle.disk_size;
    draft.attributes = default_attributes();
    return draft;
}

json::value isolated_time(const Context& context, const state::Instance& instance)
{
    if (instance.state != InstanceState::shutdown)
        return nullptr;
    const auto after = instance.isolated_source == state::IsolatedSource::manmade
                           ? std::chrono::days{0}
                           : context.catalog.lifecycle_of(context.call.account).of(instance).usable_after;
    return json::value(state::format_instant(instance.expires_at.value() + after));
}

json::object to_json(const Context& context, const state::Instance& instance)
{
    const state::InstanceAttributes& a = instance.attributes;
    const state::Disk& system = instance.disks.front();
    const Blueprint* blueprint = context.catalog.find_blueprint(a.image_id);
    const auto addresses = state::public_ip_addresses(instance).value_or(std::vector<std::string>{});
    const auto& operation = instance.latest_operation;
    const bool banned = instance.restrict_state == state::RestrictState::protectively_isolated;
    const auto keys = a.key_ids.value_or(std::nullopt).value_or(std::vector<std::string>{});
    return {
        {"InstanceId", instance.id},
        {"BundleId", instance.type},
        {"BlueprintId", a.image_id},
        {"Zone", instance.zone},
        {"CPU", instance.cpu},
        {"Memory", instance.memory_gib},
        {"InstanceName", instance.name},
        {"OsName", a.os_name},
        {"Platform", blueprint != nullptr ? blueprint->platform : ""},
        {"PlatformType", blueprint != nullptr ? blueprint->platform_type : ""},
        {"InstanceChargeType", name(instance.charge_type)},
        {"SystemDisk", json::object{{"DiskType", system.type}, {"DiskSize", system.size_gib}, {"DiskId", system.id}}},
        {"PrivateAddresses", json::array(a.private_ip_addresses.begin(), a.private_ip_addresses.end())},
        {"PublicAddresses", json::array(addresses.begin(), addresses.end())},
        {"InternetAccessible", json::object{{"InternetChargeType", instance.internet_charge_type},
                                            {"InternetMaxBandwidthOut", instance.bandwidth_mbps},
                                            {"PublicIpAssigned", !addresses.empty()}}},
        {"RenewFlag", name(instance.renew_flag.value())},
        {"LoginSettings", json::object{{"KeyIds", json::array(keys.begin(), keys.end())}}},
        {"Tags", tags_json(a.tags)},
        {"InstanceState", name(instance.state)},
        {"InstanceRestrictState", banned ? "NETWORK_RESTRICT" : "NORMAL"},
        {"Uuid", a.uuid},
        {"LatestOperation", operation ? operation->name : ""},
        {"LatestOperationState", operation ? name(operation->state) : ""},
        {"LatestOperationRequestId", operation ? operation->request_id : ""},
        {"CreatedTime", state::format_instant(instance.created_at)},
        {"ExpiredTime", state::format_instant(instance.expires_at.value())},
        {"IsolatedTime", isolated_time(context, instance)}};
}

json::object instance_price(state::Cents month, const state::Price& price)
{
    return {{"Currency", "CNY"},
            {"OriginalBundlePrice", main_units(month)},
            {"OriginalPrice", main_units(price.original)},
            {"Discount", percent(price)},
            {"DiscountPrice", main_units(price.discounted)}};
}

json::object disk_price(state::Cents month, const state::Price& price)
{
    return {{"OriginalDiskPrice", main_units(month)},
            {"OriginalPrice", main_units(price.original)},
            {"Discount", percent(price)},
            {"DiscountPrice", main_units(price.discounted)}};
}

} // namespace cvm::api::lighthouse
