#include "server/api/action.hpp"
#include "server/api/network_checks.hpp"
#include "server/base/text.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::modify_vpc_attribute {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "VpcId", .type = Type::string, .required = true},
    Field{.name = "VpcName", .type = Type::string},
    Field{.name = "EnableMulticast", .type = Type::string, .words = switch_words},
    Field{.name = "DnsServers", .type = Type::strings, .max_items = 4},
    Field{.name = "DomainName", .type = Type::string},
    Field{.name = "EnableRouteVpcPublish", .type = Type::boolean},
    Field{.name = "EnableCdcPublish", .type = Type::boolean},
    Field{.name = "EnableRouteVpcPublishIpv6", .type = Type::boolean},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    auto vpc = load_vpc(context, params.string("VpcId").value());
    if (!vpc)
        return vpc.error();
    vpc->name = params.string("VpcName").value_or(vpc->name);
    if (auto problem = check_length(vpc->name, characters(vpc->name), max_network_name))
        return *std::move(problem);
    if (auto problem = check_dhcp(params))
        return *std::move(problem);
    if (params.boolean("EnableCdcPublish").value_or(false)) // this server has no dedicated clusters
        return error(Errc::unsupported_operation_cdc_publish_need_cdc_id);

    vpc->multicast = read_switch(params, "EnableMulticast").value_or(vpc->multicast);
    if (params.has("DnsServers"))
        vpc->dns_servers = params.strings("DnsServers");
    vpc->domain_name = params.string("DomainName").value_or(vpc->domain_name);
    vpc->publishes_cidr = params.boolean("EnableRouteVpcPublish").value_or(vpc->publishes_cidr);
    vpc->publishes_ipv6_cidr = params.boolean("EnableRouteVpcPublishIpv6").value_or(vpc->publishes_ipv6_cidr);
    context.store.networks().save_vpc(context.call.account.uin, *vpc);
    return json::object{};
}

} // namespace

extern const Action action{
    .name = "ModifyVpcAttribute",
    .product = "vpc",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::modify_vpc_attribute
