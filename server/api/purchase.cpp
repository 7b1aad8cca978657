#include "server/api/purchase.hpp"

#include "server/api/instance_checks.hpp"
#include "server/api/instance_json.hpp"
#include "server/api/network_checks.hpp"
#include "server/api/orders.hpp"
#include "server/api/purchase_checks.hpp"
#include "server/api/tagged_resources.hpp"

#include <algorithm>

namespace cvm::api {

namespace {

// The maximum number of instances in one call (fixtures/catalog/actions/RunInstances.json).
constexpr std::int64_t max_count = 500;

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
        system.kms_key_id = given->string("KmsKeyId");
    }
    for (const Params& given : params.objects("DataDisks")) {
        state::Disk disk;
        disk.type = given.string("DiskType").value_or("CLOUD_PREMIUM");
        disk.size_gib = given.integer("DiskSize").value();
        disk.name = given.string("DiskName").value_or("");
        disk.encrypt = given.boolean("Encrypt").value_or(false);
        disk.kms_key_id = given.string("KmsKeyId");
        disk.throughput_performance = given.integer("ThroughputPerformance").value_or(0);
        disk.burst_performance = given.boolean("BurstPerformance").value_or(false);
        disk.delete_with_instance = given.boolean("DeleteWithInstance").value_or(true);
        disks.push_back(disk);
    }
    for (state::Disk& disk : disks)
        disk.charge_type = state::pays_ahead(charge_type) ? state::ChargeType::prepaid : charge_type;
    return disks;
}

state::InstanceAttributes read_attributes(const Params& params, const Image& image)
{
    state::InstanceAttributes attributes = default_attributes();
    apply_image(attributes, image);
    apply_login(attributes, params);
    attributes.cam_role_name = params.string("CamRoleName").value_or("");
    attributes.user_data = params.string("UserData");
    if (const auto network = params.object("VirtualPrivateCloud"))
        attributes.virtual_private_cloud = {.vpc_id = network->string("VpcId").value(),
                                            .subnet_id = network->string("SubnetId").value(),
                                            .as_vpc_gateway = network->boolean("AsVpcGateway").value_or(false),
                                            .ipv6_address_count = network->integer("Ipv6AddressCount")};
    if (const auto placement = params.object("Placement")) {
        attributes.dedicated_resource_pack_tenancy = placement->string("DedicatedResourcePackTenancy");
        if (auto packs = placement->strings("DedicatedResourcePackIds"); !packs.empty())
            attributes.dedicated_resource_pack_ids = std::move(packs);
    }
    if (const auto internet = params.object("InternetAccessible"))
        attributes.public_addressing = {.internet_service_provider = internet->string("InternetServiceProvider"),
                                        .ipv4_address_type = internet->string("IPv4AddressType"),
                                        .ipv6_address_type = internet->string("IPv6AddressType"),
                                        .anti_ddos_package_id = internet->string("AntiDDoSPackageId")};
    if (const auto metadata = params.object("Metadata")) {
        auto& items = attributes.metadata.emplace().items.emplace();
        for (const Params& item : metadata->objects("Items"))
            items.push_back({item.string("Key").value(), item.string("Value").value()});
    }
    if (auto groups = params.strings("SecurityGroupIds"); !groups.empty())
        attributes.security_group_ids = std::move(groups);
    attributes.disable_api_termination = params.boolean("DisableApiTermination").value_or(false);
    attributes.enable_jumbo_frame = params.boolean("EnableJumboFrame").value_or(false);
    attributes.partition_number = params.integer("PartitionNumber");
    if (const auto topology = params.object("CpuTopology"))
        attributes.cpu_topology = {.core_count = topology->integer("CoreCount").value(),
                                   .threads_per_core = topology->integer("ThreadPerCore").value()};
    return attributes;
}

// Tags for instances also apply to their disks, as the page says; the resource types for disks alone are assumed.
void read_tags(const Params& params, state::Instance& draft)
{
    for (const Params& specification : params.objects("TagSpecification")) {
        const std::string kind = specification.string("ResourceType").value();
        const bool for_instance = kind == "instance";
        if (!for_instance && kind != "volume" && kind != "disk")
            continue;
        std::vector<state::KeyValue> tags;
        for (const Params& tag : specification.objects("Tags"))
            tags.push_back({tag.string("Key").value(), tag.string("Value").value()});
        if (for_instance)
            set_tags(draft.attributes.tags, tags, true);
        for (state::Disk& disk : draft.disks)
            set_tags(disk.tags, tags, false);
    }
}

Result<std::chrono::months> read_period(state::Instant now, const Params& params, state::Instance& draft)
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
    if (auto refusal = refuse_period(period, now))
        return *std::move(refusal);
    return std::chrono::months{period};
}

} // namespace

