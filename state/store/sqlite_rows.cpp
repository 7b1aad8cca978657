#include "state/store/sqlite_rows.hpp"

#include "state/model/lighthouse.hpp"

#include <array>
#include <charconv>
#include <functional>
#include <tuple>

namespace cvm::state::rows {

namespace {

// Calls use(name, member) for each attribute that has no column of its own, in the order in which they are stored.
template <class SomeInstance, class F>
void for_each_attribute(SomeInstance& instance, F use)
{
    auto& a = instance.attributes;
    use("type", instance.type);
    use("internet_charge_type", instance.internet_charge_type);
    use("operator_uin", a.operator_uin);
    use("rack_id", a.rack_id);
    use("dedicated_resource_pack_tenancy", a.dedicated_resource_pack_tenancy);
    use("dedicated_resource_pack_ids", a.dedicated_resource_pack_ids);
    use("hpc_cluster_id", a.hpc_cluster_id);
    use("disaster_recover_group_id", a.disaster_recover_group_id);
    use("disaster_recover_group_ids", a.disaster_recover_group_ids);
    use("partition_number", a.partition_number);
    use("as_vpc_gateway", a.virtual_private_cloud.as_vpc_gateway);
    use("ipv6_address_count", a.virtual_private_cloud.ipv6_address_count);
    use("public_ipv6_addresses", a.public_ipv6_addresses);
    use("rdma_ip_addresses", a.rdma_ip_addresses);
    use("internet_service_provider", a.public_addressing.internet_service_provider);
    use("ipv4_address_type", a.public_addressing.ipv4_address_type);
    use("ipv6_address_type", a.public_addressing.ipv6_address_type);
    use("anti_ddos_package_id", a.public_addressing.anti_ddos_package_id);
    use("enable_jumbo_frame", a.enable_jumbo_frame);
    use("image_id", a.image_id);
    use("os_name", a.os_name);
    use("license_type", a.license_type);
    use("host_name", a.host_name);
    use("default_login_user", a.default_login_user);
    use("default_login_port", a.default_login_port);
    use("key_ids", a.key_ids);
    use("user_data", a.user_data);
    use("cam_role_name", a.cam_role_name);
    use("disable_api_termination", a.disable_api_termination);
    use("metadata", a.metadata);
    use("gpu_info", a.gpu_info);
    use("cpu_topology", a.cpu_topology);
}

// The members of an attribute that has members. They are stored after the attribute's own line, which says that it
// exists.
template <class F>
void for_each_member(auto& value, F use) requires requires
{
    value.items;
}
{
    use("metadata_items", value.items);
}
template <class F>
void for_each_member(auto& value, F use) requires requires
{
    value.ids;
}
{
    use("gpu_count", value.count);
    use("gpu_ids", value.ids);
    use("gpu_type", value.type);
}
template <class F>
void for_each_member(auto& value, F use) requires requires
{
    value.core_count;
}
{
    use("core_count", value.core_count);
    use("threads_per_core", value.threads_per_core);
}

// The attributes of an instance as a text. Each attribute that differs from its default has a line: its name, a tab and
// its value, or the name alone for null.
class AttributeWriter {
public:
    void operator()(std::string_view name, const auto& value) { line(name, value); }

    std::string text{};

private:
    void begin(std::string_view name) { (text += name) += '\t'; }
    void line(std::string_view name, const std::string& value)
    {
        if (!value.empty())
            present(name, value);
    }
    void line(std::string_view name, std::int64_t value)
    {
        if (value != 0)
            present(name, value);
    }
    void line(std::string_view name, bool value)
    {
        if (value)
            present(name, value);
    }
    void line(std::string_view name, const std::vector<std::string>& value)
    {
        if (!value.empty())
            present(name, value);
    }
    template <class T>
    void line(std::string_view name, const std::optional<T>& value)
    {
        if (value)
            present(name, *value);
    }

    void present(std::string_view name, const std::string& value)
    {
        begin(name);
        append_escaped(text, value);
        text += '\n';
    }
    void present(std::string_view name, std::int64_t value) { number(name, value); }
    void present(std::string_view name, bool value) { number(name, int{value}); }
    void present(std::string_view name, double value) { number(name, value); }
    void present(std::string_view name, const std::vector<std::string>& value)
    {
        begin(name);
        text += join(value, '\t');
        text += '\n';
    }
    void present(std::string_view name, const std::vector<KeyValue>& pairs)
    {
        std::vector<std::string> flat;
        for (const KeyValue& pair : pairs)
            flat.insert(flat.end(), {pair.key, pair.value});
        present(name, flat);
    }
    template <class T>
    void present(std::string_view name, const std::optional<T>& value)
    {
        if (value)
            present(name, *value);
        else
            (text += name) += '\n';
    }
    template <class T>
        requires requires(const T& t)
        {
            for_each_member(t, [](auto...) {});
        }
    void present(std::string_view name, const T& value)
    {
        (text += name) += '\n';
        for_each_member(value, std::ref(*this));
    }

