#include "server/api/action.hpp"
#include "server/api/network_checks.hpp"
#include "server/api/tagged_resources.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api::delete_vpc {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "VpcId", .type = Type::string, .required = true},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto vpc = load_vpc(context, params.string("VpcId").value());
    if (!vpc)
        return vpc.error();
    const std::string& uin = context.call.account.uin;
    const auto subnets = context.store.networks().list_subnets(uin, context.call.region);
    if (std::ranges::find(subnets, vpc->id, &state::Subnet::vpc_id) != subnets.end() ||
        is_used(context, state::InstanceMember::vpc_id, vpc->id))
        return error(Errc::resource_in_use, vpc->id);

    save_tags(context, network_name(context.call, vpc->id), {});
    context.store.networks().erase_vpc(uin, vpc->id);
    return json::object{};
}

} // namespace

extern const Action action{
    .name = "DeleteVpc",
    .product = "vpc",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::delete_vpc
