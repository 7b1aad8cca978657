#include "server/api/action.hpp"
#include "server/api/addresses.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/instance_filters.hpp"
#include "server/api/persist.hpp"
#include "server/api/purchase.hpp"
#include "server/api/purchase_checks.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace cvm::api::modify_instances_vpc_attribute {

namespace {

constexpr std::array fields{
    required_instance_ids,
    Field{.name = "VirtualPrivateCloud", .type = Type::object, .required = true, .members = network_members},
    Field{.name = "ForceStop", .type = Type::boolean},
    Field{.name = "ReserveHostName", .type = Type::boolean},
};

// Refuses an address that is given twice, or that another instance of the network has.
std::optional<Error> check_addresses(const Context& context, const std::string& vpc,
                                     const std::vector<std::string>& addresses,
                                     std::span<const state::Instance> instances)
{
    std::set<std::string_view> seen;
    for (const std::string& address : addresses)
        if (!seen.insert(address).second)
            return error(Errc::invalid_parameter_value, address, "VirtualPrivateCloud.PrivateIpAddresses");
    if (addresses.empty())
        return std::nullopt;
    const std::array asked{Filter{"vpc-id", {vpc}}, Filter{"private-ip-address", addresses}};
    const state::Page page{.offset = 0, .limit = std::ssize(addresses) + std::ssize(instances)};
    const auto holders =
        context.store.select_instances(context.call.account.uin, context.call.region, conditions(asked), page);
    for (const state::Instance& holder : holders.instances)
        if (std::ranges::find(instances, holder.id, &state::Instance::id) == instances.end())
            return error(Errc::vpc_ip_is_used, holder.attributes.private_ip_addresses.front());
    return std::nullopt;
}

std::optional<Error> check_move(const Context& context, const Params& params,
                                std::span<const state::Instance> instances)
{
    if (auto problem = check_network(context.action, params, std::ssize(instances)))
        return problem;
    const Params network = params.object("VirtualPrivateCloud").value();
    const std::string vpc = network.string("VpcId").value();
    for (const state::Instance& instance : instances) {
        const auto& own = instance.attributes;
        if (own.ipv6_addresses && !own.ipv6_addresses->empty() && own.virtual_private_cloud.vpc_id != vpc)
            return error(Errc::unsupported_operation_ipv6_not_support_vpc_migrate, instance.id);
    }
    return check_addresses(context, vpc, network.strings("PrivateIpAddresses"), instances);
}

// Puts the instance into the network. It keeps its address in a subnet that it is in already, unless another is given.
void move(state::Instance& instance, const Params& network, std::size_t index, state::Account& account)
{
    state::InstanceAttributes& attributes = instance.attributes;
    state::VirtualPrivateCloud& place = attributes.virtual_private_cloud;
    const auto addresses = network.strings("PrivateIpAddresses");
    const bool stays = place.vpc_id == network.string("VpcId") && place.subnet_id == network.string("SubnetId");
    const auto ipv6 = network.integer("Ipv6AddressCount");
    if ((addresses.empty() && !stays) || ipv6.value_or(0) > 0)
        state::next_resource_id(account, "eni"); // addresses count as ids do
    if (!addresses.empty())
        attributes.private_ip_addresses = {addresses.at(index)};
    else if (!stays)
        attributes.private_ip_addresses = {private_address(account)};
    place.vpc_id = network.string("VpcId");
    place.subnet_id = network.string("SubnetId");
    if (const auto gateway = network.boolean("AsVpcGateway"))
        place.as_vpc_gateway = gateway;
    if (ipv6 && *ipv6 > 0) {
        place.ipv6_address_count = ipv6;
        attributes.ipv6_addresses = ipv6_addresses(account, *ipv6);
    }
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const bool stops = params.boolean("ForceStop").value_or(true);
    auto instances = load_workable(context, params.strings("InstanceIds"),
                                   stops ? std::optional{state::InstanceState::running} : std::nullopt);
    if (!instances)
        return instances.error();
    if (auto problem = check_move(context, params, *instances))
        return *problem;

    state::Account account = context.call.account;
    const Params network = params.object("VirtualPrivateCloud").value();
    for (std::size_t index = 0; index < instances->size(); ++index) {
        state::Instance& instance = (*instances)[index];
        move(instance, network, index, account);
        if (instance.state == state::InstanceState::running)
            begin_operation(context, instance, {state::InstanceState::rebooting, state::InstanceState::running});
        else
            begin_operation(context, instance);
        save(context, instance);
    }
    if (account != context.call.account)
        context.store.save_account(account);
    return boost::json::object{};
}

} // namespace

extern const Action action{
    .name = "ModifyInstancesVpcAttribute",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::modify_instances_vpc_attribute
