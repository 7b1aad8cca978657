#include "server/api/action.hpp"
#include "server/api/network_checks.hpp"
#include "server/api/network_json.hpp"
#include "server/api/tagged_resources.hpp"
#include "state/rules/addressing.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::create_vpc {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 2> address_types{"GUA", "ULA"};
constexpr std::array fields{
    Field{.name = "VpcName", .type = Type::string, .required = true},
    Field{.name = "StackType", .type = Type::string, .words = stack_types},
    Field{.name = "CidrBlock", .type = Type::string},
    Field{.name = "Ipv6CidrBlock", .type = Type::string},
    Field{.name = "AddressType", .type = Type::string, .words = address_types},
    Field{.name = "EnableMulticast", .type = Type::string, .words = switch_words},
    Field{.name = "DnsServers", .type = Type::strings, .max_items = 4},
    Field{.name = "DomainName", .type = Type::string},
    network_tags_field,
    Field{.name = "EnableRouteVpcPublish", .type = Type::boolean},
    Field{.name = "EnableRouteVpcPublishIpv6", .type = Type::boolean},
};

// The vendor's own DNS servers.
const std::vector<std::string> default_dns_servers{"183.60.83.19", "183.60.82.98"};

Result<state::Cidr> read_block(const Params& params)
{
    const auto text = params.string("CidrBlock");
    if (!text)
        return error(Errc::missing_parameter, "CidrBlock");
    const auto cidr = state::parse_cidr(*text);
    if (!cidr)
        return error(Errc::invalid_parameter_value_malformed, *text, "CidrBlock");
    if (!state::fits_vpc(*cidr))
        return error(Errc::invalid_parameter_value, *text, "CidrBlock");
    return *cidr;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const std::string name = params.string("VpcName").value();
    if (auto problem = check_length(name, name.size(), max_network_name))
        return *std::move(problem);
    if (params.string("StackType") == "IPv6Only")
        return error(Errc::unsupported_operation);
    const auto block = read_block(params);
    if (!block)
        return block.error();
    if (auto problem = check_dhcp(params))
        return *std::move(problem);
    auto tags = read_network_tags(params);
    if (!tags)
        return tags.error();
    state::Account account = context.call.account;
    if (context.store.networks().list_vpcs(account.uin, context.call.region).size() >= max_vpcs)
        return error(Errc::limit_exceeded);

    const state::Vpc vpc{
        .id = unused_network_id(context.store, account, "vpc"),
        .region = std::string{context.call.region},
        .name = name,
        .cidr = *block,
        .multicast = read_switch(params, "EnableMulticast").value_or(false),
        .publishes_cidr = params.boolean("EnableRouteVpcPublish").value_or(false),
        .publishes_ipv6_cidr = params.boolean("EnableRouteVpcPublishIpv6").value_or(false),
        .dns_servers = params.has("DnsServers") ? params.strings("DnsServers") : default_dns_servers,
        .domain_name = params.string("DomainName").value_or(""),
        .created_at = context.call.now,
    };
    context.store.networks().save_vpc(account.uin, vpc);
    save_tags(context, network_name(context.call, vpc.id), *tags);
    context.store.save_account(account);
    return json::object{{"Vpc", to_json(vpc, *tags)}};
}

} // namespace

extern const Action action{
    .name = "CreateVpc",
    .product = "vpc",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::create_vpc
