#include "server/api/action.hpp"
#include "server/api/network_checks.hpp"
#include "server/api/network_json.hpp"
#include "server/api/tagged_resources.hpp"
#include "server/base/text.hpp"

#include <boost/json.hpp>

#include <array>
#include <charconv>

namespace cvm::api::create_security_group {

namespace json = boost::json;

namespace {

constexpr std::array fields{
    Field{.name = "GroupName", .type = Type::string, .required = true},
    Field{.name = "GroupDescription", .type = Type::string, .required = true},
    Field{.name = "ProjectId", .type = Type::string},
    network_tags_field,
};

constexpr std::int64_t max_project_id = (std::int64_t{1} << 53) - 1;

Result<std::int64_t> read_project(const Params& params)
{
    const std::string text = params.string("ProjectId").value_or("0");
    std::int64_t project = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), project);
    if (ec != std::errc{} || end != text.data() + text.size() || project < 0 || project > max_project_id)
        return error(Errc::invalid_parameter_value, text, "ProjectId");
    return project;
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const std::string name = params.string("GroupName").value();
    if (auto problem = check_length(name, characters(name), max_network_name))
        return *std::move(problem);
    const std::string description = params.string("GroupDescription").value();
    if (auto problem = check_length(description, characters(description), max_group_description))
        return *std::move(problem);
    const auto project = read_project(params);
    if (!project)
        return project.error();
    auto tags = read_network_tags(params);
    if (!tags)
        return tags.error();
    state::Account account = context.call.account;
    if (context.store.networks().list_security_groups(account.uin, context.call.region).size() >= max_security_groups)
        return error(Errc::limit_exceeded);

    const state::SecurityGroup group{
        .id = unused_network_id(context.store, account, "sg"),
        .region = std::string{context.call.region},
        .name = name,
        .description = description,
        .project_id = *project,
        .created_at = context.call.now,
        .updated_at = context.call.now,
    };
    context.store.networks().save_security_group(account.uin, group);
    save_tags(context, network_name(context.call, group.id), *tags);
    context.store.save_account(account);
    return json::object{{"SecurityGroup", to_json(group, *tags)}};
}

} // namespace

extern const Action action{
    .name = "CreateSecurityGroup",
    .product = "vpc",
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::create_security_group
