#pragma once

#include "state/model/account.hpp"
#include "state/store/store.hpp"

#include <string>
#include <string_view>

namespace cvm::api {

// An id that no instance and no disk of the account has: `prefix`, a hyphen and 8 letters or digits. Increments
// Account::resources.
std::string unused_id(state::Store& store, state::Account& account, std::string_view prefix);

} // namespace cvm::api
