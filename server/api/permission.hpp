#pragma once

#include "server/api/action.hpp"
#include "server/base/error.hpp"
#include "state/model/account.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cvm::api {

// All resources of an account in six segments, as in UnauthorizedOperation messages:
// "qcs::cvm:ap-guangzhou:uin/100000000001:*".
std::string resource_of(std::string_view product, std::string_view region, std::string_view uin);

// Refuses a key whose `allowed`, or whose policy, does not permit "<product>:<action>", with the first of these codes
// that the action's page lists: UnauthorizedOperation.CamNoAuth, UnauthorizedOperation.PermissionDenied,
// AuthFailure.UnauthorizedOperation, AuthFailure, or else with the common UnauthorizedOperation. Refuses a key whose
// multi-factor authentication is expired or absent if the page lists UnauthorizedOperation.MFAExpired or .MFANotFound;
// other actions do not require it (assumed).
std::optional<Error> refuse_by_permission(const state::Credential& credential, const Action& action,
                                          std::string_view region, std::string_view request_id);

} // namespace cvm::api
