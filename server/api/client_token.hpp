#pragma once

#include "server/api/action.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cvm::api {

// The ids that an earlier call with this ClientToken created; nullopt if there was none, or the token is empty. Only
// the token decides whether a call is a repetition, and it never expires (assumed). Returns the error
// `of_another_action` if the ids do not begin with `prefix`.
Result<std::optional<std::vector<std::string>>> made_before(const Context& context, const std::string& token,
                                                            std::string_view prefix, Errc of_another_action);

} // namespace cvm::api
