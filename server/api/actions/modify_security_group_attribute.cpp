#include "server/api/action.hpp"
#include "server/api/network_checks.hpp"
#include "server/base/text.hpp"

#include <boost/json.hpp>

#include <array>

namespace cvm::api::modify_security_group_attribute {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "SecurityGroupId", .type = Type::string, .required = true},
    Field{.name = "GroupName", .type = Type::string},
    Field{.name = "GroupDescription", .type = Type::string},
};

Result<Answer> handle(const Context& context, const Params& params)
{
    auto group = load_security_group(context, params.string("SecurityGroupId").value());
    if (!group)
        return group.error();
    group->name = params.string("GroupName").value_or(group->name);
    if (auto problem = check_length(group->name, characters(group->name), max_network_name))
        return *std::move(problem);
    group->description = params.string("GroupDescription").value_or(group->description);
    if (auto problem = check_length(group->description, characters(group->description), max_group_description))
        return *std::move(problem);
    group->updated_at = context.call.now;
    context.store.networks().save_security_group(context.call.account.uin, *group);
    return json::object{};
}

} // namespace

extern const Action action{
    .name = "ModifySecurityGroupAttribute",
    .product = "vpc",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::modify_security_group_attribute
