#include "server/api/purchase.hpp"

#include "server/api/instance_checks.hpp"
#include "server/api/instance_json.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

namespace cvm::api {

namespace json = boost::json;

namespace {

// Most instances of one call (facts: actions 5.8, the Chinese site's).
constexpr std::int64_t max_count = 500;

using Problem = std::optional<Error>;

// The code if the page has it, otherwise InvalidParameterValue.
Error refuse(const Context& context, Errc code, const std::string& value, std::string_view parameter)
{
    return documented(context, code) ? error(code, value) : error(Errc::invalid_parameter_value, value, parameter);
}

Problem check_template(const Context& context, const Params& params)
{
    const auto launch = params.object("LaunchTemplate");
    if (!launch)
        return std::nullopt;
    const std::string id = launch->string("LaunchTemplateId").value_or("");
    if (!well_formed_id(id, "lt"))
        return refuse(context, Errc::invalid_parameter_value_launch_template_id_malformed, id,
                      "LaunchTemplate.LaunchTemplateId");
    // None are kept here.
    return refuse(context, Errc::invalid_parameter_value_launch_template_not_found, id,
                  "LaunchTemplate.LaunchTemplateId");
}

Problem check_place(const Context& context, const Params& placement)
{
    const std::string name = placement.string("Zone").value();
    const Zone* zone = context.catalog.find_zone(name);
    if (zone == nullptr || zone->region != context.region)
        return error(Errc::invalid_zone_mismatch_region, name);
    if (!zone->available) {
        if (documented(context, Errc::resource_insufficient_availability_zone_sold_out))
            return error(Errc::resource_insufficient_availability_zone_sold_out, name);
        return error(Errc::invalid_parameter_value_zone_not_supported, name);
    }
    auto hosts = placement.strings("HostIds");
    if (const auto host = placement.string("HostId"))
        hosts.push_back(*host);
    for (const std::string& host : hosts)
        // Hosts are not kept here: a well-formed one does not exist.
        return error(well_formed_id(host, "host") ? Errc::invalid_host_id_not_found : Errc::invalid_host_id_malformed,
                     host);
    return std::nullopt;
}

Problem check_offer(const Context& context, const std::string& type_name, const Zone& zone)
{
    if (auto problem = check_instance_type(context, type_name))
        return problem;
    switch (context.catalog.offer(*context.catalog.find_instance_type(type_name), zone)) {
    case Offer::never:
        return error(Errc::resource_unavailable_instance_type, type_name, zone.id);
    case Offer::sold_out:
        return error(Errc::resources_sold_out_specified_instance_type, type_name);
    case Offer::on_sale:
        return std::nullopt;
    }
    throw std::logic_error{"Offer out of range"};
}

Problem check_data_disks(const Context& context, const Params& params)
{
    std::size_t index = 0;
    for (const Params& disk : params.objects("DataDisks")) {
        const std::string path = "DataDisks." + std::to_string(index++);
        if (const auto id = disk.string("DiskId")) // of answers alone
            return error(Errc::invalid_parameter_value, *id, path + ".DiskId");
        const std::string type = disk.string("DiskType").value_or("CLOUD_PREMIUM");
        if (!context.catalog.prices.disk_types.contains(type))
            return refuse(context, Errc::unsupported_operation_invalid_disk, type, path + ".DiskType");
        const auto size = disk.integer("DiskSize").value();
        if (type == "CLOUD_SSD" && size < 100)
            return error(Errc::invalid_parameter_value_cloud_ssd_data_disk_size_too_small, std::to_string(size));
        if (size < 10 || size > 32000)
            return error(Errc::invalid_parameter_value_range, std::to_string(size), path + ".DiskSize");
        if (const auto snapshot = disk.string("SnapshotId")) {
            if (!well_formed_id(*snapshot, "snap"))
                return error(Errc::invalid_parameter_value_snapshot_id_malformed, *snapshot);
            return error(Errc::invalid_parameter_snapshot_not_found, *snapshot);
        }
    }
    return std::nullopt;
}

Problem check_network(const Context& context, const Params& params, std::int64_t count)
{
    const auto network = params.object("VirtualPrivateCloud");
    if (!network)
        return std::nullopt;
    const std::string vpc = network->string("VpcId").value();
    const std::string subnet = network->string("SubnetId").value();
    // Networks are not kept here, so that every well-formed one exists; DEFAULT is the account's own.
    if (vpc != "DEFAULT" && !well_formed_id(vpc, "vpc"))
        return refuse(context, Errc::invalid_parameter_value_vpc_id_malformed, vpc, "VirtualPrivateCloud.VpcId");
    if (subnet != "DEFAULT" && !well_formed_id(subnet, "subnet"))
        return refuse(context, Errc::invalid_parameter_value_subnet_id_malformed, subnet,
                      "VirtualPrivateCloud.SubnetId");
    const auto addresses = network->strings("PrivateIpAddresses");
    for (const std::string& address : addresses) {
        boost::system::error_code ec;
        boost::asio::ip::make_address_v4(address, ec);
        if (ec)
            return refuse(context, Errc::invalid_parameter_value_ip_address_malformed, address,
                          "VirtualPrivateCloud.PrivateIpAddresses");
    }
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
    if (const auto package = internet->string("BandwidthPackageId"))
        // None are kept here.
        return error(well_formed_id(*package, "bwp") ? Errc::invalid_parameter_value_bandwidth_package_id_not_found
                                                     : Errc::invalid_parameter_value_bandwidth_package_id_malformed,
                     *package);
    return std::nullopt;
}

// Of UTF-8: the bytes that begin one.
std::ptrdiff_t characters(std::string_view text)
{
    return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

Problem check_tags(const Params& params)
{
    std::set<std::string> keys; // with the kind of resource in front
    for (const Params& specification : params.objects("TagSpecification"))
        for (const Params& tag : specification.objects("Tags")) {
            const std::string key = tag.string("Key").value();
            if (!keys.insert(specification.string("ResourceType").value() + " " + key).second)
                return error(Errc::invalid_parameter_value_duplicate_tags, key);
            if (key.starts_with("qcs:"))
                return error(Errc::failed_operation_tag_key_reserved, key);
            const auto forbidden = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
            if (key.empty() || characters(key) > 127 || std::ranges::any_of(key, forbidden))
                return error(Errc::failed_operation_illegal_tag_key, key);
            const std::string value = tag.string("Value").value();
            if (characters(value) > 255 || std::ranges::any_of(value, forbidden))
                return error(Errc::failed_operation_illegal_tag_value, value);
        }
    return std::nullopt;
}

Problem check_topology(const Context& context, const Params& params, const InstanceType& type)
{
    const auto topology = params.object("CpuTopology");
    if (!topology)
        return std::nullopt;
    const auto cores = topology->integer("CoreCount");
    const auto threads = topology->integer("ThreadPerCore");
    if (!cores || !threads) {
        if (documented(context, Errc::invalid_parameter_lack_core_count_or_thread_per_core))
            return error(Errc::invalid_parameter_lack_core_count_or_thread_per_core);
        return error(Errc::missing_parameter, cores ? "CpuTopology.ThreadPerCore" : "CpuTopology.CoreCount");
    }
    if (*threads != 1 && *threads != 2)
        return refuse(context, Errc::invalid_parameter_value_thread_per_core_value, std::to_string(*threads),
                      "CpuTopology.ThreadPerCore");
    if (*cores < 1 || *cores > type.cpu)
        return refuse(context, Errc::invalid_parameter_value_core_count_value, std::to_string(*cores),
                      "CpuTopology.CoreCount");
    return std::nullopt;
}

Problem check_bid(const Context& context, const Params& params, const Purchase& purchase)
{
    const auto market = params.object("InstanceMarketOptions");
    if (!market || purchase.draft.charge_type != state::ChargeType::spotpaid)
        return std::nullopt;
    const std::string text = market->object("SpotOptions")->string("MaxPrice").value();
    double bid = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), bid, std::chars_format::fixed);
    if (ec != std::errc{} || end != text.data() + text.size() || !(bid >= 0 && bid <= 1e9))
        return error(Errc::invalid_parameter_value, text, "InstanceMarketOptions.SpotOptions.MaxPrice");
    if (state::Cents{std::llround(bid * 100)} < state::hourly_price(context.catalog.prices, purchase.draft))
        return error(Errc::invalid_parameter_value_insufficient_price, text);
    return std::nullopt;
}

Problem check_words(const Context& context, const Params& params, const std::string& image_id, std::int64_t count)
{
    if (const auto token = params.string("ClientToken")) {
        if (token->size() > 64)
            return error(Errc::invalid_client_token_too_long, std::to_string(token->size()));
        if (!std::ranges::all_of(*token, [](char c) { return c >= ' ' && c <= '~'; }))
            return error(Errc::invalid_parameter_value, *token, "ClientToken");
    }
    // The last name of a batch is the longest.
    if (const auto name = params.string("InstanceName")) {
        if (auto problem = check_instance_name(context, numbered_name(*name, count - 1, count)))
            return problem;
    }
    if (const auto name = params.string("HostName")) {
        if (auto problem = check_host_name(context, numbered_name(*name, count - 1, count)))
            return problem;
    }
    if (auto problem = check_login(context, params, image_id))
        return problem;
    if (documented(context, Errc::invalid_security_group_id_not_found)) {
        if (auto problem = check_security_groups(params.strings("SecurityGroupIds"),
                                                 Errc::limit_exceeded_single_usg_quota, "the instance"))
            return problem;
    }
    return check_tags(params);
}

std::vector<state::Disk> read_disks(const Params& params, const Image& image, state::ChargeType charge_type)
{
    std::vector<state::Disk> disks(1);
    state::Disk& system = disks.front();
    system.usage = state::DiskUsage::system;
    system.type = "CLOUD_PREMIUM";
    system.size_gib = std::max<std::int64_t>(50, image.size_gib);
    if (const auto given = params.object("SystemDisk")) {
        system.type = given->string("DiskType").value_or(system.type);
        system.size_gib = given->integer("DiskSize").value_or(system.size_gib);
        system.name = given->string("DiskName").value_or("");
        system.encrypt = given->boolean("Encrypt").value_or(false);
    }
    for (const Params& given : params.objects("DataDisks")) {
        state::Disk disk;
        disk.type = given.string("DiskType").value_or("CLOUD_PREMIUM");
        disk.size_gib = given.integer("DiskSize").value();
        disk.name = given.string("DiskName").value_or("");
        disk.encrypt = given.boolean("Encrypt").value_or(false);
        disk.delete_with_instance = given.boolean("DeleteWithInstance").value_or(true);
        disks.push_back(disk);
    }
    for (state::Disk& disk : disks)
        disk.charge_type = state::pays_ahead(charge_type) ? state::ChargeType::prepaid : charge_type;
    return disks;
}

std::string read_attributes(const Params& params, const Image& image)
{
    json::object echo;
    apply_image(echo, image);
    apply_login(echo, params);
    const auto copy = [&](std::string_view name) {
        if (const auto value = params.string(name))
            echo[name] = *value;
    };
    for (const std::string_view name : {"HostName", "CamRoleName", "UserData"})
        copy(name);
    if (const auto network = params.object("VirtualPrivateCloud"))
        echo["VirtualPrivateCloud"] = json::object{{"VpcId", network->string("VpcId").value()},
                                                   {"SubnetId", network->string("SubnetId").value()},
                                                   {"AsVpcGateway", network->boolean("AsVpcGateway").value_or(false)}};
    if (const auto groups = params.strings("SecurityGroupIds"); !groups.empty())
        echo["SecurityGroupIds"] = json::array(groups.begin(), groups.end());
    for (const std::string_view name : {"DisableApiTermination", "EnableJumboFrame"})
        if (const auto flag = params.boolean(name))
            echo[name] = *flag;
    if (const auto partition = params.integer("PartitionNumber"))
        echo["PartitionNumber"] = *partition;
    if (const auto topology = params.object("CpuTopology"))
        echo["CpuTopology"] = json::object{{"CoreCount", topology->integer("CoreCount").value()},
                                           {"ThreadPerCore", topology->integer("ThreadPerCore").value()}};
    json::array tags;
    for (const Params& specification : params.objects("TagSpecification"))
        if (specification.string("ResourceType") == "instance")
            for (const Params& tag : specification.objects("Tags"))
                tags.push_back(
                    json::object{{"Key", tag.string("Key").value()}, {"Value", tag.string("Value").value()}});
    if (!tags.empty())
        echo["Tags"] = std::move(tags);
    return json::serialize(echo);
}

Result<std::chrono::months> read_period(const Context& context, const Params& params, state::Instance& draft)
{
    if (!state::pays_ahead(draft.charge_type))
        return std::chrono::months{0};
    const auto prepaid = params.object("InstanceChargePrepaid");
    if (!prepaid)
        return error(Errc::missing_parameter, "InstanceChargePrepaid");
    const auto flag = prepaid->string("RenewFlag");
    draft.renew_flag = flag ? state::parse<state::RenewFlag>(*flag) : state::RenewFlag::notify_and_manual_renew;
    if (draft.charge_type == state::ChargeType::underwrite &&
        draft.renew_flag != state::RenewFlag::notify_and_auto_renew)
        return error(Errc::unsupported_operation_underwriting_instance_type_only_support_auto_renew, draft.type);
    const auto period = prepaid->integer("Period").value();
    if (auto refusal = refuse_period(period, context.now))
        return *std::move(refusal);
    return std::chrono::months{period};
}

} // namespace

