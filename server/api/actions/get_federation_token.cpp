#include "server/api/action.hpp"
#include "server/api/temporary_keys.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace cvm::api::get_federation_token {

namespace {

constexpr std::chrono::seconds default_duration{1800};
constexpr std::chrono::seconds longest_duration{7200}; // for a key of the account itself, as all keys here are
constexpr std::size_t longest_user_name = 128;

constexpr std::array fields{
    Field{.name = "Name", .type = Type::string, .required = true},
    Field{.name = "Policy", .type = Type::string, .required = true},
    Field{.name = "DurationSeconds", .type = Type::unsigned_integer},
};

// The page documents letters only, but the vendor's own clients also send hyphens.
bool is_user_name(std::string_view name)
{
    return !name.empty() && name.size() <= longest_user_name &&
           std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f'; });
}

Result<Answer> handle(const Context& context, const Params& params)
{
    const state::Credential& caller = *context.call.credential;
    if (!caller.token.empty())
        return error(Errc::unsupported_operation);
    const std::string name = params.string("Name").value();
    if (!is_user_name(name))
        return error(Errc::invalid_parameter_param_error);
    const auto duration = read_duration(params, default_duration, longest_duration);
    if (!duration)
        return duration.error();
    const auto policy = read_policy_of(context, params);
    if (!policy)
        return policy.error();

    state::Credential wanted{};
    wanted.allowed = caller.allowed;
    wanted.mfa = caller.mfa;
    wanted.policy = *policy;
    wanted.session = name;
    return give_temporary_key(context, std::move(wanted), *duration);
}

} // namespace

extern const Action action{
    .name = "GetFederationToken",
    .product = "sts",
    .version = "2018-08-13",
    .region = Region::unused,
    .writes = true,
    .fields = fields,
    .handle = handle,
};

} // namespace cvm::api::get_federation_token
