#pragma once

#include "server/document/fixtures.hpp"
#include "state/model/clock.hpp"

#include <string>
#include <vector>

namespace cvm::control {

// Accounts as they are when they have just been made. The times in a fixture count from the real time. Borrowed.
struct FreshAccounts {
    const Fixtures& fixtures;
    const state::WallClock& wall;

    // Those of the fixtures. Valid until the next call.
    const std::vector<state::AccountState>& all() const;

    // One of the fixtures, valid as long as all(). Problem 409 if they have no such account.
    const state::AccountState& of_fixtures(const std::string& uin) const;

    // One that is made while the server runs: after its fixture, with one key pair. Problem 400 if the server has no
    // such fixture.
    state::AccountState make(const state::Account& made, const state::Credential& credential) const;
};

} // namespace cvm::control
