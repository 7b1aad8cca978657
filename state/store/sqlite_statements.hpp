#pragma once

#include "state/store/instance_query.hpp"

#include <cstddef>
#include <span>
#include <string>

// The SQL of every statement of the store. sqlite_connection.cpp prepares no others, so that the test of the query
// plans (tests/unit/state/store/query_plans_test.cpp) sees them all.

namespace cvm::state::rows {

// The number of rows that a statement inserts if it inserts several.
inline constexpr std::size_t rows_at_once = 32;

// The SQL text of each says what it does.
enum class Sql {
    begin,
    commit,
    rollback,
    savepoint,
    release_savepoint,
    rollback_to_savepoint,
    data_version,
    sizes,

    credential,
    credentials,
    insert_credential,
    erase_credential,
    erase_credentials,

    account,
    default_account,
    uins,
    insert_account,
    update_account,
    erase_account,

    instance,
    instance_of_seq,
    instance_seq,
    instance_ids,
    all_instances,
    instance_seqs,
    expiring_instances,
    instances_of_expiry,
    instances_of_later_expiry,
    instances_without_expiry,
    hourly_instances,
    due_instances,
    insert_instance,
    insert_detail,
    update_instance,
    update_instance_times,
    update_instance_status,
    update_detail,
    erase_instance,
    instance_count,
    instance_total,
    add_to_instance_count,

    disks_of_instance,
    disk,
    disks,
    loose_disks,
    due_disks,
    disks_of_expiry,
    disks_of_later_expiry,
    disks_without_expiry,
    place_by_expiry,
    count_by_expiry,
    insert_disk,
    insert_loose_disk,
    update_disk,
    erase_disks_of_instance,
    erase_disk,
    erase_loose_disks,

    next_due,
    due_by,
    next_due_besides_hours,

    unpaid_deal,
    unpaid_deals,
    selected_deals,
    deals,
    deals_of_resource,
    deal_by_id,
    insert_deal,
    insert_deals, // rows_at_once
    update_deal,
    erase_deals,

    ledger,
    latest_ledger,
    ledger_after,
    payments,
    count_ledger,
    insert_ledger_line,
    insert_ledger_lines, // rows_at_once
    add_usage,
    erase_ledger,

    resource_tags,
    all_resource_tags,
    save_resource_tags,
    erase_resource_tags,
    erase_all_resource_tags,

    vouchers,
    insert_voucher,
    add_to_voucher,
    erase_vouchers,
    voucher_uses,
    voucher_uses_of,
    insert_voucher_use,
    erase_voucher_uses,

    client_token,
    client_tokens,
    insert_client_token,
    erase_client_tokens,

    has_rules,
    rule_codes,
    rules,
    insert_rule,
    erase_rules,

    types,
    insert_type,
    erase_types,
    images,
    insert_image,
    erase_images,
    zones,
    insert_zone,
    erase_zones,
    hosts,
    insert_host,
    erase_hosts,
    roles,
    insert_role,
    erase_roles,

    vpc,
    vpcs,
    all_vpcs,
    save_vpc,
    erase_vpc,
    erase_vpcs,
    subnet,
    subnets,
    all_subnets,
    save_subnet,
    erase_subnet,
    erase_subnets,
    security_group,
    security_groups,
    all_security_groups,
    save_security_group,
    erase_security_group,
    erase_security_groups,
    renew_host,

    fired_timers,
    insert_fired_timer,
    erase_fired_timers,

    end, // not a statement: the number of statements
};
inline constexpr auto sql_count = static_cast<std::size_t>(Sql::end);

std::string text_of(Sql sql);

// Selects the seq of the instances of an account and a region that fulfil all conditions, newest first. The text
// depends only on the number of values of each condition. The parameters are Uin, region and the values in this order,
// where the values are converted by parameter_of(). created_from and created_until take one value.
std::string text_of(std::span<const InstanceCondition> conditions);

// Converts a value of a condition to what is bound.
std::string parameter_of(const InstanceCondition& condition, const std::string& value);

// The columns that sqlite_rows.cpp and sqlite_additions.cpp read and bind, in their order.
inline constexpr auto account_columns =
    "uin, is_default, clock_offset, clock_frozen_at, cash, income, present, frozen, owed, credit, "
    "orders, resources, lifecycle, arrears, arrears_since, made_from, made_with, additions, vouchers";
inline constexpr auto credential_columns =
    "secret_id, secret_key, uin, token, expires_at, allowed, mfa, policy_allowed, policy_denied, session, role_id";
// The columns of an instance form four groups, so that a change writes only the groups that may have changed and
// updates no index without a changed column.
inline constexpr auto place_columns = "region, created_at, charge_type";
inline constexpr auto time_columns = "expires_at, charged_until, due_at";
inline constexpr auto status_columns =
    "state, renew_flag, restrict_state, isolated_source, stop_charging_mode, renew_months, frozen, hourly_since, "
    "terminates_at, operation, operation_state, operation_request_id, operation_error, operation_ends_at, "
    "operation_state_after";
inline constexpr auto detail_columns =
    "zone, project_id, name, host_id, dedicated_cluster_id, vpc_id, subnet_id, uuid, security_group_ids, "
    "private_ip_addresses, public_ip_addresses, ipv6_addresses, tags, cpu, memory_gib, bandwidth_mbps, attributes";
inline constexpr auto disk_columns =
    "id, usage, type, name, size_gib, portable, delete_with_instance, released, encrypt, "
    "kms_key_id, throughput_performance, burst_performance, charge_type, renew_flag, expires_at, renew_months, tags";
inline constexpr auto ledger_columns = "at, cause, cause_id, order_id, resource_id, from_book, to_book, amount, used";
inline constexpr auto deal_columns =
    "created_at, order_id, big_deal_id, status, action, resource_id, months, original, "
    "total, sub_product, zone, begins_at, voucher";
inline constexpr auto voucher_columns =
    "id, code_id, activity_id, name, remark, pay_mode, pay_scene, products, main_type, sub_type, cancelled, nominal, "
    "used, created_at, begins_at, ends_at";
inline constexpr auto voucher_use_columns = "voucher_id, order_id, at, amount";
inline constexpr auto type_columns =
    "name, family, description, cpu, memory_gib, gpu, gpu_type, architecture, cpu_type, frequency, bandwidth_gbps, "
    "pps, month";
inline constexpr auto image_columns =
    "id, name, os_name, type, created_at, description, source, creator, state, format, architecture, platform, "
    "size_gib, license_type, family, snapshots, tags";
inline constexpr auto zone_columns = "name, id, region, name_en, name_zh, available";
inline constexpr auto vpc_columns =
    "id, region, name, address, bits, is_default, multicast, publishes_cidr, publishes_ipv6_cidr, "
    "dns_servers, domain_name, created_at";
inline constexpr auto subnet_columns =
    "id, region, vpc_id, name, zone, address, bits, is_default, broadcast, created_at";
inline constexpr auto security_group_columns =
    "id, region, name, description, project_id, is_default, created_at, updated_at";
inline constexpr auto role_columns = "name, id, allowed";
inline constexpr auto host_columns =
    "id, zone, name, type, project_id, charge_type, renew_flag, created_at, expires_at, cpu, memory_gib, disk_gib, "
    "disk_type, month, tags";

} // namespace cvm::state::rows
