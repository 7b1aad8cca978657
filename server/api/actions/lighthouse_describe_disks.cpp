#include "server/api/lighthouse.hpp"
#include "server/api/page.hpp"
#include "server/api/tags_json.hpp"
#include "state/model/lighthouse.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

namespace cvm::api::lighthouse_describe_disks {

namespace {

constexpr std::array<std::string_view, 3> order_fields{"CREATED_TIME", "EXPIRED_TIME", "DISK_SIZE"};

constexpr std::array fields{
    Field{.name = "DiskIds", .type = Type::strings, .max_items = 100},
    filters_field,
    signed_limit_field,
    signed_offset_field,
    Field{.name = "OrderField", .type = Type::string, .words = order_fields},
    order_field,
};

namespace json = boost::json;

using Words = std::vector<std::string>;

// A disk and its instance, if it is attached.
struct Shown {
    state::PlacedDisk placed;
    std::shared_ptr<const state::Instance> instance;
    bool isolated = false; // the disk itself or, if it is to be released with it, its instance

    const state::Disk& disk() const { return placed.disk; }
    bool follows() const { return !disk().portable && instance != nullptr; }
    state::Instant expiry() const
    {
        return (follows() ? instance->expires_at : disk().expires_at).value_or(state::latest);
    }
    state::RenewFlag renew_flag() const
    {
        return (follows() ? instance->renew_flag : disk().renew_flag)
            .value_or(state::RenewFlag::notify_and_manual_renew);
    }
    std::string_view state() const { return isolated ? "SHUTDOWN" : instance ? "ATTACHED" : "UNATTACHED"; }
};

constexpr std::array<TextFilter<Shown>, 9> filters{{
    {"disk-id", [](const Shown& d) { return Words{d.disk().id}; }},
    {"instance-id", [](const Shown& d) { return Words{d.placed.instance_id}; }},
    {"disk-name", [](const Shown& d) { return Words{d.disk().name}; }},
    {"zone", [](const Shown& d) { return Words{d.placed.zone}; }},
    {"disk-usage", [](const Shown& d) { return Words{std::string{name(d.disk().usage)}}; }},
    {"disk-state", [](const Shown& d) { return Words{std::string{d.state()}}; }},
    {"tag-key", [](const Shown& d) { return tag_texts(d.disk().tags, &state::KeyValue::key); }},
    {"tag-value", [](const Shown& d) { return tag_texts(d.disk().tags, &state::KeyValue::value); }},
    {.name = "tag:",
     .words = nullptr,
     .words_of_key = [](const Shown& d, std::string_view key) { return tag_values(d.disk().tags, key); }},
}};

json::object to_json(const Context& context, const Shown& shown)
{
    const state::Disk& disk = shown.disk();
    const auto isolated_at = [&]() -> json::value {
        if (!shown.isolated)
            return nullptr;
        return shown.instance ? lighthouse::isolated_time(context, *shown.instance)
                              : json::value(state::format_instant(shown.expiry()));
    };
    return {{"DiskId", disk.id},
            {"InstanceId", shown.placed.instance_id},
            {"Zone", shown.placed.zone},
            {"DiskName", disk.name},
            {"DiskUsage", name(disk.usage)},
            {"DiskType", disk.type},
            {"DiskChargeType", "PREPAID"},
            {"DiskSize", disk.size_gib},
            {"RenewFlag", name(shown.renew_flag())},
            {"DiskState", shown.state()},
            {"Attached", shown.instance != nullptr},
            {"DeleteWithInstance", disk.delete_with_instance},
            {"DiskBackupCount", 0},
            {"DiskBackupQuota", 0},
            {"LatestOperation", ""},
            {"LatestOperationState", ""},
            {"LatestOperationRequestId", ""},
            {"CreatedTime", state::format_instant(shown.placed.created_at)},
            {"ExpiredTime", state::format_instant(shown.expiry())},
            {"Tags", tags_json(disk.tags)},
            {"IsolatedTime", isolated_at()}};
}

Shown shown(const Context& context, state::PlacedDisk placed)
{
    Shown found{std::move(placed), nullptr};
    if (!found.placed.instance_id.empty())
        found.instance = context.store.view_instance(context.call.account.uin, found.placed.instance_id);
    const bool goes_with_it = found.follows() || found.disk().released;
    found.isolated = found.instance ? goes_with_it && found.instance->state == state::InstanceState::shutdown
                                    : is_recycled(context, found.placed);
    return found;
}

using Key = std::tuple<state::Instant, state::Instant, std::int64_t>;

void sort(std::vector<Shown>& disks, const Params& params)
{
    const std::string field = params.string("OrderField").value_or("CREATED_TIME");
    const auto key = [&](const Shown& d) {
        return Key{field == "CREATED_TIME" ? d.placed.created_at : state::earliest,
                   field == "EXPIRED_TIME" ? d.expiry() : state::earliest,
                   field == "DISK_SIZE" ? d.disk().size_gib : 0};
    };
    sort_in_order(disks, params.string("Order").value_or("DESC"), key);
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto given = read_filters(params);
    if (auto problem = lighthouse::check_filters<Shown>(context, params, "DiskIds", filters, given))
        return *problem;
    const auto ids = params.strings("DiskIds");
    auto placed = lighthouse::load_disks(context, ids);
    if (!placed)
        return placed.error();
    if (ids.empty())
        for (state::PlacedDisk& disk : context.store.list_disks(context.call.account.uin))
            if (state::is_lighthouse(disk.disk.id) && disk.region == context.call.region)
                placed->push_back(std::move(disk));
    std::vector<Shown> disks;
    for (state::PlacedDisk& disk : *placed)
        if (Shown found = shown(context, std::move(disk)); passes<Shown>(found, filters, given))
            disks.push_back(std::move(found));
    sort(disks, params);
    const auto total = std::ssize(disks);
    const auto [begin, end] = read_page(params, total);
    json::array set;
    for (auto at = begin; at < end; ++at)
        set.push_back(to_json(context, disks[static_cast<std::size_t>(at)]));
    return json::object{{"TotalCount", total}, {"DiskSet", std::move(set)}};
}

} // namespace

extern const Action action{
    .name = "DescribeDisks",
    .product = "lighthouse",
    .version = "2020-03-24",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::lighthouse_describe_disks