    template <class T>
    void number(std::string_view name, T value)
    {
        std::array<char, 32> digits;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        begin(name);
        text.append(digits.data(), end);
        text += '\n';
    }
};

class AttributeReader {
public:
    explicit AttributeReader(std::string_view text) : rest_{text} { next(); }

    void operator()(std::string_view name, auto& value)
    {
        if (name != name_ || done_)
            return;
        read(value);
    }

    bool done() const { return done_; }

private:
    // Parses the next line.
    void next()
    {
        const auto end = rest_.find('\n');
        done_ = end == std::string_view::npos;
        if (done_)
            return;
        const std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        const auto tab = line.find('\t');
        null_ = tab == std::string_view::npos;
        name_ = line.substr(0, tab);
        value_ = null_ ? std::string_view{} : line.substr(tab + 1);
    }

    template <class T>
    void read(T& value)
    {
        take(value);
        next();
    }
    template <class T>
    void read(std::optional<T>& value)
    {
        if constexpr (requires(T & t) { for_each_member(t, [](auto...) {}); }) {
            next();
            for_each_member(value.emplace(), std::ref(*this));
        } else {
            read(value.emplace());
        }
    }
    template <class T>
    void read(std::optional<std::optional<T>>& value)
    {
        value.emplace();
        if (null_)
            next();
        else
            read(value->emplace());
    }

    void take(std::string& value) { value = unescaped(value_); }
    void take(bool& value) { value = value_ == "1"; }
    void take(std::int64_t& value) { std::from_chars(value_.data(), value_.data() + value_.size(), value); }
    void take(double& value) { std::from_chars(value_.data(), value_.data() + value_.size(), value); }
    void take(std::vector<std::string>& value) { value = split(value_, '\t'); }
    void take(std::vector<KeyValue>& pairs)
    {
        auto flat = split(value_, '\t');
        for (std::size_t at = 0; at + 1 < flat.size(); at += 2)
            pairs.push_back({std::move(flat[at]), std::move(flat[at + 1])});
    }

    std::string_view rest_;
    std::string_view name_{};
    std::string_view value_{};
    bool null_ = false;
    bool done_ = false;
};

void read_attributes(std::string_view text, Instance& instance)
{
    instance.internet_charge_type.clear(); // for a missing attribute; the default of the member is another text
    AttributeReader reader{text};
    for_each_attribute(instance, std::ref(reader));
    if (!reader.done())
        throw std::runtime_error{"the database holds an unknown attribute of an instance"};
}

std::string attributes_text(const Instance& instance)
{
    AttributeWriter writer;
    for_each_attribute(instance, std::ref(writer));
    return std::move(writer.text);
}

} // namespace

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
    a.vouchers = row.integer();
    return a;
}

void bind_account(BoundStatement& statement, const Account& a)
{
    statement.bind(a.uin, a.is_default, a.clock.offset, a.clock.frozen_at, a.balance.cash, a.balance.income,
                   a.balance.present, a.balance.frozen, a.balance.owed, a.balance.credit, a.orders, a.resources,
                   a.lifecycle, a.arrears.stage, a.arrears.since, a.made_from, a.made_with, a.additions, a.vouchers);
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
    auto allowed = row.maybe_lines();
    auto denied = row.lines();
    if (allowed)
        c.policy = ActionPolicy{*std::move(allowed), std::move(denied)};
    c.session = row.text();
    c.role_id = row.text();
    return c;
}

void bind_credential(BoundStatement& statement, const Credential& c)
{
    const auto allowed = c.policy ? std::optional{c.policy->allowed} : std::nullopt;
    const auto denied = c.policy ? c.policy->denied : std::vector<std::string>{};
    statement.bind(c.secret_id, c.secret_key, c.uin, c.token, c.expires_at, c.allowed, c.mfa, allowed, denied,
                   c.session, c.role_id);
}

namespace {

std::string read_region(BoundStatement& row)
{
    const std::string_view scope = row.view();
    return std::string{scope.substr(scope.starts_with(lighthouse_scope_prefix) ? lighthouse_scope_prefix.size() : 0)};
}

// Reads all columns before the details.
void read_without_details(BoundStatement& row, Instance& i)
{
    i.id = row.text();
    i.region = read_region(row);
    i.created_at = row.instant();
    i.charge_type = row.enumerator<ChargeType>();

    i.expires_at = row.maybe_instant();
    i.charged_until = row.maybe_instant();
    i.due_at = row.maybe_instant();

    i.state = row.enumerator<InstanceState>();
    i.renew_flag = row.maybe_enumerator<RenewFlag>();
    i.restrict_state = row.enumerator<RestrictState>();
    i.isolated_source = row.enumerator<IsolatedSource>();
    i.stop_charging_mode = row.enumerator<StopChargingMode>();
    i.renew_months = row.integer();
    i.frozen = row.cents();
    i.hourly_since = row.maybe_instant();
    i.terminates_at = row.maybe_instant();
    auto operation = row.maybe_text();
    const auto operation_state = row.maybe_enumerator<OperationState>();
    auto request_id = row.maybe_text();
    auto error_message = row.maybe_text();
    const auto ends_at = row.maybe_instant();
    const auto state_after = row.maybe_enumerator<InstanceState>();
    if (operation)
        i.latest_operation = Operation{*std::move(operation),
                                       operation_state.value(),
                                       std::move(request_id).value(),
                                       std::move(error_message).value(),
                                       ends_at,
                                       state_after};
}

} // namespace

