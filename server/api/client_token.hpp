#pragma once

#include "server/api/action.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cvm::api {

// The ids of what an earlier call with this ClientToken made; nullopt if there was none, or the token is empty. The
// token alone decides that a call is repeated, and it is kept for good (assumed). The code `of_another_action` if what
// was made has no ids that begin with `prefix`.
Result<std::optional<std::vector<std::string>>> made_before(const Context& context, const std::string& token,
                                                            std::string_view prefix, Errc of_another_action);

} // namespace cvm::api
