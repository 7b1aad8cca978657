#pragma once

#include "server/control/control.hpp"

namespace cvm::control {

// An account as it is when it has just been made: after its fixture, with one key pair. Problem 400 if the server has
// no such fixture.
state::AccountState fresh_account(Services& services, const state::Account& made, const state::Credential& credential);

// Drops what is kept besides the state: fault rules and calls.
void forget(Services& services, std::string_view uin);

} // namespace cvm::control