Instance read_summary(BoundStatement& row)
{
    Instance i;
    read_without_details(row, i);
    i.zone = row.text();
    i.name = row.text();
    return i;
}

Instance read_instance(BoundStatement& row)
{
    Instance i;
    read_without_details(row, i);
    InstanceAttributes& a = i.attributes;
    i.zone = row.text();
    i.project_id = row.integer();
    i.name = row.text();
    a.host_id = row.maybe_text();
    a.dedicated_cluster_id = row.text();
    a.virtual_private_cloud.vpc_id = row.maybe_text();
    a.virtual_private_cloud.subnet_id = row.maybe_text();
    a.uuid = row.text();
    a.security_group_ids = row.lines();
    a.private_ip_addresses = row.lines();
    a.public_ip_addresses = row.maybe_lines();
    a.ipv6_addresses = row.maybe_lines();
    a.tags = row.pairs();
    i.cpu = row.integer();
    i.memory_gib = row.integer();
    i.bandwidth_mbps = row.integer();
    read_attributes(row.view(), i);
    return i;
}

std::string scope_of(std::string_view id, const std::string& region)
{
    return is_lighthouse(id) ? lighthouse_scope(region) : region;
}

void bind_place(BoundStatement& statement, const Instance& i)
{
    statement.bind_copy(scope_of(i.id, i.region)).bind(i.created_at, i.charge_type);
}

void bind_times(BoundStatement& statement, const Instance& i)
{
    statement.bind(i.expires_at, i.charged_until, i.due_at);
}

void bind_status(BoundStatement& statement, const Instance& i)
{
    statement.bind(i.state, i.renew_flag, i.restrict_state, i.isolated_source, i.stop_charging_mode, i.renew_months,
                   i.frozen, i.hourly_since, i.terminates_at);
    if (const auto& operation = i.latest_operation)
        statement.bind(operation->name, operation->state, operation->request_id, operation->error_message,
                       operation->ends_at, operation->state_after);
    else
        statement.bind(std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt);
}

void bind_detail(BoundStatement& statement, const Instance& i)
{
    const InstanceAttributes& a = i.attributes;
    statement.bind(i.zone, i.project_id, i.name, a.host_id, a.dedicated_cluster_id, a.virtual_private_cloud.vpc_id,
                   a.virtual_private_cloud.subnet_id, a.uuid, a.security_group_ids, a.private_ip_addresses,
                   a.public_ip_addresses, a.ipv6_addresses, a.tags, i.cpu, i.memory_gib, i.bandwidth_mbps);
    statement.bind_copy(attributes_text(i));
}

Difference difference(const Instance& before, const Instance& after)
{
    const auto place = [](const Instance& i) { return std::tie(i.region, i.created_at, i.charge_type); };
    const auto times = [](const Instance& i) { return std::tie(i.expires_at, i.charged_until, i.due_at); };
    const auto status = [](const Instance& i) {
        return std::tie(i.state, i.renew_flag, i.restrict_state, i.isolated_source, i.stop_charging_mode,
                        i.renew_months, i.frozen, i.hourly_since, i.terminates_at, i.latest_operation);
    };
    const auto detail = [](const Instance& i) {
        return std::tie(i.zone, i.project_id, i.name, i.type, i.cpu, i.memory_gib, i.internet_charge_type,
                        i.bandwidth_mbps, i.attributes);
    };
    return {.place = place(before) != place(after),
            .times = times(before) != times(after),
            .status = status(before) != status(after),
            .detail = detail(before) != detail(after)};
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

PlacedDisk read_placed_disk(BoundStatement& row)
{
    PlacedDisk placed;
    placed.disk = read_disk(row);
    placed.region = read_region(row);
    placed.zone = row.text();
    placed.project_id = row.integer();
    placed.created_at = row.instant();
    placed.instance_id = row.text();
    placed.due_at = row.maybe_instant();
    return placed;
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
    d.created_at = row.instant();
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
    d.begins_at = row.instant();
    d.voucher = row.cents();
    return d;
}

void bind_deal(BoundStatement& statement, const Deal& d)
{
    statement.bind(d.created_at, d.order_id, d.big_deal_id, static_cast<std::int64_t>(d.status), d.action,
                   d.resource_id, d.months, d.original, d.total, d.sub_product, d.zone, d.begins_at, d.voucher);
}

ResourceTags read_resource_tags(BoundStatement& row)
{
    std::string resource = row.text();
    return {std::move(resource), row.pairs()};
}

ClientToken read_client_token(BoundStatement& row)
{
    std::string token = row.text();
    return {std::move(token), row.lines()};
}

} // namespace cvm::state::rows
