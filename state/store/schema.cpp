#include "state/store/schema.hpp"

#include "state/model/account.hpp"

namespace cvm::state {

namespace {

// The type and the check of a column that holds an enumerator as a number, which is shorter and faster than its word.
// The words stand beside it as an SQL comment, so that the file documents its meaning, and so that a file with other
// meanings is recognised as foreign.
template <class E>
std::string enumerator(const std::string& column, bool may_be_null = false)
{
    std::string words;
    for (const std::string_view word : Names<E>::all)
        words += (words.empty() ? "" : ", ") + std::string{word};
    const std::string last = std::to_string(Names<E>::all.size() - 1);
    return column + " INTEGER " + (may_be_null ? "" : "NOT NULL ") + "CHECK (" + column + " BETWEEN 0 AND " + last +
           ") /* " + words + " */";
}

} // namespace

static_assert(static_cast<int>(Book::vendor) == 5);
static_assert(static_cast<int>(ChargeType::prepaid) == 0 && static_cast<int>(ChargeType::underwrite) == 5);

// Times are seconds since 1970 in UTC, money is in cents, booleans are 0 and 1, lists are texts with one line for each
// item (state/store/sqlite_statement.hpp).
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
           "    " +
           enumerator<ArrearsStage>("arrears") +
           ",\n"
           "    arrears_since INTEGER NOT NULL,\n"
           "    additions TEXT NOT NULL,\n"
           "    vouchers INTEGER NOT NULL\n"
           ") STRICT;\n"
           "CREATE UNIQUE INDEX one_default ON account (is_default) WHERE is_default = 1;\n"

           "CREATE TABLE credential (\n"
           "    secret_id TEXT PRIMARY KEY,\n"
           "    secret_key TEXT NOT NULL,\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    token TEXT NOT NULL,\n"
           "    expires_at INTEGER,\n"
           "    allowed TEXT NOT NULL,\n"
           "    " +
           enumerator<Mfa>("mfa") +
           ",\n"
           "    policy_allowed TEXT,\n" // NULL for a key without a policy
           "    policy_denied TEXT NOT NULL,\n"
           "    session TEXT NOT NULL,\n"
           "    role_id TEXT NOT NULL\n"
           ") STRICT;\n"
           "CREATE INDEX credential_by_account ON credential (uin);\n"

           // An instance has two rows: one with the columns that indexes contain and that operations and the simulation
           // change, and one with the rest, so that a change writes little.
           "CREATE TABLE instance (\n"
           "    seq INTEGER PRIMARY KEY,\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    id TEXT NOT NULL,\n"
           "    region TEXT NOT NULL,\n"
           "    created_at INTEGER NOT NULL,\n"
           "    expires_at INTEGER,\n"
           "    charged_until INTEGER,\n"
           "    due_at INTEGER,\n"
           "    " +
           enumerator<InstanceState>("state") +
           ",\n"
           "    " +
           enumerator<ChargeType>("charge_type") +
           ",\n"
           "    " +
           enumerator<StopChargingMode>("stop_charging_mode") +
           ",\n"
           "    " +
           enumerator<RenewFlag>("renew_flag", true) +
           ",\n"
           "    " +
           enumerator<RestrictState>("restrict_state") +
           ",\n"
           "    " +
           enumerator<IsolatedSource>("isolated_source") +
           ",\n"
           "    renew_months INTEGER NOT NULL,\n"
           "    frozen INTEGER NOT NULL,\n"
           "    hourly_since INTEGER,\n"
           "    terminates_at INTEGER,\n"
           "    " +
           enumerator<OperationState>("operation_state", true) +
           ",\n"
           "    operation_ends_at INTEGER,\n"
           "    " +
           enumerator<InstanceState>("operation_state_after", true) +
           ",\n"
           "    operation TEXT,\n"
           "    operation_request_id TEXT,\n"
           "    operation_error TEXT\n"
           ") STRICT;\n"
           // The id comes first because it is more selective than the Uin.
           "CREATE UNIQUE INDEX instance_by_id ON instance (id, uin);\n"
           "CREATE INDEX instance_by_age ON instance (uin, region, created_at DESC, id);\n"
           // Each instance is in exactly one of these two indexes: hourly instances are charged together.
           "CREATE INDEX instance_due ON instance (uin, due_at) WHERE charged_until IS NULL AND due_at IS NOT NULL;\n"
           "CREATE INDEX instance_by_the_hour ON instance (uin, due_at) WHERE charged_until IS NOT NULL;\n"
           "CREATE INDEX instance_by_expiry ON instance (uin, expires_at) WHERE expires_at IS NOT NULL;\n"
           // Instances without an expiry.
           "CREATE INDEX instance_not_paid_ahead ON instance (uin) WHERE charge_type NOT IN (0, 5);\n"

