#include "server/api/instance_json.hpp"
#include "server/document/additions.hpp"
#include "server/document/state_document.hpp"

#include <boost/json.hpp>

#include <algorithm>
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

json::object write_clock(const state::AccountClock& given)
{
    json::object clock{{"Offset", "PT" + std::to_string(std::abs(given.offset.count())) + "S"}};
    if (given.offset.count() < 0)
        clock["Offset"] = "-" + std::string{clock["Offset"].as_string()};
    if (given.frozen_at)
        clock["FrozenAt"] = state::format_instant(*given.frozen_at);
    return clock;
}

json::object write_credential(const state::Credential& c)
{
    json::object o{{"SecretId", c.secret_id}, {"SecretKey", c.secret_key}};
    if (!c.token.empty())
        o["Token"] = c.token;
    if (c.expires_at)
        o["ExpiredTime"] = state::format_instant(*c.expires_at);
    if (c.allowed != state::Credential{}.allowed)
        o["Actions"] = texts(c.allowed);
    if (c.mfa != state::Mfa::passed)
        o["MFA"] = name(c.mfa);
    return o;
}

json::object write_order(const state::Deal& d)
{
    return {{"OrderId", d.order_id},
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
            {"BeginTime", state::format_instant(d.begins_at)}};
}

json::object write_rule(const state::Rule& rule)
{
    json::object o;
    if (!rule.instance_id.empty())
        o["InstanceId"] = rule.instance_id;
    o["Code"] = rule.code;
    return o;
}

// An object whose text grows member by member, so that no tree holds it whole.
class ObjectText {
public:
    explicit ObjectText(std::string& text) : text_{text} { text_ += '{'; }

    void add(std::string_view name, const json::value& value)
    {
        begin(name);
        text_ += json::serialize(value);
    }

    static constexpr std::size_t longest_guess = 4096; // bytes of an item

    template <class T>
    void add_list(std::string_view name, const std::vector<T>& list, auto write_item)
    {
        begin(name);
        text_ += '[';
        std::size_t written = 0;
        for (const T& item : list) {
            const std::size_t before = text_.size();
            text_ += written == 0 ? "" : ",";
            text_ += json::serialize(write_item(item));
            // Room for the others at once, if they are as long: growing would copy what is there again and again. The
            // first may be far longer than the others.
            if (++written == 1)
                text_.reserve(text_.size() + (list.size() - 1) * std::min(text_.size() - before + 16, longest_guess));
        }
        text_ += ']';
    }

    void end() { text_ += '}'; }

private:
    void begin(std::string_view name)
    {
        text_ += first_ ? "\"" : ",\"";
        (text_ += name) += "\":";
        first_ = false;
    }

    std::string& text_;
    bool first_ = true;
};

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

namespace {

void write_account(const AccountState& state, std::string& text)
{
    const state::Account& a = state.account;
    ObjectText o{text};
    o.add("Uin", json::string_view{a.uin});
    o.add("Default", a.is_default);
    o.add("Clock", write_clock(a.clock));
    o.add("Balance", json::object{{"Cash", a.balance.cash.value},
                                  {"IncomeInto", a.balance.income.value},
                                  {"Present", a.balance.present.value},
                                  {"Freeze", a.balance.frozen.value},
                                  {"Owe", a.balance.owed.value},
                                  {"Credit", a.balance.credit.value}});
    o.add_list("Credentials", state.credentials, write_credential);
    o.add("OrderCount", a.orders);
    o.add("ResourceCount", a.resources);
    o.add_list("Orders", state.deals, write_order);
    o.add_list("Ledger", state.ledger, [](const state::LedgerLine& line) { return to_json(line); });
    o.add_list("Instances", state.instances, write_instance);
    o.add_list("Disks", state.disks, write_free_disk);
    o.add_list("Tags", state.tags, [](const state::ResourceTags& tagged) {
        return json::object{{"Resource", tagged.resource}, {"Tags", pairs(tagged.tags)}};
    });
    o.add_list("ClientTokens", state.client_tokens, [](const state::ClientToken& token) {
        return json::object{{"ClientToken", token.token}, {"InstanceIds", texts(token.instance_ids)}};
    });
    o.add_list("Rules", state.rules, write_rule);
    json::object additions;
    write_additions(state.additions, additions);
    for (const auto& [member, value] : additions)
        o.add(member, value);
    if (!a.lifecycle.empty())
        o.add("Lifecycle", json::string_view{a.lifecycle});
    if (a.arrears.stage != state::ArrearsStage::none)
        o.add("Arrears",
              json::object{{"Stage", name(a.arrears.stage)}, {"Since", state::format_instant(a.arrears.since)}});
    o.end();
}

} // namespace

DocumentText::DocumentText() : text_{"{\"format_version\":" + std::to_string(state_format_version) + ",\"accounts\":["}
{
}

void DocumentText::add(const AccountState& account)
{
    if (!text_.ends_with('['))
        text_ += ',';
    write_account(account, text_);
}

std::string DocumentText::finish() { return std::move(text_ += "]}"); }

std::string to_document(std::span<const AccountState> accounts)
{
    DocumentText text;
    for (const AccountState& account : accounts)
        text.add(account);
    return text.finish();
}

} // namespace cvm
