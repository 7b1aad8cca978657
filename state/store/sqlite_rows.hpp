#pragma once

#include "state/model/account.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Rows of the tables as values, for sqlite_store.cpp alone: the columns of each, how they are read and how bound.

namespace cvm::state::rows {

// A prepared statement in use: binds in order, reads in order, and is ready for the next use on every way
// out.
class BoundStatement {
public:
    explicit BoundStatement(SQLite::Statement& statement) : statement_{statement} {}
    ~BoundStatement() { statement_.tryReset(); }
    BoundStatement(const BoundStatement&) = delete;
    BoundStatement& operator=(const BoundStatement&) = delete;

    template <class... Values>
    BoundStatement& bind(const Values&... values)
    {
        (bind_next(values), ...);
        return *this;
    }

    bool step()
    {
        read_ = 0;
        return statement_.executeStep();
    }

    // Returns how many rows the statement changed.
    int run() { return statement_.exec(); }

    std::string text() { return next().getString(); }
    std::int64_t integer() { return next().getInt64(); }
    bool boolean() { return next().getInt() != 0; }
    Cents cents() { return Cents{next().getInt64()}; }
    Instant instant() { return Instant{std::chrono::seconds{next().getInt64()}}; }

    std::optional<Instant> maybe_instant()
    {
        const SQLite::Column column = next();
        if (column.isNull())
            return std::nullopt;
        return Instant{std::chrono::seconds{column.getInt64()}};
    }

    template <class E>
    E enumerator()
    {
        return known<E>(next().getString());
    }

    template <class E>
    std::optional<E> maybe_enumerator()
    {
        const SQLite::Column column = next();
        if (column.isNull())
            return std::nullopt;
        return known<E>(column.getString());
    }

    // The next column, a text with a line for each string of a list.
    std::vector<std::string> lines() { return split(text()); }

    // The next column, a text with two lines for each pair of a list.
    std::vector<KeyValue> pairs() { return split_pairs(text()); }

    std::optional<std::string> maybe_text()
    {
        const SQLite::Column column = next();
        if (column.isNull())
            return std::nullopt;
        return column.getString();
    }

    std::optional<std::int64_t> maybe_integer()
    {
        const SQLite::Column column = next();
        if (column.isNull())
            return std::nullopt;
        return column.getInt64();
    }

    std::optional<double> maybe_real()
    {
        const SQLite::Column column = next();
        if (column.isNull())
            return std::nullopt;
        return column.getDouble();
    }

    std::optional<bool> maybe_boolean()
    {
        const auto value = maybe_integer();
        return value ? std::optional{*value != 0} : std::nullopt;
    }

    std::optional<std::vector<std::string>> maybe_lines()
    {
        const auto value = maybe_text();
        return value ? std::optional{split(*value)} : std::nullopt;
    }

    std::optional<std::vector<KeyValue>> maybe_pairs()
    {
        const auto value = maybe_text();
        return value ? std::optional{split_pairs(*value)} : std::nullopt;
    }

private:
    static std::vector<std::string> split(const std::string& lines);
    static std::vector<KeyValue> split_pairs(const std::string& lines);

    SQLite::Column next() { return statement_.getColumn(read_++); }

    template <class E>
    static E known(const std::string& text)
    {
        const auto value = parse<E>(text);
        if (!value)
            throw std::runtime_error{"the database holds the unknown word '" + text + "'"};
        return *value;
    }

    void bind_next(std::string_view value) { statement_.bind(++bound_, std::string{value}); }
    void bind_next(const std::string& value) { statement_.bind(++bound_, value); }
    void bind_next(std::int64_t value) { statement_.bind(++bound_, value); }
    void bind_next(double value) { statement_.bind(++bound_, value); }
    void bind_next(bool value) { statement_.bind(++bound_, value ? 1 : 0); }
    void bind_next(Cents value) { statement_.bind(++bound_, value.value); }
    void bind_next(std::chrono::seconds value) { statement_.bind(++bound_, std::int64_t{value.count()}); }
    void bind_next(Instant value) { bind_next(value.time_since_epoch()); }
    void bind_next(const char*) = delete;
    void bind_next(const std::vector<std::string>& lines);
    void bind_next(const std::vector<KeyValue>& pairs);

