#include "server/api/legacy_instance.hpp"

#include "server/api/places.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api {

namespace json = boost::json;

using state::InstanceState;

namespace {

std::int64_t disk_type(const state::Disk& disk)
{
    const bool local = disk.type.starts_with("LOCAL");
    const bool ssd = disk.type.ends_with("SSD");
    return ssd ? (local ? 3 : 4) : (local ? 1 : 2);
}

json::object disk_info(const state::Instance& instance)
{
    json::object info;
    for (const state::Disk& disk : instance.disks) {
        const std::string kind = disk.usage == state::DiskUsage::system ? "root" : "storage";
        // The answer can contain only one data disk.
        info.emplace(kind + "Id", disk.id);
        info.emplace(kind + "Type", disk_type(disk));
        info.emplace(kind + "Size", disk.size_gib);
    }
    return info;
}

std::int64_t auto_renew(const state::Instance& instance)
{
    if (instance.renew_flag == state::RenewFlag::notify_and_auto_renew)
        return 1;
    return instance.renew_flag == state::RenewFlag::disable_notify_and_manual_renew ? 2 : 0;
}

std::int64_t network_pay_mode(std::string_view charge_type)
{
    return charge_type == "BANDWIDTH_PREPAID" ? 1 : charge_type == "TRAFFIC_POSTPAID_BY_HOUR" ? 2 : 3;
}

} // namespace

std::string legacy_id(const state::Instance& instance)
{
    std::string digits = instance.attributes.uuid;
    std::erase(digits, '-');
    return "qcvm" + digits;
}

std::optional<state::Instance> find_legacy_instance(state::Store& store, const Call& call, std::string_view id)
{
    if (!id.starts_with("qcvm")) {
        auto instance = store.find_instance(call.account.uin, id);
        return instance && instance->region == call.region ? std::move(instance) : std::nullopt;
    }
    const std::array condition{
        state::InstanceCondition{.member = state::InstanceMember::uuid_digits, .values = {std::string{id.substr(4)}}}};
    auto found = store.select_instances(call.account.uin, call.region, condition, {.offset = 0, .limit = 1});
    return found.instances.empty() ? std::nullopt : std::optional{std::move(found.instances.front())};
}

std::int64_t legacy_status(InstanceState state)
{
    switch (state) {
    case InstanceState::launch_failed:
        return -1;
    case InstanceState::running:
        return 2;
    case InstanceState::pending:
        return 3;
    case InstanceState::stopped:
        return 4;
    case InstanceState::shutdown:
        return 5;
    case InstanceState::terminating:
        return 6;
    case InstanceState::rebooting:
        return 7;
    case InstanceState::starting:
        return 8;
    case InstanceState::stopping:
        return 9;
    case InstanceState::enter_rescue_mode:
    case InstanceState::rescue_mode:
    case InstanceState::exit_rescue_mode:
    case InstanceState::enter_service_live_migrate:
    case InstanceState::service_live_migrate:
    case InstanceState::exit_service_live_migrate:
        return 21;
    }
    throw std::logic_error{"InstanceState out of range"};
}

json::object to_legacy_json(const Catalog& catalog, Language language, const state::Instance& instance)
{
    const state::InstanceAttributes& attributes = instance.attributes;
    const auto& addresses = attributes.private_ip_addresses;
    const auto public_addresses = state::public_ip_addresses(instance).value_or(std::vector<std::string>{});
    const Zone* zone = catalog.find_zone(instance.zone);
    return {{"instanceName", instance.name},
            {"instanceId", legacy_id(instance)},
            {"unInstanceId", instance.id},
            {"lanIp", addresses.empty() ? "" : addresses.front()},
            {"wanIpSet", json::array(public_addresses.begin(), public_addresses.end())},
            {"cpu", instance.cpu},
            {"mem", instance.memory_gib},
            {"bandwidth", instance.bandwidth_mbps},
            {"unImgId", attributes.image_id},
            {"status", legacy_status(instance.state)},
            {"Region", catalog.legacy_region(instance.region)},
            {"createTime", state::format_beijing_time(instance.created_at)},
            {"deadlineTime",
             instance.expires_at ? state::format_beijing_time(*instance.expires_at) : "0000-00-00 00:00:00"},
            {"autoRenew", auto_renew(instance)},
            {"projectId", instance.project_id},
            {"os", attributes.os_name},
            {"cvmPayMode", state::pays_ahead(instance.charge_type) ? 1 : 2},
            {"networkPayMode", network_pay_mode(instance.internet_charge_type)},
            {"zoneId", zone != nullptr ? std::stoll(zone->id) : 0},
            {"zoneName", zone == nullptr ? instance.zone : in_language(zone->names, language)},
            {"vpcId", 0},
            {"subnetId", 0},
            {"isVpcGateway", 0},
            {"diskInfo", disk_info(instance)},
            {"uuid", attributes.uuid}};
}

} // namespace cvm::api
