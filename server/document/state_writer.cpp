#include "server/api/instance_json.hpp"
#include "server/document/additions.hpp"
#include "server/document/network_members.hpp"
#include "server/document/state_document.hpp"
#include "server/document/vouchers.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

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

// As in DescribeInstances, except for what that hides or writes differently.
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
    internet["InternetChargeType"] = instance.internet_charge_type; // also without a public address
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
    if (c.policy)
        o["Policy"] = json::object{{"Allow", texts(c.policy->allowed)}, {"Deny", texts(c.policy->denied)}};
    if (!c.session.empty())
        o["Session"] = c.session;
    if (!c.role_id.empty())
        o["RoleId"] = c.role_id;
    return o;
}

json::object write_order(const state::Deal& d)
{
    json::object o{{"OrderId", d.order_id},
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
    if (d.voucher > state::Cents{})
        o["VoucherDecline"] = d.voucher.value;
    return o;
}

json::object write_rule(const state::Rule& rule)
{
    json::object o;
    if (!rule.instance_id.empty())
        o["InstanceId"] = rule.instance_id;
    o["Code"] = rule.code;
    return o;
}

// An object whose text grows member by member, so that it is never held as a tree.
class ObjectText {
public:
    explicit ObjectText(std::string& text) : text_{text} { text_ += '{'; }

    void add(std::string_view name, const json::value& value)
    {
        begin(name);
        text_ += json::serialize(value);
    }

    template <class T>
    void add_list(std::string_view name, const std::vector<T>& list, auto write_item)
    {
        begin_list(name);
        for (const T& item : list)
            add_item(write_item(item));
        end_list();
    }

    void begin_list(std::string_view name)
    {
        begin(name);
        text_ += '[';
        first_ = true;
    }

    void add_item(const json::value& item)
    {
        text_ += first_ ? "" : ",";
        text_ += json::serialize(item);
        first_ = false;
    }

    void end_list()
    {
        text_ += ']';
        first_ = false;
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

// The text of an account, generated row by row.
class AccountText {
public:
    AccountText(std::string& text, AccountState account, state::Rows<state::Deal> orders,
                state::Rows<state::LedgerLine> ledger, state::Rows<state::Instance> instances)
        : text_{text},
          account_{std::move(account)},
          orders_{std::move(orders)},
          ledger_{std::move(ledger)},
          instances_{std::move(instances)}
    {
        begin();
    }

    // Writes the next row, or what is between the lists. Returns false after the last one.
    bool write_next()
    {
        switch (list_) {
        case List::orders:
            if (auto order = orders_())
                text_.add_item(write_order(*order));
            else
                next_list(List::ledger, "Ledger");
            return true;
        case List::ledger:
            if (auto line = ledger_())
                text_.add_item(to_json(*line));
            else
                next_list(List::instances, "Instances");
            return true;
        case List::instances:
            if (auto instance = instances_()) {
                text_.add_item(write_instance(*instance));
                return true;
            }
            text_.end_list();
            end();
            return false;
        }
        return false;
    }

private:
    enum class List { orders, ledger, instances };

    void next_list(List list, std::string_view name)
    {
        text_.end_list();
        text_.begin_list(name);
        list_ = list;
    }

    void begin()
    {
        const state::Account& a = account_.account;
        text_.add("Uin", json::string_view{a.uin});
        text_.add("Default", a.is_default);
        text_.add("Clock", write_clock(a.clock));
        text_.add("Balance", json::object{{"Cash", a.balance.cash.value},
                                          {"IncomeInto", a.balance.income.value},
                                          {"Present", a.balance.present.value},
                                          {"Freeze", a.balance.frozen.value},
                                          {"Owe", a.balance.owed.value},
                                          {"Credit", a.balance.credit.value}});
        text_.add_list("Credentials", account_.credentials, write_credential);
        text_.add("OrderCount", a.orders);
        text_.add("ResourceCount", a.resources);
        text_.begin_list("Orders");
    }

    void end()
    {
        const state::Account& a = account_.account;
        text_.add_list("Disks", account_.disks, write_free_disk);
        text_.add_list("Tags", account_.tags, [](const state::ResourceTags& tagged) {
            return json::object{{"Resource", tagged.resource}, {"Tags", pairs(tagged.tags)}};
        });
        text_.add_list("ClientTokens", account_.client_tokens, [](const state::ClientToken& token) {
            return json::object{{"ClientToken", token.token}, {"InstanceIds", texts(token.instance_ids)}};
        });
        text_.add_list("Rules", account_.rules, write_rule);
        if (!account_.fired_timers.empty())
            text_.add_list("FiredTimers", account_.fired_timers, [](const state::FiredTimer& timer) {
                return json::object{{"InstanceId", timer.instance_id},
                                    {"Region", timer.region},
                                    {"ActionTime", state::format_instant(timer.at)}};
            });
        if (!account_.vouchers.empty())
            text_.add_list("Vouchers", account_.vouchers, [&](const state::Voucher& voucher) {
                return write_voucher(voucher, account_.voucher_uses);
            });
        json::object additions;
        write_additions(account_.additions, additions);
        write_networks(account_.networks, additions);
        for (const auto& [member, value] : additions)
            text_.add(member, value);
        if (!a.lifecycle.empty())
            text_.add("Lifecycle", json::string_view{a.lifecycle});
        if (a.arrears.stage != state::ArrearsStage::none)
            text_.add("Arrears", json::object{{"Stage", name(a.arrears.stage)},
                                              {"Since", state::format_instant(a.arrears.since)}});
        text_.end();
    }

    ObjectText text_;
    AccountState account_;
    state::Rows<state::Deal> orders_;
    state::Rows<state::LedgerLine> ledger_;
    state::Rows<state::Instance> instances_;
    List list_ = List::orders;
};

const std::string document_begin = "{\"format_version\":" + std::to_string(state_format_version) + ",\"accounts\":[";
constexpr std::string_view document_end = "]}";

template <class T>
state::Rows<T> rows_of(const std::vector<T>& list)
{
    return [next = list.begin(), end = list.end()]() mutable {
        return next != end ? std::optional<T>{*next++} : std::nullopt;
    };
}

} // namespace

struct DocumentPieces::Impl {
    // Begins the next existing account, if the text has none.
    void begin_account()
    {
        while (!account && next < uins.size()) {
            const std::string& uin = uins[next++];
            auto alone = snapshot->account_alone(uin);
            if (!alone)
                continue;
            text += first ? "" : ",";
            first = false;
            account.emplace(text, *std::move(alone), snapshot->deals(uin), snapshot->ledger(uin),
                            snapshot->instances(uin));
        }
    }

    std::unique_ptr<state::StoreSnapshot> snapshot;
    std::vector<std::string> uins;
    std::size_t next = 0; // index into uins
    bool first = true;
    bool ended = false;
    std::string text = document_begin;
    std::optional<AccountText> account{};
};

DocumentPieces::DocumentPieces(std::unique_ptr<state::StoreSnapshot> snapshot, std::vector<std::string> uins)
    : impl_{std::make_unique<Impl>(Impl{.snapshot = std::move(snapshot), .uins = std::move(uins)})}
{
}

DocumentPieces::~DocumentPieces() = default;
DocumentPieces::DocumentPieces(DocumentPieces&&) noexcept = default;
DocumentPieces& DocumentPieces::operator=(DocumentPieces&&) noexcept = default;

std::string DocumentPieces::next()
{
    Impl& document = *impl_;
    while (!document.ended && document.text.size() < piece_bytes) {
        document.begin_account();
        if (document.account && !document.account->write_next())
            document.account.reset();
        if (!document.account && document.next == document.uins.size()) {
            document.text += document_end;
            document.ended = true;
        }
    }
    return std::exchange(document.text, {});
}

bool DocumentPieces::ended() const noexcept { return impl_->ended; }

std::string to_document(std::span<const AccountState> accounts)
{
    std::string text = document_begin;
    for (const AccountState& account : accounts) {
        text += text.size() > document_begin.size() ? "," : "";
        AccountText rows{text, account, rows_of(account.deals), rows_of(account.ledger), rows_of(account.instances)};
        while (rows.write_next()) {
        }
    }
    return text += document_end;
}

} // namespace cvm