           // The columns are in the order in which filters use them; no query uses the attributes.
           "CREATE TABLE instance_detail (\n"
           "    seq INTEGER PRIMARY KEY REFERENCES instance (seq) ON DELETE CASCADE,\n"
           "    project_id INTEGER NOT NULL,\n"
           "    zone TEXT NOT NULL,\n"
           "    name TEXT NOT NULL,\n"
           "    tags TEXT NOT NULL,\n"
           "    private_ip_addresses TEXT NOT NULL,\n"
           "    public_ip_addresses TEXT,\n"
           "    ipv6_addresses TEXT,\n"
           "    vpc_id TEXT,\n"
           "    subnet_id TEXT,\n"
           "    security_group_ids TEXT NOT NULL,\n"
           "    host_id TEXT,\n"
           "    dedicated_cluster_id TEXT NOT NULL,\n"
           "    uuid TEXT NOT NULL,\n"
           "    cpu INTEGER NOT NULL,\n"
           "    memory_gib INTEGER NOT NULL,\n"
           "    bandwidth_mbps INTEGER NOT NULL,\n"
           "    attributes TEXT NOT NULL\n"
           ") STRICT;\n"

           // The number of instances, maintained so that they need not be counted.
           "CREATE TABLE instance_count (\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    region TEXT NOT NULL,\n"
           "    number INTEGER NOT NULL,\n"
           "    PRIMARY KEY (uin, region)\n"
           ") STRICT, WITHOUT ROWID;\n"

           // An attached disk, in the order of its instance, or a detached one with a place of its own.
           "CREATE TABLE disk (\n"
           "    seq INTEGER PRIMARY KEY,\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    id TEXT NOT NULL,\n"
           "    instance INTEGER REFERENCES instance (seq) ON DELETE CASCADE,\n"
           "    position INTEGER,\n"
           "    region TEXT,\n"
           "    zone TEXT,\n"
           "    project_id INTEGER,\n"
           "    created_at INTEGER,\n"
           "    due_at INTEGER,\n" // of a detached disk
           "    " +
           enumerator<DiskUsage>("usage") +
           ",\n"
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
           "    " +
           enumerator<ChargeType>("charge_type") +
           ",\n"
           "    " +
           enumerator<RenewFlag>("renew_flag", true) +
           ",\n"
           "    expires_at INTEGER,\n"
           "    renew_months INTEGER NOT NULL,\n"
           "    tags TEXT NOT NULL,\n"
           "    CHECK ((instance IS NULL) = (position IS NULL)),\n"
           "    CHECK ((instance IS NULL) = (region IS NOT NULL AND zone IS NOT NULL AND project_id IS NOT NULL\n"
           "                                 AND created_at IS NOT NULL))\n"
           ") STRICT;\n"
           "CREATE UNIQUE INDEX disk_by_id ON disk (uin, id);\n"
           "CREATE UNIQUE INDEX disk_of_instance ON disk (instance, position) WHERE instance IS NOT NULL;\n"
           "CREATE INDEX disk_due ON disk (uin, due_at, id) WHERE due_at IS NOT NULL;\n"
           "CREATE INDEX disk_by_expiry ON disk (uin, expires_at) WHERE portable = 1;\n"

           "CREATE TABLE deal (\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    created_at INTEGER NOT NULL,\n"
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
           "    begins_at INTEGER NOT NULL,\n"
           "    voucher INTEGER NOT NULL,\n"
           "    PRIMARY KEY (uin, created_at, order_id)\n"
           ") STRICT, WITHOUT ROWID;\n"
           "CREATE UNIQUE INDEX deal_by_id ON deal (uin, order_id);\n"
           "CREATE INDEX deal_unpaid ON deal (uin, created_at, order_id) WHERE status = 1;\n"
           "CREATE INDEX deal_of_resource ON deal (uin, resource_id, created_at, order_id);\n"

