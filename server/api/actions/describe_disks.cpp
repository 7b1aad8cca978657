#include "server/api/action.hpp"
#include "server/api/disk_checks.hpp"
#include "server/api/filter.hpp"
#include "server/api/page.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <map>

namespace cvm::api::describe_disks {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 2> order_fields{"CREATE_TIME", "DEADLINE"};

constexpr std::array fields{
    Field{.name = "DiskIds", .type = Type::strings, .max_items = 100},
    filters_field,
    offset_field,
    limit_field,
    order_field,
    Field{.name = "OrderField", .type = Type::string, .words = order_fields},
    Field{.name = "ReturnBindAutoSnapshotPolicy", .type = Type::boolean},
};

// A disk and the instance that it is attached to, if any.
struct Shown {
    state::PlacedDisk placed;
    std::optional<state::Instance> instance;
    bool recycled = false;

    const state::Disk& disk() const { return placed.disk; }

    // The disk's own expiry, or that of its instance.
    std::optional<state::Instant> deadline() const
    {
        return disk().expires_at || disk().portable || !instance ? disk().expires_at : instance->expires_at;
    }
    std::optional<state::RenewFlag> renew_flag() const
    {
        return disk().renew_flag || disk().portable || !instance ? disk().renew_flag : instance->renew_flag;
    }
    std::string charge_type() const
    {
        const auto type = disk().portable || !instance ? disk().charge_type : instance->charge_type;
        return state::pays_ahead(type) ? "PREPAID" : "POSTPAID_BY_HOUR";
    }
    std::string state() const
    {
        return recycled ? "TORECYCLE" : placed.instance_id.empty() ? "UNATTACHED" : "ATTACHED";
    }
};

using Words = std::vector<std::string>;

Words addresses_of(const state::Instance& instance)
{
    Words addresses = instance.attributes.private_ip_addresses;
    const Words others = state::public_ip_addresses(instance).value_or(Words{});
    addresses.insert(addresses.end(), others.begin(), others.end());
    return addresses;
}

constexpr std::array<TextFilter<Shown>, 17> filters{{
    {"disk-usage", [](const Shown& d) { return Words{std::string{name(d.disk().usage)}}; }},
    {"disk-charge-type", [](const Shown& d) { return Words{d.charge_type()}; }},
    {"portable", [](const Shown& d) { return Words{d.disk().portable ? "TRUE" : "FALSE"}; }},
    {"project-id", [](const Shown& d) { return Words{std::to_string(d.placed.project_id)}; }},
    {"disk-id", [](const Shown& d) { return Words{d.disk().id}; }},
    {"disk-name", [](const Shown& d) { return Words{d.disk().name}; }},
    {"disk-type", [](const Shown& d) { return Words{d.disk().type}; }},
    {"disk-state", [](const Shown& d) { return Words{d.state()}; }},
    {"instance-id", [](const Shown& d) { return Words{d.placed.instance_id}; }},
    {"zone", [](const Shown& d) { return Words{d.placed.zone}; }},
    {"instance-name", [](const Shown& d) { return Words{d.instance ? d.instance->name : ""}; }},
    {"tag-key", [](const Shown& d) { return tag_texts(d.disk().tags, &state::KeyValue::key); }},
    {"tag-value", [](const Shown& d) { return tag_texts(d.disk().tags, &state::KeyValue::value); }},
    {.name = "tag:",
     .words = nullptr,
     .words_of_key = [](const Shown& d, std::string_view key) { return tag_values(d.disk().tags, key); }},
    {"instance-ip-address", [](const Shown& d) { return d.instance ? addresses_of(*d.instance) : Words{}; }},
    // Filters on members that no disk has here.
    {"dedicated-cluster-id", [](const Shown&) { return Words{}; }},
    {"cluster-group-id", [](const Shown&) { return Words{}; }},
}};
constexpr std::size_t max_values = 5;

// DeadlineError: the disk expires before its instance. AutoRenewFlagError: the instance renews automatically, the disk
// does not (https://cloud.tencent.com/document/api/362/16315).
bool deadline_error(const Shown& shown)
{
    return shown.instance && shown.disk().expires_at && shown.instance->expires_at &&
           *shown.disk().expires_at < *shown.instance->expires_at;
}

bool flag_error(const Shown& shown)
{
    return shown.instance && state::renewable_alone(shown.disk()) &&
           shown.instance->renew_flag == state::RenewFlag::notify_and_auto_renew &&
           shown.disk().renew_flag != state::RenewFlag::notify_and_auto_renew;
}

// Key and value in the order of CBS (observed).
json::array tags(const std::vector<state::KeyValue>& list)
{
    json::array items;
    for (const auto& [key, value] : list)
        items.push_back(json::object{{"Value", value}, {"Key", key}});
    return items;
}

// The 43 members of a disk in the order of the real service, as recorded in 2022, and those documented later. Members
// without a deadline are "" or null, each as recorded.
json::object to_json(const Shown& shown, state::Instant now)
{
    const state::Disk& disk = shown.disk();
    const auto deadline = shown.deadline();
    const auto flag = shown.renew_flag();
    const std::string& instance_id = shown.placed.instance_id;
    const bool attached = !instance_id.empty();
    const bool returnable = state::renewable_alone(disk);
    json::object o{
        {"DeleteWithInstance", disk.delete_with_instance},
        {"RenewFlag", flag ? name(*flag) : ""},
        {"LatestOperationState", ""},
        {"DiskType", disk.type},
        {"DiskBackupQuota", 0},
        {"DiskState", shown.state()},
        {"SnapshotCount", 0},
        {"DiskBackupCount", 0},
        {"AutoRenewFlagError", flag_error(shown)},
        {"Rollbacking", false},
        {"InstanceIdList", attached ? json::array{instance_id} : json::array{}},
        {"Encrypt", disk.encrypt},
        {"Tags", tags(disk.tags)},
        {"DiskName", disk.name},
        {"BackupDisk", false},
        {"DeleteSnapshot", 0},
        {"InstanceId", instance_id},
        {"DifferDaysOfDeadline",
         deadline ? json::value(std::chrono::floor<std::chrono::days>(*deadline - now).count()) : json::value()},
        {"ThroughputPerformance", disk.throughput_performance},
        {"Migrating", false},
        {"InstanceType", attached ? "CVM" : ""},
        {"DiskId", disk.id},
        {"LastAttachInsId", attached ? json::value(instance_id) : json::value()},
        {"SnapshotSize", 0},
        {"Placement", json::object{{"CageId", ""},
                                   {"CdcId", ""},
                                   {"Zone", shown.placed.zone},
                                   {"ProjectName", "Default Project"},
                                   {"ProjectId", shown.placed.project_id},
                                   {"CdcName", ""},
                                   {"DedicatedClusterId", nullptr}}},
        {"IsReturnable", returnable},
        {"DeadlineTime", deadline ? state::format_beijing_time(*deadline) : ""},
        {"Attached", attached},
        {"ReturnFailCode", returnable ? 0 : 10},
        {"DiskSize", disk.size_gib},
        {"MigratePercent", 0},
        {"DiskUsage", name(disk.usage)},
        {"ErrorPrompt", ""},
        {"Portable", disk.portable},
        {"DiskChargeType", shown.charge_type()},
        {"SnapshotAbility", true},
        {"DeadlineError", deadline_error(shown)},
        {"LatestOperationRequestId", ""},
        {"RollbackPercent", 0},
        {"AutoSnapshotPolicyIds", nullptr},
        {"LatestOperation", ""},
        {"Shareable", false},
        {"CreateTime", state::format_beijing_time(shown.placed.created_at)},
        {"AttachMode", "PF"},
        {"BurstPerformance", disk.burst_performance}};
    // Which of the two documented types is used is assumed.
    if (disk.encrypt)
        o.emplace("EncryptType", "ENCRYPT_V2");
    if (disk.kms_key_id)
        o.emplace("KmsKeyId", *disk.kms_key_id);
    return o;
}

// The disks of the region that are named by ids or pass the filters.
std::vector<Shown> select(const Context& context, std::span<const std::string> ids, std::span<const Filter> given)
{
    std::vector<state::PlacedDisk> placed;
    for (const std::string& id : ids)
        if (auto disk = context.store.find_disk(context.call.account.uin, id))
            placed.push_back(*std::move(disk));
    if (ids.empty())
        placed = context.store.list_disks(context.call.account.uin);
    const state::Stages& stages = context.catalog.lifecycle_of(context.call.account).disks;
    std::map<std::string, std::optional<state::Instance>> instances;
    std::vector<Shown> found;
    for (state::PlacedDisk& disk : placed) {
        if (disk.region != context.call.region || !disk.disk.id.starts_with("disk-"))
            continue;
        const auto [at, fresh] = instances.try_emplace(disk.instance_id);
        if (fresh && !disk.instance_id.empty())
            at->second = context.store.find_instance(context.call.account.uin, disk.instance_id);
        const bool recycled = state::in_recycle_bin(disk, stages, context.call.now);
        Shown shown{std::move(disk), at->second, recycled};
        if (passes<Shown>(shown, filters, given))
            found.push_back(std::move(shown));
    }
    return found;
}

void sort(std::vector<Shown>& disks, const Params& params)
{
    const bool by_deadline = params.string("OrderField").value_or("CREATE_TIME") == "DEADLINE";
    const auto key = [&](const Shown& shown) {
        return by_deadline ? shown.deadline().value_or(state::latest) : shown.placed.created_at;
    };
    // Newest first by default (assumed).
    sort_in_order(disks, params.string("Order").value_or("DESC"), key);
}

Result<Answer> handle(const Context& context, const Params& params)
{
    if (params.has("DiskIds") && params.has("Filters"))
        return error(Errc::invalid_parameter_exclusive, "DiskIds", "Filters");
    const auto ids = params.strings("DiskIds");
    if (auto problem = check_disk_ids(ids, "DiskIds"))
        return *problem;
    const auto given = read_filters(params);
    if (auto problem = check_filters<Shown>(filters, given, max_values))
        return *problem;

    auto disks = select(context, ids, given);
    sort(disks, params);
    const auto total = std::ssize(disks);
    const auto [begin, end] = read_page(params, total);
    json::array set;
    for (auto at = begin; at < end; ++at)
        set.push_back(to_json(disks[static_cast<std::size_t>(at)], context.call.now));
    return json::object{{"TotalCount", total}, {"DiskSet", std::move(set)}};
}

} // namespace

extern const Action action{
    .name = "DescribeDisks",
    .product = "cbs",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_disks
