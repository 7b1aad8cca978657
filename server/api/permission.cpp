#include "server/api/permission.hpp"

#include "server/api/instance_checks.hpp"
#include "server/base/text.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

namespace cvm::api {

std::string resource_of(std::string_view product, std::string_view region, std::string_view uin)
{
    return "qcs::" + std::string{product} + ":" + std::string{region} + ":uin/" + std::string{uin} + ":*";
}

namespace {

// The names that policies may use for an action.
using Operations = std::span<const std::string>;

bool matches_any(std::span<const std::string> patterns, Operations names)
{
    return std::ranges::any_of(patterns, [&](const std::string& pattern) {
        return std::ranges::any_of(names, [&](const std::string& name) { return glob_match(pattern, name); });
    });
}

bool may(const state::Credential& credential, Operations names)
{
    const auto& policy = credential.policy;
    return matches_any(credential.allowed, names) &&
           (!policy || (matches_any(policy->allowed, names) && !matches_any(policy->denied, names)));
}

} // namespace

std::optional<Error> refuse_by_permission(const state::Credential& credential, const Action& action,
                                          std::string_view region, std::string_view request_id)
{
    const ActionName name{action.name, action.version};
    // CAM's name for billing is finance (documented for finance:trade,
    // https://www.tencentcloud.com/document/product/555/77178); policies written for the emulator may also use billing.
    const bool by_another = action.product == "billing";
    const std::array names{std::string{action.product} + ":" + std::string{action.name},
                           by_another ? "finance:" + std::string{action.name} : std::string{}};
    const std::string& operation = names.front();
    if (!may(credential, Operations{names.data(), by_another ? names.size() : 1})) {
        for (const Errc code :
             {Errc::unauthorized_operation_cam_no_auth, Errc::unauthorized_operation_permission_denied,
              Errc::auth_failure_unauthorized_operation, Errc::auth_failure})
            if (documented(name, code))
                return error(code, operation);
        return error(Errc::unauthorized_operation, request_id, operation,
                     resource_of(action.product, region, credential.uin));
    }
    if (credential.mfa == state::Mfa::expired && documented(name, Errc::unauthorized_operation_mfa_expired))
        return error(Errc::unauthorized_operation_mfa_expired);
    if (credential.mfa == state::Mfa::absent && documented(name, Errc::unauthorized_operation_mfa_not_found))
        return error(Errc::unauthorized_operation_mfa_not_found);
    return std::nullopt;
}

} // namespace cvm::api
