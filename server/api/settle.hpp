#pragma once

#include "state/store.hpp"

namespace cvm::api {

// Does what the account's clock has made due by `now`, in a transaction of its own: it has happened whatever becomes of
// the call that finds it. To be called before an account is read or changed, outside of any transaction.
void settle(state::Store& store, std::string_view uin, state::Instant now);

} // namespace cvm::api
