#include "state/store/sqlite_rows.hpp"

namespace cvm::state::rows {

namespace {

// Each line ends in a line feed; inside, a line feed is \n and a backslash is two.
void append_line(std::string& all, const std::string& line)
{
    for (const char c : line) {
        if (c == '\n')
            all += "\\n";
        else if (c == '\\')
            all += "\\\\";
        else
            all += c;
    }
    all += '\n';
}

template <class T>
MaybeNull<T> if_said(bool said, std::optional<T> value)
{
    return said ? MaybeNull<T>{std::move(value)} : std::nullopt;
}

InstanceAttributes read_attributes(BoundStatement& row)
{
    InstanceAttributes a;
    a.operator_uin = row.maybe_text();
    a.host_id = row.maybe_text();
    const bool has_rack_id = row.boolean();
    a.rack_id = if_said(has_rack_id, row.maybe_text());
    a.dedicated_cluster_id = row.text();
    a.hpc_cluster_id = row.text();
    a.disaster_recover_group_id = row.text();
    a.disaster_recover_group_ids = row.lines();
    a.partition_number = row.maybe_integer();
    a.virtual_private_cloud.vpc_id = row.maybe_text();
    a.virtual_private_cloud.subnet_id = row.maybe_text();
    a.virtual_private_cloud.as_vpc_gateway = row.maybe_boolean();
    a.private_ip_addresses = row.lines();
    a.public_ip_addresses = row.maybe_lines();
    a.ipv6_addresses = row.maybe_lines();
    a.public_ipv6_addresses = row.maybe_lines();
    a.rdma_ip_addresses = row.maybe_lines();
    a.security_group_ids = row.lines();
    a.enable_jumbo_frame = row.boolean();
    a.image_id = row.text();
    a.os_name = row.text();
    a.license_type = row.text();
    a.host_name = row.text();
    a.default_login_user = row.text();
    a.default_login_port = row.integer();
    const bool has_key_ids = row.boolean();
    a.key_ids = if_said(has_key_ids, row.maybe_lines());
    a.user_data = row.maybe_text();
    a.uuid = row.text();
    a.tags = row.pairs();
    a.cam_role_name = row.maybe_text();
    a.disable_api_termination = row.boolean();
    const bool has_metadata = row.boolean();
    Metadata metadata{.items = row.maybe_pairs()};
    if (has_metadata)
        a.metadata = std::move(metadata);
    const bool has_gpu_info = row.boolean();
    GpuInfo gpu{.count = row.maybe_real(), .ids = row.maybe_lines(), .type = row.maybe_text()};
    if (has_gpu_info)
        a.gpu_info = std::move(gpu);
    const bool has_cpu_topology = row.boolean();
    const CpuTopology topology{.core_count = row.maybe_integer(), .threads_per_core = row.maybe_integer()};
    if (has_cpu_topology)
        a.cpu_topology = topology;
    a.virtual_private_cloud.ipv6_address_count = row.maybe_integer();
    a.public_addressing.internet_service_provider = row.maybe_text();
    a.public_addressing.ipv4_address_type = row.maybe_text();
    a.public_addressing.ipv6_address_type = row.maybe_text();
    a.public_addressing.anti_ddos_package_id = row.maybe_text();
    a.dedicated_resource_pack_tenancy = row.maybe_text();
    a.dedicated_resource_pack_ids = row.maybe_lines();
    return a;
}

void bind_attributes(BoundStatement& statement, const InstanceAttributes& a)
{
    const auto metadata = a.metadata.value_or(Metadata{});
    const auto gpu = a.gpu_info.value_or(GpuInfo{});
    const auto topology = a.cpu_topology.value_or(CpuTopology{});
    statement.bind(
        a.operator_uin, a.host_id, a.rack_id, a.dedicated_cluster_id, a.hpc_cluster_id, a.disaster_recover_group_id,
        a.disaster_recover_group_ids, a.partition_number, a.virtual_private_cloud.vpc_id,
        a.virtual_private_cloud.subnet_id, a.virtual_private_cloud.as_vpc_gateway, a.private_ip_addresses,
        a.public_ip_addresses, a.ipv6_addresses, a.public_ipv6_addresses, a.rdma_ip_addresses, a.security_group_ids,
        a.enable_jumbo_frame, a.image_id, a.os_name, a.license_type, a.host_name, a.default_login_user,
        a.default_login_port, a.key_ids, a.user_data, a.uuid, a.tags, a.cam_role_name, a.disable_api_termination,
        a.metadata.has_value(), metadata.items, a.gpu_info.has_value(), gpu.count, gpu.ids, gpu.type,
        a.cpu_topology.has_value(), topology.core_count, topology.threads_per_core,
        a.virtual_private_cloud.ipv6_address_count, a.public_addressing.internet_service_provider,
        a.public_addressing.ipv4_address_type, a.public_addressing.ipv6_address_type,
        a.public_addressing.anti_ddos_package_id, a.dedicated_resource_pack_tenancy, a.dedicated_resource_pack_ids);
}

} // namespace

std::vector<std::string> BoundStatement::split(const std::string& lines)
{
    std::vector<std::string> found;
    std::string line;
    for (std::size_t at = 0; at < lines.size(); ++at) {
        if (lines[at] == '\n') {
            found.push_back(std::move(line));
            line.clear();
        } else if (lines[at] == '\\' && at + 1 < lines.size()) {
            line += lines[++at] == 'n' ? '\n' : lines[at];
        } else {
            line += lines[at];
        }
    }
    return found;
}

std::vector<KeyValue> BoundStatement::split_pairs(const std::string& lines)
{
    std::vector<KeyValue> found;
    std::vector<std::string> parts = split(lines);
    for (std::size_t at = 0; at + 1 < parts.size(); at += 2)
        found.push_back({std::move(parts[at]), std::move(parts[at + 1])});
    return found;
}

void BoundStatement::bind_next(const std::vector<std::string>& lines)
{
    std::string all;
    for (const std::string& line : lines)
        append_line(all, line);
    bind_next(all);
}

void BoundStatement::bind_next(const std::vector<KeyValue>& pairs)
{
    std::string all;
    for (const KeyValue& pair : pairs) {
        append_line(all, pair.key);
        append_line(all, pair.value);
    }
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
    a.additions = row.text();
    return a;
}

void bind_account(BoundStatement& statement, const Account& a)
{
    statement.bind(a.uin, a.is_default, a.clock.offset, a.clock.frozen_at, a.balance.cash, a.balance.income,
                   a.balance.present, a.balance.frozen, a.balance.owed, a.balance.credit, a.orders, a.resources,
                   a.lifecycle, a.arrears.stage, a.arrears.since, a.made_from, a.made_with, a.additions);
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
    i.terminates_at = row.maybe_instant();
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
    i.attributes = read_attributes(row);
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
                   i.expires_at, i.renew_months, i.frozen, i.hourly_since, i.charged_until, i.terminates_at, i.due_at,
                   operation, operation_state, request_id, error_message, ends_at, state_after, i.internet_charge_type,
                   i.bandwidth_mbps);
    bind_attributes(statement, i.attributes);
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
    d.kms_key_id = row.maybe_text();
    d.throughput_performance = row.integer();
    d.burst_performance = row.boolean();
    d.charge_type = row.enumerator<ChargeType>();
    d.renew_flag = row.maybe_enumerator<RenewFlag>();
    d.expires_at = row.maybe_instant();
    d.renew_months = row.integer();
    d.tags = row.pairs();
    return d;
}

void bind_disk(BoundStatement& statement, const Disk& d)
{
    statement.bind(d.id, d.usage, d.type, d.name, d.size_gib, d.portable, d.delete_with_instance, d.released, d.encrypt,
                   d.kms_key_id, d.throughput_performance, d.burst_performance, d.charge_type, d.renew_flag,
                   d.expires_at, d.renew_months, d.tags);
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
    d.original = row.cents();
    d.total = row.cents();
    d.sub_product = row.text();
    d.zone = row.text();
    d.created_at = row.instant();
    d.begins_at = row.instant();
    return d;
}

void bind_deal(BoundStatement& statement, const Deal& d)
{
    statement.bind(d.order_id, d.big_deal_id, static_cast<std::int64_t>(d.status), d.action, d.resource_id, d.months,
                   d.original, d.total, d.sub_product, d.zone, d.created_at, d.begins_at);
}

} // namespace cvm::state::rows
