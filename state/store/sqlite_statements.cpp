#include "state/store/sqlite_statements.hpp"

#include "state/model/account.hpp"
#include "state/store/sqlite_statement.hpp"

#include <algorithm>
#include <array>
#include <ranges>
#include <stdexcept>
#include <string_view>

namespace cvm::state::rows {

namespace {

// Calls use(name) for each name in a list of columns.
template <class F>
void for_each_column(std::string_view columns, F use)
{
    while (!columns.empty()) {
        const auto comma = columns.find(", ");
        use(columns.substr(0, comma));
        columns.remove_prefix(comma == std::string_view::npos ? columns.size() : comma + 2);
    }
}

std::string select(const std::string& columns, const char* rest) { return "SELECT " + columns + " FROM " + rest; }

std::string insert(const std::string& table, const std::string& columns, std::size_t rows = 1)
{
    std::string row;
    for_each_column(columns, [&](std::string_view) { row += row.empty() ? "(?" : ", ?"; });
    row += ')';
    std::string values = row;
    for (std::size_t i = 1; i < rows; ++i)
        values += ", " + row;
    return "INSERT INTO " + table + " (" + columns + ") VALUES " + values;
}

// Updates all columns but the keys, which are parameters of the condition: the first column is ?1, the next ?2, ...
std::string update(const std::string& table, const std::string& columns, std::initializer_list<std::string_view> keys,
                   const char* condition)
{
    std::string set;
    int number = 0;
    for_each_column(columns, [&](std::string_view name) {
        ++number;
        if (std::ranges::find(keys, name) == keys.end())
            set += (set.empty() ? "" : ", ") + std::string{name} + " = ?" + std::to_string(number);
    });
    return "UPDATE " + table + " SET " + set + " WHERE " + condition;
}

std::string list(std::initializer_list<std::string> columns)
{
    std::string all;
    for (const std::string& name : columns)
        all += (all.empty() ? "" : ", ") + name;
    return all;
}

// Selects instances with their details; `condition` uses the columns of the instance.
std::string instance_rows(const std::string& condition)
{
    return select(list({"instance.seq", "id", place_columns, time_columns, status_columns, detail_columns}),
                  "instance CROSS JOIN instance_detail ON instance_detail.seq = instance.seq WHERE ") +
           condition;
}

// Selects instances without most of their details.
std::string summary_rows(const char* condition)
{
    return select(list({"id", place_columns, time_columns, status_columns, "zone", "name"}),
                  "instance CROSS JOIN instance_detail ON instance_detail.seq = instance.seq WHERE ") +
           condition;
}

// Selects disks with their place: their own, or that of their instance.
std::string placed(const char* condition)
{
    std::string columns;
    for_each_column(disk_columns, [&](std::string_view name) { columns += "disk." + std::string{name} + ", "; });
    for (const auto& [column, table] :
         {std::pair{"region", "instance"}, std::pair{"zone", "instance_detail"},
          std::pair{"project_id", "instance_detail"}, std::pair{"created_at", "instance"}})
        columns += std::string{"coalesce(disk."} + column + ", " + table + "." + column + "), ";
    return "SELECT " + columns +
           "coalesce(instance.id, ''), disk.due_at FROM disk LEFT JOIN instance ON instance.seq = disk.instance "
           "LEFT JOIN instance_detail ON instance_detail.seq = disk.instance WHERE " +
           condition;
}

// Selects the earliest due times of instances and disks that fulfil `condition`, one for each kind. `skipped`: how many
// of each kind to skip.
std::string earliest_due(const std::string& condition, bool hours, const std::string& skipped = "0")
{
    const auto earliest = [&](const char* of) {
        return "(SELECT due_at FROM " + std::string{of} + " AND " + condition + " ORDER BY due_at LIMIT 1 OFFSET " +
               skipped + ")";
    };
    return "SELECT " + earliest("instance WHERE uin = ?1 AND charged_until IS NULL") + ", " +
           (hours ? earliest("instance WHERE uin = ?1 AND charged_until IS NOT NULL") : "NULL") + ", " +
           earliest("disk WHERE uin = ?1");
}

std::string additions(const char* columns, const char* table)
{
    return select(columns, table) + " WHERE uin = ? ORDER BY position";
}

std::string insert_addition(const char* columns, const char* table)
{
    return insert(table, list({"uin", "position", columns}));
}

// For a table with one row for each id of an account.
std::string save_by_id(const std::string& table, const std::string& columns)
{
    std::string set;
    for_each_column(columns, [&](std::string_view name) {
        set += (set.empty() ? "" : ", ") + std::string{name} + " = excluded." + std::string{name};
    });
    return insert(table, list({"uin", columns})) + " ON CONFLICT (uin, id) DO UPDATE SET " + set;
}

struct Fragment {
    InstanceMember member;
    std::string_view before; // precedes the parameters
    std::string_view after;
    bool one_of;        // IN (?, ?); else the fragment is repeated for each value, joined by OR
    bool detail = true; // whether the column is in the table of details
};

// A list contains a value if the text, with a line feed put before it, contains the value's line between two line
// feeds. Tags are matched likewise, as a whole line or a part of one.
constexpr std::array fragments{
    Fragment{InstanceMember::zone, "zone IN (", ")", true},
    Fragment{InstanceMember::project_id, "project_id IN (", ")", true},
    Fragment{InstanceMember::host_id, "host_id IN (", ")", true},
    Fragment{InstanceMember::dedicated_cluster_id, "dedicated_cluster_id IN (", ")", true},
    Fragment{InstanceMember::vpc_id, "vpc_id IN (", ")", true},
    Fragment{InstanceMember::subnet_id, "subnet_id IN (", ")", true},
    Fragment{InstanceMember::id, "id IN (", ")", true, false},
    Fragment{InstanceMember::uuid, "uuid IN (", ")", true},
    Fragment{InstanceMember::uuid_digits, "replace(uuid, '-', '') IN (", ")", true},
    Fragment{InstanceMember::security_group_id, "instr('\n' || security_group_ids, ", ")", false},
    Fragment{InstanceMember::name, "name IN (", ")", true},
    Fragment{InstanceMember::charge_type, "charge_type IN (", ")", true, false},
    Fragment{InstanceMember::state, "state IN (", ")", true, false},
    Fragment{InstanceMember::private_ip_address, "instr('\n' || private_ip_addresses, ", ")", false},
    Fragment{InstanceMember::public_ip_address, "instr('\n' || public_ip_addresses, ",
             ") AND NOT (state = 3 AND stop_charging_mode = 1)", false},
    Fragment{InstanceMember::ipv6_address, "instr('\n' || ipv6_addresses, ", ")", false},
    Fragment{InstanceMember::tag_key, "instr('\n' || tags, ", ")", false},
    Fragment{InstanceMember::tag_value, "instr(tags, ", ")", false},
    Fragment{InstanceMember::tag, "instr('\n' || tags, ", ")", false},
    Fragment{InstanceMember::created_from, "created_at >= ", "", false, false},
    Fragment{InstanceMember::created_until, "created_at <= ", "", false, false},
};
static_assert(std::ranges::equal(fragments, std::views::iota(std::size_t{0}, instance_members), {},
                                 [](const Fragment& f) { return static_cast<std::size_t>(f.member); }));
static_assert(static_cast<int>(InstanceState::stopped) == 3 && static_cast<int>(StopChargingMode::stop_charging) == 1);

} // namespace

std::string text_of(Sql sql)
{
    switch (sql) {
    case Sql::begin:
        return "BEGIN IMMEDIATE";
    case Sql::commit:
        return "COMMIT";
    case Sql::rollback:
        return "ROLLBACK";
    case Sql::savepoint:
        return "SAVEPOINT inner";
    case Sql::release_savepoint:
        return "RELEASE inner";
    case Sql::rollback_to_savepoint:
        return "ROLLBACK TO inner";
    case Sql::data_version:
        return "PRAGMA data_version";
    case Sql::sizes:
        return "SELECT (SELECT count(*) FROM account), (SELECT ifnull(sum(number), 0) FROM instance_count), "
               "page_count * page_size FROM pragma_page_count(), pragma_page_size()";

    case Sql::credential:
        return select(credential_columns, "credential WHERE secret_id = ?");
    case Sql::credentials:
        return select(credential_columns, "credential WHERE uin = ? ORDER BY rowid");
    case Sql::insert_credential:
        return insert("credential", credential_columns);
    case Sql::erase_credential:
        return "DELETE FROM credential WHERE secret_id = ?";
    case Sql::erase_credentials:
        return "DELETE FROM credential WHERE uin = ?";

    case Sql::account:
        return select(account_columns, "account WHERE uin = ?");
    case Sql::default_account:
        return select(account_columns, "account WHERE is_default = 1");
    case Sql::uins:
        return "SELECT uin FROM account ORDER BY seq";
    case Sql::insert_account:
        return insert("account", account_columns);
    case Sql::update_account:
        return update("account", account_columns, {"uin"}, "uin = ?1");
    case Sql::erase_account:
        return "DELETE FROM account WHERE uin = ?";

    case Sql::instance:
        return instance_rows("uin = ? AND id = ?");
    case Sql::instance_of_seq:
        return instance_rows("instance.seq = ?");
    case Sql::instance_seq:
        return "SELECT seq, region FROM instance WHERE uin = ? AND id = ?";
    // Answered by the index alone, so that a page does not read the rows that it skips.
    case Sql::instance_ids:
        return "SELECT seq FROM instance WHERE uin = ? AND region = ? ORDER BY created_at DESC, id LIMIT ? OFFSET ?";
    case Sql::all_instances:
        return instance_rows("uin = ?");
    case Sql::instance_seqs:
        return "SELECT id, seq FROM instance WHERE uin = ?";
    case Sql::expiring_instances:
        return instance_rows("uin = ? AND expires_at IS NOT NULL ORDER BY expires_at");
    case Sql::instances_of_expiry:
        return summary_rows("uin = ?1 AND expires_at = ?2 AND instance.seq > ?3 ORDER BY instance.seq LIMIT ?4");
    case Sql::instances_of_later_expiry:
        return summary_rows("uin = ?1 AND expires_at > ?2 ORDER BY expires_at, instance.seq LIMIT ?3");
    case Sql::instances_without_expiry:
        return summary_rows(
            "uin = ?1 AND charge_type NOT IN (0, 5) AND instance.seq > ?2 ORDER BY instance.seq LIMIT ?3");
    case Sql::hourly_instances:
        return instance_rows("uin = ? AND charged_until IS NOT NULL");
    // Two queries, since hourly instances have one index and all others another one.
    case Sql::due_instances:
        return instance_rows("uin = ?1 AND charged_until IS NULL AND due_at > ?2 AND due_at <= ?3 UNION ALL ") +
               instance_rows("uin = ?1 AND charged_until IS NOT NULL AND due_at > ?2 AND due_at <= ?3");
    case Sql::insert_instance:
        return insert("instance", list({"uin", "id", place_columns, time_columns, status_columns}));
    case Sql::update_instance:
        return update("instance", list({place_columns, time_columns, status_columns}), {}, "uin = ? AND id = ?");
    case Sql::update_instance_times:
        return update("instance", list({time_columns, status_columns}), {}, "uin = ? AND id = ?");
    case Sql::update_instance_status:
        return update("instance", status_columns, {}, "uin = ? AND id = ?");
    case Sql::insert_detail:
        return insert("instance_detail", list({"seq", detail_columns}));
    case Sql::update_detail:
        return update("instance_detail", detail_columns, {}, "seq = ?");
    case Sql::erase_instance:
        return "DELETE FROM instance WHERE seq = ?";
    case Sql::instance_count:
        return "SELECT number FROM instance_count WHERE uin = ? AND region = ?";
    case Sql::instance_total:
        return "SELECT coalesce(sum(number), 0) FROM instance_count WHERE uin = ?";
    case Sql::add_to_instance_count:
        return insert("instance_count", "uin, region, number") +
               " ON CONFLICT (uin, region) DO UPDATE SET number = number + excluded.number";

    case Sql::disks_of_instance:
        return select(disk_columns, "disk WHERE instance = ? ORDER BY position");
    case Sql::disk:
        return placed("disk.uin = ? AND disk.id = ?");
    case Sql::disks:
        return placed("disk.uin = ? ORDER BY disk.id");
    case Sql::loose_disks:
        return placed("disk.uin = ? AND disk.instance IS NULL ORDER BY disk.id");
    case Sql::due_disks:
        return placed("disk.uin = ? AND disk.due_at > ? AND disk.due_at <= ? ORDER BY disk.due_at, disk.id");
    case Sql::disks_of_expiry:
        return placed("disk.uin = ?1 AND disk.portable = 1 AND disk.expires_at = ?2 AND disk.seq > ?3 "
                      "ORDER BY disk.seq LIMIT ?4");
    case Sql::disks_of_later_expiry:
        return placed("disk.uin = ?1 AND disk.portable = 1 AND disk.expires_at > ?2 "
                      "ORDER BY disk.expires_at, disk.seq LIMIT ?3");
    case Sql::disks_without_expiry:
        return placed("disk.uin = ?1 AND disk.portable = 1 AND disk.expires_at IS NULL AND disk.seq > ?2 "
                      "ORDER BY disk.seq LIMIT ?3");
    case Sql::place_by_expiry:
        return "SELECT 0, seq, expires_at FROM instance WHERE uin = ?1 AND id = ?2 UNION ALL "
               "SELECT 1, seq, expires_at FROM disk WHERE uin = ?1 AND id = ?2 AND portable = 1";
    // Counts instances and disks after an expiry, at the same expiry after a seq, and without an expiry after a seq.
    case Sql::count_by_expiry:
        return "SELECT (SELECT count(*) FROM instance WHERE uin = ?1 AND expires_at > ?2) + "
               "(SELECT count(*) FROM instance WHERE uin = ?1 AND expires_at = ?2 AND seq > ?3) + "
               "(SELECT count(*) FROM disk WHERE uin = ?1 AND portable = 1 AND expires_at > ?2) + "
               "(SELECT count(*) FROM disk WHERE uin = ?1 AND portable = 1 AND expires_at = ?2 AND seq > ?4) + "
               "(SELECT count(*) FROM instance WHERE uin = ?1 AND charge_type NOT IN (0, 5) AND seq > ?5) + "
               "(SELECT count(*) FROM disk WHERE uin = ?1 AND portable = 1 AND expires_at IS NULL AND seq > ?6)";
    case Sql::insert_disk:
        return insert("disk", list({"uin", "instance", "position", disk_columns}));
    case Sql::insert_loose_disk:
        return insert("disk", list({"uin", "region", "zone", "project_id", "created_at", "due_at", disk_columns}));
    case Sql::update_disk:
        return update("disk", list({disk_columns, "due_at"}), {"id"}, "uin = ? AND id = ?1");
    case Sql::erase_disks_of_instance:
        return "DELETE FROM disk WHERE instance = ?";
    case Sql::erase_disk:
        return "DELETE FROM disk WHERE uin = ? AND id = ?";
    case Sql::erase_loose_disks:
        return "DELETE FROM disk WHERE uin = ? AND instance IS NULL";

    case Sql::next_due:
        return earliest_due("due_at IS NOT NULL", true);
    case Sql::due_by:
        return earliest_due("due_at IS NOT NULL", true, "?2");
    case Sql::next_due_besides_hours:
        return earliest_due("due_at > ?2", false);

    // SQLite's query planner would otherwise read all orders in order.
    case Sql::unpaid_deal:
        return "SELECT 1 FROM deal INDEXED BY deal_unpaid WHERE uin = ? AND status = 1 LIMIT 1";
    case Sql::unpaid_deals:
        return select(deal_columns,
                      "deal INDEXED BY deal_unpaid WHERE uin = ? AND status = 1 ORDER BY created_at, order_id");
    case Sql::selected_deals:
        return select(deal_columns,
                      "deal WHERE uin = ?1 AND created_at BETWEEN ?2 AND ?3 "
                      "AND (?4 = '' OR instr(?4, ' ' || status || ' ')) AND (?5 IS NULL OR order_id = ?5) "
                      "AND (?6 IS NULL OR big_deal_id = ?6) AND (?7 IS NULL OR resource_id = ?7) "
                      "ORDER BY created_at DESC, order_id DESC");
    case Sql::deals:
        return select(deal_columns, "deal WHERE uin = ? ORDER BY created_at, order_id");
    case Sql::deals_of_resource:
        return select(deal_columns, "deal INDEXED BY deal_of_resource WHERE uin = ? AND resource_id = ? "
                                    "ORDER BY created_at, order_id");
    case Sql::deal_by_id:
        return select(deal_columns, "deal INDEXED BY deal_by_id WHERE uin = ? AND order_id = ?");
    case Sql::insert_deal:
        return insert("deal", list({"uin", deal_columns}));
    case Sql::insert_deals:
        return insert("deal", list({"uin", deal_columns}), rows_at_once);
    case Sql::update_deal:
        return update("deal", deal_columns, {"created_at", "order_id"}, "uin = ? AND order_id = ?2");
    case Sql::erase_deals:
        return "DELETE FROM deal WHERE uin = ?";

    case Sql::ledger:
        return select(ledger_columns, "ledger WHERE uin = ? ORDER BY seq");
    case Sql::latest_ledger:
        return select(ledger_columns, "ledger WHERE uin = ? ORDER BY seq DESC LIMIT ?");
    case Sql::ledger_after:
        return select(ledger_columns, "ledger WHERE uin = ? ORDER BY seq LIMIT ? OFFSET ?");
    case Sql::payments:
        return select(ledger_columns, "ledger WHERE uin = ? AND at >= ? AND at < ? AND (from_book = 5 OR to_book = 5) "
                                      "ORDER BY at, seq");
    case Sql::count_ledger:
        return "SELECT count(*) FROM ledger WHERE uin = ? AND seq > 0";
    case Sql::insert_ledger_line:
        return insert("ledger", list({"uin", "day", ledger_columns}));
    case Sql::insert_ledger_lines:
        return insert("ledger", list({"uin", "day", ledger_columns}), rows_at_once);
    case Sql::add_usage:
        return insert("ledger", list({"uin", "day", ledger_columns})) +
               " ON CONFLICT (uin, resource_id, day, from_book) WHERE day IS NOT NULL "
               "DO UPDATE SET amount = amount + excluded.amount, used = used + excluded.used";
    case Sql::erase_ledger:
        return "DELETE FROM ledger WHERE uin = ?";

    case Sql::resource_tags:
        return "SELECT resource, tags FROM resource_tag WHERE uin = ? AND resource = ?";
    case Sql::all_resource_tags:
        return "SELECT resource, tags FROM resource_tag WHERE uin = ? ORDER BY seq";
    case Sql::save_resource_tags:
        return insert("resource_tag", "uin, resource, tags") +
               " ON CONFLICT (uin, resource) DO UPDATE SET tags = excluded.tags";
    case Sql::erase_resource_tags:
        return "DELETE FROM resource_tag WHERE uin = ? AND resource = ?";
    case Sql::erase_all_resource_tags:
        return "DELETE FROM resource_tag WHERE uin = ?";

    case Sql::vouchers:
        return additions(voucher_columns, "voucher");
    case Sql::insert_voucher:
        return insert_addition(voucher_columns, "voucher");
    case Sql::add_to_voucher:
        return "UPDATE voucher SET used = used + ? WHERE uin = ? AND id = ?";
    case Sql::erase_vouchers:
        return "DELETE FROM voucher WHERE uin = ?";
    case Sql::voucher_uses:
        return select(voucher_use_columns, "voucher_use WHERE uin = ? ORDER BY voucher_id, seq");
    case Sql::voucher_uses_of:
        return select(voucher_use_columns, "voucher_use WHERE uin = ? AND voucher_id = ? ORDER BY seq");
    case Sql::insert_voucher_use:
        return insert("voucher_use", list({"uin", voucher_use_columns}));
    case Sql::erase_voucher_uses:
        return "DELETE FROM voucher_use WHERE uin = ?";

    case Sql::client_token:
        return "SELECT token, instance_ids FROM client_token WHERE uin = ? AND token = ?";
    case Sql::client_tokens:
        return "SELECT token, instance_ids FROM client_token WHERE uin = ? ORDER BY token";
    case Sql::insert_client_token:
        return insert("client_token", "uin, token, instance_ids");
    case Sql::erase_client_tokens:
        return "DELETE FROM client_token WHERE uin = ?";

    case Sql::has_rules:
        return "SELECT 1 FROM rule WHERE uin = ? LIMIT 1";
    case Sql::rule_codes:
        return "SELECT code FROM rule WHERE uin = ? AND instance_id = ? ORDER BY code";
    case Sql::rules:
        return "SELECT instance_id, code FROM rule WHERE uin = ? ORDER BY instance_id, code";
    case Sql::insert_rule:
        return insert("rule", "uin, instance_id, code");
    case Sql::erase_rules:
        return "DELETE FROM rule WHERE uin = ?";

    case Sql::types:
        return additions(type_columns, "instance_type");
    case Sql::insert_type:
        return insert_addition(type_columns, "instance_type");
    case Sql::erase_types:
        return "DELETE FROM instance_type WHERE uin = ?";
    case Sql::images:
        return additions(image_columns, "image");
    case Sql::insert_image:
        return insert_addition(image_columns, "image");
    case Sql::erase_images:
        return "DELETE FROM image WHERE uin = ?";
    case Sql::zones:
        return additions(zone_columns, "zone");
    case Sql::insert_zone:
        return insert_addition(zone_columns, "zone");
    case Sql::erase_zones:
        return "DELETE FROM zone WHERE uin = ?";
    case Sql::hosts:
        return additions(host_columns, "host");
    case Sql::insert_host:
        return insert_addition(host_columns, "host");
    case Sql::erase_hosts:
        return "DELETE FROM host WHERE uin = ?";
    case Sql::roles:
        return additions(role_columns, "role");
    case Sql::insert_role:
        return insert_addition(role_columns, "role");
    case Sql::erase_roles:
        return "DELETE FROM role WHERE uin = ?";

    case Sql::vpc:
        return select(vpc_columns, "vpc WHERE uin = ? AND id = ?");
    case Sql::vpcs:
        return select(vpc_columns, "vpc WHERE uin = ? AND region = ? ORDER BY seq");
    case Sql::all_vpcs:
        return select(vpc_columns, "vpc WHERE uin = ? ORDER BY region, seq");
    case Sql::save_vpc:
        return save_by_id("vpc", vpc_columns);
    case Sql::erase_vpc:
        return "DELETE FROM vpc WHERE uin = ? AND id = ?";
    case Sql::erase_vpcs:
        return "DELETE FROM vpc WHERE uin = ?";
    case Sql::subnet:
        return select(subnet_columns, "subnet WHERE uin = ? AND id = ?");
    case Sql::subnets:
        return select(subnet_columns, "subnet WHERE uin = ? AND region = ? ORDER BY seq");
    case Sql::all_subnets:
        return select(subnet_columns, "subnet WHERE uin = ? ORDER BY region, seq");
    case Sql::save_subnet:
        return save_by_id("subnet", subnet_columns);
    case Sql::erase_subnet:
        return "DELETE FROM subnet WHERE uin = ? AND id = ?";
    case Sql::erase_subnets:
        return "DELETE FROM subnet WHERE uin = ?";
    case Sql::security_group:
        return select(security_group_columns, "security_group WHERE uin = ? AND id = ?");
    case Sql::security_groups:
        return select(security_group_columns, "security_group WHERE uin = ? AND region = ? ORDER BY seq");
    case Sql::all_security_groups:
        return select(security_group_columns, "security_group WHERE uin = ? ORDER BY region, seq");
    case Sql::save_security_group:
        return save_by_id("security_group", security_group_columns);
    case Sql::erase_security_group:
        return "DELETE FROM security_group WHERE uin = ? AND id = ?";
    case Sql::erase_security_groups:
        return "DELETE FROM security_group WHERE uin = ?";
    case Sql::renew_host:
        return "UPDATE host SET renew_flag = ?, expires_at = ? WHERE uin = ? AND id = ?";

    case Sql::fired_timers:
        return "SELECT instance_id, region, at FROM fired_timer WHERE uin = ? ORDER BY at, instance_id";
    case Sql::insert_fired_timer:
        return insert("fired_timer", "uin, instance_id, region, at") + " ON CONFLICT DO NOTHING";
    case Sql::erase_fired_timers:
        return "DELETE FROM fired_timer WHERE uin = ?";

    case Sql::end:
        break;
    }
    throw std::logic_error{"Sql out of range"};
}
static_assert(static_cast<int>(DealStatus::unpaid) == 1);
static_assert(static_cast<int>(Book::vendor) == 5);
static_assert(static_cast<int>(ChargeType::prepaid) == 0 && static_cast<int>(ChargeType::underwrite) == 5);

std::string text_of(std::span<const InstanceCondition> conditions)
{
    // SQLite's query planner would otherwise scan all instances in order rather than sort a few.
    const bool by_id = std::ranges::count(conditions, InstanceMember::id, &InstanceCondition::member) > 0;
    const bool detail = std::ranges::any_of(conditions, [](const InstanceCondition& condition) {
        return fragments.at(static_cast<std::size_t>(condition.member)).detail;
    });
    std::string text = std::string{"SELECT instance.seq FROM instance "} + (by_id ? "INDEXED BY instance_by_id " : "") +
                       (detail ? "CROSS JOIN instance_detail ON instance_detail.seq = instance.seq " : "") +
                       "WHERE uin = ? AND region = ?";
    for (const InstanceCondition& condition : conditions) {
        const Fragment& fragment = fragments.at(static_cast<std::size_t>(condition.member));
        text += " AND (";
        for (std::size_t i = 0; i < condition.values.size(); ++i) {
            if (i == 0 || !fragment.one_of)
                text += (i == 0 ? "" : " OR ") + std::string{fragment.before};
            text += i > 0 && fragment.one_of ? ", ?" : "?";
            if (i + 1 == condition.values.size() || !fragment.one_of)
                text += fragment.after;
        }
        text += ")";
    }
    return text + " ORDER BY created_at DESC, id";
}

std::string parameter_of(const InstanceCondition& condition, const std::string& value)
{
    std::string text;
    const auto between = [&](char before, std::string_view middle, char behind) {
        text += before;
        append_escaped(text, middle);
        text += behind;
    };
    switch (condition.member) {
    case InstanceMember::security_group_id:
    case InstanceMember::private_ip_address:
    case InstanceMember::public_ip_address:
    case InstanceMember::ipv6_address:
        between('\n', value, '\n');
        return text;
    case InstanceMember::tag_key:
        between('\n', value, '\t');
        return text;
    case InstanceMember::tag_value:
        between('\t', value, '\n');
        return text;
    case InstanceMember::tag:
        between('\n', condition.key, '\t');
        append_escaped(text, value);
        return text += '\n';
    case InstanceMember::zone:
    case InstanceMember::project_id:
    case InstanceMember::host_id:
    case InstanceMember::dedicated_cluster_id:
    case InstanceMember::vpc_id:
    case InstanceMember::subnet_id:
    case InstanceMember::id:
    case InstanceMember::uuid:
    case InstanceMember::uuid_digits:
    case InstanceMember::name:
    case InstanceMember::charge_type:
    case InstanceMember::state:
    case InstanceMember::created_from:
    case InstanceMember::created_until:
        return value;
    }
    throw std::logic_error{"InstanceMember out of range"};
}

} // namespace cvm::state::rows
