#include "server/api/action.hpp"
#include "server/api/filter.hpp"
#include "server/api/host_checks.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/instance_filters.hpp"
#include "server/api/page.hpp"
#include "server/api/tags_json.hpp"
#include "state/rules/host.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <span>

namespace cvm::api::describe_hosts {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    filters_field,
    offset_field,
    limit_field,
};

// A host, and its state now.
struct HostNow {
    const Host* host;
    std::string state;
};

using Words = std::vector<std::string>;
constexpr std::array<TextFilter<HostNow>, 9> host_filters{{
    {"zone", [](const HostNow& one) { return Words{one.host->zone}; }},
    {"project-id", [](const HostNow& one) { return Words{std::to_string(one.host->project_id)}; }},
    {"host-id", [](const HostNow& one) { return Words{one.host->id}; }},
    {"host-name", [](const HostNow& one) { return Words{one.host->name}; }},
    {"host-state", [](const HostNow& one) { return Words{one.state}; }},
    {"host-type", [](const HostNow& one) { return Words{one.host->type}; }},
    {"tag-key",
     [](const HostNow& one) {
         Words keys;
         for (const state::KeyValue& tag : one.host->tags)
             keys.push_back(tag.key);
         return keys;
     }},
    {"tag-value",
     [](const HostNow& one) {
         Words values;
         for (const state::KeyValue& tag : one.host->tags)
             values.push_back(tag.value);
         return values;
     }},
    {.name = "tag:",
     .words = [](const HostNow&) { return Words{}; },
     .words_of_key =
         [](const HostNow& one, std::string_view key) {
             Words values;
             for (const state::KeyValue& tag : one.host->tags)
                 if (tag.key == key)
                     values.push_back(tag.value);
             return values;
         }},
}};
constexpr std::size_t max_host_values = 5;

constexpr std::array<std::string_view, 4> host_states{"PENDING", "LAUNCH_FAILURE", "RUNNING", "EXPIRED"};

std::optional<Error> check_host_filters(std::string_view region, std::span<const Filter> given)
{
    if (auto problem = check_filters<HostNow>(host_filters, given, max_host_values))
        return problem;
    for (const Filter& filter : given)
        for (const std::string& value : filter.values) {
            if (filter.name == "zone" && region_of_zone(value) != region)
                return error(Errc::invalid_zone_mismatch_region, value, region);
            if (filter.name == "host-id" && !well_formed_id(value, "host"))
                return error(Errc::invalid_host_id_malformed, value);
            if (filter.name == "host-state" && std::ranges::find(host_states, value) == host_states.end())
                return error(Errc::invalid_parameter_value, value, filter.name);
        }
    return std::nullopt;
}

// The instances on the given hosts.
std::vector<state::Instance> instances_on(const Context& context, std::span<const HostNow> hosts)
{
    if (hosts.empty())
        return {};
    Filter ids{.name = "host-id", .values = {}};
    for (const HostNow& one : hosts)
        ids.values.push_back(one.host->id);
    constexpr state::Page whole{.offset = 0, .limit = std::numeric_limits<std::int64_t>::max()};
    return context.store
        .select_instances(context.call.account.uin, context.call.region, conditions(std::array{std::move(ids)}), whole)
        .instances;
}

std::int64_t local_disks(const state::Instance& instance)
{
    std::int64_t sum = 0;
    for (const state::Disk& disk : instance.disks)
        if (disk.type.starts_with("LOCAL_"))
            sum += disk.size_gib;
    return sum;
}

json::object to_json(const HostNow& one, std::span<const state::Instance> instances)
{
    const Host& host = *one.host;
    json::array ids;
    std::int64_t cpu = host.cpu;
    std::int64_t memory = host.memory_gib;
    std::int64_t disk = host.disk_gib;
    for (const state::Instance& instance : instances) {
        if (instance.attributes.host_id != host.id)
            continue;
        ids.push_back(json::string{instance.id});
        cpu -= instance.cpu;
        memory -= instance.memory_gib;
        disk -= local_disks(instance);
    }
    // Hosts accept any number of instances here, so the remainder could be negative.
    const auto left = [](std::int64_t amount) { return std::max<std::int64_t>(amount, 0); };
    const auto time = [](const std::optional<state::Instant>& at) {
        return at ? json::value(state::format_instant(*at)) : json::value(nullptr);
    };
    return {{"Placement", json::object{{"Zone", host.zone}, {"ProjectId", host.project_id}}},
            {"HostId", host.id},
            {"HostType", host.type},
            {"HostName", host.name},
            {"HostChargeType", name(host.charge_type)},
            {"RenewFlag", host.renew_flag ? json::value(name(*host.renew_flag)) : json::value(nullptr)},
            {"CreatedTime", time(host.created_at)},
            {"ExpiredTime", time(host.expires_at)},
            {"InstanceIds", std::move(ids)},
            {"HostState", one.state},
            {"HostIp", ""},
            {"HostResource", json::object{{"CpuTotal", host.cpu},
                                          {"CpuAvailable", left(cpu)},
                                          {"MemTotal", host.memory_gib},
                                          {"MemAvailable", left(memory)},
                                          {"DiskTotal", host.disk_gib},
                                          {"DiskAvailable", left(disk)},
                                          {"DiskType", host.disk_type},
                                          {"GpuTotal", 0},
                                          {"GpuAvailable", 0},
                                          {"ExclusiveOwner", nullptr}}},
            {"CageId", ""},
            {"Tags", tags_json(host.tags)}};
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto given = read_filters(params);
    if (auto problem = check_host_filters(context.call.region, given))
        return *std::move(problem);
    const std::vector<Host> all = list_hosts(context);
    std::vector<HostNow> found;
    for (const Host& host : all)
        if (const HostNow one{&host, std::string{name(state::host_state(host, context.call.now))}};
            passes<HostNow>(one, host_filters, given))
            found.push_back(one);

    const auto total = std::ssize(found);
    const auto [begin, end] = read_page(params, total);
    const std::span<const HostNow> shown{found.begin() + begin, found.begin() + end};
    const auto instances = instances_on(context, shown);
    json::array set;
    for (const HostNow& one : shown)
        set.push_back(to_json(one, instances));
    json::object answer;
    answer["TotalCount"] = total;
    answer["HostSet"] = std::move(set);
    return answer;
}

} // namespace

extern const Action action{
    .name = "DescribeHosts",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_hosts