    template <class E>
        requires requires { Names<E>::all; }
    void bind_next(E value) { bind_next(name(value)); }

    template <class T>
    void bind_next(const std::optional<T>& value)
    {
        if (value)
            bind_next(*value);
        else
            statement_.bind(++bound_);
    }

    // Two columns: whether it is there, and its value.
    template <class T>
    void bind_next(const MaybeNull<T>& value)
    {
        bind_next(value.has_value());
        bind_next(value.value_or(std::nullopt));
    }

    SQLite::Statement& statement_;
    int bound_ = 0;
    int read_ = 0;
};

// The columns that the functions below read and bind, in their order.
inline constexpr auto account_columns =
    "uin, is_default, clock_offset, clock_frozen_at, cash, income, present, frozen, owed, credit, "
    "orders, resources, lifecycle, arrears, arrears_since, made_from, made_with, additions";
inline constexpr auto credential_columns = "secret_id, secret_key, uin, token, expires_at, allowed, mfa";
inline constexpr auto instance_columns =
    "id, region, zone, name, type, project_id, cpu, memory_gib, charge_type, renew_flag, state, restrict_state, "
    "isolated_source, stop_charging_mode, created_at, expires_at, renew_months, frozen, hourly_since, charged_until, "
    "terminates_at, due_at, operation, operation_state, operation_request_id, operation_error, operation_ends_at, "
    "operation_state_after, internet_charge_type, bandwidth_mbps, "
    "operator_uin, host_id, has_rack_id, rack_id, dedicated_cluster_id, hpc_cluster_id, disaster_recover_group_id, "
    "disaster_recover_group_ids, partition_number, vpc_id, subnet_id, as_vpc_gateway, private_ip_addresses, "
    "public_ip_addresses, ipv6_addresses, public_ipv6_addresses, rdma_ip_addresses, security_group_ids, "
    "enable_jumbo_frame, image_id, os_name, license_type, host_name, default_login_user, default_login_port, "
    "has_key_ids, key_ids, user_data, uuid, tags, cam_role_name, disable_api_termination, has_metadata, "
    "metadata_items, has_gpu_info, gpu_count, gpu_ids, gpu_type, has_cpu_topology, core_count, threads_per_core, "
    "ipv6_address_count, internet_service_provider, ipv4_address_type, ipv6_address_type, anti_ddos_package_id, "
    "dedicated_resource_pack_tenancy, dedicated_resource_pack_ids";
inline constexpr auto disk_columns =
    "id, usage, type, name, size_gib, portable, delete_with_instance, released, encrypt, "
    "kms_key_id, throughput_performance, burst_performance, charge_type, renew_flag, expires_at, renew_months, tags";
inline constexpr auto ledger_columns = "at, cause, cause_id, order_id, resource_id, from_book, to_book, amount, used";
inline constexpr auto deal_columns = "order_id, big_deal_id, status, action, resource_id, months, original, total, "
                                     "sub_product, zone, created_at, begins_at";

Account read_account(BoundStatement& row);
void bind_account(BoundStatement& statement, const Account& account);

Credential read_credential(BoundStatement& row);
void bind_credential(BoundStatement& statement, const Credential& credential);

// Without the disks, which are rows of their own.
Instance read_instance(BoundStatement& row);
// The Uin is bound first, then the columns.
void bind_instance(BoundStatement& statement, std::string_view uin, const Instance& instance);

Disk read_disk(BoundStatement& row);
void bind_disk(BoundStatement& statement, const Disk& disk);

LedgerLine read_ledger_line(BoundStatement& row);
void bind_ledger_line(BoundStatement& statement, const LedgerLine& line);

Deal read_deal(BoundStatement& row);
void bind_deal(BoundStatement& statement, const Deal& deal);

} // namespace cvm::state::rows
