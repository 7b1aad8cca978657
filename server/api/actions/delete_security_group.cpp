#include "server/api/action.hpp"
#include "server/api/network_checks.hpp"
#include "server/api/tagged_resources.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::delete_security_group {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "SecurityGroupId", .type = Type::string, .required = true},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto group = load_security_group(context, params.string("SecurityGroupId").value());
    if (!group)
        return group.error();
    if (group->is_default)
        return error(Errc::unsupported_operation);
    if (is_used(context, state::InstanceMember::security_group_id, group->id))
        return error(Errc::resource_in_use, group->id);

    save_tags(context, network_name(context.call, group->id), {});
    context.store.networks().erase_security_group(context.call.account.uin, group->id);
    return json::object{};
}

} // namespace

extern const Action action{
    .name = "DeleteSecurityGroup",
    .product = "vpc",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::delete_security_group
