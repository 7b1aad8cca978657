#include "server/api/catalog.hpp"
#include "server/api/instance_json.hpp"
#include "server/api/instance_settings.hpp"
#include "server/api/resource_name.hpp"
#include "server/base/error.hpp"
#include "server/base/json_numbers.hpp"
#include "server/document/additions.hpp"
#include "server/document/members.hpp"
#include "server/document/network_members.hpp"
#include "server/document/schema.hpp"
#include "server/document/state_document.hpp"
#include "server/document/vouchers.hpp"
#include "state/model/lighthouse.hpp"
#include "state/rules/ledger.hpp"
#include "state/rules/order.hpp"
#include "state/rules/renewal.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <span>

namespace cvm {

namespace json = boost::json;

using namespace members;
using state::AccountState;
using state::Instant;

namespace {

// The maximum time of uncharged usage: every hour of it is charged as soon as time passes.
constexpr std::chrono::days longest_use{3653};

state::AccountClock read_clock(const json::object& o, const JsonPath& place, Instant wall)
{
    state::AccountClock clock;
    if (const json::value* offset = find_non_null(o, "Offset")) {
        const std::string_view spelled = offset->as_string();
        const auto duration = state::parse_duration(spelled);
        if (!duration)
            place.member("Offset").fail("'" + std::string{spelled} + "' is not a duration such as P30D");
        // A clock stops at the end of the calendar, whatever its offset.
        clock.offset =
            duration->months.count() == 0 ? duration->seconds : time_of(spelled, place.member("Offset"), wall) - wall;
    }
    if (wall + clock.offset < state::earliest)
        place.member("Offset").fail("leads outside the years 1 to 9999");
    clock.frozen_at = maybe_time(o, "FrozenAt", place, wall + clock.offset);
    return clock;
}

state::Balance read_balance(const json::object& o)
{
    const auto cents = [&](std::string_view name) { return state::Cents{integer(o, name, 0)}; };
    return {cents("Cash"), cents("IncomeInto"), cents("Present"), cents("Freeze"), cents("Owe"), cents("Credit")};
}

// The region of a zone; it must be a known region.
std::string region_of(const std::string& zone, const JsonPath& place)
{
    std::string region = api::region_of_zone(zone);
    if (!api::is_region(region))
        place.member("Placement.Zone").fail("'" + zone + "' is not a zone of a known region, such as ap-guangzhou-3");
    return region;
}

std::optional<state::Operation> read_operation(const json::object& o, const JsonPath& place, Instant now)
{
    if (find_non_null(o, "LatestOperation") == nullptr) {
        if (find_non_null(o, "LatestOperationState") != nullptr)
            place.member("LatestOperationState").fail("LatestOperation is missing");
        return std::nullopt;
    }
    return state::Operation{text(o, "LatestOperation", ""),
                            word(o, "LatestOperationState", state::OperationState::success),
                            text(o, "LatestOperationRequestId", ""),
                            text(o, "LatestOperationErrorMsg", ""),
                            maybe_time(o, "LatestOperationEndTime", place, now),
                            maybe_word<state::InstanceState>(o, "StateAfterLatestOperation")};
}

// Read single values, whose type the schema has checked.
void read(const json::value& given, std::string& value) { value = given.as_string(); }
void read(const json::value& given, bool& value) { value = given.as_bool(); }
void read(const json::value& given, std::int64_t& value) { value = given.to_number<std::int64_t>(); }
void read(const json::value& given, double& value) { value = given.to_number<double>(); }
void read(const json::value& given, state::KeyValue& value);
void read(const json::value& given, state::VirtualPrivateCloud& value);
void read(const json::value& given, state::Metadata& value);
void read(const json::value& given, state::GpuInfo& value);
void read(const json::value& given, state::CpuTopology& value);

template <class T>
void read(const json::value& given, std::vector<T>& list)
{
    list.clear();
    for (const json::value& item : given.as_array())
        read(item, list.emplace_back());
}

template <class T>
void read(const json::value& given, std::optional<T>& value)
{
    value.reset();
    if (!given.is_null())
        read(given, value.emplace());
}

template <class T>
void read(const json::value& given, state::MaybeNull<T>& value)
{
    read(given, value.emplace());
}

// Replaces the value by the member, even if that is null; without the member the value stays.
template <class T>
void take(const json::object& o, std::string_view name, T& value)
{
    if (const json::value* given = o.if_contains(name))
        read(*given, value);
}

void read(const json::value& given, state::KeyValue& value)
{
    take(given.as_object(), "Key", value.key);
    take(given.as_object(), "Value", value.value);
}

void read(const json::value& given, state::VirtualPrivateCloud& value)
{
    value = {};
    take(given.as_object(), "VpcId", value.vpc_id);
    take(given.as_object(), "SubnetId", value.subnet_id);
    take(given.as_object(), "AsVpcGateway", value.as_vpc_gateway);
    take(given.as_object(), "Ipv6AddressCount", value.ipv6_address_count);
}

void read(const json::value& given, state::Metadata& value) { take(given.as_object(), "Items", value.items); }

void read(const json::value& given, state::GpuInfo& value)
{
    take(given.as_object(), "GPUCount", value.count);
    take(given.as_object(), "GPUId", value.ids);
    take(given.as_object(), "GPUType", value.type);
}

void read(const json::value& given, state::CpuTopology& value)
{
    take(given.as_object(), "CoreCount", value.core_count);
    take(given.as_object(), "ThreadPerCore", value.threads_per_core);
}

// The common members of system disks and data disks.
state::Disk read_disk(const json::object& o, std::string id)
{
    state::Disk disk;
    disk.id = std::move(id);
    disk.type = text(o, "DiskType", "CLOUD_PREMIUM");
    disk.name = text(o, "DiskName", "");
    disk.size_gib = integer(o, "DiskSize", 50);
    disk.encrypt = boolean(o, "Encrypt", false);
    take(o, "KmsKeyId", disk.kms_key_id);
    disk.throughput_performance = integer(o, "ThroughputPerformance", 0);
    disk.burst_performance = boolean(o, "BurstPerformance", false);
    take(o, "Tags", disk.tags);
    return disk;
}

state::Disk read_system_disk(const json::object& o, const std::string& instance_id)
{
    state::Disk disk = read_disk(
        o, text(o, "DiskId",
                (state::is_lighthouse(instance_id) ? "lhdisk" : "disk") + instance_id.substr(instance_id.find('-'))));
    disk.usage = state::DiskUsage::system;
    return disk;
}

state::Disk read_data_disk(const json::object& o, const JsonPath& place, Instant now)
{
    state::Disk disk = read_disk(o, text(o, "DiskId", ""));
    disk.usage = state::DiskUsage::data;
    disk.portable = boolean(o, "Portable", false);
    disk.delete_with_instance = boolean(o, "DeleteWithInstance", !disk.portable);
    disk.charge_type = word(o, "DiskChargeType", state::ChargeType::prepaid);
    disk.renew_flag = maybe_word<state::RenewFlag>(o, "RenewFlag");
    disk.expires_at = maybe_time(o, "DeadlineTime", place, now);
    disk.renew_months = integer(o, "RenewPeriod", 1);
    disk.released = boolean(o, "Released", false);
    if (disk.portable && disk.charge_type == state::ChargeType::prepaid && !disk.expires_at)
        place.member("DeadlineTime").fail("missing: a portable prepaid disk has its own expiry");
    return disk;
}

// A detached disk.
state::PlacedDisk read_free_disk(const json::object& o, const JsonPath& place, Instant now)
{
    const json::object& placement = object(o, "Placement");
    state::PlacedDisk placed;
    placed.disk = read_data_disk(o, place, now);
    if (!placed.disk.portable)
        place.member("Portable").fail("must be true: the disk is not attached to an instance");
    placed.zone = text(placement, "Zone", "");
    placed.region = region_of(placed.zone, place);
    placed.project_id = integer(placement, "ProjectId", 0);
    placed.created_at = time_or(o, "CreateTime", "-P1M", place, now);
    return placed;
}

state::InstanceAttributes read_attributes(const json::object& o, const std::string& instance_id,
                                          const state::InstanceType* type)
{
    state::InstanceAttributes a = api::default_attributes();
    if (type != nullptr)
        api::apply_type(a, *type);
    a.uuid = api::uuid_for(instance_id);
    const json::object& placement = object(o, "Placement");
    take(o, "OperatorUin", a.operator_uin);
    take(placement, "HostId", a.host_id);
    take(placement, "RackId", a.rack_id);
    take(placement, "DedicatedResourcePackTenancy", a.dedicated_resource_pack_tenancy);
    take(placement, "DedicatedResourcePackIds", a.dedicated_resource_pack_ids);
    take(o, "DedicatedClusterId", a.dedicated_cluster_id);
    take(o, "HpcClusterId", a.hpc_cluster_id);
    take(o, "DisasterRecoverGroupId", a.disaster_recover_group_id);
    take(o, "DisasterRecoverGroupIds", a.disaster_recover_group_ids);
    take(o, "PartitionNumber", a.partition_number);
    take(o, "VirtualPrivateCloud", a.virtual_private_cloud);
    take(o, "PrivateIpAddresses", a.private_ip_addresses);
    take(o, "PublicIpAddresses", a.public_ip_addresses);
    take(o, "IPv6Addresses", a.ipv6_addresses);
    take(o, "PublicIPv6Addresses", a.public_ipv6_addresses);
    take(o, "RdmaIpAddresses", a.rdma_ip_addresses);
    const json::object& internet = object(o, "InternetAccessible");
    take(internet, "InternetServiceProvider", a.public_addressing.internet_service_provider);
    take(internet, "IPv4AddressType", a.public_addressing.ipv4_address_type);
    take(internet, "IPv6AddressType", a.public_addressing.ipv6_address_type);
    take(internet, "AntiDDoSPackageId", a.public_addressing.anti_ddos_package_id);
    take(o, "SecurityGroupIds", a.security_group_ids);
    take(o, "EnableJumboFrame", a.enable_jumbo_frame);
    take(o, "ImageId", a.image_id);
    take(o, "OsName", a.os_name);
    take(o, "LicenseType", a.license_type);
    take(o, "HostName", a.host_name);
    take(o, "DefaultLoginUser", a.default_login_user);
    take(o, "DefaultLoginPort", a.default_login_port);
    if (const json::value* login = o.if_contains("LoginSettings")) {
        a.key_ids.reset();
        take(login->as_object(), "KeyIds", a.key_ids);
    }
    take(o, "UserData", a.user_data);
    take(o, "Uuid", a.uuid);
    take(o, "Tags", a.tags);
    take(o, "CamRoleName", a.cam_role_name);
    take(o, "DisableApiTermination", a.disable_api_termination);
    take(o, "Metadata", a.metadata);
    take(o, "GPUInfo", a.gpu_info);
    take(o, "CpuTopology", a.cpu_topology);
    return a;
}

// The type with this name, preferably one of the account. nullptr for an unknown one.
const state::InstanceType* find_type(std::string_view name, std::span<const state::InstanceType> added)
{
    const auto own = std::ranges::find(added, name, &state::InstanceType::name);
    return own != added.end() ? &*own : api::built_in_catalog().find_instance_type(name);
}

// Lighthouse resources are prepaid, their data disks are elastic, and disks are attached only to instances of the same
// product.
void check_product(const state::Instance& instance, const JsonPath& place)
{
    const bool lighthouse = state::is_lighthouse(instance.id);
    if (lighthouse && instance.charge_type != state::ChargeType::prepaid)
        place.member("InstanceChargeType").fail("must be PREPAID: the instance belongs to Lighthouse");
    for (const state::Disk& disk : instance.disks) {
        if (state::is_lighthouse(disk.id) != lighthouse)
            place.fail("the disk " + disk.id + " belongs to another product than the instance");
        if (lighthouse && disk.usage == state::DiskUsage::data && !state::renewable_alone(disk))
            place.fail("the disk " + disk.id + " must be portable and PREPAID: it belongs to Lighthouse");
    }
}

state::Instance read_instance(const json::object& o, const JsonPath& place, Instant now,
                              std::span<const state::InstanceType> added_types)
{
    state::Instance i;
    i.id = text(o, "InstanceId", "");
    const json::object& placement = object(o, "Placement");
    i.zone = text(placement, "Zone", "");
    i.region = region_of(i.zone, place);
    i.project_id = integer(placement, "ProjectId", 0);
    i.name = text(o, "InstanceName", i.id);
    i.type = text(o, "InstanceType", "S2.SMALL1");
    const state::InstanceType* type = find_type(i.type, added_types);
    for (const std::string_view name : {"CPU", "Memory"})
        if (type == nullptr && find_non_null(o, name) == nullptr)
            place.member(name).fail(
                "missing: the type '" + i.type +
                "' is not in the catalogue; give the member, or add the type under \"Types\" of the account");
    i.cpu = integer(o, "CPU", type != nullptr ? type->cpu : 1);
    i.memory_gib = integer(o, "Memory", type != nullptr ? type->memory_gib : 1);
    i.charge_type = word(o, "InstanceChargeType", state::ChargeType::prepaid);
    i.state = word(o, "InstanceState", state::InstanceState::running);
    i.restrict_state = word(o, "RestrictState", state::RestrictState::normal);
    i.isolated_source = word(o, "IsolatedSource", state::IsolatedSource::notisolated);
    i.stop_charging_mode = word(o, "StopChargingMode", state::StopChargingMode::not_applicable);
    i.created_at = time_or(o, "CreatedTime", "-P1M", place, now);
    if (state::pays_ahead(i.charge_type)) {
        i.renew_flag = word(o, "RenewFlag", state::RenewFlag::notify_and_manual_renew);
        i.expires_at = time_or(o, "ExpiredTime", "+P1M", place, now);
    } else {
        for (const std::string_view name : {"RenewFlag", "ExpiredTime"})
            if (find_non_null(o, name) != nullptr)
                place.member(name).fail("must be null or left out: the instance is " +
                                        std::string{state::name(i.charge_type)});
    }
    i.renew_months = integer(o, "RenewPeriod", 1);
    i.frozen = state::Cents{integer(o, "Freeze", 0)};
    if (state::pays_by_hour(i.charge_type)) {
        i.hourly_since = maybe_time(o, "HourlySince", place, now).value_or(i.created_at);
        i.charged_until = maybe_time(o, "ChargedUntil", place, now).value_or(now);
        if (*i.charged_until < now - longest_use)
            place.member("ChargedUntil").fail("is more than ten years before the account's clock");
    } else {
        for (const std::string_view name : {"HourlySince", "ChargedUntil"})
            if (find_non_null(o, name) != nullptr)
                place.member(name).fail("must be left out: the instance is " + std::string{state::name(i.charge_type)});
    }
    if (const json::value* timer = find_non_null(o, "ActionTimer")) {
        if (state::pays_ahead(i.charge_type))
            place.member("ActionTimer")
                .fail("must be left out: the instance is " + std::string{state::name(i.charge_type)});
        i.terminates_at = maybe_time(timer->as_object(), "ActionTime", place.member("ActionTimer"), now);
    }
    i.latest_operation = read_operation(o, place, now);
    const json::object& internet = object(o, "InternetAccessible");
    i.internet_charge_type = text(internet, "InternetChargeType",
                                  state::pays_ahead(i.charge_type) ? "BANDWIDTH_PREPAID" : "TRAFFIC_POSTPAID_BY_HOUR");
    i.bandwidth_mbps = integer(internet, "InternetMaxBandwidthOut", 0);
    i.disks.push_back(read_system_disk(object(o, "SystemDisk"), i.id));
    std::size_t index = 0;
    for (const json::value& disk : list(o, "DataDisks"))
        i.disks.push_back(read_data_disk(disk.as_object(), place.member("DataDisks").item(index++), now));

    i.attributes = read_attributes(o, i.id, type);
    check_product(i, place);
    return i;
}

state::Deal read_deal(const json::object& o, const JsonPath& place, Instant now)
{
    state::Deal deal;
    deal.order_id = text(o, "OrderId", "");
    deal.big_deal_id = text(o, "BigDealId", deal.order_id);
    deal.status = static_cast<state::DealStatus>(integer(o, "Status", 0));
    deal.action = text(o, "Action", "renew");
    deal.resource_id = text(o, "ResourceId", "");
    deal.months = integer(o, "TimeSpan", 1);
    deal.original = state::Cents{integer(o, "TotalCost", 0)};
    deal.total = state::Cents{integer(o, "RealTotalCost", deal.original.value)};
    deal.sub_product = text(o, "SubProductCode", "");
    deal.zone = text(o, "ZoneCode", "");
    deal.voucher = state::Cents{integer(o, "VoucherDecline", 0)};
    if (deal.voucher > deal.total)
        place.member("VoucherDecline").fail("is more than the order costs");
    deal.created_at = maybe_time(o, "CreateTime", place, now).value_or(now);
    deal.begins_at = maybe_time(o, "BeginTime", place, now).value_or(deal.created_at);
    if (deal.months > 0 && !state::within_calendar(deal.begins_at, std::chrono::months{deal.months}))
        place.member("TimeSpan").fail(std::to_string(deal.months) + " months end after the year 9999");
    return deal;
}

state::LedgerLine read_ledger_line(const json::object& o, const JsonPath& place, Instant now)
{
    return {.at = maybe_time(o, "Time", place, now).value_or(now),
            .cause = word(o, "Cause", state::Cause::adjustment),
            .cause_id = text(o, "CauseId", ""),
            .order_id = text(o, "OrderId", ""),
            .resource_id = text(o, "ResourceId", ""),
            .from = word(o, "From", state::Book::outside),
            .to = word(o, "To", state::Book::outside),
            .amount = state::Cents{integer(o, "Amount", 0)},
            .used = std::chrono::seconds{integer(o, "Seconds", 0)}};
}

// For a resource whose tags are stored by its name.
state::ResourceTags read_resource_tags(const json::object& o, const std::string& uin, const JsonPath& place)
{
    const std::string given = text(o, "Resource", "");
    const auto name = api::parse_resource_name(given, uin);
    if (!name)
        place.member("Resource")
            .fail("'" + given + "' is not a resource name in six parts, such as qcs::cam::uin/1:uin/2");
    if (!name->may_belong_to(uin))
        place.member("Resource").fail("'" + given + "' belongs to another account");
    if (!name->instance_id().empty() || !name->disk_id().empty())
        place.member("Resource").fail("'" + given + "' has its Tags in its own entry, in Instances or Disks");
    state::ResourceTags tagged{name->text(), {}};
    take(o, "Tags", tagged.tags);
    if (tagged.tags.empty())
        place.member("Tags").fail("must hold a tag");
    return tagged;
}

std::string read_lifecycle(const json::object& o, const JsonPath& place)
{
    std::string name = text(o, "Lifecycle", "");
    const api::Catalog& catalog = api::built_in_catalog();
    if (catalog.find_lifecycle(name) != nullptr)
        return name;
    std::string known;
    for (const state::Lifecycle& lifecycle : catalog.lifecycles)
        known += (known.empty() ? "" : ", ") + lifecycle.name;
    place.member("Lifecycle").fail("'" + name + "' is not a preset; there are " + known);
}

state::Rule read_rule(const json::object& o, const JsonPath& place)
{
    state::Rule rule{text(o, "InstanceId", ""), text(o, "Code", "")};
    if (!find_code(rule.code))
        place.member("Code").fail("'" + rule.code + "' is not an error code that this server knows");
    return rule;
}

state::Credential read_credential(const json::object& o, const std::string& uin, const JsonPath& place, Instant wall)
{
    state::Credential credential;
    credential.secret_id = text(o, "SecretId", "");
    credential.secret_key = text(o, "SecretKey", "");
    credential.uin = uin;
    credential.token = text(o, "Token", "");
    credential.expires_at = maybe_time(o, "ExpiredTime", place, wall);
    if (find_non_null(o, "Actions") != nullptr)
        credential.allowed = texts(o, "Actions");
    credential.mfa = word(o, "MFA", state::Mfa::passed);
    if (find_non_null(o, "Policy") != nullptr) {
        const json::object& policy = object(o, "Policy");
        credential.policy = state::ActionPolicy{texts(policy, "Allow"), texts(policy, "Deny")};
    }
    credential.session = text(o, "Session", "");
    credential.role_id = text(o, "RoleId", "");
    return credential;
}

// Completes omitted data of orders, as far as the account still has their resources.
void describe_orders(AccountState& account)
{
    std::map<std::string_view, std::pair<std::string, std::string>, std::less<>> known; // SubProductCode and zone
    for (const state::Instance& instance : account.instances) {
        known.emplace(instance.id, std::pair{state::sub_product(instance), instance.zone});
        for (const state::Disk& disk : instance.disks)
            known.emplace(disk.id, std::pair{state::sub_product(disk), instance.zone});
    }
    for (const state::PlacedDisk& placed : account.disks)
        known.emplace(placed.disk.id, std::pair{state::sub_product(placed.disk), placed.zone});
    for (state::Deal& deal : account.deals) {
        const auto at = known.find(deal.resource_id);
        if (at == known.end())
            continue;
        if (deal.sub_product.empty())
            deal.sub_product = at->second.first;
        if (deal.zone.empty())
            deal.zone = at->second.second;
    }
}

AccountState read_account(const json::object& o, const JsonPath& place, Instant wall)
{
    AccountState read;
    read.account.uin = text(o, "Uin", "");
    read.account.is_default = boolean(o, "Default", false);
    read.account.clock = read_clock(object(o, "Clock"), place.member("Clock"), wall);
    read.account.balance = read_balance(object(o, "Balance"));
    const Instant now = read.account.clock.now(wall);
    read.account.lifecycle = read_lifecycle(o, place);
    const state::Lifecycle& lifecycle = api::built_in_catalog().lifecycle_of(read.account);
    const json::object& arrears = object(o, "Arrears");
    read.account.arrears.stage = word(arrears, "Stage", state::ArrearsStage::none);
    read.account.arrears.since = maybe_time(arrears, "Since", place.member("Arrears"), now).value_or(state::Instant{});
    read.additions = read_additions(o, place, read.account.uin, now);
    read.account.additions = state::digest_of(read.additions);
    std::size_t index = 0;
    for (const json::value& v : list(o, "Credentials"))
        read.credentials.push_back(
            read_credential(v.as_object(), read.account.uin, place.member("Credentials").item(index++), wall));
    index = 0;
    for (const json::value& v : list(o, "Orders"))
        read.deals.push_back(read_deal(v.as_object(), place.member("Orders").item(index++), now));
    read.account.orders = integer(o, "OrderCount", 0);
    for (const state::Deal& deal : read.deals)
        read.account.orders = std::max(read.account.orders, state::order_number(deal.order_id));
    index = 0;
    for (const json::value& v : list(o, "Ledger"))
        read.ledger.push_back(read_ledger_line(v.as_object(), place.member("Ledger").item(index++), now));
    try {
        const auto gap = state::reconciling_lines(read.ledger, read.account.balance, now);
        if (std::ranges::any_of(gap, [](const state::LedgerLine& line) { return line.amount > state::max_moved; }))
            throw std::overflow_error{"the gap"};
        std::ranges::copy(gap, std::back_inserter(read.ledger));
    } catch (const std::overflow_error&) {
        place.member("Ledger").fail("adds up to an amount that is too large");
    }
    read.account.resources = integer(o, "ResourceCount", 0);
    index = 0;
    for (const json::value& v : list(o, "Disks"))
        read.disks.push_back(
            state::scheduled(read_free_disk(v.as_object(), place.member("Disks").item(index++), now), lifecycle, now));
    index = 0;
    for (const json::value& v : list(o, "Tags"))
        read.tags.push_back(read_resource_tags(v.as_object(), read.account.uin, place.member("Tags").item(index++)));
    read.networks = read_networks(o, place, now);
    index = 0;
    for (const json::value& v : list(o, "FiredTimers")) {
        const JsonPath where = place.member("FiredTimers").item(index++);
        read.fired_timers.push_back({text(v.as_object(), "InstanceId", ""), text(v.as_object(), "Region", ""),
                                     time_or(v.as_object(), "ActionTime", "-P0D", where, now)});
    }
    for (const json::value& v : list(o, "ClientTokens"))
        read.client_tokens.push_back({text(v.as_object(), "ClientToken", ""), texts(v.as_object(), "InstanceIds")});
    index = 0;
    for (const json::value& v : list(o, "Instances"))
        read.instances.push_back(state::scheduled(
            read_instance(v.as_object(), place.member("Instances").item(index++), now, read.additions.types), lifecycle,
            now));
    describe_orders(read);
    read_vouchers(o, place, now, read);
    read.account.arrears = state::consistent_arrears(read.account, read.instances, now);
    index = 0;
    for (const json::value& v : list(o, "Rules"))
        read.rules.push_back(read_rule(v.as_object(), place.member("Rules").item(index++)));
    return read;
}

// A set of ids that must be unique. add() throws BadDocument for a duplicate, naming its place.
class Once {
public:
    void add(const std::string& id, const std::string& what, const JsonPath& place)
    {
        if (!seen_.insert(id).second)
            place.fail(what + " '" + id + "' appears twice");
    }

private:
    std::set<std::string> seen_;
};

} // namespace

void reject_duplicates(std::span<const AccountState> accounts, const std::string& origin)
{
    Once uins;
    Once secret_ids;
    std::size_t at = 0;
    for (const AccountState& account : accounts) {
        const JsonPath place = JsonPath{origin, "accounts"}.item(at++);
        uins.add(account.account.uin, "the account", place.member("Uin"));
        for (std::size_t i = 0; i < account.credentials.size(); ++i)
            secret_ids.add(account.credentials[i].secret_id, "the SecretId", place.member("Credentials").item(i));
        Once orders;
        for (std::size_t i = 0; i < account.deals.size(); ++i)
            orders.add(account.deals[i].order_id, "the order", place.member("Orders").item(i));
        Once rules;
        for (std::size_t i = 0; i < account.rules.size(); ++i)
            rules.add(account.rules[i].instance_id + " " + account.rules[i].code, "the rule",
                      place.member("Rules").item(i));
        Once instances;
        Once disks;
        for (std::size_t i = 0; i < account.instances.size(); ++i) {
            const JsonPath where = place.member("Instances").item(i);
            instances.add(account.instances[i].id, "the instance", where);
            for (const state::Disk& disk : account.instances[i].disks)
                disks.add(disk.id, "the disk", where);
        }
        for (std::size_t i = 0; i < account.disks.size(); ++i)
            disks.add(account.disks[i].disk.id, "the disk", place.member("Disks").item(i));
        Once tagged;
        for (std::size_t i = 0; i < account.tags.size(); ++i)
            tagged.add(account.tags[i].resource, "the resource", place.member("Tags").item(i));
        Once vpcs;
        for (std::size_t i = 0; i < account.networks.vpcs.size(); ++i)
            vpcs.add(account.networks.vpcs[i].id, "the VPC", place.member("Vpcs").item(i));
        Once subnets;
        for (std::size_t i = 0; i < account.networks.subnets.size(); ++i)
            subnets.add(account.networks.subnets[i].id, "the subnet", place.member("Subnets").item(i));
        Once groups;
        for (std::size_t i = 0; i < account.networks.security_groups.size(); ++i)
            groups.add(account.networks.security_groups[i].id, "the security group",
                       place.member("SecurityGroups").item(i));
        Once tokens;
        for (std::size_t i = 0; i < account.client_tokens.size(); ++i)
            tokens.add(account.client_tokens[i].token, "the ClientToken", place.member("ClientTokens").item(i));
    }
}

void choose_default(std::vector<AccountState>& accounts, const std::string& origin)
{
    const auto count = std::ranges::count_if(accounts, [](const AccountState& a) { return a.account.is_default; });
    if (count > 1)
        throw BadDocument{origin + ": accounts: more than one has Default true"};
    if (count == 0 && !accounts.empty())
        accounts.front().account.is_default = true;
}

json::value parse_document(std::string_view text, const std::string& origin)
{
    text = without_byte_order_mark(text);
    json::parse_options options;
    options.max_depth = max_json_depth;
    boost::system::error_code ec;
    json::stream_parser parser{{}, options};
    const std::size_t read = parser.write_some(text.data(), text.size(), ec);
    if (!ec && !parser.done())
        parser.finish(ec);
    if (!ec && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos)
        ec = json::error::extra_data;
    if (ec) {
        const auto line = 1 + std::ranges::count(text.substr(0, read), '\n');
        throw BadDocument{origin + ": line " + std::to_string(line) + ": not JSON: " + ec.message()};
    }
    json::value document = parser.release();
    make_whole_numbers(document);
    return document;
}

json::value read_document(std::string_view text, const std::string& origin)
{
    json::value document = parse_document(text, origin);
    const JsonPath place{origin, ""};
    if (!document.is_object())
        place.fail("must be a JSON object");
    const json::value* version = document.get_object().if_contains("format_version");
    if (version != nullptr && version->is_int64() && version->get_int64() > state_format_version)
        place.member("format_version")
            .fail(std::to_string(version->get_int64()) + " is newer than this cvm-renewal-emulator, which knows " +
                  std::to_string(state_format_version));
    if (const auto problem = state_schema().first_problem(document))
        JsonPath{origin, problem->path}.fail(problem->what);
    return document;
}

std::vector<AccountState> read_accounts(const json::value& document, const std::string& origin, Instant wall)
{
    std::vector<AccountState> accounts;
    std::size_t index = 0;
    for (const json::value& account : document.at("accounts").as_array())
        accounts.push_back(read_account(account.as_object(), JsonPath{origin, "accounts"}.item(index++), wall));
    return accounts;
}

state::Instance read_instance(const json::object& instance, const AccountState& account, Instant wall)
{
    const Instant now = account.account.clock.now(wall);
    return state::scheduled(read_instance(instance, JsonPath{}, now, account.additions.types),
                            api::built_in_catalog().lifecycle_of(account.account), now);
}

std::vector<AccountState> to_accounts(const json::value& document, const std::string& origin, Instant wall)
{
    auto accounts = read_accounts(document, origin, wall);
    reject_duplicates(accounts, origin);
    choose_default(accounts, origin);
    return accounts;
}

} // namespace cvm
