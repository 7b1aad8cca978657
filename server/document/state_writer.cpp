#include "server/api/instance_json.hpp"
#include "server/document/additions.hpp"
#include "server/document/state_document.hpp"

#include <boost/json.hpp>

#include <cstdlib>

namespace cvm {

namespace json = boost::json;

using state::AccountState;
using state::Instant;

namespace {

json::value maybe_text(const std::optional<Instant>& instant)
{
    return instant ? json::value(state::format_instant(*instant)) : json::value(nullptr);
}

json::array texts(const std::vector<std::string>& list) { return json::array(list.begin(), list.end()); }

json::array pairs(const std::vector<state::KeyValue>& list)
{
    json::array items;
    for (const auto& [key, value] : list)
        items.push_back(json::object{{"Key", key}, {"Value", value}});
    return items;
}

json::object write_disk(const state::Disk& disk)
{
    json::object o{{"DiskId", disk.id},
                   {"DiskType", disk.type},
                   {"DiskSize", disk.size_gib},
                   {"DiskName", disk.name},
                   {"Encrypt", disk.encrypt},
                   {"KmsKeyId", disk.kms_key_id ? json::value(*disk.kms_key_id) : json::value(nullptr)},
                   {"ThroughputPerformance", disk.throughput_performance},
                   {"BurstPerformance", disk.burst_performance},
                   {"Tags", pairs(disk.tags)}};
    if (disk.usage == state::DiskUsage::system)
        return o;
    o["DeleteWithInstance"] = disk.delete_with_instance;
    o["Portable"] = disk.portable;
    o["DiskChargeType"] = name(disk.charge_type);
    o["RenewFlag"] = disk.renew_flag ? json::value(name(*disk.renew_flag)) : json::value(nullptr);
    o["DeadlineTime"] = maybe_text(disk.expires_at);
    o["RenewPeriod"] = disk.renew_months;
    if (disk.released)
        o["Released"] = true;
    return o;
}

// As DescribeInstances shows it, but for what it hides or writes in a way of its own.
json::object write_instance(const state::Instance& instance)
{
    json::object o = api::to_json(instance);
    if (const auto& operation = instance.latest_operation) {
        o["LatestOperationErrorMsg"] = operation->error_message;
        if (operation->ends_at)
            o["LatestOperationEndTime"] = state::format_instant(*operation->ends_at);
        if (operation->state_after)
            o["StateAfterLatestOperation"] = name(*operation->state_after);
    }
    json::array data;
    for (const state::Disk& disk : instance.disks)
        if (disk.usage == state::DiskUsage::system)
            o["SystemDisk"] = write_disk(disk);
        else
            data.push_back(write_disk(disk));
    o["DataDisks"] = std::move(data);
    json::object& internet = o["InternetAccessible"].as_object();
    internet["InternetChargeType"] = instance.internet_charge_type; // without a public address, too
    if (!instance.attributes.operator_uin)
        o["OperatorUin"] = nullptr;
    o["StopChargingMode"] = name(instance.stop_charging_mode);
    if (const auto& addresses = instance.attributes.public_ip_addresses)
        o["PublicIpAddresses"] = texts(*addresses);
    o["Tags"] = pairs(instance.attributes.tags);
    o["RenewPeriod"] = instance.renew_months;
    o["Freeze"] = instance.frozen.value;
    o["HourlySince"] = maybe_text(instance.hourly_since);
    o["ChargedUntil"] = maybe_text(instance.charged_until);
    if (instance.terminates_at)
        o["ActionTimer"] = json::object{{"TimerAction", "TerminateInstances"},
                                        {"ActionTime", state::format_instant(*instance.terminates_at)}};
    if (instance.attributes.user_data)
        o["UserData"] = *instance.attributes.user_data;
    return o;
}

json::object write_free_disk(const state::PlacedDisk& placed)
{
    json::object o = write_disk(placed.disk);
    o["Placement"] = json::object{{"Zone", placed.zone}, {"ProjectId", placed.project_id}};
    o["CreateTime"] = state::format_instant(placed.created_at);
    return o;
}

json::object write_account(const AccountState& state)
{
    const state::Account& a = state.account;
    json::object clock{{"Offset", "PT" + std::to_string(std::abs(a.clock.offset.count())) + "S"}};
    if (a.clock.offset.count() < 0)
        clock["Offset"] = "-" + std::string{clock["Offset"].as_string()};
    if (a.clock.frozen_at)
        clock["FrozenAt"] = state::format_instant(*a.clock.frozen_at);
    json::array credentials;
    for (const state::Credential& c : state.credentials) {
        json::object o{{"SecretId", c.secret_id}, {"SecretKey", c.secret_key}};
        if (!c.token.empty())
            o["Token"] = c.token;
        if (c.expires_at)
            o["ExpiredTime"] = state::format_instant(*c.expires_at);
        if (c.allowed != state::Credential{}.allowed)
            o["Actions"] = texts(c.allowed);
        if (c.mfa != state::Mfa::passed)
            o["MFA"] = name(c.mfa);
        credentials.push_back(std::move(o));
    }
    json::array orders;
    for (const state::Deal& d : state.deals)
        orders.push_back(json::object{{"OrderId", d.order_id},
                                      {"BigDealId", d.big_deal_id},
                                      {"Status", static_cast<std::int64_t>(d.status)},
                                      {"Action", d.action},
                                      {"ResourceId", d.resource_id},
                                      {"TimeSpan", d.months},
                                      {"TotalCost", d.original.value},
                                      {"RealTotalCost", d.total.value},
                                      {"SubProductCode", d.sub_product},
                                      {"ZoneCode", d.zone},
                                      {"CreateTime", state::format_instant(d.created_at)},
                                      {"BeginTime", state::format_instant(d.begins_at)}});
    json::array ledger;
    for (const state::LedgerLine& line : state.ledger)
        ledger.push_back(to_json(line));
    json::array rules;
    for (const state::Rule& rule : state.rules) {
        json::object o;
        if (!rule.instance_id.empty())
            o["InstanceId"] = rule.instance_id;
        o["Code"] = rule.code;
        rules.push_back(std::move(o));
    }
    json::array instances;
    for (const state::Instance& instance : state.instances)
        instances.push_back(write_instance(instance));
    json::array disks;
    for (const state::PlacedDisk& disk : state.disks)
        disks.push_back(write_free_disk(disk));
    json::array tags;
    for (const state::ResourceTags& tagged : state.tags)
        tags.push_back(json::object{{"Resource", tagged.resource}, {"Tags", pairs(tagged.tags)}});
    json::array tokens;
    for (const state::ClientToken& token : state.client_tokens)
        tokens.push_back(json::object{{"ClientToken", token.token}, {"InstanceIds", texts(token.instance_ids)}});
    json::object o{{"Uin", a.uin},
                   {"Default", a.is_default},
                   {"Clock", std::move(clock)},
                   {"Balance", json::object{{"Cash", a.balance.cash.value},
                                            {"IncomeInto", a.balance.income.value},
                                            {"Present", a.balance.present.value},
                                            {"Freeze", a.balance.frozen.value},
                                            {"Owe", a.balance.owed.value},
                                            {"Credit", a.balance.credit.value}}},
                   {"Credentials", std::move(credentials)},
                   {"OrderCount", a.orders},
                   {"ResourceCount", a.resources},
                   {"Orders", std::move(orders)},
                   {"Ledger", std::move(ledger)},
                   {"Instances", std::move(instances)},
                   {"Disks", std::move(disks)},
                   {"Tags", std::move(tags)},
                   {"ClientTokens", std::move(tokens)},
                   {"Rules", std::move(rules)}};
    write_additions(state.additions, o);
    if (!a.lifecycle.empty())
        o["Lifecycle"] = a.lifecycle;
    if (a.arrears.stage != state::ArrearsStage::none)
        o["Arrears"] =
            json::object{{"Stage", name(a.arrears.stage)}, {"Since", state::format_instant(a.arrears.since)}};
    return o;
}

} // namespace

json::object to_json(const state::LedgerLine& line)
{
    json::object o{{"Time", state::format_instant(line.at)}, {"Cause", name(line.cause)}};
    if (!line.cause_id.empty())
        o["CauseId"] = line.cause_id;
    if (!line.order_id.empty())
        o["OrderId"] = line.order_id;
    if (!line.resource_id.empty())
        o["ResourceId"] = line.resource_id;
    if (line.used.count() != 0)
        o["Seconds"] = line.used.count();
    o["From"] = name(line.from);
    o["To"] = name(line.to);
    o["Amount"] = line.amount.value;
    return o;
}

json::object to_document(std::span<const AccountState> accounts)
{
    json::array list;
    for (const AccountState& account : accounts)
        list.push_back(write_account(account));
    return {{"format_version", state_format_version}, {"accounts", std::move(list)}};
}

} // namespace cvm
