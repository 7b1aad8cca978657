#include "server/api/action.hpp"
#include "server/api/addresses.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/instance_filters.hpp"
#include "server/api/network_checks.hpp"
#include "server/api/persist.hpp"
#include "server/api/purchase.hpp"
#include "server/api/purchase_checks.hpp"
#include "state/rules/addressing.hpp"

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

// The subnet, if it exists; it must be in the zone of every instance.
Result<std::optional<state::Subnet>> find_subnet(const Context& context, const Params& network,
                                                 std::span<const state::Instance> instances)
{
    std::optional<state::Subnet> found;
    for (const state::Instance& instance : instances) {
        auto subnet =
            choose_subnet(context, network.string("VpcId").value(), network.string("SubnetId").value(), instance.zone);
        if (!subnet)
            return subnet.error();
        found = *std::move(subnet);
    }
    return found;
}

// Refuses a duplicate address, one outside the subnet, and one that another instance of the network uses.
std::optional<Error> check_addresses(const Context& context, const std::string& vpc,
                                     const std::optional<state::Subnet>& subnet,
                                     const std::vector<std::string>& addresses,
                                     std::span<const state::Instance> instances)
{
    std::set<std::string_view> seen;
    for (const std::string& address : addresses) {
        if (!seen.insert(address).second)
            return error(Errc::invalid_parameter_value, address, "VirtualPrivateCloud.PrivateIpAddresses");
        if (subnet && !state::is_usable(subnet->cidr, state::parse_ipv4(address).value()))
            return error(Errc::vpc_addr_not_in_sub_net, address, subnet->id);
    }
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

std::optional<Error> check_ipv6(const std::string& vpc, std::span<const state::Instance> instances)
{
    for (const state::Instance& instance : instances) {
        const auto& own = instance.attributes;
        if (own.ipv6_addresses && !own.ipv6_addresses->empty() && own.virtual_private_cloud.vpc_id != vpc)
            return error(Errc::unsupported_operation_ipv6_not_support_vpc_migrate, instance.id);
    }
    return std::nullopt;
}

bool is_in(const state::Instance& instance, const Params& network)
{
    const state::VirtualPrivateCloud& place = instance.attributes.virtual_private_cloud;
    return place.vpc_id == network.string("VpcId") && place.subnet_id == network.string("SubnetId");
}

// The private address of each instance after the change: the given one, its current one if that is in the subnet, a
// free one of an existing subnet, or else nullopt: one derived from the account.
Result<std::vector<std::optional<std::string>>> choose_addresses(const Context& context, const Params& network,
                                                                 std::span<const state::Instance> instances)
{
    const std::string vpc = network.string("VpcId").value();
    if (auto problem = check_ipv6(vpc, instances))
        return *std::move(problem);
    const auto subnet = find_subnet(context, network, instances);
    if (!subnet)
        return subnet.error();
    const auto given = network.strings("PrivateIpAddresses");
    if (auto problem = check_addresses(context, vpc, *subnet, given, instances))
        return *std::move(problem);
    if (!given.empty())
        return std::vector<std::optional<std::string>>{given.begin(), given.end()};

    std::vector<std::string> free;
    if (*subnet) {
        const auto coming = std::ranges::count_if(instances, [&](const auto& one) { return !is_in(one, network); });
        auto taken = take_addresses(context, **subnet, {}, coming);
        if (!taken)
            return taken.error();
        free = *std::move(taken);
    }
    std::vector<std::optional<std::string>> addresses;
    auto next = free.begin();
    for (const state::Instance& instance : instances) {
        const auto& own = instance.attributes.private_ip_addresses;
        if (is_in(instance, network) && !own.empty())
            addresses.emplace_back(own.front());
        else
            addresses.push_back(next != free.end() ? std::optional{*next++} : std::nullopt);
    }
    return addresses;
}

// Moves the instance into the network.
void move(state::Instance& instance, const Params& network, const std::optional<std::string>& address,
          state::Account& account)
{
    state::InstanceAttributes& attributes = instance.attributes;
    state::VirtualPrivateCloud& place = attributes.virtual_private_cloud;
    const auto ipv6 = network.integer("Ipv6AddressCount");
    if (!address || ipv6.value_or(0) > 0)
        state::next_resource_id(account, "eni"); // addresses use the same counter as ids
    attributes.private_ip_addresses = {address ? *address : private_address(account)};
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
    if (auto problem = check_network(context.action, params, std::ssize(*instances)))
        return *problem;
    const Params network = params.object("VirtualPrivateCloud").value();
    const auto addresses = choose_addresses(context, network, *instances);
    if (!addresses)
        return addresses.error();

    state::Account account = context.call.account;
    for (std::size_t index = 0; index < instances->size(); ++index) {
        state::Instance& instance = (*instances)[index];
        move(instance, network, (*addresses)[index], account);
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
