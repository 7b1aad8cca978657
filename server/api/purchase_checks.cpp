#include "server/api/purchase_checks.hpp"

#include "server/api/instance_checks.hpp"
#include "server/api/name_pattern.hpp"
#include "server/api/tag_checks.hpp"
#include "state/rules/pricing.hpp"

#include <boost/asio/ip/address_v4.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

namespace cvm::api {

namespace {

// The step of DataDisk.DiskSize in GiB, and the types that accept a ThroughputPerformance
// (https://cloud.tencent.com/document/api/213/15753#DataDisk).
constexpr std::int64_t data_disk_step = 10;
constexpr std::array<std::string_view, 2> faster_disks{"CLOUD_HSSD", "CLOUD_TSSD"};

// For a network interface (assumed).
constexpr std::int64_t max_ipv6_addresses = 10;

// A longer pattern cannot give a name of at most 60 characters: the longest pattern for one character has 16,
// {R:000000001,F:8}.
constexpr std::size_t max_host_name_pattern = 1024;

std::vector<std::string> named_hosts(const Params& placement)
{
    auto hosts = placement.strings("HostIds");
    if (const auto host = placement.string("HostId"))
        hosts.push_back(*host);
    return hosts;
}

Problem check_tags(const Params& params)
{
    std::set<std::string> keys; // prefixed by the kind of resource
    for (const Params& specification : params.objects("TagSpecification"))
        for (const Params& tag : specification.objects("Tags")) {
            const std::string key = tag.string("Key").value();
            if (!keys.insert(specification.string("ResourceType").value() + " " + key).second)
                return error(Errc::invalid_parameter_value_duplicate_tags, key);
            if (const auto flaw = flaw_of_tag_key(key))
                return error(*flaw == TagFlaw::reserved ? Errc::failed_operation_tag_key_reserved
                                                        : Errc::failed_operation_illegal_tag_key,
                             key);
            const std::string value = tag.string("Value").value();
            if (flaw_of_tag_value(value))
                return error(Errc::failed_operation_illegal_tag_value, value);
        }
    return std::nullopt;
}

Problem check_names(const ActionName& action, const Catalog& catalog, const Params& params, const std::string& image_id,
                    std::int64_t count)
{
    if (const auto name = params.string("InstanceName")) {
        if (auto problem = check_instance_name(action, *name, max_instance_name)) // including its pattern
            return problem;
        // The last name of a batch is the longest.
        if (auto problem = check_instance_name(action, numbered_name(*name, count - 1, count), max_instance_name))
            return problem;
    }
    const auto host = params.string("HostName");
    if (!host)
        return std::nullopt;
    if (host->size() > max_host_name_pattern)
        return refuse_value(action, Errc::invalid_parameter_value_illegal_host_name, *host, "HostName");
    const auto network = params.object("VirtualPrivateCloud");
    const auto given = network ? network->strings("PrivateIpAddresses") : std::vector<std::string>{};
    for (std::int64_t index = 0; index < count; ++index) {
        const std::string address = given.empty() ? "10.1.249.251" : given.at(static_cast<std::size_t>(index));
        if (auto problem = check_host_name(action, host_name(*host, address, index, count), windows(catalog, image_id)))
            return problem;
    }
    return std::nullopt;
}

} // namespace

Problem check_template(const ActionName& action, const Params& params)
{
    const auto launch = params.object("LaunchTemplate");
    if (!launch)
        return std::nullopt;
    const std::string id = launch->string("LaunchTemplateId").value_or("");
    if (!well_formed_id(id, "lt"))
        return refuse_value(action, Errc::invalid_parameter_value_launch_template_id_malformed, id,
                            "LaunchTemplate.LaunchTemplateId");
    // This server has no launch templates, so no id exists.
    return refuse_value(action, Errc::invalid_parameter_value_launch_template_not_found, id,
                        "LaunchTemplate.LaunchTemplateId");
}

Problem check_zone(const ActionName& action, const Catalog& catalog, std::string_view region, const std::string& name,
                   Errc sold_out)
{
    const Zone* zone = catalog.find_zone(name);
    if (zone == nullptr || zone->region != region)
        return error(Errc::invalid_zone_mismatch_region, name, region);
    if (zone->available)
        return std::nullopt;
    return error(documented(action, sold_out) ? sold_out : Errc::invalid_parameter_value_zone_not_supported, name);
}

Problem check_place(const ActionName& action, const Catalog& catalog, std::string_view region, const Params& placement)
{
    const std::string name = placement.string("Zone").value();
    if (auto problem =
            check_zone(action, catalog, region, name, Errc::resource_insufficient_availability_zone_sold_out))
        return problem;
    for (const std::string& id : named_hosts(placement)) {
        if (!well_formed_id(id, "host"))
            return error(Errc::invalid_host_id_malformed, id);
        const Host* host = catalog.find_host(id);
        if (host == nullptr || host->zone != name)
            return error(Errc::invalid_host_id_not_found, id);
    }
    const auto tenancy = placement.string("DedicatedResourcePackTenancy");
    for (const std::string& pack : placement.strings("DedicatedResourcePackIds")) {
        // This server has no resource packs: every well-formed id is treated as existing.
        if (!well_formed_id(pack, "rpp"))
            return refuse_value(action, Errc::invalid_parameter_value_dedicated_resource_pack_ids_not_found, pack,
                                "Placement.DedicatedResourcePackIds");
        if (!tenancy)
            return refuse_value(action, Errc::invalid_parameter_value_dedicated_resource_pack_tenancy_mismatch, "",
                                "Placement.DedicatedResourcePackTenancy");
    }
    return std::nullopt;
}

Result<InstanceType> choose_type(const ActionName& action, const Catalog& catalog, const std::string& name,
                                 state::ChargeType charge_type, const Zone& zone)
{
    if (charge_type == state::ChargeType::cdhpaid)
        if (auto type = catalog.host_type(name))
            return *std::move(type);
    if (auto problem = check_instance_type(action, catalog, name))
        return *std::move(problem);
    const InstanceType& type = *catalog.find_instance_type(name);
    switch (catalog.offer(type, zone)) {
    case Offer::never:
        return error(Errc::resource_unavailable_instance_type, name, zone.id);
    case Offer::sold_out:
        return error(Errc::resources_sold_out_specified_instance_type, name);
    case Offer::on_sale:
        return type;
    }
    throw std::logic_error{"Offer out of range"};
}

Result<std::string> choose_host(const ActionName& action, const Catalog& catalog, const Params& placement,
                                const InstanceType& type)
{
    const bool of_hosts = type.family == catalog.host_family;
    if (const auto named = named_hosts(placement); !named.empty()) {
        if (!of_hosts)
            return refuse_value(action, Errc::invalid_parameter_host_id_standard_instance_type_not_support,
                                named.front(), "Placement.HostIds");
        return named.front();
    }
    if (!of_hosts)
        return std::string{};
    const auto host = std::ranges::find(catalog.hosts, placement.string("Zone").value(), &Host::zone);
    if (host == catalog.hosts.end())
        return refuse_value(action, Errc::invalid_parameter_instance_type_supported_host_not_found, type.name,
                            "Placement.HostIds");
    return host->id;
}

Problem check_data_disks(const ActionName& action, const state::PriceTable& prices, const Params& params)
{
    constexpr std::ptrdiff_t max_cloud = 20;
    constexpr std::ptrdiff_t max_local = 1;
    const auto disks = params.objects("DataDisks");
    const auto local = std::ranges::count_if(
        disks, [](const Params& disk) { return disk.string("DiskType").value_or("").starts_with("LOCAL_"); });
    if (local > max_local || std::ssize(disks) - local > max_cloud)
        return error(Errc::invalid_parameter_value_limit_exceeded, "DataDisks", std::to_string(disks.size()),
                     std::to_string(local > max_local ? max_local : max_cloud));
    std::size_t index = 0;
    for (const Params& disk : params.objects("DataDisks")) {
        const std::string path = "DataDisks." + std::to_string(index++);
        if (const auto id = disk.string("DiskId")) // only in answers
            return error(Errc::invalid_parameter_value, *id, path + ".DiskId");
        const std::string type = disk.string("DiskType").value_or("CLOUD_PREMIUM");
        if (!prices.disk_types.contains(type))
            return refuse_value(action, Errc::unsupported_operation_invalid_disk, type, path + ".DiskType");
        const auto size = disk.integer("DiskSize").value();
        if (type == "CLOUD_SSD" && size < 100)
            return error(Errc::invalid_parameter_value_cloud_ssd_data_disk_size_too_small, std::to_string(size));
        if (size < 10 || size > 32000)
            return error(Errc::invalid_parameter_value_range, std::to_string(size), path + ".DiskSize");
        if (size % data_disk_step != 0)
            return error(Errc::invalid_parameter_value, std::to_string(size), path + ".DiskSize");
        if (const auto more = disk.integer("ThroughputPerformance").value_or(0);
            more > 0 && std::ranges::find(faster_disks, type) == faster_disks.end())
            return error(Errc::invalid_parameter_value, std::to_string(more), path + ".ThroughputPerformance");
        if (const auto snapshot = disk.string("SnapshotId")) {
            if (!well_formed_id(*snapshot, "snap"))
                return error(Errc::invalid_parameter_value_snapshot_id_malformed, *snapshot);
            return error(Errc::invalid_parameter_snapshot_not_found, *snapshot);
        }
    }
    return std::nullopt;
}

Problem check_network(const ActionName& action, const Params& params, std::int64_t count)
{
    const auto network = params.object("VirtualPrivateCloud");
    if (!network)
        return std::nullopt;
    const std::string vpc = network->string("VpcId").value();
    const std::string subnet = network->string("SubnetId").value();
    // DEFAULT is the default network of the account.
    if (vpc != "DEFAULT" && !well_formed_id(vpc, "vpc"))
        return refuse_value(action, Errc::invalid_parameter_value_vpc_id_malformed, vpc, "VirtualPrivateCloud.VpcId");
    if (subnet != "DEFAULT" && !well_formed_id(subnet, "subnet"))
        return refuse_value(action, Errc::invalid_parameter_value_subnet_id_malformed, subnet,
                            "VirtualPrivateCloud.SubnetId");
    const auto addresses = network->strings("PrivateIpAddresses");
    for (const std::string& address : addresses) {
        boost::system::error_code ec;
        boost::asio::ip::make_address_v4(address, ec);
        if (ec)
            return refuse_value(action, Errc::invalid_parameter_value_ip_address_malformed, address,
                                "VirtualPrivateCloud.PrivateIpAddresses");
    }
    if (network->integer("Ipv6AddressCount").value_or(0) > max_ipv6_addresses)
        return error(Errc::limit_exceeded_ipv6_address_num);
    if (!addresses.empty() && std::ssize(addresses) != count)
        return error(Errc::invalid_parameter_value, std::to_string(addresses.size()),
                     "VirtualPrivateCloud.PrivateIpAddresses");
    return std::nullopt;
}

Problem check_internet(const Params& params, state::ChargeType charge_type)
{
    const auto internet = params.object("InternetAccessible");
    if (!internet)
        return std::nullopt;
    if (internet->string("InternetChargeType") == "BANDWIDTH_PREPAID" && !state::pays_ahead(charge_type))
        return error(Errc::invalid_parameter_combination, "InternetAccessible.InternetChargeType",
                     "InstanceChargeType");
    if (internet->string("IPv4AddressType") == "AntiDDoSEIP" && !internet->has("AntiDDoSPackageId"))
        return error(Errc::missing_parameter, "InternetAccessible.AntiDDoSPackageId");
    if (const auto package = internet->string("BandwidthPackageId"))
        // This server has no bandwidth packages, so no id exists.
        return error(well_formed_id(*package, "bwp") ? Errc::invalid_parameter_value_bandwidth_package_id_not_found
                                                     : Errc::invalid_parameter_value_bandwidth_package_id_malformed,
                     *package);
    return std::nullopt;
}

Problem check_topology(const ActionName& action, const Params& params, const InstanceType& type)
{
    const auto topology = params.object("CpuTopology");
    if (!topology)
        return std::nullopt;
    const auto cores = topology->integer("CoreCount");
    const auto threads = topology->integer("ThreadPerCore");
    if (!cores || !threads) {
        if (documented(action, Errc::invalid_parameter_lack_core_count_or_thread_per_core))
            return error(Errc::invalid_parameter_lack_core_count_or_thread_per_core);
        return error(Errc::missing_parameter, cores ? "CpuTopology.ThreadPerCore" : "CpuTopology.CoreCount");
    }
    if (*threads != 1 && *threads != 2)
        return refuse_value(action, Errc::invalid_parameter_value_thread_per_core_value, std::to_string(*threads),
                            "CpuTopology.ThreadPerCore");
    if (*cores < 1 || *cores > type.cpu)
        return refuse_value(action, Errc::invalid_parameter_value_core_count_value, std::to_string(*cores),
                            "CpuTopology.CoreCount");
    return std::nullopt;
}

Problem check_bid(const state::PriceTable& prices, const Params& params, const state::Instance& draft)
{
    const auto market = params.object("InstanceMarketOptions");
    if (!market || draft.charge_type != state::ChargeType::spotpaid)
        return std::nullopt;
    const std::string text = market->object("SpotOptions")->string("MaxPrice").value();
    double bid = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), bid, std::chars_format::fixed);
    if (ec != std::errc{} || end != text.data() + text.size() || !(bid >= 0 && bid <= 1e9))
        return error(Errc::invalid_parameter_value, text, "InstanceMarketOptions.SpotOptions.MaxPrice");
    if (state::Cents{std::llround(bid * 100)} < state::hourly_price(prices, draft))
        return error(Errc::invalid_parameter_value_insufficient_price, text);
    return std::nullopt;
}

Problem check_words(const ActionName& action, const Catalog& catalog, const Params& params, const std::string& image_id,
                    std::int64_t count)
{
    if (const auto token = params.string("ClientToken")) {
        if (token->size() > 64)
            return error(Errc::invalid_client_token_too_long, std::to_string(token->size()));
        if (!std::ranges::all_of(*token, [](char c) { return c >= ' ' && c <= '~'; }))
            return error(Errc::invalid_parameter_value, *token, "ClientToken");
    }
    if (auto problem = check_names(action, catalog, params, image_id, count))
        return problem;
    if (auto problem = check_login(action, catalog, params, image_id))
        return problem;
    if (documented(action, Errc::invalid_security_group_id_not_found)) {
        if (auto problem = check_security_groups(params.strings("SecurityGroupIds"),
                                                 Errc::limit_exceeded_single_usg_quota, "the instance"))
            return problem;
    }
    return check_tags(params);
}

} // namespace cvm::api
