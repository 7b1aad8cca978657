#include "state/store/schema.hpp"

#include "state/model/account.hpp"

namespace cvm::state {

namespace {

// "(column = 'A' OR column = 'B')", so that the database refuses what the enum lacks. IN would say the same, but SQLite
// makes a table of its words anew for every row that is written, which costs more than the rest of the insert.
template <class E>
std::string one_of(std::string_view column)
{
    std::string sql = "(";
    for (const std::string_view word : Names<E>::all)
        sql += (sql.size() > 1 ? " OR " : "") + std::string{column} + " = '" + std::string{word} + "'";
    return sql + ")";
}

} // namespace

// Times are seconds since 1970 in UTC, money is cents, booleans are 0 and 1, lists are texts with a line for each item.
// A has_ column says whether the member that its next columns hold is there at all.
std::string schema_sql()
{
    return "CREATE TABLE account (\n"
           "    seq INTEGER PRIMARY KEY,\n"
           "    uin TEXT NOT NULL UNIQUE,\n"
           "    is_default INTEGER NOT NULL,\n"
           "    clock_offset INTEGER NOT NULL,\n"
           "    clock_frozen_at INTEGER,\n"
           "    cash INTEGER NOT NULL,\n"
           "    income INTEGER NOT NULL,\n"
           "    present INTEGER NOT NULL,\n"
           "    frozen INTEGER NOT NULL,\n"
           "    owed INTEGER NOT NULL,\n"
           "    credit INTEGER NOT NULL,\n"
           "    orders INTEGER NOT NULL,\n"
           "    resources INTEGER NOT NULL,\n"
           "    lifecycle TEXT NOT NULL,\n"
           "    made_from TEXT NOT NULL,\n"
           "    made_with TEXT NOT NULL,\n"
           "    arrears TEXT NOT NULL CHECK (" +
           one_of<ArrearsStage>("arrears") +
           "),\n"
           "    arrears_since INTEGER NOT NULL,\n"
           "    additions TEXT NOT NULL\n"
           ") STRICT;\n"
           "CREATE UNIQUE INDEX one_default ON account (is_default) WHERE is_default = 1;\n"

           "CREATE TABLE credential (\n"
           "    secret_id TEXT PRIMARY KEY,\n"
           "    secret_key TEXT NOT NULL,\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    token TEXT NOT NULL,\n"
           "    expires_at INTEGER,\n"
           "    allowed TEXT NOT NULL,\n"
           "    mfa TEXT NOT NULL CHECK (" +
           one_of<Mfa>("mfa") +
           ")\n"
           ") STRICT;\n"
           "CREATE INDEX credential_by_account ON credential (uin);\n"

           "CREATE TABLE instance (\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    id TEXT NOT NULL,\n"
           "    region TEXT NOT NULL,\n"
           "    zone TEXT NOT NULL,\n"
           "    name TEXT NOT NULL,\n"
           "    type TEXT NOT NULL,\n"
           "    project_id INTEGER NOT NULL,\n"
           "    cpu INTEGER NOT NULL,\n"
           "    memory_gib INTEGER NOT NULL,\n"
           "    charge_type TEXT NOT NULL CHECK (" +
           one_of<ChargeType>("charge_type") +
           "),\n"
           "    renew_flag TEXT CHECK (renew_flag IS NULL OR " +
           one_of<RenewFlag>("renew_flag") +
           "),\n"
           "    state TEXT NOT NULL CHECK (" +
           one_of<InstanceState>("state") +
           "),\n"
           "    restrict_state TEXT NOT NULL CHECK (" +
           one_of<RestrictState>("restrict_state") +
           "),\n"
           "    isolated_source TEXT NOT NULL CHECK (" +
           one_of<IsolatedSource>("isolated_source") +
           "),\n"
           "    stop_charging_mode TEXT NOT NULL CHECK (" +
           one_of<StopChargingMode>("stop_charging_mode") +
           "),\n"
           "    created_at INTEGER NOT NULL,\n"
           "    expires_at INTEGER,\n"
           "    renew_months INTEGER NOT NULL,\n"
           "    frozen INTEGER NOT NULL,\n"
           "    hourly_since INTEGER,\n"
           "    charged_until INTEGER,\n"
           "    terminates_at INTEGER,\n"
           "    due_at INTEGER,\n"
           "    operation TEXT,\n"
           "    operation_state TEXT CHECK (operation_state IS NULL OR " +
           one_of<OperationState>("operation_state") +
           "),\n"
           "    operation_request_id TEXT,\n"
           "    operation_error TEXT,\n"
           "    operation_ends_at INTEGER,\n"
           "    operation_state_after TEXT CHECK (operation_state_after IS NULL OR " +
           one_of<InstanceState>("operation_state_after") +
           "),\n"
           "    internet_charge_type TEXT NOT NULL,\n"
           "    bandwidth_mbps INTEGER NOT NULL,\n"
           "    operator_uin TEXT,\n"
           "    host_id TEXT,\n"
           "    has_rack_id INTEGER NOT NULL,\n"
           "    rack_id TEXT,\n"
           "    dedicated_cluster_id TEXT NOT NULL,\n"
           "    hpc_cluster_id TEXT NOT NULL,\n"
           "    disaster_recover_group_id TEXT NOT NULL,\n"
           "    disaster_recover_group_ids TEXT NOT NULL,\n"
           "    partition_number INTEGER,\n"
           "    vpc_id TEXT,\n"
           "    subnet_id TEXT,\n"
           "    as_vpc_gateway INTEGER,\n"
           "    private_ip_addresses TEXT NOT NULL,\n"
           "    public_ip_addresses TEXT,\n"
           "    ipv6_addresses TEXT,\n"
           "    public_ipv6_addresses TEXT,\n"
           "    rdma_ip_addresses TEXT,\n"
           "    security_group_ids TEXT NOT NULL,\n"
           "    enable_jumbo_frame INTEGER NOT NULL,\n"
           "    image_id TEXT NOT NULL,\n"
           "    os_name TEXT NOT NULL,\n"
           "    license_type TEXT NOT NULL,\n"
           "    host_name TEXT NOT NULL,\n"
           "    default_login_user TEXT NOT NULL,\n"
           "    default_login_port INTEGER NOT NULL,\n"
           "    has_key_ids INTEGER NOT NULL,\n"
           "    key_ids TEXT,\n"
           "    user_data TEXT,\n"
           "    uuid TEXT NOT NULL,\n"
           "    tags TEXT NOT NULL,\n" // two lines for each
           "    cam_role_name TEXT,\n"
           "    disable_api_termination INTEGER NOT NULL,\n"
           "    has_metadata INTEGER NOT NULL,\n"
           "    metadata_items TEXT,\n"
           "    has_gpu_info INTEGER NOT NULL,\n"
           "    gpu_count REAL,\n"
           "    gpu_ids TEXT,\n"
           "    gpu_type TEXT,\n"
           "    has_cpu_topology INTEGER NOT NULL,\n"
           "    core_count INTEGER,\n"
           "    threads_per_core INTEGER,\n"
           "    ipv6_address_count INTEGER,\n"
           "    internet_service_provider TEXT,\n"
           "    ipv4_address_type TEXT,\n"
           "    ipv6_address_type TEXT,\n"
           "    anti_ddos_package_id TEXT,\n"
           "    dedicated_resource_pack_tenancy TEXT,\n"
           "    dedicated_resource_pack_ids TEXT,\n"
           "    PRIMARY KEY (uin, id)\n"
           ") STRICT, WITHOUT ROWID;\n"
           "CREATE INDEX instance_by_age ON instance (uin, region, created_at DESC, id);\n"

           "CREATE INDEX instance_due ON instance (uin, due_at, id) WHERE due_at IS NOT NULL;\n"

           "CREATE INDEX instance_by_the_hour ON instance (uin, id) WHERE charged_until IS NOT NULL;\n"

           "CREATE INDEX instance_by_expiry ON instance (uin, expires_at, id) WHERE expires_at IS NOT NULL;\n"

           // On an instance, in its order, or on none and with a place of its own.
           "CREATE TABLE disk (\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    instance_id TEXT,\n"
           "    position INTEGER,\n"
           "    region TEXT,\n"
           "    zone TEXT,\n"
           "    project_id INTEGER,\n"
           "    created_at INTEGER,\n"
           "    id TEXT NOT NULL,\n"
           "    usage TEXT NOT NULL CHECK (" +
           one_of<DiskUsage>("usage") +
           "),\n"
           "    type TEXT NOT NULL,\n"
           "    name TEXT NOT NULL,\n"
           "    size_gib INTEGER NOT NULL,\n"
           "    portable INTEGER NOT NULL,\n"
           "    delete_with_instance INTEGER NOT NULL,\n"
           "    released INTEGER NOT NULL,\n"
           "    encrypt INTEGER NOT NULL,\n"
           "    kms_key_id TEXT,\n"
           "    throughput_performance INTEGER NOT NULL,\n"
           "    burst_performance INTEGER NOT NULL,\n"
           "    charge_type TEXT NOT NULL CHECK (" +
           one_of<ChargeType>("charge_type") +
           "),\n"
           "    renew_flag TEXT CHECK (renew_flag IS NULL OR " +
           one_of<RenewFlag>("renew_flag") +
           "),\n"
           "    expires_at INTEGER,\n"
           "    renew_months INTEGER NOT NULL,\n"
           "    tags TEXT NOT NULL,\n" // two lines for each
           "    due_at INTEGER,\n"     // of one on no instance
           "    PRIMARY KEY (uin, id),\n"
           "    FOREIGN KEY (uin, instance_id) REFERENCES instance (uin, id) ON DELETE CASCADE,\n"
           "    CHECK ((instance_id IS NULL) = (position IS NULL)),\n"
           "    CHECK ((instance_id IS NULL) = (region IS NOT NULL AND zone IS NOT NULL AND project_id IS NOT NULL\n"
           "                                    AND created_at IS NOT NULL))\n"
           ") STRICT, WITHOUT ROWID;\n"
           "CREATE UNIQUE INDEX disk_of_instance ON disk (uin, instance_id, position) WHERE instance_id IS NOT NULL;\n"
           "CREATE INDEX disk_due ON disk (uin, due_at, id) WHERE due_at IS NOT NULL;\n"

           "CREATE TABLE deal (\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    order_id TEXT NOT NULL,\n"
           "    big_deal_id TEXT NOT NULL,\n"
           "    status INTEGER NOT NULL,\n"
           "    action TEXT NOT NULL,\n"
           "    resource_id TEXT NOT NULL,\n"
           "    months INTEGER NOT NULL,\n"
           "    original INTEGER NOT NULL,\n"
           "    total INTEGER NOT NULL,\n"
           "    sub_product TEXT NOT NULL,\n"
           "    zone TEXT NOT NULL,\n"
           "    created_at INTEGER NOT NULL,\n"
           "    begins_at INTEGER NOT NULL,\n"
           "    PRIMARY KEY (uin, order_id)\n"
           ") STRICT, WITHOUT ROWID;\n"
           "CREATE INDEX deal_unpaid ON deal (uin) WHERE status = 1;\n"
           "CREATE INDEX deal_of_resource ON deal (uin, resource_id, created_at, order_id);\n"

           // The day is that of usage in UTC+8, NULL of other lines.
           "CREATE TABLE ledger (\n"
           "    seq INTEGER PRIMARY KEY,\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    at INTEGER NOT NULL,\n"
           "    cause TEXT NOT NULL CHECK (" +
           one_of<Cause>("cause") +
           "),\n"
           "    cause_id TEXT NOT NULL,\n"
           "    order_id TEXT NOT NULL,\n"
           "    resource_id TEXT NOT NULL,\n"
           "    from_book TEXT NOT NULL CHECK (" +
           one_of<Book>("from_book") +
           "),\n"
           "    to_book TEXT NOT NULL CHECK (" +
           one_of<Book>("to_book") +
           "),\n"
           "    amount INTEGER NOT NULL CHECK (amount >= 0),\n"
           "    used INTEGER NOT NULL,\n"
           "    day INTEGER\n"
           ") STRICT;\n"
           "CREATE INDEX ledger_of_account ON ledger (uin, seq);\n"
           "CREATE UNIQUE INDEX ledger_usage ON ledger (uin, resource_id, day, from_book) WHERE day IS NOT NULL;\n"

           "CREATE TABLE resource_tag (\n"
           "    seq INTEGER PRIMARY KEY,\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    resource TEXT NOT NULL,\n"
           "    tags TEXT NOT NULL,\n" // two lines for each
           "    UNIQUE (uin, resource)\n"
           ") STRICT;\n"
           "CREATE INDEX resource_tag_of_account ON resource_tag (uin, seq);\n"

           "CREATE TABLE client_token (\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    token TEXT NOT NULL,\n"
           "    instance_ids TEXT NOT NULL,\n"
           "    PRIMARY KEY (uin, token)\n"
           ") STRICT, WITHOUT ROWID;\n"

           "CREATE TABLE rule (\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    instance_id TEXT NOT NULL,\n"
           "    code TEXT NOT NULL,\n"
           "    PRIMARY KEY (uin, instance_id, code)\n"
           ") STRICT, WITHOUT ROWID;\n"

           // What accounts add to the catalogue, in its order.
           "CREATE TABLE instance_type (\n"
           "    seq INTEGER PRIMARY KEY,\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    name TEXT NOT NULL,\n"
           "    family TEXT NOT NULL,\n"
           "    description TEXT NOT NULL,\n"
           "    cpu INTEGER NOT NULL,\n"
           "    memory_gib INTEGER NOT NULL,\n"
           "    gpu INTEGER NOT NULL,\n"
           "    gpu_type TEXT NOT NULL,\n"
           "    architecture TEXT NOT NULL,\n"
           "    cpu_type TEXT NOT NULL,\n"
           "    frequency TEXT NOT NULL,\n"
           "    bandwidth_gbps REAL NOT NULL,\n"
           "    pps INTEGER NOT NULL,\n"
           "    month INTEGER,\n"
           "    UNIQUE (uin, name)\n"
           ") STRICT;\n"

           "CREATE TABLE image (\n"
           "    seq INTEGER PRIMARY KEY,\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    id TEXT NOT NULL,\n"
           "    name TEXT NOT NULL,\n"
           "    os_name TEXT NOT NULL,\n"
           "    type TEXT NOT NULL,\n"
           "    created_at INTEGER,\n"
           "    description TEXT NOT NULL,\n"
           "    source TEXT NOT NULL,\n"
           "    creator TEXT NOT NULL,\n"
           "    state TEXT NOT NULL,\n"
           "    format TEXT NOT NULL,\n"
           "    architecture TEXT NOT NULL,\n"
           "    platform TEXT NOT NULL,\n"
           "    size_gib INTEGER NOT NULL,\n"
           "    license_type TEXT NOT NULL,\n"
           "    family TEXT,\n"
           "    snapshots TEXT,\n"     // three lines for each: id, usage, GiB
           "    tags TEXT NOT NULL,\n" // two lines for each
           "    UNIQUE (uin, id)\n"
           ") STRICT;\n"

           "CREATE TABLE zone (\n"
           "    seq INTEGER PRIMARY KEY,\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    name TEXT NOT NULL,\n"
           "    id TEXT NOT NULL,\n"
           "    region TEXT NOT NULL,\n"
           "    name_en TEXT NOT NULL,\n"
           "    name_zh TEXT NOT NULL,\n"
           "    available INTEGER NOT NULL,\n"
           "    UNIQUE (uin, name)\n"
           ") STRICT;\n"

           "CREATE TABLE host (\n"
           "    seq INTEGER PRIMARY KEY,\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    id TEXT NOT NULL,\n"
           "    zone TEXT NOT NULL,\n"
           "    UNIQUE (uin, id)\n"
           ") STRICT;\n";
}

} // namespace cvm::state