Result<Purchase> read_purchase(const Context& context, const Params& params)
{
    if (auto problem = check_template(context.action, params))
        return *std::move(problem);
    const auto placement = params.object("Placement");
    if (!placement)
        return error(Errc::missing_parameter, "Placement");
    const auto image_id = params.string("ImageId");
    if (!image_id)
        return error(Errc::missing_parameter, "ImageId");
    if (auto problem = check_place(context.action, context.catalog, context.call.region, *placement))
        return *std::move(problem);
    const Zone& zone = *context.catalog.find_zone(placement->string("Zone").value());
    const std::string type_name = params.string("InstanceType").value_or(context.catalog.default_instance_type);
    const auto charge_type =
        state::parse<state::ChargeType>(params.string("InstanceChargeType").value_or("POSTPAID_BY_HOUR")).value();
    const auto type = choose_type(context.action, context.catalog, type_name, charge_type, zone);
    if (!type)
        return type.error();
    const auto host = choose_host(context.action, context.catalog, *placement, *type);
    if (!host)
        return host.error();
    if (auto problem = check_image(context.action, context.catalog, *image_id, type_name))
        return *std::move(problem);
    const Image& image = *context.catalog.find_image(*image_id);

    Purchase purchase;
    purchase.count = params.integer("InstanceCount").value_or(1);
    if (purchase.count < 1 || purchase.count > max_count)
        return error(Errc::invalid_parameter_value_range, std::to_string(purchase.count), "InstanceCount");
    state::Instance& draft = purchase.draft;
    draft.region = context.call.region;
    draft.zone = zone.name;
    draft.project_id = placement->integer("ProjectId").value_or(0);
    draft.type = type->name;
    draft.cpu = type->cpu;
    draft.memory_gib = type->memory_gib;
    draft.charge_type = charge_type;
    draft.created_at = context.call.now;

    if (const auto disk = params.object("SystemDisk")) {
        if (auto problem = check_system_disk(context.action, context.catalog.prices, *disk, image))
            return *std::move(problem);
    }
    if (auto problem = check_data_disks(context.action, context.catalog.prices, params))
        return *std::move(problem);
    if (auto problem = check_network(context.action, params, purchase.count))
        return *std::move(problem);
    // If the page has no codes for them, existing networks are not checked.
    const bool placed = documented(context.action, Errc::invalid_parameter_value_vpc_id_subnet_id_not_match);
    if (const auto network = params.object("VirtualPrivateCloud"); network && placed) {
        auto subnet =
            choose_subnet(context, network->string("VpcId").value(), network->string("SubnetId").value(), zone.name);
        if (!subnet)
            return subnet.error();
        purchase.subnet = *std::move(subnet);
    }
    if (auto problem = check_internet(params, draft.charge_type))
        return *std::move(problem);
    if (auto problem = check_words(context.action, context.catalog, params, image.id, purchase.count))
        return *std::move(problem);
    if (placed)
        if (auto problem = check_groups_exist(context, params.strings("SecurityGroupIds")))
            return *std::move(problem);
    if (auto problem = check_topology(context.action, params, *type))
        return *std::move(problem);
    if (params.has("HpcClusterId")) // this server has no HPC clusters
        return error(Errc::resource_not_found_hpc_cluster);

    draft.disks = read_disks(params, image, draft.charge_type);
    draft.internet_charge_type =
        state::pays_ahead(draft.charge_type) ? "BANDWIDTH_PREPAID" : "TRAFFIC_POSTPAID_BY_HOUR";
    if (const auto internet = params.object("InternetAccessible")) {
        draft.internet_charge_type = internet->string("InternetChargeType").value_or(draft.internet_charge_type);
        draft.bandwidth_mbps = internet->integer("InternetMaxBandwidthOut").value_or(0);
    }
    draft.attributes = read_attributes(params, image);
    apply_type(draft.attributes, *type);
    if (!host->empty())
        draft.attributes.host_id = *host;
    read_tags(params, draft);
    const auto period = read_period(context.call.now, params, draft);
    if (!period)
        return period.error();
    purchase.period = *period;
    if (state::pays_by_hour(draft.charge_type))
        draft.frozen = state::hour_price(context.catalog.prices, draft);
    if (auto problem = check_bid(context.catalog.prices, params, draft))
        return *std::move(problem);
    return purchase;
}

PurchasePrice price_of(const state::PriceTable& prices, const Purchase& purchase)
{
    const auto times = [&](const state::Price& price) {
        return state::Price{price.original * purchase.count, price.discounted * purchase.count};
    };
    if (purchase.period.count() == 0)
        return {.instances = {}, .bandwidth = {}, .first_hour = purchase.draft.frozen * purchase.count};
    return {.instances = times(state::instance_price(prices, purchase.draft, purchase.period)),
            .bandwidth = times(state::bandwidth_price(prices, purchase.draft, purchase.period)),
            .first_hour = {}};
}

} // namespace cvm::api
