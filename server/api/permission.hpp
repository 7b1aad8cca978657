#pragma once

#include "server/api/action.hpp"
#include "server/base/error.hpp"
#include "state/model/account.hpp"

#include <optional>
#include <string_view>

namespace cvm::api {

// What the holder of a key may not do. Whoever lacks the permission for "<product>:<action>" is refused with the code
// that the action's page has for it: UnauthorizedOperation.CamNoAuth, UnauthorizedOperation.PermissionDenied,
// AuthFailure.UnauthorizedOperation, AuthFailure, or else the common UnauthorizedOperation. Whose multi-factor
// authentication is expired or absent is refused by the actions whose pages list UnauthorizedOperation.MFAExpired or
// .MFANotFound; the others do not ask for it (assumed).
std::optional<Error> refuse_by_permission(const state::Credential& credential, const Action& action,
                                          std::string_view region, std::string_view request_id);

} // namespace cvm::api