           // The day is the day of usage in UTC+8; NULL for other lines.
           "CREATE TABLE ledger (\n"
           "    seq INTEGER PRIMARY KEY,\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    at INTEGER NOT NULL,\n"
           "    " +
           enumerator<Cause>("cause") +
           ",\n"
           "    cause_id TEXT NOT NULL,\n"
           "    order_id TEXT NOT NULL,\n"
           "    resource_id TEXT NOT NULL,\n"
           "    " +
           enumerator<Book>("from_book") +
           ",\n"
           "    " +
           enumerator<Book>("to_book") +
           ",\n"
           "    amount INTEGER NOT NULL CHECK (amount >= 0),\n"
           "    used INTEGER NOT NULL,\n"
           "    day INTEGER\n"
           ") STRICT;\n"
           "CREATE INDEX ledger_of_account ON ledger (uin);\n"
           "CREATE INDEX ledger_of_vendor ON ledger (uin, at) WHERE from_book = 5 OR to_book = 5;\n"
           "CREATE UNIQUE INDEX ledger_usage ON ledger (uin, resource_id, day, from_book) WHERE day IS NOT NULL;\n"

           "CREATE TABLE voucher (\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    position INTEGER NOT NULL,\n"
           "    id TEXT NOT NULL,\n"
           "    code_id TEXT NOT NULL,\n"
           "    activity_id TEXT NOT NULL,\n"
           "    name TEXT NOT NULL,\n"
           "    remark TEXT NOT NULL,\n"
           "    pay_mode TEXT NOT NULL,\n"
           "    pay_scene TEXT NOT NULL,\n"
           "    products TEXT NOT NULL,\n"
           "    main_type TEXT NOT NULL,\n"
           "    sub_type TEXT NOT NULL,\n"
           "    cancelled INTEGER NOT NULL,\n"
           "    nominal INTEGER NOT NULL,\n"
           "    used INTEGER NOT NULL,\n"
           "    created_at INTEGER NOT NULL,\n"
           "    begins_at INTEGER NOT NULL,\n"
           "    ends_at INTEGER NOT NULL,\n"
           "    PRIMARY KEY (uin, position),\n"
           "    UNIQUE (uin, id)\n"
           ") STRICT, WITHOUT ROWID;\n"

           "CREATE TABLE voucher_use (\n"
           "    seq INTEGER PRIMARY KEY,\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    voucher_id TEXT NOT NULL,\n"
           "    order_id TEXT NOT NULL,\n"
           "    at INTEGER NOT NULL,\n"
           "    amount INTEGER NOT NULL\n"
           ") STRICT;\n"
           "CREATE INDEX voucher_use_of_voucher ON voucher_use (uin, voucher_id);\n"

           "CREATE TABLE resource_tag (\n"
           "    seq INTEGER PRIMARY KEY,\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    resource TEXT NOT NULL,\n"
           "    tags TEXT NOT NULL,\n"
           "    UNIQUE (uin, resource)\n"
           ") STRICT;\n"
           "CREATE INDEX resource_tag_of_account ON resource_tag (uin);\n"

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

           // What accounts add to the catalogue, in the order of the document.
           "CREATE TABLE instance_type (\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    position INTEGER NOT NULL,\n"
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
           "    PRIMARY KEY (uin, position),\n"
           "    UNIQUE (uin, name)\n"
           ") STRICT, WITHOUT ROWID;\n"

           "CREATE TABLE image (\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    position INTEGER NOT NULL,\n"
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
           "    snapshots TEXT,\n" // three lines for each snapshot: id, usage, GiB
           "    tags TEXT NOT NULL,\n"
           "    PRIMARY KEY (uin, position),\n"
           "    UNIQUE (uin, id)\n"
           ") STRICT, WITHOUT ROWID;\n"

           "CREATE TABLE zone (\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    position INTEGER NOT NULL,\n"
           "    name TEXT NOT NULL,\n"
           "    id TEXT NOT NULL,\n"
           "    region TEXT NOT NULL,\n"
           "    name_en TEXT NOT NULL,\n"
           "    name_zh TEXT NOT NULL,\n"
           "    available INTEGER NOT NULL,\n"
           "    PRIMARY KEY (uin, position),\n"
           "    UNIQUE (uin, name)\n"
           ") STRICT, WITHOUT ROWID;\n"

