#include "server/api/action.hpp"
#include "server/api/network_checks.hpp"
#include "server/api/tagged_resources.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::delete_subnet {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "SubnetId", .type = Type::string, .required = true},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto subnet = load_subnet(context, params.string("SubnetId").value());
    if (!subnet)
        return subnet.error();
    if (is_used(context, state::InstanceMember::subnet_id, subnet->id))
        return error(Errc::resource_in_use, subnet->id);

    save_tags(context, network_name(context.call, subnet->id), {});
    context.store.networks().erase_subnet(context.call.account.uin, subnet->id);
    return json::object{};
}

} // namespace

extern const Action action{
    .name = "DeleteSubnet",
    .product = "vpc",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::delete_subnet
