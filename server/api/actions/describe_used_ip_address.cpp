#include "server/api/action.hpp"
#include "server/api/each_instance.hpp"
#include "server/api/filter.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/page.hpp"
#include "state/rules/addressing.hpp"

#include <boost/asio/ip/address_v4.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api::describe_used_ip_address {

namespace json = boost::json;

namespace {

constexpr std::size_t max_values = 100;

constexpr std::array fields{
    Field{.name = "VpcId", .type = Type::string, .required = true},
    Field{.name = "SubnetId", .type = Type::string},
    Field{.name = "IpAddresses", .type = Type::strings, .max_items = 100},
    filters_field,
    offset_field,
    Field{.name = "Limit", .type = Type::unsigned_integer, .min = 1, .max = 100},
};

// An address and the instance that has it.
struct Used {
    boost::asio::ip::address_v4 address;
    std::string text;
    std::string subnet_id;
    std::string instance_id;
};

using Words = std::vector<std::string>;
constexpr std::array<TextFilter<Used>, 2> filters{{
    {"ip-addresses", [](const Used& used) { return Words{used.text}; }},
    {"resource-id", [](const Used& used) { return Words{used.instance_id}; }},
}};

std::optional<boost::asio::ip::address_v4> parse_address(const std::string& text)
{
    boost::system::error_code ec;
    const auto address = boost::asio::ip::make_address_v4(text, ec);
    return ec ? std::nullopt : std::optional{address};
}

std::optional<Error> check(const Params& params)
{
    const std::string vpc = params.string("VpcId").value();
    if (!well_formed_id(vpc, "vpc"))
        return error(Errc::invalid_parameter_value_malformed, vpc, "VpcId");
    if (const auto subnet = params.string("SubnetId"); subnet && !well_formed_id(*subnet, "subnet"))
        return error(Errc::invalid_parameter_value_malformed, *subnet, "SubnetId");
    for (const std::string& address : params.strings("IpAddresses"))
        if (!parse_address(address))
            return error(Errc::invalid_parameter_value_malformed, address, "IpAddresses");
    if (params.has("IpAddresses") && params.has("Filters"))
        return error(Errc::invalid_parameter_value_parameter_mismatch, "IpAddresses", "Filters");
    return std::nullopt;
}

// For an existing network: the subnet must belong to it, and the addresses must be inside.
std::optional<Error> check_made(const Context& context, const Params& params)
{
    const std::string& uin = context.call.account.uin;
    const std::string vpc_id = params.string("VpcId").value();
    std::optional<state::Cidr> block;
    if (const auto vpc = context.store.networks().find_vpc(uin, vpc_id))
        block = vpc->cidr;
    if (const auto id = params.string("SubnetId")) {
        if (const auto subnet = context.store.networks().find_subnet(uin, *id)) {
            if (subnet->vpc_id != vpc_id)
                return error(Errc::invalid_parameter_value_parameter_mismatch, "VpcId", "SubnetId");
            block = subnet->cidr;
        }
    }
    for (const std::string& text : params.strings("IpAddresses"))
        if (const auto address = state::parse_ipv4(text); block && address && !state::contains(*block, *address))
            return error(Errc::invalid_parameter_value_parameter_mismatch, "VpcId", "IpAddresses");
    return std::nullopt;
}

// The addresses of the network that instances use, in numeric order. This server has no other resources with addresses.
std::vector<Used> used_addresses(const Context& context, const Params& params)
{
    const std::string vpc = params.string("VpcId").value();
    const auto subnet = params.string("SubnetId");
    const auto asked = params.strings("IpAddresses");
    std::vector<Used> used;
    for_each_instance(context.store, context.call.account.uin, context.call.region, [&](const state::Instance& i) {
        const state::VirtualPrivateCloud& network = i.attributes.virtual_private_cloud;
        const std::string own_subnet = network.subnet_id.value_or("");
        if (network.vpc_id != vpc || (subnet && own_subnet != *subnet))
            return;
        for (const std::string& text : i.attributes.private_ip_addresses)
            if (const auto address = parse_address(text);
                address && (asked.empty() || std::ranges::find(asked, text) != asked.end()))
                used.push_back({*address, text, own_subnet, i.id});
    });
    std::ranges::stable_sort(used, {}, &Used::address);
    return used;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    if (auto problem = check(params))
        return *std::move(problem);
    if (auto problem = check_made(context, params))
        return *std::move(problem);
    const auto given = read_filters(params);
    if (auto problem = check_filters<Used>(filters, given, max_values))
        return *std::move(problem);
    auto used = used_addresses(context, params);
    std::erase_if(used, [&](const Used& one) { return !passes<Used>(one, filters, given); });

    const auto total = std::ssize(used);
    const auto [begin, end] = read_page(params, total);
    json::array states;
    for (auto at = begin; at < end; ++at) {
        const Used& one = used[static_cast<std::size_t>(at)];
        states.push_back(json::object{{"VpcId", params.string("VpcId").value()},
                                      {"SubnetId", one.subnet_id},
                                      {"IpAddress", one.text},
                                      {"ResourceType", "CVM"},
                                      {"ResourceId", one.instance_id}});
    }
    return json::object{{"IpAddressStates", std::move(states)}, {"TotalCount", total}};
}

} // namespace

extern const Action action{
    .name = "DescribeUsedIpAddress",
    .product = "vpc",
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::describe_used_ip_address
