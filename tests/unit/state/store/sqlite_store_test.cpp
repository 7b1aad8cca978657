#include "state/store/sqlite_store.hpp"

#include "state/model/lighthouse.hpp"
#include "state/store/schema.hpp"
#include "tests/support/difference.hpp"
#include "tests/support/full_disk.hpp"
#include "tests/support/temp_dir.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <filesystem>
#include <limits>
#include <string>

using namespace cvm::state;
using namespace std::chrono_literals;
using cvm::test::TempDir;

namespace {

constexpr Instant noon = std::chrono::sys_days{2026y / 3 / 31} + 12h;
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

// Bytes that a name may contain.
const std::string odd_text{"\xe6\x9c\xaa' \" ; -- %_\\\n\t\0 end", 19};

Disk full_disk()
{
    Disk d;
    d.id = "disk-full0000";
    d.usage = DiskUsage::system;
    d.type = "CLOUD_SSD";
    d.name = odd_text;
    d.size_gib = 123456789012;
    d.portable = true;
    d.delete_with_instance = false;
    d.released = true;
    d.encrypt = true;
    d.charge_type = ChargeType::cdcpaid;
    d.renew_flag = RenewFlag::disable_notify_and_manual_renew;
    d.expires_at = latest;
    d.renew_months = 12;
    return d;
}

Disk bare_disk(std::string id)
{
    Disk d;
    d.id = std::move(id);
    return d;
}

PlacedDisk loose_disk(std::string id)
{
    Disk disk = full_disk();
    disk.id = std::move(id);
    return {.disk = disk,
            .instance_id = {},
            .region = "ap-shanghai",
            .zone = "ap-shanghai-2",
            .project_id = 7,
            .created_at = noon,
            .due_at = noon + 1h};
}

InstanceAttributes full_attributes()
{
    InstanceAttributes a;
    a.host_id = odd_text;
    a.rack_id = "rack-1";
    a.dedicated_cluster_id = "cluster-a";
    a.hpc_cluster_id = "hpc-1";
    a.disaster_recover_group_id = "ps-0";
    a.disaster_recover_group_ids = {"ps-1", odd_text, ""};
    a.partition_number = 3;
    a.virtual_private_cloud = {
        .vpc_id = "vpc-a", .subnet_id = odd_text, .as_vpc_gateway = false, .ipv6_address_count = 2};
    a.public_addressing = {.internet_service_provider = "BGP",
                           .ipv4_address_type = "WanIP",
                           .ipv6_address_type = odd_text,
                           .anti_ddos_package_id = "bgp-1"};
    a.dedicated_resource_pack_tenancy = "ResourcePool";
    a.dedicated_resource_pack_ids = {odd_text, "rpp-1"};
    a.private_ip_addresses = {"10.0.0.1", "10.0.0.2"};
    a.public_ip_addresses = {"203.0.113.1"};
    a.ipv6_addresses = {"2001:db8::1"};
    a.public_ipv6_addresses = {"2001:db8::2"};
    a.rdma_ip_addresses = {"10.1.0.1"};
    a.security_group_ids = {"sg-aaaaaaaa"};
    a.enable_jumbo_frame = true;
    a.image_id = "img-1";
    a.os_name = odd_text;
    a.license_type = "BYOL";
    a.host_name = "host";
    a.default_login_user = "ubuntu";
    a.default_login_port = most;
    a.key_ids = std::vector<std::string>{"skey-1", "skey-2"};
    a.user_data = "ZGF0YQ==";
    a.uuid = "01234567-89ab-cdef-0123-456789abcdef";
    a.tags = {{"k", "未命名"}, {odd_text, odd_text}, {"", ""}};
    a.cam_role_name = "role";
    a.disable_api_termination = true;
    a.metadata = {.items = {{{"a", "b"}}}};
    a.gpu_info = {.count = 0.5, .ids = {{"0", "1"}}, .type = "T4"};
    a.cpu_topology = {.core_count = 2, .threads_per_core = 1};
    return a;
}

// Every field differs from its default.
Instance full_instance()
{
    Instance i;
    i.id = "ins-full0000";
    i.region = "ap-shanghai";
    i.zone = "ap-shanghai-2";
    i.name = odd_text;
    i.type = "S5.MEDIUM2";
    i.project_id = -7;
    i.cpu = 64;
    i.memory_gib = 256;
    i.charge_type = ChargeType::underwrite;
    i.renew_flag = RenewFlag::notify_and_manual_renew;
    i.state = InstanceState::exit_service_live_migrate;
    i.restrict_state = RestrictState::protectively_isolated;
    i.isolated_source = IsolatedSource::manmade;
    i.stop_charging_mode = StopChargingMode::keep_charging;
    i.created_at = earliest;
    i.expires_at = latest;
    i.latest_operation =
        Operation{"RenewInstances", OperationState::failed,       "6ef60bec-0242-43af-bb20-270359fb54a7",
                  odd_text,         noon + std::chrono::hours{1}, InstanceState::stopped};
    i.renew_months = 3;
    i.frozen = Cents{7};
    i.hourly_since = noon;
    i.charged_until = latest;
    i.terminates_at = noon;
    i.due_at = earliest;
    i.internet_charge_type = "TRAFFIC_POSTPAID_BY_HOUR";
    i.bandwidth_mbps = 100;
    i.disks = {full_disk(), bare_disk("disk-bare0000")};
    i.attributes = full_attributes();
    return i;
}

Instance bare_instance(std::string id, Instant created_at = noon, std::string region = "ap-guangzhou")
{
    Instance i;
    i.id = std::move(id);
    i.region = std::move(region);
    i.created_at = created_at;
    return i;
}

Account bare_account(std::string uin)
{
    Account a;
    a.uin = std::move(uin);
    return a;
}

AccountState empty_state(std::string uin)
{
    AccountState state;
    state.account = bare_account(std::move(uin));
    return state;
}

// Every field differs from its default in one of the items; the order is not that of the keys.
Additions full_additions()
{
    Additions a;
    a.types = {{.name = "Z9.SMALL1"},
               {.name = odd_text,
                .family = "A9",
                .description = odd_text,
                .cpu = 3,
                .memory_gib = most,
                .gpu = 2,
                .gpu_type = "NVIDIA X",
                .architecture = "arm",
                .cpu_type = "CPU",
                .frequency = "2.5GHz",
                .bandwidth_gbps = 1.75,
                .pps = 4,
                .month = Cents{0}}};
    a.images = {{.id = "img-zzzzzzzz", .snapshots = std::vector<Snapshot>{}},
                {.id = "img-yyyyyyyy",
                 .name = odd_text,
                 .os_name = "os",
                 .type = "SHARED_IMAGE",
                 .created_at = noon,
                 .description = odd_text,
                 .source = "EXTERNAL_IMPORT",
                 .creator = "1",
                 .state = "SYNCING",
                 .format = "QCOW2RAW",
                 .architecture = "i386",
                 .platform = "Windows",
                 .size_gib = 21,
                 .license_type = "BYOL",
                 .family = odd_text,
                 .snapshots = {{{"snap-2", "DATA_DISK", most}, {odd_text, "SYSTEM_DISK", 0}}},
                 .tags = {{odd_text, "v"}, {"k", odd_text}}},
                {.id = "img-aaaaaaaa"}};
    a.zones = {{.name = "ap-z-9",
                .id = "990009",
                .region = "ap-z",
                .names = {.en = "Zone 9", .zh = odd_text},
                .available = false},
               {.name = "ap-a-1"}};
    a.roles = {{.name = "renewer", .id = "1", .allowed = {"cvm:RenewInstances", "*:Describe*"}},
               {.name = odd_text, .id = odd_text, .allowed = {}}};
    a.hosts = {{.id = "host-zzzzzzzz",
                .zone = "ap-z-9",
                .name = odd_text,
                .type = odd_text,
                .project_id = most,
                .charge_type = ChargeType::postpaid_by_hour,
                .renew_flag = RenewFlag::disable_notify_and_manual_renew,
                .created_at = noon,
                .expires_at = latest,
                .cpu = 3,
                .memory_gib = 5,
                .disk_gib = 7,
                .disk_type = odd_text,
                .month = Cents{most},
                .tags = {{odd_text, "v"}}},
               {.id = "host-aaaaaaaa", .zone = odd_text}};
    return a;
}

// Every field differs from its default; lists in the order in which dump_account gives them.
AccountState full_state()
{
    AccountState s;
    s.account.uin = "100000000001";
    s.account.is_default = true;
    s.account.clock = {-90min, noon};
    s.account.resources = 12;
    s.account.balance = {Cents{most}, Cents{-2}, Cents{3}, Cents{4}, Cents{5}, Cents{least}};
    s.account.orders = 77;
    s.account.lifecycle = odd_text;
    s.account.arrears = {ArrearsStage::cleared, noon};
    s.credentials = {
        {"AKIDzz", "key-1", s.account.uin, odd_text, noon},
        {"AKIDaa", odd_text, s.account.uin, "", std::nullopt, {"cvm:Describe*", "billing:*"}, Mfa::expired},
        {"AKIDno", "key-3", s.account.uin, "", std::nullopt, {}, Mfa::absent},
        {"AKIDtmp",
         "key-4",
         s.account.uin,
         "token",
         noon,
         {"*"},
         Mfa::passed,
         ActionPolicy{{"cvm:*", odd_text}, {"cvm:Modify*"}},
         odd_text,
         "4611686018427397919"},
        {"AKIDnothing", "key-5", s.account.uin, "token", noon, {"*"}, Mfa::passed, ActionPolicy{}, "session", ""},
    };
    s.instances = {bare_instance("ins-bare0000"), full_instance()};
    s.deals = {
        {"20260331710000000000009", "big-9", DealStatus::unpaid, "renew", "ins-full0000", 12, Cents{most}, noon - 1s,
         latest, Cents{least}, "sp_cvm_s5", odd_text},
        {"20260331710000000000001", odd_text, DealStatus::paid, "purchase", odd_text, -1, Cents{-1}, noon, noon},
        {"20260331710000000000002", "", DealStatus::closed, "", "", 0, Cents{0}, noon, earliest},
    };
    s.ledger = {
        {noon, Cause::usage, odd_text, "o-1", "ins-full0000", Book::owed, Book::reserve, Cents{most}, 1h},
        {earliest, Cause::opening, "", "", "", Book::outside, Book::frozen, Cents{}, 0s},
    };
    s.disks = {loose_disk("disk-loose001"), loose_disk("disk-loose002")};
    s.tags = {{"qcs::clb:r:uin/1:clb/z", {{"b", "2"}, {odd_text, ""}}}, {"qcs::cam::uin/1:uin/2", {{"a", odd_text}}}};
    s.client_tokens = {{"token 1", {"ins-full0000", "ins-bare0000"}}, {"token 2", {}}};
    s.additions = full_additions();
    s.account.additions = digest_of(s.additions);
    s.fired_timers = {{"ins-fired001", "ap-guangzhou", earliest}, {"ins-fired000", odd_text, noon}};
    s.deals.front().voucher = Cents{most};
    s.vouchers = {{.id = "v-z",
                   .code_id = odd_text,
                   .activity_id = "activity",
                   .name = odd_text,
                   .remark = "remark",
                   .pay_mode = "prePay",
                   .pay_scene = "renew",
                   .products = {"p_cvm", odd_text},
                   .main_type = "has_price",
                   .sub_type = "discount",
                   .cancelled = true,
                   .nominal = Cents{most},
                   .used = Cents{3},
                   .created_at = earliest,
                   .begins_at = noon,
                   .ends_at = latest},
                  {.id = "v-a"}};
    s.voucher_uses = {{.voucher_id = "v-a", .order_id = odd_text, .at = noon, .amount = Cents{most}},
                      {.voucher_id = "v-z", .order_id = "o-2", .at = noon, .amount = Cents{2}},
                      {.voucher_id = "v-z", .order_id = "o-1", .at = earliest, .amount = Cents{1}}};
    s.account.vouchers = 2;
    return s;
}

std::vector<std::string> ids(const std::vector<Instance>& instances)
{
    std::vector<std::string> found;
    for (const Instance& i : instances)
        found.push_back(i.id);
    return found;
}

using Ids = std::vector<std::string>;

// The error on opening a file; empty if it opens.
std::string refusal(const std::string& path)
{
    try {
        const SqliteStore store{path};
        return {};
    } catch (const BadDatabase& e) {
        return e.what();
    }
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

struct Fixture {
    Fixture() { store.insert_account(empty_state(uin)); }

    const std::string uin = "100000000001";
    SqliteStore store{":memory:"};
};

} // namespace

TEST_CASE("a store finds nothing in an empty database")
{
    SqliteStore store{":memory:"};
    CHECK_FALSE(store.find_credential("AKID").has_value());
    CHECK_FALSE(store.find_account("1").has_value());
    CHECK_FALSE(store.default_account().has_value());
    CHECK_FALSE(store.find_instance("1", "ins-1").has_value());
    CHECK(store.count_instances("1", "ap-guangzhou") == 0);
    CHECK(store.list_instances("1", "ap-guangzhou", {0, 100}).empty());
    CHECK_FALSE(store.has_unpaid_deal("1"));
    CHECK(store.account_uins().empty());
    CHECK_FALSE(store.dump_account("1").has_value());
    CHECK_NOTHROW(store.erase_credential("AKID"));
    CHECK_NOTHROW(store.erase_account("1"));
}

TEST_CASE("a store gives back every field of an account and of all that it owns")
{
    SqliteStore store{":memory:"};
    const AccountState state = full_state();
    store.insert_account(state);

    CHECK(cvm::test::difference(store.find_account(state.account.uin), state.account) == "");
    CHECK(cvm::test::difference(store.default_account(), state.account) == "");
    for (const Credential& credential : state.credentials) {
        CAPTURE(credential.secret_id);
        CHECK(store.find_credential(credential.secret_id) == credential);
    }
    for (const Instance& instance : state.instances) {
        CAPTURE(instance.id);
        CHECK(cvm::test::difference(store.find_instance(state.account.uin, instance.id), instance) == "");
        CHECK(cvm::test::difference(store.list_instances(state.account.uin, instance.region, {0, 10}),
                                    std::vector{instance}) == "");
    }
    const auto dump = store.dump_account(state.account.uin);
    REQUIRE(dump.has_value());
    CHECK(cvm::test::difference(dump->account, state.account) == "");
    CHECK(cvm::test::difference(dump->credentials, state.credentials) == "");
    CHECK(dump->instances == state.instances);
    CHECK(cvm::test::difference(dump->deals, state.deals) == "");
    CHECK(cvm::test::difference(dump->ledger, state.ledger) == "");
    CHECK(cvm::test::difference(*dump, state) == "");
}

TEST_CASE("a store gives back an account that has nothing")
{
    SqliteStore store{":memory:"};
    const AccountState state = empty_state("1");
    store.insert_account(state);
    CHECK(cvm::test::difference(store.find_account("1"), state.account) == "");
    CHECK(cvm::test::difference(store.dump_account("1"), state) == "");
    CHECK_FALSE(store.default_account().has_value());
}

TEST_CASE_FIXTURE(Fixture, "a store keeps every word of every enum")
{
    Instance i = bare_instance("ins-1");
    i.disks = {bare_disk("disk-1")};
    const auto kept = [&] {
        store.save_instance(uin, i);
        return store.find_instance(uin, i.id) == i;
    };
    const auto each = [&]<class E>(E& field) {
        for (std::size_t n = 0; n < Names<E>::all.size(); ++n) {
            field = static_cast<E>(n);
            CAPTURE(name(field));
            CHECK(kept());
        }
    };
    each(i.charge_type);
    each(i.state);
    each(i.restrict_state);
    each(i.isolated_source);
    each(i.stop_charging_mode);
    each(i.renew_flag.emplace());
    each(i.latest_operation.emplace().state);
    each(i.disks.front().usage);
    each(i.disks.front().charge_type);
    each(i.disks.front().renew_flag.emplace());
}

TEST_CASE_FIXTURE(Fixture, "a list is given back whatever its items are")
{
    using List = std::vector<std::string>;
    for (const List& list :
         {List{}, List{""}, List{"", ""}, List{"a", ""}, List{"", "a"}, List{"\n"}, List{"a\nb\n", "c"}, List{"\\"},
          List{"\\n", "\\\\n"}, List{"\\\n", "n"}, List{odd_text, "未命名"}}) {
        CAPTURE(list.size());
        Instance i = bare_instance("ins-aaaaaaaa");
        i.attributes.private_ip_addresses = list;
        i.attributes.public_ip_addresses = list;
        i.attributes.key_ids = list;
        for (const std::string& item : list)
            i.attributes.tags.push_back({item, item});
        i.attributes.metadata = {.items = i.attributes.tags};
        store.save_instance(uin, i);
        CHECK(store.find_instance(uin, i.id) == i);
    }
}

TEST_CASE_FIXTURE(Fixture, "an attribute that is left out, null or empty is given back so")
{
    using Attributes = InstanceAttributes;
    struct Case {
        std::string what;
        void (*change)(Attributes& a);
    };
    const Case cases[] = {
        {"nothing", [](Attributes&) {}},
        {"a null host", [](Attributes& a) { a.host_id.emplace(); }},
        {"an empty host", [](Attributes& a) { a.host_id = ""; }},
        {"a null rack", [](Attributes& a) { a.rack_id.emplace(); }},
        {"an empty rack", [](Attributes& a) { a.rack_id = ""; }},
        {"null keys", [](Attributes& a) { a.key_ids.emplace(); }},
        {"no keys", [](Attributes& a) { a.key_ids.emplace().emplace(); }},
        {"partition 0", [](Attributes& a) { a.partition_number = 0; }},
        {"a subnet without its network", [](Attributes& a) { a.virtual_private_cloud.subnet_id = ""; }},
        {"no gateway", [](Attributes& a) { a.virtual_private_cloud.as_vpc_gateway = false; }},
        {"no public addresses", [](Attributes& a) { a.public_ip_addresses.emplace(); }},
        {"empty user data", [](Attributes& a) { a.user_data = ""; }},
        {"an empty role", [](Attributes& a) { a.cam_role_name = ""; }},
        {"empty metadata", [](Attributes& a) { a.metadata.emplace(); }},
        {"metadata without items", [](Attributes& a) { a.metadata.emplace().items.emplace(); }},
        {"an empty GPU", [](Attributes& a) { a.gpu_info.emplace(); }},
        {"no GPUs", [](Attributes& a) { a.gpu_info.emplace().count = 0; }},
        {"GPUs without ids", [](Attributes& a) { a.gpu_info.emplace().ids.emplace(); }},
        {"an empty topology", [](Attributes& a) { a.cpu_topology.emplace(); }},
        {"half a topology", [](Attributes& a) { a.cpu_topology.emplace().threads_per_core = 0; }},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        Instance i = bare_instance("ins-aaaaaaaa");
        c.change(i.attributes);
        store.save_instance(uin, i);
        CHECK(store.find_instance(uin, i.id) == i);
    }
}

TEST_CASE_FIXTURE(Fixture, "an operation with empty texts is not the same as none")
{
    Instance i = bare_instance("ins-1");
    i.latest_operation = Operation{};
    store.save_instance(uin, i);
    CHECK(store.find_instance(uin, "ins-1") == i);
    i.latest_operation = std::nullopt;
    store.save_instance(uin, i);
    CHECK(store.find_instance(uin, "ins-1") == i);
}

TEST_CASE_FIXTURE(Fixture, "saving an instance replaces all of it and its disks")
{
    Instance i = full_instance();
    store.save_instance(uin, i);
    CHECK(store.find_instance(uin, i.id) == i);

    i.name = "renamed";
    i.disks[1].size_gib = 51;
    store.save_instance(uin, i);
    CHECK(store.find_instance(uin, i.id) == i);

    std::swap(i.disks[0], i.disks[1]); // order is kept
    store.save_instance(uin, i);
    CHECK(store.find_instance(uin, i.id) == i);

    i.disks = {bare_disk("disk-new00000"), bare_disk("disk-bare0000"), bare_disk("disk-new00001")};
    store.save_instance(uin, i);
    CHECK(store.find_instance(uin, i.id) == i);

    i.disks.clear();
    store.save_instance(uin, i);
    CHECK(store.find_instance(uin, i.id) == i);

    const Instance bare = bare_instance(i.id);
    store.save_instance(uin, bare);
    CHECK(store.find_instance(uin, i.id) == bare);
    CHECK(store.count_instances(uin, "ap-shanghai") == 0);
    CHECK(store.count_instances(uin, "ap-guangzhou") == 1);
}

TEST_CASE_FIXTURE(Fixture, "saving an instance leaves the others and their disks alone")
{
    Instance one = bare_instance("ins-1");
    one.disks = {bare_disk("disk-1"), bare_disk("disk-2")};
    Instance other = bare_instance("ins-2");
    other.disks = {bare_disk("disk-3")};
    store.save_instance(uin, one);
    store.save_instance(uin, other);
    one.disks.pop_back();
    store.save_instance(uin, one);
    CHECK(store.find_instance(uin, "ins-1") == one);
    CHECK(store.find_instance(uin, "ins-2") == other);
}

TEST_CASE_FIXTURE(Fixture, "a disk that left one instance can be attached to another")
{
    Instance one = bare_instance("ins-1");
    one.disks = {bare_disk("disk-1")};
    Instance other = bare_instance("ins-2");
    store.save_instance(uin, one);
    std::swap(one.disks, other.disks);
    store.save_instance(uin, one);
    store.save_instance(uin, other);
    CHECK(store.find_instance(uin, "ins-1") == one);
    CHECK(store.find_instance(uin, "ins-2") == other);
}

TEST_CASE("a store tells how much it holds")
{
    SqliteStore store{":memory:"};
    CHECK(store.sizes().accounts == 0);
    CHECK(store.sizes().instances == 0);
    CHECK(store.sizes().bytes > 0);
    store.insert_account(full_state());
    store.insert_account(empty_state("2"));
    const auto instances = static_cast<std::int64_t>(full_state().instances.size());
    CHECK(store.sizes().accounts == 2);
    CHECK(store.sizes().instances == instances);
    Instance elsewhere = full_instance();
    elsewhere.id = "ins-another";
    store.save_instance("2", elsewhere);
    CHECK(store.sizes().instances == instances + 1);
    store.erase_instance("2", elsewhere.id);
    CHECK(store.sizes().instances == instances);
    store.erase_account("2");
    CHECK(store.sizes().accounts == 1);
}

TEST_CASE("two accounts with the same instance ids do not see each other")
{
    SqliteStore store{":memory:"};
    store.insert_account(empty_state("1"));
    store.insert_account(empty_state("2"));
    Instance one = full_instance();
    one.name = "of the first";
    Instance two = full_instance();
    two.name = "of the second";
    two.disks.pop_back();
    store.save_instance("1", one);
    CHECK_FALSE(store.find_instance("2", one.id).has_value());
    CHECK(store.count_instances("2", one.region) == 0);
    CHECK(store.list_instances("2", one.region, {0, 10}).empty());

    store.save_instance("2", two);
    CHECK(store.find_instance("1", one.id) == one);
    CHECK(store.find_instance("2", two.id) == two);
    CHECK(store.list_instances("1", one.region, {0, 10}) == std::vector{one});
    CHECK(store.list_instances("2", two.region, {0, 10}) == std::vector{two});

    const Deal unpaid{"order-1", "order-1", DealStatus::unpaid, "renew", one.id, 1, Cents{100}, noon, noon};
    store.add_deals("1", {unpaid});
    CHECK(store.has_unpaid_deal("1"));
    CHECK_FALSE(store.has_unpaid_deal("2"));
    CHECK_NOTHROW(store.add_deals("2", {unpaid})); // the id is taken within an account only

    two.disks.clear();
    store.save_instance("2", two);
    CHECK(store.find_instance("1", one.id) == one);
    store.erase_account("2");
    CHECK(store.find_instance("1", one.id) == one);
    CHECK(store.has_unpaid_deal("1"));
}

TEST_CASE_FIXTURE(Fixture, "instances are listed newest first and by id within a second")
{
    // Inserted in arbitrary order.
    store.save_instance(uin, bare_instance("ins-c", noon));
    store.save_instance(uin, bare_instance("ins-old", noon - 1s));
    store.save_instance(uin, bare_instance("ins-a", noon));
    store.save_instance(uin, bare_instance("ins-new", noon + 1s));
    store.save_instance(uin, bare_instance("ins-b", noon));
    store.save_instance(uin, bare_instance("ins-oldest", earliest));
    store.save_instance(uin, bare_instance("ins-elsewhere", noon, "ap-shanghai"));
    const Ids all{"ins-new", "ins-a", "ins-b", "ins-c", "ins-old", "ins-oldest"};
    CHECK(cvm::test::difference(ids(store.list_instances(uin, "ap-guangzhou", {0, 100})), all) == "");
    CHECK(store.count_instances(uin, "ap-guangzhou") == 6);
    CHECK(ids(store.list_instances(uin, "ap-shanghai", {0, 100})) == Ids{"ins-elsewhere"});
    CHECK(store.list_instances(uin, "ap-beijing", {0, 100}).empty());
    CHECK(store.list_instances(uin, "", {0, 100}).empty());

    struct Case {
        std::string_view what;
        Page page;
        Ids expected;
    };
    const Case cases[] = {
        {"nothing", {0, 0}, {}},
        {"the first", {0, 1}, {"ins-new"}},
        {"two", {0, 2}, {"ins-new", "ins-a"}},
        {"the next two", {2, 2}, {"ins-b", "ins-c"}},
        {"less than a page", {4, 4}, {"ins-old", "ins-oldest"}},
        {"the last", {5, 1}, {"ins-oldest"}},
        {"exactly all", {0, 6}, all},
        {"behind the end", {6, 10}, {}},
        {"far behind the end", {most, most}, {}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        CHECK(ids(store.list_instances(uin, "ap-guangzhou", c.page)) == c.expected);
    }
}

TEST_CASE_FIXTURE(Fixture, "instances are found by ids in the order of the ids")
{
    std::vector<Instance> made;
    for (const std::string id : {"ins-1", "ins-2", "ins-3"}) {
        made.push_back(bare_instance(id));
        made.back().disks = {bare_disk("disk-a" + id), bare_disk("disk-b" + id)};
        store.save_instance(uin, made.back());
    }
    store.insert_account(empty_state("100000000002"));
    store.save_instance("100000000002", bare_instance("ins-4"));
    CHECK(store.find_instances(uin, Ids{}).empty());
    CHECK(store.find_instances(uin, Ids{"ins-3", "ins-4", "ins-1"}) == std::vector{made[2], made[0]});
    CHECK(store.find_instances(uin, Ids{"ins-2", "ins-2"}) == std::vector{made[1], made[1]});
}

TEST_CASE_FIXTURE(Fixture, "every difference of an instance is written")
{
    struct Case {
        std::string what;
        void (*change)(Instance& i);
    };
    const Case cases[] = {
        {"nothing", [](Instance&) {}},
        {"a flag", [](Instance& i) { i.renew_flag = RenewFlag::notify_and_auto_renew; }},
        {"the operation", [](Instance& i) { i.latest_operation->request_id += "x"; }},
        {"no operation", [](Instance& i) { i.latest_operation.reset(); }},
        {"the expiry", [](Instance& i) { i.expires_at = noon; }},
        {"the due time", [](Instance& i) { i.due_at.reset(); }},
        {"hours", [](Instance& i) { i.charged_until = noon + 1h; }},
        {"no hours", [](Instance& i) { i.charged_until.reset(); }},
        {"the charge type", [](Instance& i) { i.charge_type = ChargeType::spotpaid; }},
        {"the creation", [](Instance& i) { i.created_at = noon - 1h; }},
        {"the region", [](Instance& i) { i.region = "ap-beijing"; }},
        {"the zone", [](Instance& i) { i.zone = "ap-shanghai-4"; }},
        {"the name", [](Instance& i) { i.name = "other"; }},
        {"the type", [](Instance& i) { i.type = ""; }},
        {"the network charge type", [](Instance& i) { i.internet_charge_type = ""; }},
        {"a tag", [](Instance& i) { i.attributes.tags.front().value = "v\tw"; }},
        {"an attribute", [](Instance& i) { i.attributes.gpu_info->ids.reset(); }},
        {"a disk", [](Instance& i) { i.disks.front().size_gib = 1; }},
        {"everything", [](Instance& i) { i = bare_instance(i.id); }},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const Instance before = full_instance();
        store.save_instance(uin, before);
        Instance after = before;
        c.change(after);
        store.replace_instance(uin, before, after);
        CHECK(cvm::test::difference(store.find_instance(uin, after.id), after) == "");
        CHECK(store.count_instances(uin, after.region) == 1);
        CHECK(store.count_instances(uin) == 1);
        CHECK(ids(store.list_instances(uin, after.region, {0, 10})) == Ids{after.id});
        CHECK(store.due_instances(uin, earliest - 1s, latest).size() == (after.due_at ? 1 : 0));
        CHECK(store.list_hourly_instances(uin).size() == (after.charged_until ? 1 : 0));
        CHECK(store.list_expiring_instances(uin).size() == (after.expires_at ? 1 : 0));
    }
    CHECK_THROWS_AS(store.replace_instance(uin, full_instance(), bare_instance("ins-other000")), std::logic_error);
    Instance gone = bare_instance("ins-gone0000");
    gone.expires_at = noon;
    CHECK_THROWS_AS(store.replace_instance(uin, bare_instance(gone.id), gone), std::logic_error);
}

TEST_CASE_FIXTURE(Fixture, "instances are counted whatever happens to them")
{
    const auto counts = [&] {
        return std::vector{store.count_instances(uin, "ap-guangzhou"), store.count_instances(uin, "ap-shanghai"),
                           store.count_instances(uin)};
    };
    using Counts = std::vector<std::int64_t>;
    CHECK(counts() == Counts{0, 0, 0});
    for (const std::string id : {"ins-1", "ins-2", "ins-3"})
        store.save_instance(uin, bare_instance(id));
    store.save_instance(uin, bare_instance("ins-1"));
    CHECK(counts() == Counts{3, 0, 3});
    store.save_instance(uin, bare_instance("ins-1", noon, "ap-shanghai"));
    CHECK(counts() == Counts{2, 1, 3});
    {
        const Transaction transaction{store};
        store.erase_instance(uin, "ins-2");
        CHECK(counts() == Counts{1, 1, 2});
    }
    CHECK(counts() == Counts{2, 1, 3});
    store.erase_instance(uin, "ins-1");
    store.erase_instance(uin, "ins-1");
    CHECK(counts() == Counts{2, 0, 2});
    const auto dump = store.dump_account(uin).value();
    store.erase_account(uin);
    CHECK(counts() == Counts{0, 0, 0});
    store.insert_account(dump);
    CHECK(counts() == Counts{2, 0, 2});
}

TEST_CASE_FIXTURE(Fixture, "Lighthouse instances are listed and counted separately, and keep their region")
{
    const std::string scope = lighthouse_scope("ap-guangzhou");
    store.save_instance(uin, bare_instance("ins-1"));
    store.save_instance(uin, bare_instance("lhins-aaaaaaaa"));
    const auto check = [&] {
        CHECK(ids(store.list_instances(uin, "ap-guangzhou", {0, 100})) == Ids{"ins-1"});
        CHECK(ids(store.list_instances(uin, scope, {0, 100})) == Ids{"lhins-aaaaaaaa"});
        CHECK(store.count_instances(uin, "ap-guangzhou") == 1);
        CHECK(store.count_instances(uin, scope) == 1);
        CHECK(store.find_instance(uin, "lhins-aaaaaaaa")->region == "ap-guangzhou");
    };
    check();
    auto moved = bare_instance("lhins-aaaaaaaa", noon, "ap-shanghai");
    store.save_instance(uin, moved);
    CHECK(store.count_instances(uin, scope) == 0);
    CHECK(store.count_instances(uin, "ap-shanghai") == 0);
    CHECK(store.count_instances(uin, lighthouse_scope("ap-shanghai")) == 1);
    store.save_instance(uin, bare_instance("lhins-aaaaaaaa"));
    PlacedDisk disk;
    disk.region = "ap-guangzhou";
    disk.zone = "ap-guangzhou-3";
    disk.disk.id = "lhdisk-aaaaaaaa";
    disk.disk.portable = true;
    store.save_disk(uin, disk);
    CHECK(store.find_disk(uin, "lhdisk-aaaaaaaa")->region == "ap-guangzhou");
    const auto dump = store.dump_account(uin).value();
    store.erase_account(uin);
    store.insert_account(dump);
    check();
    store.erase_instance(uin, "lhins-aaaaaaaa");
    CHECK(store.count_instances(uin, scope) == 0);
}

TEST_CASE_FIXTURE(Fixture, "instances are selected by conditions, newest first, with the number of all")
{
    for (int n = 0; n < 5; ++n) {
        Instance i = bare_instance("ins-" + std::to_string(n), noon + std::chrono::hours{n});
        i.zone = n % 2 == 0 ? "ap-guangzhou-3" : "ap-guangzhou-4";
        i.name = odd_text;
        i.disks = {bare_disk("disk-" + std::to_string(n))};
        store.save_instance(uin, i);
    }
    store.save_instance(uin, bare_instance("ins-elsewhere", noon, "ap-shanghai"));
    const auto select = [&](std::vector<InstanceCondition> conditions, Page page = {0, 10}) {
        const auto found = store.select_instances(uin, "ap-guangzhou", conditions, page);
        for (const Instance& instance : found.instances)
            CHECK(store.find_instance(uin, instance.id) == instance);
        return std::pair{found.total, ids(found.instances)};
    };
    using Member = InstanceMember;
    using Found = std::pair<std::int64_t, Ids>;
    CHECK(select({}) == Found{5, {"ins-4", "ins-3", "ins-2", "ins-1", "ins-0"}});
    CHECK(select({}, {1, 2}) == Found{5, {"ins-3", "ins-2"}});
    CHECK(select({}, {4, 2}) == Found{5, {"ins-0"}});
    CHECK(select({}, {most, most}) == Found{5, {}});
    CHECK(select({{Member::zone, {}}}) == Found{0, {}});
    CHECK(select({{Member::zone, {"ap-guangzhou-3"}}}, {1, 1}) == Found{3, {"ins-2"}});
    CHECK(select({{Member::zone, {"ap-guangzhou-3", "ap-guangzhou-4"}}}, {0, 1}) == Found{5, {"ins-4"}});
    CHECK(select({{Member::id, {"ins-1", "ins-3", "ins-elsewhere"}}}) == Found{2, {"ins-3", "ins-1"}});
    CHECK(select({{Member::id, {"ins-1", "ins-2"}}, {Member::zone, {"ap-guangzhou-4"}}}) == Found{1, {"ins-1"}});
    const std::int64_t at = (noon + 2h).time_since_epoch().count();
    CHECK(select({{Member::created_from, {at}}}) == Found{3, {"ins-4", "ins-3", "ins-2"}});
    CHECK(select({{Member::created_from, {at}}, {Member::created_until, {at}}}) == Found{1, {"ins-2"}});
    CHECK(select({{Member::name, {odd_text}}}, {0, 1}) == Found{5, {"ins-4"}});
    CHECK(select({{Member::name, {"' OR 1 = 1 --"}}}) == Found{0, {}});
}

TEST_CASE_FIXTURE(Fixture, "rules of instances come in the order of the ids")
{
    AccountState state = empty_state("100000000002");
    state.rules = {{"", "A"}, {"ins-1", "C"}, {"ins-1", "B"}, {"ins-2", "D"}};
    store.insert_account(state);
    CHECK(store.rules_of("100000000002", Ids{"ins-2", "ins-3", "ins-1"}) ==
          std::vector<Rule>{{"ins-2", "D"}, {"ins-1", "B"}, {"ins-1", "C"}});
    CHECK(store.rules_of(uin, Ids{"ins-1"}).empty());
    CHECK(store.rule_codes("100000000002", "") == Ids{"A"});
}

TEST_CASE_FIXTURE(Fixture, "a list carries the disks of each instance")
{
    Instance one = bare_instance("ins-1", noon);
    one.disks = {bare_disk("disk-9"), bare_disk("disk-1")};
    Instance two = bare_instance("ins-2", noon - 1s);
    Instance three = bare_instance("ins-3", noon - 2s);
    three.disks = {bare_disk("disk-5")};
    for (const Instance& i : {three, one, two})
        store.save_instance(uin, i);
    CHECK(store.list_instances(uin, "ap-guangzhou", {0, 10}) == std::vector{one, two, three});
}

TEST_CASE_FIXTURE(Fixture, "saving an account replaces all of it but its Uin")
{
    Account account = full_state().account;
    store.save_account(account);
    CHECK(store.find_account(uin) == account);
    CHECK(store.default_account() == account);

    account = bare_account(uin);
    store.save_account(account);
    CHECK(store.find_account(uin) == account);
    CHECK_FALSE(store.default_account().has_value());
}

TEST_CASE("saving one account leaves the other as it was")
{
    SqliteStore store{":memory:"};
    store.insert_account(empty_state("1"));
    store.insert_account(empty_state("2"));
    Account changed = bare_account("1");
    changed.balance.cash = Cents{100};
    store.save_account(changed);
    CHECK(store.find_account("1") == changed);
    CHECK(store.find_account("2") == bare_account("2"));
}

TEST_CASE("at most one account is the default one")
{
    SqliteStore store{":memory:"};
    AccountState one = empty_state("1");
    one.account.is_default = true;
    AccountState two = empty_state("2");
    store.insert_account(two);
    CHECK_FALSE(store.default_account().has_value());
    store.insert_account(one);
    CHECK(store.default_account() == one.account);

    AccountState third = empty_state("3");
    third.account.is_default = true;
    CHECK_THROWS(store.insert_account(third));
    two.account.is_default = true;
    CHECK_THROWS(store.save_account(two.account));
    CHECK(store.default_account() == one.account);
}

TEST_CASE("accounts are listed in the order in which they were inserted")
{
    SqliteStore store{":memory:"};
    for (const std::string uin : {"3", "1", "2"})
        store.insert_account(empty_state(uin));
    CHECK(store.account_uins() == Ids{"3", "1", "2"});
    store.erase_account("1");
    CHECK(store.account_uins() == Ids{"3", "2"});
    store.insert_account(empty_state("1"));
    CHECK(store.account_uins() == Ids{"3", "2", "1"});
    Account third = bare_account("3");
    third.orders = 1;
    store.save_account(third);
    CHECK(store.account_uins() == Ids{"3", "2", "1"});
}

TEST_CASE("erasing an account takes everything that it owns along and nothing else")
{
    SqliteStore store{":memory:"};
    const AccountState state = full_state();
    store.insert_account(state);
    AccountState other = empty_state("2");
    other.credentials = {{"AKIDother", "key", "2", "", std::nullopt}};
    other.instances = {bare_instance("ins-full0000")};
    other.instances[0].disks = {bare_disk("disk-full0000")};
    store.insert_account(other);

    store.erase_account(state.account.uin);
    CHECK_FALSE(store.find_account(state.account.uin).has_value());
    CHECK_FALSE(store.default_account().has_value());
    CHECK_FALSE(store.find_credential("AKIDaa").has_value());
    CHECK_FALSE(store.find_instance(state.account.uin, "ins-full0000").has_value());
    CHECK_FALSE(store.has_unpaid_deal(state.account.uin));
    CHECK(store.dump_account("2") == other);

    store.insert_account(state); // nothing is left behind that would be in the way
    CHECK(cvm::test::difference(store.dump_account(state.account.uin), state) == "");
}

TEST_CASE("an existing id is refused")
{
    SqliteStore store{":memory:"};
    const AccountState state = full_state();
    store.insert_account(state);
    store.insert_account(empty_state("2"));

    CHECK_THROWS(store.insert_account(empty_state(state.account.uin)));
    CHECK_THROWS(store.add_credential({"AKIDaa", "another key", state.account.uin, "", std::nullopt}));
    CHECK_THROWS(store.add_credential({"AKIDaa", "another key", "2", "", std::nullopt}));
    CHECK_THROWS(store.add_deals(state.account.uin, {state.deals[0]}));
    Instance thief = bare_instance("ins-thief000");
    thief.disks = {bare_disk("disk-full0000")};
    {
        const Transaction transaction{store};
        CHECK_THROWS(store.save_instance(state.account.uin, thief));
    }
    Instance twice = bare_instance("ins-twice000");
    twice.disks = {bare_disk("disk-twice000"), bare_disk("disk-twice000")};
    {
        const Transaction transaction{store};
        CHECK_THROWS(store.save_instance(state.account.uin, twice));
    }
    CHECK(cvm::test::difference(store.dump_account(state.account.uin), state) == "");
    CHECK(store.dump_account("2") == empty_state("2"));
}

TEST_CASE("rows of an account that does not exist are refused")
{
    SqliteStore store{":memory:"};
    CHECK_THROWS(store.add_credential({"AKID", "key", "1", "", std::nullopt}));
    CHECK_THROWS(store.save_instance("1", bare_instance("ins-1")));
    CHECK_THROWS(store.add_deals("1", {full_state().deals[0]}));
    CHECK_FALSE(store.find_credential("AKID").has_value());
    CHECK_FALSE(store.find_instance("1", "ins-1").has_value());
}

TEST_CASE_FIXTURE(Fixture, "a store works on after it refused something")
{
    store.add_credential({"AKID", "key", uin, "", std::nullopt});
    for (int i = 0; i < 3; ++i)
        CHECK_THROWS(store.add_credential({"AKID", "other", uin, "", std::nullopt}));
    store.add_credential({"AKID2", "key2", uin, "token", noon});
    CHECK(store.find_credential("AKID")->secret_key == "key");
    CHECK(store.find_credential("AKID2")->expires_at == noon);
}

TEST_CASE_FIXTURE(Fixture, "an erased credential is gone and its id is free again")
{
    const Credential first{"AKID", "key", uin, "token", noon};
    store.add_credential(first);
    store.erase_credential("akid"); // another one
    CHECK(store.find_credential("AKID") == first);
    store.erase_credential("AKID");
    CHECK_FALSE(store.find_credential("AKID").has_value());
    const Credential second{"AKID", "key2", uin, "", std::nullopt};
    store.add_credential(second);
    CHECK(store.find_credential("AKID") == second);
}

TEST_CASE_FIXTURE(Fixture, "names are compared byte by byte")
{
    store.save_instance(uin, bare_instance("ins-abcd"));
    store.add_credential({"AKIDabc", "key", uin, "", std::nullopt});
    for (const std::string id : {"ins-ABCD", "ins-abc", "ins-abcd ", "ins-abc_", "ins-%", "' OR 1=1 --", ""}) {
        CAPTURE(id);
        CHECK_FALSE(store.find_instance(uin, id).has_value());
    }
    CHECK_FALSE(store.find_instance(uin, std::string_view{"ins-abcd\0", 9}).has_value());
    CHECK_FALSE(store.find_credential("AKIDABC").has_value());
    CHECK_FALSE(store.find_credential("AKIDab%").has_value());
}

TEST_CASE_FIXTURE(Fixture, "only a deal with the status unpaid is an unpaid deal")
{
    for (const DealStatus status : {DealStatus::paid, DealStatus::shipped, DealStatus::refunded, DealStatus::closed}) {
        store.add_deals(uin, {{"order-" + std::to_string(static_cast<int>(status)), "", status, "renew", "ins-1", 1,
                               Cents{1}, noon, noon}});
        CHECK_FALSE(store.has_unpaid_deal(uin));
    }
    store.add_deals(uin, {{"order-unpaid", "", DealStatus::unpaid, "renew", "ins-1", 1, Cents{1}, noon, noon}});
    CHECK(store.has_unpaid_deal(uin));
    store.add_deals(uin, {{"order-before", "", DealStatus::unpaid, "renew", "ins-2", 1, Cents{1}, noon, noon}});
    std::vector<std::string> unpaid;
    for (const Deal& deal : store.list_unpaid_deals(uin))
        unpaid.push_back(deal.order_id);
    CHECK(unpaid == Ids{"order-before", "order-unpaid"});
}

TEST_CASE_FIXTURE(Fixture, "a transaction that is not committed leaves nothing")
{
    const AccountState before = *store.dump_account(uin);
    {
        const Transaction transaction{store};
        Account account = before.account;
        account.balance.cash = Cents{1};
        store.save_account(account);
        store.save_instance(uin, full_instance());
        store.add_credential({"AKID", "key", uin, "", std::nullopt});
        store.add_deals(uin, {full_state().deals[0]});
        store.insert_account(empty_state("2"));
        CHECK(store.find_instance(uin, "ins-full0000").has_value()); // it sees its own work
        CHECK(store.account_uins().size() == 2);
    }
    CHECK(store.dump_account(uin) == before);
    CHECK(store.account_uins() == Ids{uin});
}

TEST_CASE_FIXTURE(Fixture, "an erased account comes back when the transaction is not committed")
{
    store.erase_account(uin);
    const AccountState state = full_state();
    store.insert_account(state);
    {
        const Transaction transaction{store};
        store.erase_account(uin);
        CHECK_FALSE(store.find_account(uin).has_value());
    }
    CHECK(cvm::test::difference(store.dump_account(uin), state) == "");
}

TEST_CASE_FIXTURE(Fixture, "a committed transaction stays")
{
    {
        Transaction transaction{store};
        store.save_instance(uin, full_instance());
        store.add_deals(uin, {full_state().deals[0]});
        transaction.commit();
    }
    CHECK(store.find_instance(uin, "ins-full0000") == full_instance());
    CHECK(store.has_unpaid_deal(uin));
    {
        const Transaction next{store}; // and the next one can begin
        store.erase_account(uin);
    }
    CHECK(store.has_unpaid_deal(uin));
}

TEST_CASE_FIXTURE(Fixture, "a failing statement inside a transaction leaves nothing")
{
    const AccountState before = *store.dump_account(uin);
    const auto fails_halfway = [&] {
        Transaction transaction{store};
        store.save_instance(uin, full_instance());
        Instance thief = bare_instance("ins-thief000");
        thief.disks = {bare_disk("disk-new00000"), bare_disk("disk-full0000")}; // the second is taken
        store.save_instance(uin, thief);
        transaction.commit();
    };
    CHECK_THROWS(fails_halfway());
    CHECK(store.dump_account(uin) == before);
    CHECK_THROWS(fails_halfway()); // and may be tried again
    CHECK(store.dump_account(uin) == before);
}

TEST_CASE_FIXTURE(Fixture, "a whole account with one bad part leaves nothing inside a transaction")
{
    AccountState bad = full_state();
    bad.account.uin = "2";
    for (Credential& credential : bad.credentials)
        credential.uin = "2";
    bad.deals.push_back(bad.deals.front());
    const auto fails_at_the_end = [&] {
        Transaction transaction{store};
        store.insert_account(bad);
        transaction.commit();
    };
    CHECK_THROWS(fails_at_the_end());
    CHECK(store.account_uins() == Ids{uin});
    CHECK_FALSE(store.find_credential("AKIDaa").has_value());
    CHECK_FALSE(store.find_instance("2", "ins-full0000").has_value());
}

TEST_CASE_FIXTURE(Fixture, "a transaction inside another is a savepoint")
{
    const auto inside = [&](const std::string& id, bool commit) {
        Transaction inner{store};
        store.save_instance(uin, bare_instance(id));
        if (commit)
            inner.commit();
    };
    const auto saved = [&] {
        Ids ids;
        const AccountState state = store.dump_account(uin).value();
        for (const Instance& instance : state.instances)
            ids.push_back(instance.id);
        return ids;
    };
    {
        Transaction outer{store};
        store.save_instance(uin, bare_instance("ins-1"));
        inside("ins-2", true);
        inside("ins-3", false);
        inside("ins-4", true);
        CHECK(saved() == Ids{"ins-1", "ins-2", "ins-4"});
        outer.commit();
    }
    CHECK(saved() == Ids{"ins-1", "ins-2", "ins-4"});
    {
        const Transaction outer{store};
        inside("ins-5", true);
        CHECK(saved().size() == 4);
    }
    CHECK(saved() == Ids{"ins-1", "ins-2", "ins-4"});
}

TEST_CASE("a transaction that SQLite has rolled back by itself takes nothing more and cannot be committed")
{
    const TempDir dir;
    SqliteStore store{dir.file("cvm.db")};
    const std::string uin = "1";
    store.insert_account(empty_state(uin));
    const AccountState before = store.dump_account(uin).value();
    {
        Transaction outer{store};
        store.save_instance(uin, bare_instance("ins-1"));
        {
            Transaction inner{store};
            Instance large = bare_instance("ins-2");
            large.attributes.user_data = std::string(std::size_t{64} << 20U, 'x'); // more than SQLite keeps in memory
            const cvm::test::FullDisk full;
            CHECK_THROWS(store.save_instance(uin, large));
        }
        CHECK_THROWS(Transaction{store});
        CHECK_THROWS(outer.commit());
    }
    CHECK(store.dump_account(uin) == before);
    Transaction next{store};
    store.save_instance(uin, bare_instance("ins-3"));
    next.commit();
    CHECK(store.count_instances(uin) == 1);
}

TEST_CASE("a host that is renewed has its new expiry and its new flag, and all else as before")
{
    AccountState state = full_state();
    const std::string& uin = state.account.uin;
    SqliteStore store{":memory:"};
    store.insert_account(state);
    Host& host = state.additions.hosts.front();
    host.expires_at = noon;
    host.renew_flag = RenewFlag::notify_and_auto_renew;
    store.renew_host(uin, host);
    CHECK(cvm::test::difference(store.dump_account(uin), std::optional{state}) == "");
    CHECK_THROWS(store.renew_host(uin, {.id = "host-unknown0"}));
    CHECK_THROWS(store.renew_host("2", host));
}

TEST_CASE("an account that is replaced is the new one in everything, whatever it was before")
{
    const std::string uin = full_state().account.uin;
    const auto changed = [](auto change) {
        AccountState state = full_state();
        change(state);
        return state;
    };
    const std::vector<AccountState> states{
        full_state(),
        empty_state(uin),
        changed([](AccountState& s) { s.instances.back().expires_at = noon; }),
        changed([](AccountState& s) { s.instances.back().name = "other"; }),
        changed([](AccountState& s) { s.instances.back().region = "ap-guangzhou"; }),
        changed([](AccountState& s) { s.instances.pop_back(); }),
        changed([](AccountState& s) { s.instances.push_back(bare_instance("ins-more0000")); }),
        // The same disks in other places.
        changed([](AccountState& s) { std::swap(s.instances.front().disks, s.instances.back().disks); }),
        changed([](AccountState& s) { std::swap(s.instances.back().disks.front(), s.instances.back().disks.back()); }),
        changed([](AccountState& s) { std::swap(s.instances.back().disks.front(), s.disks.front().disk); }),
        changed([](AccountState& s) { std::swap(s.credentials.front(), s.credentials.back()); }),
        changed([](AccountState& s) { std::swap(s.ledger.front(), s.ledger.back()); }),
        changed([](AccountState& s) { std::swap(s.tags.front(), s.tags.back()); }),
        changed([](AccountState& s) { s.vouchers.pop_back(), s.voucher_uses.pop_back(), s.account.vouchers = 1; }),
        changed([](AccountState& s) {
            s.deals.pop_back(), s.client_tokens.pop_back(), s.rules = {{"", "Code"}};
        }),
        changed([](AccountState& s) { s.additions.hosts.pop_back(), s.account.additions = digest_of(s.additions); }),
        changed([](AccountState& s) { s.additions.roles.pop_back(), s.account.additions = digest_of(s.additions); }),
        changed([](AccountState& s) { s.additions.hosts.front().expires_at = noon; }),
        changed([](AccountState& s) { s.fired_timers.pop_back(); }),
    };
    for (const AccountState& before : states)
        for (const AccountState& after : states) {
            CAPTURE(cvm::test::difference(before, after));
            SqliteStore store{":memory:"};
            store.insert_account(empty_state("2"));
            store.replace_account(before); // inserts it
            store.insert_account(empty_state("3"));
            store.replace_account(after);
            SqliteStore fresh{":memory:"};
            fresh.insert_account(after);
            CHECK(cvm::test::difference(store.dump_account(uin), fresh.dump_account(uin)) == "");
            CHECK(store.account_uins() == Ids{"2", uin, "3"});
            for (const char* region : {"ap-guangzhou", "ap-shanghai"})
                CHECK(store.count_instances(uin, region) == fresh.count_instances(uin, region));
        }
}

TEST_CASE("an account is replaced wholly, whatever was written since it was replaced before")
{
    const TempDir dir;
    const AccountState state = full_state();
    const std::string uin = state.account.uin;
    SqliteStore store{dir.file("cvm.db")};
    store.replace_account(state);
    const auto replaced = [&](auto change) {
        store.replace_account(state);
        change();
        CHECK(cvm::test::difference(store.dump_account(uin), state) != "");
        store.replace_account(state);
        CHECK(cvm::test::difference(store.dump_account(uin), state) == "");
    };
    const Instance full = full_instance();
    Instance renewed = full;
    renewed.expires_at = noon;
    replaced([&] { store.save_instance(uin, renewed); });
    replaced([&] { store.replace_instance(uin, full, renewed); });
    replaced([&] { store.erase_instance(uin, full.id); });
    replaced([&] { store.save_instance(uin, bare_instance("ins-more0000")); });
    for (int i = 0; i < 9; ++i)
        replaced([&] { store.save_instance(uin, bare_instance("ins-" + std::to_string(i))); });
    replaced([&] {
        for (int i = 0; i < 9; ++i)
            store.save_instance(uin, bare_instance("ins-" + std::to_string(i)));
    });
    replaced([&] { store.erase_disk(uin, full.disks.back().id); });
    replaced([&] {
        PlacedDisk disk = store.find_disk(uin, full.disks.front().id).value();
        disk.disk.name = "other";
        store.save_disk(uin, disk);
    });
    replaced([&] {
        store.erase_account(uin);
        store.insert_account(empty_state(uin));
    });
    replaced([&] { SqliteStore{dir.file("cvm.db")}.save_instance(uin, renewed); });

    store.replace_account(empty_state(uin));
    {
        const Transaction lost{store};
        store.replace_account(state);
    }
    store.replace_account(state);
    CHECK(cvm::test::difference(store.dump_account(uin), state) == "");
}

TEST_CASE("a database in memory is the store's own")
{
    SqliteStore one{":memory:"};
    one.insert_account(empty_state("1"));
    SqliteStore other{":memory:"};
    CHECK(other.account_uins().empty());
}

TEST_CASE("a database file that is opened again holds the state")
{
    const TempDir dir;
    const AccountState state = full_state();
    {
        SqliteStore store{dir.file("cvm.db")};
        store.insert_account(state);
        const Transaction lost{store};
        store.erase_account(state.account.uin);
    }
    for (int i = 0; i < 2; ++i) {
        SqliteStore store{dir.file("cvm.db")};
        CHECK(store.account_uins() == Ids{state.account.uin});
        CHECK(cvm::test::difference(store.dump_account(state.account.uin), state) == "");
    }
}

TEST_CASE("an empty file becomes a database")
{
    const TempDir dir;
    SqliteStore store{dir.write("empty.db", "")};
    CHECK(store.account_uins().empty());
}

TEST_CASE_FIXTURE(Fixture, "an erased instance takes the disks on it along and no others")
{
    AccountState state = full_state();
    state.account.uin = "another";
    state.account.is_default = false;
    for (Credential& credential : state.credentials)
        credential.secret_id += " of another";
    store.insert_account(state);
    const std::string owner = "another";
    store.erase_instance(owner, "ins-full0000");
    CHECK_FALSE(store.find_instance(owner, "ins-full0000"));
    CHECK_FALSE(store.find_disk(owner, "disk-full0000"));
    CHECK(store.find_disk(owner, "disk-loose001"));
    CHECK(store.find_instance(owner, "ins-bare0000"));
    CHECK_NOTHROW(store.erase_instance(owner, "ins-full0000"));
}

TEST_CASE_FIXTURE(Fixture, "instances and elastic disks are listed by expiry, page by page")
{
    const auto id_of = [](const std::variant<Instance, PlacedDisk>& resource) {
        const auto* instance = std::get_if<Instance>(&resource);
        return instance != nullptr ? instance->id : std::get<PlacedDisk>(resource).disk.id;
    };
    const auto disk = [](std::string id, std::optional<Instant> expiry) {
        PlacedDisk placed = loose_disk(std::move(id));
        placed.disk.expires_at = expiry;
        return placed;
    };
    // In arbitrary order, several with the same expiry, some of each kind without one.
    for (const auto& [id, hours] :
         {std::pair{"ins-later000", 3}, {"ins-first000", 1}, {"ins-same0000", 2}, {"ins-same0001", 2}}) {
        Instance made = bare_instance(id);
        made.expires_at = noon + std::chrono::hours{hours};
        store.save_instance(uin, made);
    }
    for (const char* id : {"ins-hourly00", "ins-hourly01"}) {
        Instance made = bare_instance(id);
        made.charge_type = ChargeType::postpaid_by_hour;
        made.charged_until = noon;
        store.save_instance(uin, made);
    }
    store.save_disk(uin, disk("disk-same0000", noon + 2h));
    store.save_disk(uin, disk("disk-same0001", noon + 2h));
    store.save_disk(uin, disk("disk-last0000", noon + 4h));
    store.save_disk(uin, disk("disk-without0", std::nullopt));
    Instance with_disks = bare_instance("ins-disks000");
    with_disks.expires_at = noon + 5h;
    with_disks.disks = {bare_disk("disk-own00000"), disk("disk-attached", noon + 1h).disk};
    store.save_instance(uin, with_disks);

    const Ids all{"ins-first000", "disk-attached", "ins-same0000", "ins-same0001", "disk-same0000", "disk-same0001",
                  "ins-later000", "disk-last0000", "ins-disks000", "ins-hourly00", "ins-hourly01",  "disk-without0"};
    for (const std::int64_t limit : {1, 2, 3, 5, 100}) {
        CAPTURE(limit);
        Ids found;
        std::string after;
        for (std::int64_t left = std::ssize(all); left > 0;) {
            const auto page = store.list_by_expiry(uin, after, limit);
            REQUIRE(page.has_value());
            REQUIRE_FALSE(page->resources.empty());
            left -= std::ssize(page->resources);
            CHECK(page->left_out == left);
            for (const auto& resource : page->resources)
                found.push_back(id_of(resource));
            after = found.back();
        }
        CHECK(found == all);
        CHECK(store.list_by_expiry(uin, after, limit)->resources.empty());
    }
    CHECK(store.list_by_expiry(uin, "", 0)->left_out == std::ssize(all));
    CHECK_FALSE(store.list_by_expiry(uin, "ins-nosuch00", 1).has_value());
    CHECK_FALSE(store.list_by_expiry(uin, "disk-own00000", 1).has_value()); // not elastic
    CHECK_FALSE(store.list_by_expiry("nobody", "ins-first000", 1).has_value());
    CHECK(std::get<PlacedDisk>(store.list_by_expiry(uin, "ins-first000", 1)->resources.front()).instance_id ==
          "ins-disks000");
}

TEST_CASE_FIXTURE(Fixture, "a list by expiry has those members of an instance that determine its outlook")
{
    Instance made = full_instance();
    made.terminates_at.reset();
    store.save_instance(uin, made);
    const auto told = [&] { return std::get<Instance>(store.list_by_expiry(uin, "", 1)->resources.at(0)); };
    Instance course = told();
    CHECK(course.id == made.id);
    CHECK(course.zone == made.zone);
    CHECK(course.name == made.name);
    CHECK(course.state == made.state);
    CHECK(course.expires_at == made.expires_at);
    CHECK(course.latest_operation == made.latest_operation);
    CHECK(course.disks.empty());
    made.terminates_at = noon;
    made.attributes.disable_api_termination = true;
    store.save_instance(uin, made);
    CHECK(told().attributes.disable_api_termination);
}

TEST_CASE_FIXTURE(Fixture, "instances with an expiry are listed by it in all regions")
{
    std::vector<Instance> made;
    for (const auto& [id, hours] : {std::pair{"ins-later000", 2}, {"ins-sooner00", 1}, {"ins-also2000", 2}}) {
        made.push_back(bare_instance(id, noon, hours == 1 ? "ap-shanghai" : "ap-guangzhou"));
        made.back().expires_at = noon + std::chrono::hours{hours};
        store.save_instance(uin, made.back());
    }
    store.save_instance(uin, bare_instance("ins-hourly00"));
    CHECK(ids(store.list_expiring_instances(uin)) == Ids{"ins-sooner00", "ins-also2000", "ins-later000"});
}

TEST_CASE_FIXTURE(Fixture, "due instances and detached disks are found by their time")
{
    const auto due = [](Instance instance, std::optional<Instant> at) {
        instance.due_at = at;
        return instance;
    };
    store.save_instance(uin, due(bare_instance("ins-later000"), noon + 2h));
    store.save_instance(uin, due(bare_instance("ins-sooner00", noon, "ap-shanghai"), noon + 1h));
    store.save_instance(uin, due(bare_instance("ins-never000"), std::nullopt));
    Instance hourly = due(bare_instance("ins-hourly00"), noon);
    hourly.charged_until = noon;
    store.save_instance(uin, hourly);
    PlacedDisk disk = loose_disk("disk-loose001");
    disk.due_at = noon + 90min;
    store.save_disk(uin, disk);
    store.insert_account(empty_state("100000000002"));

    CHECK(store.due_instances(uin, earliest - 1s, noon - 1s).empty());
    CHECK(ids(store.due_instances(uin, earliest - 1s, noon + 1h)) == Ids{"ins-hourly00", "ins-sooner00"});
    CHECK(ids(store.due_instances(uin, earliest - 1s, latest)) == Ids{"ins-hourly00", "ins-sooner00", "ins-later000"});
    CHECK(ids(store.due_instances(uin, noon, noon + 2h)) == Ids{"ins-sooner00", "ins-later000"});
    CHECK(store.due_disks(uin, noon + 90min, latest).empty());
    CHECK(store.due_disks(uin, earliest - 1s, noon + 90min - 1s).empty());
    CHECK(store.due_disks(uin, earliest - 1s, noon + 90min) == std::vector{disk});
    CHECK(ids(store.list_hourly_instances(uin)) == Ids{"ins-hourly00"});
    CHECK(store.next_due(uin) == noon);
    CHECK(store.next_due_besides_hours(uin, earliest) == noon + 1h);
    CHECK(store.next_due_besides_hours(uin, noon + 1h) == noon + 90min);
    CHECK(store.next_due_besides_hours(uin, noon + 2h) == std::nullopt);
    CHECK(store.next_due("100000000002") == std::nullopt);
    CHECK(store.due_by(uin, 1) == noon);
    CHECK(store.due_by(uin, 2) == noon + 2h);
    CHECK(store.due_by(uin, 3) == std::nullopt);

    disk.due_at.reset();
    store.save_disk(uin, disk);
    CHECK(store.due_disks(uin, earliest - 1s, latest).empty());
    store.erase_instance(uin, "ins-hourly00");
    CHECK(store.next_due(uin) == noon + 1h);
}

TEST_CASE_FIXTURE(Fixture, "a ledger is read in pages: the latest lines, or the first after a line")
{
    store.insert_account(empty_state("100000000002"));
    std::vector<LedgerLine> all;
    for (std::int64_t i = 0; i < 5; ++i) {
        all.push_back({.at = noon,
                       .cause = Cause::deposit,
                       .cause_id = "",
                       .order_id = "",
                       .resource_id = "",
                       .from = Book::outside,
                       .to = Book::cash,
                       .amount = Cents{i}});
        store.add_ledger_lines(uin, {all.back()});
        store.add_ledger_lines("100000000002", {all.back()});
    }
    const auto amounts = [](const LedgerPage& page) {
        std::vector<std::int64_t> found;
        for (const auto& [number, line] : page.lines)
            found.push_back(line.amount.value);
        return found;
    };
    using Amounts = std::vector<std::int64_t>;
    const LedgerPage latest_two = store.select_ledger(uin, std::nullopt, 2);
    CHECK(amounts(latest_two) == Amounts{3, 4});
    CHECK(latest_two.left_out == 3);
    const LedgerPage first_two = store.select_ledger(uin, 0, 2);
    CHECK(amounts(first_two) == Amounts{0, 1});
    CHECK(first_two.left_out == 3);
    const LedgerPage next = store.select_ledger(uin, first_two.lines.back().number, 10);
    CHECK(amounts(next) == Amounts{2, 3, 4});
    CHECK(next.left_out == 0);
    CHECK(store.select_ledger(uin, next.lines.back().number, 10).lines.empty());
    CHECK(store.select_ledger(uin, std::nullopt, 0).left_out == 5);
}

TEST_CASE("a snapshot is what the store held, whatever is written afterwards")
{
    const TempDir dir;
    for (const std::string& path : {std::string{":memory:"}, (dir.path() / "a.db").string()}) {
        CAPTURE(path);
        SqliteStore store{path};
        AccountState before = full_state();
        const std::string uin = before.account.uin;
        store.insert_account(before);
        before = store.dump_account(uin).value();
        const auto snapshot = store.snapshot();
        REQUIRE(snapshot);

        Account changed = before.account;
        changed.balance.cash = Cents{1};
        store.save_account(changed);
        store.save_instance(uin, bare_instance("ins-new00000"));
        store.erase_instance(uin, before.instances.front().id);
        store.insert_account(empty_state("100000000099"));

        AccountState shown = snapshot->account_alone(uin).value();
        const auto fill = [](const auto& rows, auto& list) {
            while (auto row = rows())
                list.push_back(*std::move(row));
        };
        fill(snapshot->instances(uin), shown.instances);
        fill(snapshot->deals(uin), shown.deals);
        fill(snapshot->ledger(uin), shown.ledger);
        CHECK(cvm::test::difference(shown, before) == "");
        CHECK_FALSE(snapshot->account_alone("100000000099").has_value());
    }
}

TEST_CASE_FIXTURE(Fixture, "the number of snapshots is limited")
{
    std::vector<std::unique_ptr<StoreSnapshot>> held;
    for (int i = 0; i < max_snapshots; ++i)
        REQUIRE(held.emplace_back(store.snapshot()));
    CHECK(store.snapshot() == nullptr);
    held.pop_back();
    CHECK(store.snapshot() != nullptr);
}

TEST_CASE_FIXTURE(Fixture, "usage of a day, a resource and a book is one line of the ledger, other lines stay apart")
{
    const Instant midnight = std::chrono::sys_days{2026y / 3 / 31} + 16h; // in Beijing
    const LedgerLine hour{.at = midnight - 2h,
                          .cause = Cause::usage,
                          .resource_id = "ins-hourly00",
                          .from = Book::cash,
                          .to = Book::vendor,
                          .amount = {5},
                          .used = 1h};
    std::vector<LedgerLine> lines(6, hour);
    lines[1].at = midnight - 1s;
    lines[2].at = midnight;
    lines[3].from = Book::owed;
    lines[4].resource_id = "ins-hourly01";
    lines[5].cause = Cause::event;
    lines.push_back(lines[5]);
    store.add_ledger_lines(uin, lines);
    LedgerLine both = hour;
    both.amount = {10};
    both.used = 2h;
    CHECK(store.list_ledger(uin) == std::vector{both, lines[2], lines[3], lines[4], lines[5], lines[6]});
}

TEST_CASE_FIXTURE(Fixture,
                  "orders and ledger lines are added in order, however many, and none of a batch if one is refused")
{
    std::vector<Deal> deals;
    std::vector<LedgerLine> lines;
    for (int i = 0; i < 100; ++i) {
        Deal deal = full_state().deals[0];
        deal.order_id = "order-" + std::to_string(100 + i);
        deals.push_back(deal);
        lines.push_back({.at = noon, .order_id = deal.order_id, .from = Book::cash, .to = Book::vendor, .amount = {i}});
    }
    // One usage line between the others.
    lines[70].cause = Cause::usage;
    for (const std::size_t size : {1U, 31U, 32U, 33U, 100U}) {
        CAPTURE(size);
        SqliteStore of_size{":memory:"};
        of_size.insert_account(empty_state("1"));
        const std::vector<Deal> some(deals.begin(), deals.begin() + static_cast<std::ptrdiff_t>(size));
        of_size.add_deals("1", some);
        CHECK(of_size.list_deals("1") == some);
        CHECK(of_size.list_deals("1").size() == size);
    }
    store.add_ledger_lines(uin, lines);
    CHECK(store.list_ledger(uin) == lines);

    store.add_deals(uin, {deals[31]});
    deals.resize(32);
    CHECK_THROWS(store.add_deals(uin, deals)); // the last id is taken
    CHECK(store.list_deals(uin).size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a disk is found with its place, which is that of its instance or its own")
{
    Instance instance = full_instance();
    store.save_instance(uin, instance);
    store.save_disk(uin, loose_disk("disk-loose001"));
    CHECK(store.find_disk(uin, "disk-loose001") == loose_disk("disk-loose001"));
    const auto attached = store.find_disk(uin, "disk-full0000");
    REQUIRE(attached);
    CHECK(*attached == PlacedDisk{.disk = full_disk(),
                                  .instance_id = instance.id,
                                  .region = instance.region,
                                  .zone = instance.zone,
                                  .project_id = instance.project_id,
                                  .created_at = instance.created_at});
    CHECK_FALSE(store.find_disk(uin, "disk-nowhere0"));
    CHECK_FALSE(store.find_disk("another", "disk-loose001"));
    std::vector<std::string> found;
    for (const PlacedDisk& placed : store.list_disks(uin))
        found.push_back(placed.disk.id);
    CHECK(found == Ids{"disk-bare0000", "disk-full0000", "disk-loose001"});
}

TEST_CASE_FIXTURE(Fixture, "a saved disk stays where it is")
{
    store.save_instance(uin, full_instance());
    store.save_disk(uin, loose_disk("disk-loose001"));
    for (const std::string id : {"disk-full0000", "disk-loose001"}) {
        CAPTURE(id);
        PlacedDisk placed = store.find_disk(uin, id).value();
        placed.disk.expires_at = noon;
        placed.disk.renew_months = 2;
        store.save_disk(uin, placed);
        CHECK(store.find_disk(uin, id) == placed);
    }
    CHECK(store.find_instance(uin, "ins-full0000")->disks.front().expires_at == noon);
    store.erase_disk(uin, "disk-loose001");
    CHECK_FALSE(store.find_disk(uin, "disk-loose001"));
}

TEST_CASE_FIXTURE(Fixture, "orders are listed from the oldest and change their status")
{
    for (const auto& [id, minutes] : {std::pair{"order-2", 2}, {"order-3", 3}, {"order-1", 1}})
        store.add_deals(uin,
                        {{id, "big", DealStatus::unpaid, "renew", "ins-1", 1, Cents{1}, noon + 1min * minutes, noon}});
    Deal second = store.list_deals(uin).at(1);
    second.status = DealStatus::shipped;
    second.begins_at = noon + 1min;
    store.update_deal(uin, second);
    CHECK(store.list_deals(uin).at(1) == second);
    CHECK(store.list_deals_of(uin, "ins-1").size() == 3);
    CHECK(store.list_deals_of(uin, "ins-2").empty());
    second.order_id = "order-4";
    CHECK_THROWS(store.update_deal(uin, second));
    std::vector<std::string> found;
    for (const Deal& deal : store.list_deals(uin)) {
        found.push_back(deal.order_id);
        CHECK((deal.status == DealStatus::shipped) == (deal.order_id == "order-2"));
    }
    CHECK(found == Ids{"order-1", "order-2", "order-3"});
}

TEST_CASE_FIXTURE(Fixture, "orders are selected by what is asked for, newest first, with the number of all")
{
    const auto add = [&](std::string id, DealStatus status, std::string resource, Instant at) {
        store.add_deals(uin, {{id, "big-" + id, status, "renew", std::move(resource), 1, Cents{1}, at, at}});
    };
    add("o-1", DealStatus::unpaid, "ins-1", noon);
    add("o-2", DealStatus::shipped, "ins-2", noon);
    add("o-3", DealStatus::shipped, "ins-1", noon + 1h);
    add("o-4", DealStatus::closed, "ins-1", noon - 1h);
    const auto select = [&](DealQuery query, Page page = {0, 10}) {
        const auto found = store.select_deals(uin, query, page);
        Ids order_ids;
        for (const Deal& deal : found.deals)
            order_ids.push_back(deal.order_id);
        return std::pair{found.total, order_ids};
    };
    using Found = std::pair<std::int64_t, Ids>;
    CHECK(select({}) == Found{4, {"o-3", "o-2", "o-1", "o-4"}});
    CHECK(select({}, {1, 2}) == Found{4, {"o-2", "o-1"}});
    CHECK(select({}, {most, 2}) == Found{4, {}});
    CHECK(select({.from = noon, .until = noon}) == Found{2, {"o-2", "o-1"}});
    CHECK(select({.statuses = {4}}) == Found{2, {"o-3", "o-2"}});
    CHECK(select({.statuses = {1, 7}}) == Found{2, {"o-1", "o-4"}});
    CHECK(select({.statuses = {14, 4 + (std::int64_t{1} << 32)}}) == Found{0, {}});
    CHECK(select({.order_id = "o-2"}) == Found{1, {"o-2"}});
    CHECK(select({.order_id = ""}) == Found{0, {}});
    CHECK(select({.big_deal_id = "big-o-4"}) == Found{1, {"o-4"}});
    CHECK(select({.resource_id = "ins-1"}) == Found{3, {"o-3", "o-1", "o-4"}});
    CHECK(select({.statuses = {4}, .resource_id = "ins-1"}, {1, 5}) == Found{1, {}});
}

TEST_CASE_FIXTURE(Fixture, "a ClientToken is found in its account alone and is taken once")
{
    const ClientToken token{"a token", {"ins-1", "ins-2"}};
    store.add_client_token(uin, token);
    CHECK(store.find_client_token(uin, "a token") == token);
    CHECK_FALSE(store.find_client_token(uin, "a toke"));
    CHECK_FALSE(store.find_client_token("another", "a token"));
    CHECK_THROWS(store.add_client_token(uin, token));
}

TEST_CASE_FIXTURE(Fixture,
                  "the tags of a resource are found by its name, in the order of the first ones, until it has none")
{
    const ResourceTags first{"qcs::clb:r:uin/1:clb/z", {{"a", "1"}}};
    const ResourceTags second{"qcs::clb:r:uin/1:clb/a", {{"b", "2"}}};
    const ResourceTags changed{first.resource, {{"c", "3"}, {"a", "1"}}};
    store.save_resource_tags(uin, first);
    store.save_resource_tags(uin, second);
    store.save_resource_tags(uin, changed);
    CHECK(store.find_resource_tags(uin, first.resource) == changed);
    CHECK(store.list_resource_tags(uin) == std::vector{changed, second});
    CHECK_FALSE(store.find_resource_tags(uin, "qcs::clb:r:uin/1:clb/"));
    CHECK_FALSE(store.find_resource_tags("another", first.resource));
    CHECK(store.list_resource_tags("another").empty());

    store.save_resource_tags(uin, {first.resource, {}});
    store.save_resource_tags(uin, {"qcs::clb:r:uin/1:clb/never", {}});
    CHECK_FALSE(store.find_resource_tags(uin, first.resource));
    store.save_resource_tags(uin, first);
    CHECK(store.list_resource_tags(uin) == std::vector{second, first});
}

TEST_CASE_FIXTURE(Fixture, "what a voucher paid is counted as used and found by the voucher, oldest first")
{
    AccountState state = empty_state("7");
    state.vouchers = {{.id = "v-2", .nominal = Cents{10}}, {.id = "v-1", .nominal = Cents{20}}};
    store.insert_account(state);
    const VoucherUse first{.voucher_id = "v-1", .order_id = "o-2", .at = noon, .amount = Cents{3}};
    const VoucherUse second{.voucher_id = "v-1", .order_id = "o-1", .at = noon, .amount = Cents{4}};
    store.use_voucher("7", first);
    store.use_voucher("7", second);
    store.use_voucher("7", {.voucher_id = "v-2", .order_id = "o-1", .at = noon, .amount = Cents{1}});
    CHECK(store.list_voucher_uses("7", "v-1") == std::vector{first, second});
    CHECK(store.list_voucher_uses(uin, "v-1").empty());
    const auto vouchers = store.list_vouchers("7");
    REQUIRE(vouchers.size() == 2);
    CHECK(vouchers[0].id == "v-2");
    CHECK(vouchers[0].used == Cents{1});
    CHECK(vouchers[1].left() == Cents{13});
    CHECK_THROWS(store.use_voucher(uin, first));
    CHECK(store.find_account("7")->vouchers == 2);
}

TEST_CASE_FIXTURE(Fixture,
                  "payments are the lines of the vendor from a time on and before another, in the order of time")
{
    const auto add = [&](Instant at, Book from, Book to, std::int64_t amount) {
        store.add_ledger_lines(uin, {{.at = at, .from = from, .to = to, .amount = Cents{amount}}});
    };
    add(noon + 2s, Book::vendor, Book::cash, 1);
    add(noon, Book::cash, Book::vendor, 2);
    add(noon, Book::outside, Book::cash, 3);
    add(noon - 1s, Book::cash, Book::vendor, 4);
    add(noon + 3s, Book::cash, Book::vendor, 5);
    std::vector<std::int64_t> amounts;
    for (const LedgerLine& line : store.list_payments(uin, noon, noon + 3s))
        amounts.push_back(line.amount.value);
    CHECK(amounts == std::vector<std::int64_t>{2, 1});
    CHECK(store.list_payments("another", earliest, latest).empty());
}

TEST_CASE("a database of an older format is refused with what to do")
{
    const TempDir dir;
    {
        const SqliteStore store{dir.file("cvm.db")};
    }
    {
        SQLite::Database db{dir.file("cvm.db"), SQLite::OPEN_READWRITE};
        db.exec("PRAGMA user_version = " + std::to_string(schema_version - 1));
    }
    const std::string text = refusal(dir.file("cvm.db"));
    CHECK(holds(text, "older"));
    CHECK(holds(text, "--db"));
}

TEST_CASE("a database file names its program and the version of its format")
{
    const TempDir dir;
    {
        const SqliteStore store{dir.file("cvm.db")};
    }
    SQLite::Database db{dir.file("cvm.db")};
    CHECK(db.execAndGet("PRAGMA application_id").getInt() == application_id);
    CHECK(db.execAndGet("PRAGMA user_version").getInt() == schema_version);
}

TEST_CASE("a database in a folder that is not there is refused by name")
{
    const TempDir dir;
    const std::string path = dir.file("missing/cvm.db");
    CHECK(holds(refusal(path), path));
    CHECK_FALSE(std::filesystem::exists(dir.file("missing")));
}

TEST_CASE("a folder is no database")
{
    const TempDir dir;
    CHECK(holds(refusal(dir.path().string()), dir.path().string()));
}

TEST_CASE("a text file is refused as a database and not touched")
{
    const TempDir dir;
    struct Case {
        std::string_view what;
        std::string content;
    };
    const Case cases[] = {
        {"two bytes", "no"},
        {"a line", "these are my notes\n"},
        {"a page of them", std::string(4096, 'x')},
        {"many pages", std::string(100'000, 'x')},
        {"almost the magic", "SQLite format 2" + std::string(5000, '\0')},
        {"the magic and then nonsense", std::string{"SQLite format 3\0", 16} + std::string(5000, 'x')},
    };
    for (const Case& c : cases) {
        CAPTURE(c.what);
        const std::string path = dir.write("notes.txt", c.content);
        const std::string text = refusal(path);
        CAPTURE(text);
        CHECK(holds(text, path));
        CHECK(dir.read("notes.txt") == c.content);
    }
}

TEST_CASE("a database of another program is refused and not touched")
{
    const TempDir dir;
    const std::string path = dir.file("other.db");
    for (const std::string mark :
         {"PRAGMA application_id = 0", "PRAGMA application_id = 1196444487", "PRAGMA user_version = 1"}) {
        CAPTURE(mark);
        {
            SQLite::Database db{path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
            db.exec("CREATE TABLE IF NOT EXISTS account (uin TEXT)"); // even if a table of it has a name of ours
            db.exec(mark);
        }
        const std::string before = dir.read("other.db");
        const std::string text = refusal(path);
        CAPTURE(text);
        CHECK(holds(text, path));
        CHECK(holds(text, "not a database of cvm-renewal-emulator"));
        CHECK(holds(text, "--db"));
        CHECK(dir.read("other.db") == before);
    }
}

TEST_CASE("a database of another program that holds no table yet is refused")
{
    const TempDir dir;
    const std::string path = dir.file("other.db");
    {
        SQLite::Database db{path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
        db.exec("PRAGMA application_id = 1196444487");
    }
    CHECK(holds(refusal(path), "not a database of cvm-renewal-emulator"));
}

TEST_CASE("a database of a newer version is refused and not touched")
{
    const TempDir dir;
    const std::string path = dir.file("newer.db");
    {
        SqliteStore store{path};
        store.insert_account(full_state());
    }
    {
        SQLite::Database db{path, SQLite::OPEN_READWRITE};
        db.exec("PRAGMA user_version = " + std::to_string(schema_version + 1));
        db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    const std::string before = dir.read("newer.db");
    const std::string text = refusal(path);
    CAPTURE(text);
    CHECK(holds(text, path));
    CHECK(holds(text, "newer"));
    CHECK(holds(text, "format " + std::to_string(schema_version + 1)));
    CHECK(dir.read("newer.db") == before);

    SQLite::Database{path, SQLite::OPEN_READWRITE}.exec("PRAGMA user_version = " + std::to_string(schema_version));
    CHECK(SqliteStore{path}.dump_account(full_state().account.uin) == full_state());
}

TEST_CASE("a database of ours with another table or without an index is refused as damaged")
{
    const TempDir dir;
    int number = 0;
    for (const std::string sql :
         {"DROP INDEX instance_by_age", "ALTER TABLE deal ADD COLUMN more TEXT", "ALTER TABLE rule RENAME TO rules"}) {
        CAPTURE(sql);
        const std::string path = dir.file(std::to_string(number++) + ".db");
        {
            const SqliteStore store{path};
        }
        SQLite::Database{path, SQLite::OPEN_READWRITE}.exec("CREATE TABLE notes (text TEXT)");
        CHECK(refusal(path) == ""); // what is not ours does not matter
        SQLite::Database{path, SQLite::OPEN_READWRITE}.exec(sql);
        CHECK(holds(refusal(path), "damaged"));
    }
}

TEST_CASE("a database of ours that lacks a table is refused as damaged")
{
    const TempDir dir;
    const std::string path = dir.file("cvm.db");
    {
        const SqliteStore store{path};
    }
    {
        SQLite::Database db{path, SQLite::OPEN_READWRITE};
        db.exec("DROP TABLE deal");
    }
    const std::string text = refusal(path);
    CAPTURE(text);
    CHECK(holds(text, path));
    CHECK(holds(text, "damaged"));
}

TEST_CASE("a database refuses the number of a word that the vendor does not know")
{
    const TempDir dir;
    const std::string path = dir.file("cvm.db");
    {
        SqliteStore store{path};
        store.insert_account(full_state());
    }
    SQLite::Database db{path, SQLite::OPEN_READWRITE};
    for (const std::string sql :
         {"UPDATE instance SET charge_type = 6", "UPDATE instance SET charge_type = 'PREPAID'",
          "UPDATE instance SET renew_flag = 3", "UPDATE instance SET state = 15", "UPDATE instance SET state = -1",
          "UPDATE instance SET restrict_state = 3", "UPDATE instance SET isolated_source = 4",
          "UPDATE instance SET stop_charging_mode = NULL", "UPDATE instance SET operation_state = 3",
          "UPDATE instance SET operation_state_after = 15", "UPDATE disk SET usage = 2",
          "UPDATE disk SET charge_type = 6", "UPDATE disk SET renew_flag = 3", "UPDATE credential SET mfa = 3",
          "UPDATE account SET cash = 'much'", "UPDATE deal SET total = 1.5"}) {
        CAPTURE(sql);
        CHECK_THROWS_AS(db.exec(sql), SQLite::Exception);
    }
}