           "CREATE TABLE host (\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    position INTEGER NOT NULL,\n"
           "    id TEXT NOT NULL,\n"
           "    zone TEXT NOT NULL,\n"
           "    name TEXT NOT NULL,\n"
           "    type TEXT NOT NULL,\n"
           "    project_id INTEGER NOT NULL,\n"
           "    " +
           enumerator<ChargeType>("charge_type") +
           ",\n"
           "    " +
           enumerator<RenewFlag>("renew_flag", true) +
           ",\n"
           "    created_at INTEGER NOT NULL,\n"
           "    expires_at INTEGER,\n"
           "    cpu INTEGER NOT NULL,\n"
           "    memory_gib INTEGER NOT NULL,\n"
           "    disk_gib INTEGER NOT NULL,\n"
           "    disk_type TEXT NOT NULL,\n"
           "    month INTEGER,\n"
           "    tags TEXT NOT NULL,\n"
           "    PRIMARY KEY (uin, position),\n"
           "    UNIQUE (uin, id)\n"
           ") STRICT, WITHOUT ROWID;\n"

           // Address blocks: the first address as a number, and the prefix length.
           "CREATE TABLE vpc (\n"
           "    seq INTEGER PRIMARY KEY,\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    id TEXT NOT NULL,\n"
           "    region TEXT NOT NULL,\n"
           "    name TEXT NOT NULL,\n"
           "    address INTEGER NOT NULL,\n"
           "    bits INTEGER NOT NULL,\n"
           "    is_default INTEGER NOT NULL,\n"
           "    multicast INTEGER NOT NULL,\n"
           "    publishes_cidr INTEGER NOT NULL,\n"
           "    publishes_ipv6_cidr INTEGER NOT NULL,\n"
           "    dns_servers TEXT NOT NULL,\n"
           "    domain_name TEXT NOT NULL,\n"
           "    created_at INTEGER NOT NULL,\n"
           "    UNIQUE (uin, id)\n"
           ") STRICT;\n"
           "CREATE INDEX vpc_of_region ON vpc (uin, region);\n"

           "CREATE TABLE subnet (\n"
           "    seq INTEGER PRIMARY KEY,\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    id TEXT NOT NULL,\n"
           "    region TEXT NOT NULL,\n"
           "    vpc_id TEXT NOT NULL,\n"
           "    name TEXT NOT NULL,\n"
           "    zone TEXT NOT NULL,\n"
           "    address INTEGER NOT NULL,\n"
           "    bits INTEGER NOT NULL,\n"
           "    is_default INTEGER NOT NULL,\n"
           "    broadcast INTEGER NOT NULL,\n"
           "    created_at INTEGER NOT NULL,\n"
           "    UNIQUE (uin, id)\n"
           ") STRICT;\n"
           "CREATE INDEX subnet_of_region ON subnet (uin, region);\n"

           "CREATE TABLE security_group (\n"
           "    seq INTEGER PRIMARY KEY,\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    id TEXT NOT NULL,\n"
           "    region TEXT NOT NULL,\n"
           "    name TEXT NOT NULL,\n"
           "    description TEXT NOT NULL,\n"
           "    project_id INTEGER NOT NULL,\n"
           "    is_default INTEGER NOT NULL,\n"
           "    created_at INTEGER NOT NULL,\n"
           "    updated_at INTEGER NOT NULL,\n"
           "    UNIQUE (uin, id)\n"
           ") STRICT;\n"
           "CREATE INDEX security_group_of_region ON security_group (uin, region);\n"

           "CREATE TABLE role (\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    position INTEGER NOT NULL,\n"
           "    name TEXT NOT NULL,\n"
           "    id TEXT NOT NULL,\n"
           "    allowed TEXT NOT NULL,\n"
           "    PRIMARY KEY (uin, position),\n"
           "    UNIQUE (uin, name)\n"
           ") STRICT, WITHOUT ROWID;\n"

           // ActionTimers that have terminated their instance.
           "CREATE TABLE fired_timer (\n"
           "    uin TEXT NOT NULL REFERENCES account (uin) ON DELETE CASCADE,\n"
           "    at INTEGER NOT NULL,\n"
           "    instance_id TEXT NOT NULL,\n"
           "    region TEXT NOT NULL,\n"
           "    PRIMARY KEY (uin, at, instance_id)\n"
           ") STRICT, WITHOUT ROWID;\n";
}

std::string schema_marks_sql()
{
    return "PRAGMA application_id = " + std::to_string(application_id) +
           ";\nPRAGMA user_version = " + std::to_string(schema_version) + ";\n";
}

} // namespace cvm::state
