#include "server/api/permission.hpp"

#include "server/api/instance_checks.hpp"
#include "server/base/text.hpp"

#include <algorithm>
#include <span>
#include <string>

namespace cvm::api {

std::string resource_of(std::string_view product, std::string_view region, std::string_view uin)
{
    return "qcs::" + std::string{product} + ":" + std::string{region} + ":uin/" + std::string{uin} + ":*";
}

namespace {

bool matches_any(std::span<const std::string> patterns, std::string_view operation)
{
    return std::ranges::any_of(patterns, [&](const std::string& pattern) { return glob_match(pattern, operation); });
}

bool may(const state::Credential& credential, std::string_view operation)
{
    const auto& policy = credential.policy;
    return matches_any(credential.allowed, operation) &&
           (!policy || (matches_any(policy->allowed, operation) && !matches_any(policy->denied, operation)));
}

// CAM calls billing finance (documented for finance:trade, https://www.tencentcloud.com/document/product/555/77178);
// policies written for the emulator may say billing.
bool may(const state::Credential& credential, const Action& action)
{
    const std::string name{action.name};
    if (action.product == "billing" && may(credential, "finance:" + name))
        return true;
    return may(credential, std::string{action.product} + ":" + name);
}

} // namespace

std::optional<Error> refuse_by_permission(const state::Credential& credential, const Action& action,
                                          std::string_view region, std::string_view request_id)
{
    const ActionName name{action.name, action.version};
    const std::string operation = std::string{action.product} + ":" + std::string{action.name};
    if (!may(credential, action)) {
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