Result<Purchase> read_purchase(const Context& context, const Params& params)
{
    if (auto problem = check_template(context, params))
        return *std::move(problem);
    const auto placement = params.object("Placement");
    if (!placement)
        return error(Errc::missing_parameter, "Placement");
    const auto image_id = params.string("ImageId");
    if (!image_id)
        return error(Errc::missing_parameter, "ImageId");
    if (auto problem = check_place(context, *placement))
        return *std::move(problem);
    const Zone& zone = *context.catalog.find_zone(placement->string("Zone").value());
    const std::string type_name = params.string("InstanceType").value_or(context.catalog.default_instance_type);
    if (auto problem = check_offer(context, type_name, zone))
        return *std::move(problem);
    if (auto problem = check_image(context, *image_id, type_name))
        return *std::move(problem);
    const InstanceType& type = *context.catalog.find_instance_type(type_name);
    const Image& image = *context.catalog.find_image(*image_id);

    Purchase purchase;
    purchase.count = params.integer("InstanceCount").value_or(1);
    if (purchase.count < 1 || purchase.count > max_count)
        return error(Errc::invalid_parameter_value_range, std::to_string(purchase.count), "InstanceCount");
    state::Instance& draft = purchase.draft;
    draft.region = context.region;
    draft.zone = zone.name;
    draft.project_id = placement->integer("ProjectId").value_or(0);
    draft.type = type.name;
    draft.cpu = type.cpu;
    draft.memory_gib = type.memory_gib;
    draft.charge_type =
        state::parse<state::ChargeType>(params.string("InstanceChargeType").value_or("POSTPAID_BY_HOUR")).value();
    draft.created_at = context.now;

    if (const auto disk = params.object("SystemDisk")) {
        if (auto problem = check_system_disk(context, *disk, image))
            return *std::move(problem);
    }
    if (auto problem = check_data_disks(context, params))
        return *std::move(problem);
    if (auto problem = check_network(context, params, purchase.count))
        return *std::move(problem);
    if (auto problem = check_internet(params, draft.charge_type))
        return *std::move(problem);
    if (auto problem = check_words(context, params, image.id, purchase.count))
        return *std::move(problem);
    if (auto problem = check_topology(context, params, type))
        return *std::move(problem);
    if (params.has("HpcClusterId")) // none are kept here
        return error(Errc::resource_not_found_hpc_cluster);

    draft.disks = read_disks(params, image, draft.charge_type);
    draft.internet_charge_type =
        state::pays_ahead(draft.charge_type) ? "BANDWIDTH_PREPAID" : "TRAFFIC_POSTPAID_BY_HOUR";
    if (const auto internet = params.object("InternetAccessible")) {
        draft.internet_charge_type = internet->string("InternetChargeType").value_or(draft.internet_charge_type);
        draft.bandwidth_mbps = internet->integer("InternetMaxBandwidthOut").value_or(0);
    }
    draft.attributes = read_attributes(params, image);
    const auto period = read_period(context, params, draft);
    if (!period)
        return period.error();
    purchase.period = *period;
    if (auto problem = check_bid(context, params, purchase))
        return *std::move(problem);
    return purchase;
}

PurchasePrice price_of(const Context& context, const Purchase& purchase)
{
    const state::PriceTable& table = context.catalog.prices;
    const auto times = [&](const state::Price& price) {
        return state::Price{price.original * purchase.count, price.discounted * purchase.count};
    };
    if (purchase.period.count() == 0)
        return {.instances = {},
                .bandwidth = {},
                .first_hour = (state::hourly_price(table, purchase.draft) +
                               state::hourly_bandwidth_price(table, purchase.draft)) *
                              purchase.count};
    return {.instances = times(state::instance_price(table, purchase.draft, purchase.period)),
            .bandwidth = times(state::bandwidth_price(table, purchase.draft, purchase.period)),
            .first_hour = {}};
}

} // namespace cvm::api
