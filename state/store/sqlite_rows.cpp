#include "state/store/sqlite_rows.hpp"

namespace cvm::state::rows {

std::vector<std::string> BoundStatement::lines()
{
    const std::string all = text();
    std::vector<std::string> found;
    for (std::size_t at = 0; at < all.size();) {
        const std::size_t end = std::min(all.find('\n', at), all.size());
        found.push_back(all.substr(at, end - at));
        at = end + 1;
    }
    return found;
}

void BoundStatement::bind_next(const std::vector<std::string>& lines)
{
    std::string all;
    for (const std::string& line : lines)
        all += (all.empty() ? "" : "\n") + line;
    bind_next(all);
}

Account read_account(BoundStatement& row)
{
    Account a;
    a.uin = row.text();
    a.is_default = row.boolean();
    a.clock.offset = std::chrono::seconds{row.integer()};
    a.clock.frozen_at = row.maybe_instant();
    a.balance.cash = row.cents();
    a.balance.income = row.cents();
    a.balance.present = row.cents();
    a.balance.frozen = row.cents();
    a.balance.owed = row.cents();
    a.balance.credit = row.cents();
    a.orders = row.integer();
    a.resources = row.integer();
    a.lifecycle = row.text();
    a.arrears.stage = row.enumerator<ArrearsStage>();
    a.arrears.since = row.instant();
    a.made_from = row.text();
    a.made_with = row.text();
    return a;
}

void bind_account(BoundStatement& statement, const Account& a)
{
    statement.bind(a.uin, a.is_default, a.clock.offset, a.clock.frozen_at, a.balance.cash, a.balance.income,
                   a.balance.present, a.balance.frozen, a.balance.owed, a.balance.credit, a.orders, a.resources,
                   a.lifecycle, a.arrears.stage, a.arrears.since, a.made_from, a.made_with);
}

Credential read_credential(BoundStatement& row)
{
    Credential c;
    c.secret_id = row.text();
    c.secret_key = row.text();
    c.uin = row.text();
    c.token = row.text();
    c.expires_at = row.maybe_instant();
    c.allowed = row.lines();
    c.mfa = row.enumerator<Mfa>();
    return c;
}

void bind_credential(BoundStatement& statement, const Credential& c)
{
    statement.bind(c.secret_id, c.secret_key, c.uin, c.token, c.expires_at, c.allowed, c.mfa);
}

Instance read_instance(BoundStatement& row)
{
    Instance i;
    i.id = row.text();
    i.region = row.text();
    i.zone = row.text();
    i.name = row.text();
    i.type = row.text();
    i.project_id = row.integer();
    i.cpu = row.integer();
    i.memory_gib = row.integer();
    i.charge_type = row.enumerator<ChargeType>();
    i.renew_flag = row.maybe_enumerator<RenewFlag>();
    i.state = row.enumerator<InstanceState>();
    i.restrict_state = row.enumerator<RestrictState>();
    i.isolated_source = row.enumerator<IsolatedSource>();
    i.stop_charging_mode = row.enumerator<StopChargingMode>();
    i.created_at = row.instant();
    i.expires_at = row.maybe_instant();
    i.renew_months = row.integer();
    i.frozen = row.cents();
    i.hourly_since = row.maybe_instant();
    i.charged_until = row.maybe_instant();
    i.due_at = row.maybe_instant();
    const auto operation = row.maybe_text();
    const auto operation_state = row.maybe_enumerator<OperationState>();
    const auto request_id = row.maybe_text();
    const auto error_message = row.maybe_text();
    const auto ends_at = row.maybe_instant();
    const auto state_after = row.maybe_enumerator<InstanceState>();
    if (operation)
        i.latest_operation =
            Operation{*operation, operation_state.value(), request_id.value_or(""), error_message.value_or(""), ends_at,
                      state_after};
    i.internet_charge_type = row.text();
    i.bandwidth_mbps = row.integer();
    i.attributes = row.text();
    return i;
}

void bind_instance(BoundStatement& statement, std::string_view uin, const Instance& i)
{
    std::optional<std::string> operation;
    std::optional<OperationState> operation_state;
    std::optional<std::string> request_id;
    std::optional<std::string> error_message;
    std::optional<Instant> ends_at;
    std::optional<InstanceState> state_after;
    if (i.latest_operation) {
        operation = i.latest_operation->name;
        operation_state = i.latest_operation->state;
        request_id = i.latest_operation->request_id;
        error_message = i.latest_operation->error_message;
        ends_at = i.latest_operation->ends_at;
        state_after = i.latest_operation->state_after;
    }
    statement.bind(uin, i.id, i.region, i.zone, i.name, i.type, i.project_id, i.cpu, i.memory_gib, i.charge_type,
                   i.renew_flag, i.state, i.restrict_state, i.isolated_source, i.stop_charging_mode, i.created_at,
                   i.expires_at, i.renew_months, i.frozen, i.hourly_since, i.charged_until, i.due_at, operation,
                   operation_state, request_id, error_message, ends_at, state_after, i.internet_charge_type,
                   i.bandwidth_mbps, i.attributes);
}

Disk read_disk(BoundStatement& row)
{
    Disk d;
    d.id = row.text();
    d.usage = row.enumerator<DiskUsage>();
    d.type = row.text();
    d.name = row.text();
    d.size_gib = row.integer();
    d.portable = row.boolean();
    d.delete_with_instance = row.boolean();
    d.released = row.boolean();
    d.encrypt = row.boolean();
    d.charge_type = row.enumerator<ChargeType>();
    d.renew_flag = row.maybe_enumerator<RenewFlag>();
    d.expires_at = row.maybe_instant();
    d.renew_months = row.integer();
    return d;
}

void bind_disk(BoundStatement& statement, const Disk& d)
{
    statement.bind(d.id, d.usage, d.type, d.name, d.size_gib, d.portable, d.delete_with_instance, d.released, d.encrypt,
                   d.charge_type, d.renew_flag, d.expires_at, d.renew_months);
}

LedgerLine read_ledger_line(BoundStatement& row)
{
    LedgerLine l;
    l.at = row.instant();
    l.cause = row.enumerator<Cause>();
    l.cause_id = row.text();
    l.order_id = row.text();
    l.resource_id = row.text();
    l.from = row.enumerator<Book>();
    l.to = row.enumerator<Book>();
    l.amount = row.cents();
    l.used = std::chrono::seconds{row.integer()};
    return l;
}

void bind_ledger_line(BoundStatement& statement, const LedgerLine& l)
{
    statement.bind(l.at, l.cause, l.cause_id, l.order_id, l.resource_id, l.from, l.to, l.amount, l.used);
}

Deal read_deal(BoundStatement& row)
{
    Deal d;
    d.order_id = row.text();
    d.big_deal_id = row.text();
    d.status = static_cast<DealStatus>(row.integer());
    d.action = row.text();
    d.resource_id = row.text();
    d.months = row.integer();
    d.total = row.cents();
    d.created_at = row.instant();
    d.begins_at = row.instant();
    return d;
}

void bind_deal(BoundStatement& statement, const Deal& d)
{
    statement.bind(d.order_id, d.big_deal_id, static_cast<std::int64_t>(d.status), d.action, d.resource_id, d.months,
                   d.total, d.created_at, d.begins_at);
}

} // namespace cvm::state::rows
