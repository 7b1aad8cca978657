#include "server/api/action.hpp"
#include "server/api/instance_checks.hpp"
#include "server/api/purchase.hpp"
#include "server/api/temporary_keys.hpp"
#include "server/base/text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace cvm::api::assume_role {

namespace {

constexpr std::chrono::seconds default_duration{7200};
constexpr std::chrono::seconds longest_duration{43200};
constexpr std::size_t max_session_tags = 50;
constexpr std::size_t longest_role_id = 32; // as in fixtures/state.schema.json

constexpr std::array fields{
    Field{.name = "RoleArn", .type = Type::string, .required = true},
    Field{.name = "RoleSessionName", .type = Type::string, .required = true},
    Field{.name = "DurationSeconds", .type = Type::unsigned_integer},
    Field{.name = "Policy", .type = Type::string},
    Field{.name = "ExternalId", .type = Type::string},
    Field{.name = "Tags", .type = Type::objects, .members = tag_members},
    Field{.name = "SourceIdentity", .type = Type::string},
    Field{.name = "SerialNumber", .type = Type::string},
    Field{.name = "TokenCode", .type = Type::string},
};

// A parsed RoleArn; it has the id or the name of a role.
struct RoleArn {
    std::string uin;
    std::string id;
    std::string name;
};

// Accepts qcs::cam::uin/<Uin>: followed by role/<id>, roleName/<name>, role/tencentcloudServiceRole/<id> or
// role/tencentcloudServiceRoleName/<name>. nullopt for anything else.
std::optional<RoleArn> parse_role_arn(std::string_view text)
{
    constexpr std::string_view start = "qcs::cam::uin/";
    const auto colon = text.rfind(':');
    if (!text.starts_with(start) || colon < start.size())
        return std::nullopt;
    RoleArn arn{.uin = std::string{text.substr(start.size(), colon - start.size())}, .id = {}, .name = {}};
    const std::string_view resource = text.substr(colon + 1);
    const auto slash = resource.rfind('/');
    if (arn.uin.empty() || !is_number(arn.uin) || slash == std::string_view::npos)
        return std::nullopt;
    const std::string_view kind = resource.substr(0, slash);
    const std::string_view role = resource.substr(slash + 1);
    if (kind == "role" || kind == "role/tencentcloudServiceRole") {
        arn.id = role;
        return !role.empty() && role.size() <= longest_role_id && is_number(role) ? std::optional{std::move(arn)}
                                                                                  : std::nullopt;
    }
    if (kind != "roleName" && kind != "role/tencentcloudServiceRoleName")
        return std::nullopt;
    arn.name = role;
    return is_session_name(role) ? std::optional{std::move(arn)} : std::nullopt;
}

// The role of the account. In an account without a list of roles, every role exists and may do everything.
std::optional<state::Role> find_role(const Context& context, const RoleArn& arn)
{
    if (arn.uin != context.call.account.uin)
        return std::nullopt;
    const std::vector<state::Role> roles = context.store.list_additions(context.call.account).roles;
    if (roles.empty())
        return state::Role{.name = arn.name, .id = arn.id.empty() ? state::default_role_id(arn.name) : arn.id};
    const auto at = std::ranges::find_if(
        roles, [&](const state::Role& role) { return arn.id.empty() ? role.name == arn.name : role.id == arn.id; });
    return at != roles.end() ? std::optional{*at} : std::nullopt;
}

// Accepts only the documented kind of device: qcs::cam:uin/<Uin>::mfa/softToken.
std::optional<Error> check_serial_number(const std::string& serial_number)
{
    constexpr std::string_view before_type = "::mfa/";
    const auto at = serial_number.find(before_type);
    if (!serial_number.starts_with("qcs::cam:uin/") || at == std::string::npos)
        return error(Errc::invalid_parameter_param_error);
    const std::string type = serial_number.substr(at + before_type.size());
    if (type != "softToken")
        return error(Errc::failed_operation_mfa_type_not_supported);
    return std::nullopt;
}

bool are_session_tags(const std::vector<Params>& tags)
{
    constexpr std::size_t longest_tag_key = 128;
    constexpr std::size_t longest_tag_value = 256;
    std::set<std::string> keys;
    return tags.size() <= max_session_tags && std::ranges::all_of(tags, [&](const Params& tag) {
               const std::string key = tag.string("Key").value();
               return !key.empty() && characters(key) <= longest_tag_key &&
                      characters(tag.string("Value").value()) <= longest_tag_value && keys.insert(key).second;
           });
}

bool is_external_id(std::string_view text)
{
    std::string plain{text};
    std::ranges::replace_if(
        plain, [](char c) { return c == ':' || c == '/'; }, '-');
    return is_session_name(plain);
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const auto arn = parse_role_arn(params.string("RoleArn").value());
    const std::string session = params.string("RoleSessionName").value();
    const auto external_id = params.string("ExternalId");
    if (!arn || !is_session_name(session) || (external_id && !is_external_id(*external_id)) ||
        !are_session_tags(params.objects("Tags")))
        return error(Errc::invalid_parameter_param_error);
    if (const auto serial_number = params.string("SerialNumber"))
        if (auto problem = check_serial_number(*serial_number))
            return *std::move(problem);
    const auto duration = read_duration(params, default_duration, longest_duration);
    if (!duration)
        return duration.error();
    const auto policy = read_policy_of(context, params);
    if (!policy)
        return policy.error();
    const auto role = find_role(context, *arn);
    if (!role)
        return error(Errc::resource_not_found_role_not_found, printable(params.string("RoleArn").value()));

    state::Credential wanted{};
    wanted.allowed = role->allowed;
    wanted.policy = *policy;
    wanted.session = session;
    wanted.role_id = role->id;
    return give_temporary_key(context, std::move(wanted), *duration);
}

} // namespace

extern const Action action{
    .name = "AssumeRole",
    .product = "sts",
    .version = "2018-08-13",
    .region = Region::unused,
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::assume_role
