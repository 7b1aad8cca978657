#include "server/api/action.hpp"
#include "server/api/network_checks.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::modify_subnet_attribute {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "SubnetId", .type = Type::string, .required = true},
    Field{.name = "SubnetName", .type = Type::string},
    Field{.name = "EnableBroadcast", .type = Type::string, .words = switch_words},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    auto subnet = load_subnet(context, params.string("SubnetId").value());
    if (!subnet)
        return subnet.error();
    subnet->name = params.string("SubnetName").value_or(subnet->name);
    if (auto problem = check_length(subnet->name, subnet->name.size(), max_network_name))
        return *std::move(problem);
    subnet->broadcast = read_switch(params, "EnableBroadcast").value_or(subnet->broadcast);
    context.store.networks().save_subnet(context.call.account.uin, *subnet);
    return json::object{};
}

} // namespace

extern const Action action{
    .name = "ModifySubnetAttribute",
    .product = "vpc",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::modify_subnet_attribute
