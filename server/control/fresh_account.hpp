#pragma once

#include "server/document/fixtures.hpp"
#include "state/model/clock.hpp"

#include <string>
#include <vector>

namespace cvm::control {

// Accounts in their initial state. Durations in a fixture count from the real time. The members must outlive this
// object.
struct FreshAccounts {
    const Fixtures& fixtures;
    const state::WallClock& wall;

    // The accounts of the fixtures. Valid until the next call.
    const std::vector<state::AccountState>& all() const;

    // An account of the fixtures, valid as long as all(). Problem 409 if it does not exist there.
    const state::AccountState& of_fixtures(const std::string& uin) const;

    // An account created at run time: a copy from its fixture, with one key pair. Problem 400 if the server has no such
    // fixture.
    state::AccountState make(const state::Account& made, const state::Credential& credential) const;
};

} // namespace cvm::control
