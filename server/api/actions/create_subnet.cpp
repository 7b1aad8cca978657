#include "server/api/action.hpp"
#include "server/api/network_checks.hpp"
#include "server/api/network_json.hpp"
#include "server/api/tagged_resources.hpp"
#include "state/rules/addressing.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::create_subnet {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "VpcId", .type = Type::string, .required = true},
    Field{.name = "SubnetName", .type = Type::string, .required = true},
    Field{.name = "Zone", .type = Type::string, .required = true},
    Field{.name = "StackType", .type = Type::string, .words = stack_types},
    Field{.name = "CidrBlock", .type = Type::string},
    Field{.name = "Ipv6CidrBlock", .type = Type::string},
    network_tags_field,
    Field{.name = "CdcId", .type = Type::string},
};

std::optional<Error> check_words(const Context& context, const Params& params)
{
    const std::string name = params.string("SubnetName").value();
    if (name.empty())
        return error(Errc::invalid_parameter_value_empty);
    if (auto problem = check_length(name, name.size(), max_network_name))
        return problem;
    const std::string zone = params.string("Zone").value();
    const Zone* known = context.catalog.find_zone(zone);
    if (known == nullptr || known->region != context.call.region)
        return error(Errc::invalid_parameter_value, zone, "Zone");
    if (params.string("StackType") == "IPv6Only")
        return error(Errc::invalid_parameter_value, "IPv6Only", "StackType");
    if (const auto cluster = params.string("CdcId"); cluster && !cluster->empty())
        return error(Errc::resource_not_found, *cluster);
    return std::nullopt;
}

// Refuses a block outside of the VPC, and one that overlaps another subnet of the VPC.
Result<state::Cidr> read_block(const Params& params, const state::Vpc& vpc, std::span<const state::Subnet> subnets)
{
    const auto text = params.string("CidrBlock");
    if (!text)
        return error(Errc::missing_parameter, "CidrBlock");
    const auto cidr = state::parse_cidr(*text);
    if (!cidr)
        return error(Errc::invalid_parameter_value_malformed, *text, "CidrBlock");
    if (!state::fits_subnet(*cidr, vpc.cidr))
        return error(Errc::invalid_parameter_value_subnet_range, *text);
    for (const state::Subnet& subnet : subnets)
        if (state::overlap(*cidr, subnet.cidr))
            return error(Errc::invalid_parameter_value_subnet_conflict, *text);
    return *cidr;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto vpc = load_vpc(context, params.string("VpcId").value());
    if (!vpc)
        return vpc.error();
    if (auto problem = check_words(context, params))
        return *std::move(problem);
    state::Account account = context.call.account;
    auto subnets = context.store.networks().list_subnets(account.uin, context.call.region);
    std::erase_if(subnets, [&](const state::Subnet& subnet) { return subnet.vpc_id != vpc->id; });
    const auto block = read_block(params, *vpc, subnets);
    if (!block)
        return block.error();
    auto tags = read_network_tags(params);
    if (!tags)
        return tags.error();
    if (subnets.size() >= max_subnets)
        return error(Errc::limit_exceeded);

    const state::Subnet subnet{
        .id = unused_network_id(context.store, account, "subnet"),
        .region = vpc->region,
        .vpc_id = vpc->id,
        .name = params.string("SubnetName").value(),
        .zone = params.string("Zone").value(),
        .cidr = *block,
        .created_at = context.call.now,
    };
    context.store.networks().save_subnet(account.uin, subnet);
    save_tags(context, network_name(context.call, subnet.id), *tags);
    context.store.save_account(account);
    return json::object{{"Subnet", to_json(subnet, *tags, 0)}};
}

} // namespace

extern const Action action{
    .name = "CreateSubnet",
    .product = "vpc",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::create_subnet
